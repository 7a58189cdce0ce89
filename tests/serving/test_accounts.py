"""Straight from a script: without a session every address is answered by the guard, and no header makes one."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from starlette.datastructures import Headers

from tests.support.serving import Server, wait_until
from ui.access import ORIGIN_HEADER, SESSION_HEADER
from ui.accounts.addresses import SESSION_COOKIE
from ui.accounts.guard import _session
from ui.menu import menu_paths

_SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
_PAGE = {"Accept": "text/html,application/xhtml+xml"}
_PARTS = (
    "/static/js/index.js",
    "/_stcore/host-config",
    "/_stcore/upload_file/x/y",
    "/media/x.xlsx",
    "/component/a.b/x",
)
_FORGED = [
    {SESSION_HEADER: "admin"},
    {SESSION_HEADER.upper(): "0123456789abcdef0123456789abcdef"},
    {ORIGIN_HEADER: "127.0.0.1"},
    {"Cookie": f"{SESSION_COOKIE}=0123456789abcdef0123456789abcdef"},
    {"Cookie": f"{SESSION_COOKIE}=' or 1=1 --"},
    {"Cookie": f"{SESSION_COOKIE}={'a' * 5000}"},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
]


@pytest.fixture(scope="module")
def lan_server(start_empty_server: Callable[..., Server]) -> Server:
    """A server of the network, where everybody logs in."""
    return start_empty_server(COUNTY_LAN="1")


def answer(server: Server, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """The answer to one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, headers=headers)
    return connection.getresponse()


@pytest.mark.parametrize("forged", [{}, *_FORGED], ids=str)
def test_without_a_session_pages_lead_to_the_login_and_all_else_is_refused(
    lan_server: Server, forged: dict[str, str]
) -> None:
    for path in ("", *menu_paths()):
        told = answer(lan_server, f"/{path}?year=2022", **_PAGE, **forged)
        assert told.status == 302, path
        assert told.getheader("location") == f"/accounts/login/?next=%2F{path}%3Fyear%3D2022"
        assert "no-store" in (told.getheader("cache-control") or "")
    for path in _PARTS:
        for method in ("GET", "PUT", "POST", "DELETE"):
            assert answer(lan_server, path, method, **forged).status in (401, 405), (method, path)
    assert answer(lan_server, "/_stcore/stream", **_SOCKET, **forged).status == 403


@pytest.mark.parametrize(
    "path", ["/accounts/../schools", "/accounts/%2e%2e/schools", "//accounts/", "/accounts", "/schools/accounts/"]
)
def test_no_address_leads_around_the_login(lan_server: Server, path: str) -> None:
    told = answer(lan_server, path, **_PAGE)
    assert told.status in (302, 307, 400, 404)
    assert "stApp" not in told.read().decode("utf-8", "replace")


def test_what_tells_nothing_of_the_county_is_open(lan_server: Server) -> None:
    # While the data are being opened the answer is 503, which is no 200 yet.
    wait_until(lambda: urlopen(f"{lan_server.address}/healthz", timeout=10))
    assert answer(lan_server, "/_stcore/health").status == 200
    login = answer(lan_server, "/accounts/login/")
    page = login.read().decode()
    assert login.status == 200 and "登录" in page and "csrfmiddlewaretoken" in page
    assert answer(lan_server, "/accounts/signup/").status == 404, "nobody signs up"
    cookie = login.getheader("set-cookie") or ""
    assert "county_csrf" in cookie and "Path=/accounts" in cookie


def test_without_lan_there_is_no_login_and_no_header_makes_somebody(local_server: Server) -> None:
    assert "csrfmiddlewaretoken" not in answer(local_server, "/accounts/login/", **_PAGE).read().decode()
    assert answer(local_server, "/schools", **_PAGE, **{SESSION_HEADER: "admin"}).status == 200


def test_an_office_may_open_reading_to_its_network(open_server: Server) -> None:
    assert answer(open_server, "/schools", **_PAGE).status == 200
    assert answer(open_server, "/_stcore/stream", **_SOCKET).status == 101
    assert answer(open_server, "/_stcore/upload_file/x/y", "PUT").status == 403


def logged_in(server: Server, account: str, password: str, host: str = "localhost") -> tuple[int, str]:
    """Send the login form as a browser does: the status and the page."""
    form = answer(server, "/accounts/login/")
    page = form.read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    cookie = (form.getheader("set-cookie") or "").split(";")[0]
    body = urlencode({"csrfmiddlewaretoken": token, "login": account, "password": password})
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Host": host, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/accounts/login/", body, headers)
    told = connection.getresponse()
    return told.status, told.read().decode()


def test_wrong_passwords_slow_down_and_a_form_of_another_site_is_refused(lan_server: Server) -> None:
    said = [logged_in(lan_server, "admin", f"wrong-{number}") for number in range(6)]
    assert "您提供的用户名或密码不正确" in said[0][1]
    assert "过多" in said[-1][1] or said[-1][0] == 429, "after some attempts nobody tries on"
    connection = http.client.HTTPConnection("127.0.0.1", lan_server.port, timeout=30)
    body = urlencode({"login": "admin", "password": "x"})
    connection.request("POST", "/accounts/login/", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert connection.getresponse().status == 403
    # Another name or port of the same server counts no attempts of its own.
    assert "过多" in logged_in(lan_server, "admin", "wrong", host="localhost:1")[1]


def test_an_unknown_browser_sends_no_more_than_a_form(lan_server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", lan_server.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        connection.request("POST", "/accounts/login/", b"x" * 30_000_000, headers)
        if connection.getresponse().status >= 400:
            raise ConnectionError
    assert answer(lan_server, "/accounts/login/").status == 200


def test_cookies_of_other_applications_on_the_host_end_no_session() -> None:
    found = Headers(raw=[(b"cookie", 'prefs={"a":1}; county_session=abc123; k="open; 名=值'.encode())])
    assert _session(found) == "abc123"


def test_only_just_the_open_addresses_are_open(lan_server: Server) -> None:
    for path in ("/healthzfoo", "/_stcore/healthx"):
        assert answer(lan_server, path).status == 401, path
    assert answer(lan_server, "/accounts/login/", **_SOCKET).status == 403
