"""An office's own OpenID Connect provider, a process of its own, vouches for people who stand in the store."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.access import LOCAL_ADMINISTRATOR
from core.people.people import disabled, keep_people, read_people
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.rights import someone
from tests.support.serving import READY, Server, free_port, wait_until

LOGIN = """
[[openid_connect]]
provider_id = "xxrz"
name = "统一身份认证"
client_id = "jczd"
secret = "geheim"
server_url = "{address}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider that knows three people; one is registered with us, one was let go, one is a stranger."""
    address = f"http://localhost:{(port := free_port())}"
    people = [{"sub": account, "preferred_username": account} for account in ("office", "reviewer", "stranger")]
    claims = [part for one in people for part in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--host", "localhost", *claims]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: urlopen(f"{address}/.well-known/openid-configuration", timeout=2))
        yield address
        process.terminate()


@pytest.fixture(scope="module")
def server(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the network that offers the provider's login."""
    folder: Path = tmp_path_factory.mktemp("single_sign_on")
    (folder / "login.toml").write_text(LOGIN.format(address=provider), "utf-8")
    store = Store.open(folder / "county.duckdb", load_standard())
    keep_people(store, [someone("office"), someone("reviewer")], LOCAL_ADMINISTRATOR, datetime.now())
    let_go = next(known for known in read_people(store) if known.person_id == "reviewer")
    keep_people(store, [disabled(let_go)], LOCAL_ADMINISTRATOR, datetime.now())
    store.close()
    running = Server(folder, COUNTY_LAN="1", COUNTY_DEMO="0")
    yield running
    running.stop()


@pytest.fixture
def vouched_for(browser: BrowserContext, server: Server) -> Iterator[Callable[[str], Page]]:
    """Opens a deep link as a person whom the provider vouches for."""
    contexts: list[BrowserContext] = []
    assert browser.browser is not None
    launched = browser.browser

    def log_in(account: str) -> Page:
        contexts.append(launched.new_context())
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server.address}/rules?year=2022")
        page.get_by_role("link", name="用统一身份认证登录").click()
        page.get_by_role("button", name=account).click()
        return page

    yield log_in
    for context in contexts:
        context.close()


def test_whom_the_provider_vouches_for_comes_in_as_the_person_of_the_store(
    vouched_for: Callable[[str], Page], server: Server
) -> None:
    for _ in ("first", "again"):
        page = vouched_for("office")
        page.wait_for_selector(READY)
        expect(page).to_have_url(f"{server.address}/rules?year=2022")
        expect(page.get_by_test_id("stSidebar")).to_contain_text(someone("office").name)
        expect(page.get_by_test_id("stSidebar")).to_contain_text("创建办")
    page.get_by_role("link", name="修改密码").click()
    expect(page.get_by_role("heading", name="您没有本平台的密码")).to_be_visible()


@pytest.mark.parametrize("account", ["reviewer", "stranger"])
def test_who_was_let_go_or_was_never_registered_stays_out(vouched_for: Callable[[str], Page], account: str) -> None:
    page = vouched_for(account)
    expect(page.get_by_role("heading", name="这个账号不能登录")).to_be_visible()
    page.goto(page.url.split("/accounts")[0] + "/rules")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
