"""The office's nginx before the platform, by the very file that the guide hands out: TLS, web socket, sub-path, login."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.test_own_desks import PASSWORD, first_link
from tests.support.nginx import BEHIND, Nginx, nginx_program
from tests.support.serving import READY, Server


@pytest.fixture(scope="module")
def nginx() -> str:
    """The system's nginx; without it the test skips, but on CI that is a failure."""
    found = nginx_program()
    if found is None:
        reason = "no nginx on this machine (Debian: apt-get install nginx-light)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def behind(nginx: str, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    """The platform as the service file starts it, behind nginx by the file of the guide; the address that people call."""
    folder = tmp_path_factory.mktemp("nginx")
    shutil.copy(filled, folder / "county.duckdb")
    server = Server(folder, **BEHIND)
    before = Nginx(nginx, folder, server.port)
    yield before.address, server
    before.stop()
    server.stop()


def test_a_deep_link_by_tls_below_a_path_survives_the_login(
    behind: tuple[str, Server], browser: BrowserContext
) -> None:
    address, server = behind
    path = first_link(server).removeprefix("https://localhost")
    assert path.startswith("/jczd/accounts/first/")
    assert browser.browser is not None
    context = browser.browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(address.removesuffix("/jczd") + path)
    for field in ("新密码", "再输一次"):
        page.get_by_label(field, exact=True).fill(PASSWORD)
    page.get_by_role("button", name="设置密码并进入").click()
    page.wait_for_selector(READY)
    expect(page).to_have_url(f"{address}/people")
    page.get_by_role("link", name="退出登录").click()
    page.get_by_role("button", name="退出").click()

    page.goto(f"{address}/schools?township=350526100&year=2022")
    expect(page).to_have_url(re.compile(f"^{re.escape(address)}/accounts/login/"))
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_selector(READY)
    expect(page).to_have_url(f"{address}/schools?township=350526100&year=2022")
    expect(page.get_by_role("heading", level=1).filter(has_text="浔中镇").first).to_be_visible()
    assert sockets and all(socket.startswith(address.replace("https", "wss")) for socket in sockets)
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    kept = cookies["county_session"]
    assert (kept["secure"], kept["httpOnly"], kept["path"]) == (True, True, "/jczd/")
    # The record of actions tells the browser's address, as nginx saw it.
    page.goto(f"{address}/people?people_part=操作记录")
    page.wait_for_selector(READY)
    expect(page.get_by_test_id("stMain").get_by_text("127.0.0.1").first).to_be_visible()
    context.close()
