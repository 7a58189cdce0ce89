"""A real server on a store of its own, and a real browser that may talk to nobody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.support.serving import DESK, READY, Server

# A claim here is about what appears, never how soon: a busy machine may take its time.
_PATIENCE_MS = 30_000
expect.set_options(timeout=_PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; without it browser tests skip, but on CI that is a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts a fresh server and returns its address; every server is ended by its own process."""
    running: list[Server] = []

    def start(**environment: str) -> str:
        running.append(Server(tmp_path_factory.mktemp("store"), **environment))
        return running[-1].address

    yield start
    for started in running:
        started.stop()


@pytest.fixture(scope="session")
def server(start_server: Callable[..., str]) -> str:
    """The server that the reading tests share."""
    return start_server()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the session."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address and waits until the page stands; nothing outside this machine is asked for anything."""
    outside: list[str] = []
    pages: list[Page] = []

    def local_only(route: Route) -> None:
        if route.request.url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def open_(address: str, viewport: dict[str, int] = DESK) -> Page:
        page = browser.new_page(viewport=viewport, accept_downloads=True)  # type: ignore[arg-type]
        page.set_default_timeout(_PATIENCE_MS)
        page.route("**/*", local_only)
        pages.append(page)
        page.goto(address)
        page.wait_for_selector(READY)
        return page

    yield open_
    for page in pages:
        page.close()
    assert outside == [], "the page asked for something outside"
