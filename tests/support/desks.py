"""A server of the network on a filled store in which a person of every role stands, and a browser for each of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.access import LOCAL_ADMINISTRATOR, ROLES
from core.people.people import keep_people
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.hands import choose, note_what_is_asked, press
from tests.support.rights import someone
from tests.support.serving import DESK, READY, ROOT, Server

PASSWORD = "yuan-zhuang-2026"


class Desk:
    """One person's browser, which shares nothing with another's."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.page, self._server = context.new_page(), server
        self.page.set_default_timeout(60_000)

    def open(self, path: str) -> Page:
        """Open an address of the platform and wait until the page stands."""
        self.page.goto(self._server + path)
        self.page.wait_for_selector(READY)
        return self.page

    def set_password(self, link: str) -> None:
        """Follow a one-time link and set a password."""
        self.page.goto(link)
        for field in ("新密码", "再输一次"):
            self.page.get_by_label(field, exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="设置密码并进入").click()
        self.page.wait_for_selector(READY)

    def come_in(self, link: str) -> None:
        """Set a password by a one-time link; nobody looks at the page that follows."""
        ask = self.page.request
        form = ask.get(link)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text())
        assert token is not None, "the link shows no form"
        filled_in = {"csrfmiddlewaretoken": token[1], "new_password1": PASSWORD, "new_password2": PASSWORD}
        assert ask.post(form.url, form=filled_in, max_redirects=0).status == 302

    def open_is_over(self) -> None:
        """Click on in a page that was opened before: nothing but the way to log in is left."""
        self.page.get_by_text("情况", exact=True).click()
        expect(self.page.get_by_text("登录已失效")).to_be_visible()
        expect(self.page.get_by_role("heading", level=1)).to_have_count(0)
        self.page.get_by_role("link", name="重新登录").click()
        expect(self.page.get_by_role("heading", name="登录")).to_be_visible()

    def log_in(self, account: str, password: str = PASSWORD) -> None:
        """Fill in the login page that stands there."""
        self.page.get_by_label("账号").fill(account)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()


@pytest.fixture(scope="module")
def lan(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the network on a filled store in which a person of every role stands."""
    folder = tmp_path_factory.mktemp("lan")
    shutil.copy(filled, folder / "county.duckdb")
    store = Store.open(folder / "county.duckdb", load_standard())
    keep_people(store, [someone(role) for role in ROLES], LOCAL_ADMINISTRATOR, datetime.now())
    store.close()
    server = Server(folder, COUNTY_LAN="1")
    yield server
    server.stop()


@pytest.fixture
def desk(browser: BrowserContext, lan: Server) -> Iterator[Callable[..., Desk]]:
    """Gives a person a browser of their own."""
    contexts: list[BrowserContext] = []
    assert browser.browser is not None
    launched = browser.browser

    def sit(viewport: dict[str, int] = DESK) -> Desk:
        contexts.append(launched.new_context(viewport=viewport, accept_downloads=True))  # type: ignore[arg-type]
        note_what_is_asked(contexts[-1])
        return Desk(contexts[-1], lan.address)

    yield sit
    for context in contexts:
        context.close()


def first_link(server: Server) -> str:
    """The administrator's one-time link, which the server prints where it was started."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(r"https?://\S+/accounts/first/\S+", server.log.read_text("utf-8")):
            return found.group()
        time.sleep(0.1)
    raise AssertionError("no link was printed")


def link_for(admin: Desk, account: str) -> str:
    """A one-time link that the administrator makes for an account."""
    page = admin.open("/people")
    choose(page, "登记或修改", f"（{account}）")
    press(page, "生成登录链接")
    code = page.get_by_test_id("stCode").filter(has_text="/accounts/first/").first
    expect(code).to_be_visible()
    return code.inner_text().strip()


def links_at_the_machine(server: Server, *accounts: str) -> list[str]:
    """A one-time link for each account, made as the command does for who has lost their password."""
    where = {**os.environ, "COUNTY_DB": str(server.log.with_name("county.duckdb")), "COUNTY_LAN": "1"}
    made = [sys.executable, "-c", _MAKE_LINKS, *accounts]
    printed = subprocess.run(made, cwd=ROOT, env=where, capture_output=True, text=True, check=True).stdout
    return [server.address + link for link in printed.split()]


_MAKE_LINKS = """
import sys
from ui.accounts.settings import configure, prepare_tables
configure()
prepare_tables()
from ui.accounts.credentials import first_link
print(*map(first_link, sys.argv[1:]), sep="\\n")
"""
