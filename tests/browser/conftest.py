"""A real server on a store of its own, and a real browser that may talk to nobody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.demo_county import filled
from tests.support.hands import note_what_is_asked
from tests.support.serving import DESK, READY, Server

__all__ = ["filled"]

# A claim here is about what appears, never how soon: a busy machine may take its time.
_PATIENCE_MS = 60_000
expect.set_options(timeout=_PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; without it browser tests skip, but on CI that is a failure."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = "no Chromium on this machine (Debian: apt-get install chromium-headless-shell fonts-noto-cjk)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def start_fresh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts a server for one test and returns its address: one that nobody visits any more takes memory from the rest.

    It fills its store for its first visitor, unless it gets a copy of the file `filled`.
    """
    running: list[Server] = []

    def start(filled: Path | None = None, **environment: str) -> str:
        running.append(_server_on_a_copy(filled, tmp_path_factory.mktemp("store"), **environment))
        return running[-1].address

    yield start
    for started in running:
        started.stop()


@pytest.fixture
def start_server(start_fresh_server: Callable[..., str], filled: Path) -> Callable[..., str]:
    """Starts a server on a filled store of its own: filling one takes longer than starting."""
    return lambda **environment: start_fresh_server(filled, **environment)


@pytest.fixture(scope="session")
def server(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of the tests that leave what counts and what is recorded as it is.

    They may leave drafts, and scenarios and mappings under names of their own.
    """
    started = _server_on_a_copy(filled, tmp_path_factory.mktemp("store"))
    yield started.address
    started.stop()


def _server_on_a_copy(filled: Path | None, folder: Path, **environment: str) -> Server:
    if filled is not None:
        shutil.copy(filled, folder / "county.duckdb")
    return Server(folder, **environment)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[BrowserContext]:
    """One browser for the session, which keeps what it has loaded once and cannot reach beyond this machine."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
            ],
        )
        context = launched.new_context(accept_downloads=True)
        note_what_is_asked(context)
        yield context
        launched.close()


@pytest.fixture
def open_page(browser: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Opens an address and waits until the page stands; nothing outside this machine is asked for anything."""
    outside: list[str] = []
    pages: list[Page] = []

    def note(address: str) -> None:
        if not address.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:")):
            outside.append(address)

    def note_request(request: Request) -> None:
        note(request.url)

    refused: list[str] = []

    def note_refusal(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            refused.append(message.text)

    def open_(address: str, viewport: dict[str, int] = DESK) -> Page:
        page = browser.new_page()
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.set_default_timeout(_PATIENCE_MS)
        page.on("websocket", lambda socket: note(socket.url))
        page.on("console", note_refusal)
        pages.append(page)
        page.goto(address)
        page.wait_for_selector(READY)
        return page

    # Watched, not held up: a browser whose every request waits for an answer here keeps nothing it has loaded.
    browser.on("request", note_request)
    yield open_
    browser.remove_listener("request", note_request)
    for page in pages:
        page.close()
    # What a page left behind in the browser is not the next visitor's.
    browser.clear_cookies()
    assert outside == [], "the page asked for something outside"
    assert refused == [], "the page needs what the content policy refuses"
