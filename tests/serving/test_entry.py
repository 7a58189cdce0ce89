"""Who may connect: this computer alone, or with --lan whoever calls the server by a name of its own, to read."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.support.serving import ROOT, Server, free_port
from ui.serving.entry import LONGEST_QUERY, EntryGuard, is_loopback

_SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def status(server: Server, path: str = "/", **headers: str) -> int:
    """The status of an answer; names of headers are given with _ for -."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers=given)
    return connection.getresponse().status


FOREIGN = [
    {"Host": "evil.example"},
    {"Host": "localhost.evil.example"},
    {"Host": "user@localhost"},
    {"Host": "localhost:port"},
    {"Host": ""},
    {"Host": "192.168.1.7"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9"},
    {"Forwarded": "for=10.0.0.1"},
    {"X_Forwarded_For": "127.0.0.1"},
    {"X_Real_IP": "127.0.0.1"},
    {"Via": "1.1 proxy"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/stream", "/healthz", "/static/x.js"])
def test_only_this_computer_is_answered_and_only_by_its_own_name(
    local_server: Server, path: str, headers: dict[str, str]
) -> None:
    socket = _SOCKET if path == "/_stcore/stream" else {}
    assert status(local_server, path, **headers, **socket) == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.8.0.1", "[::1]", "localhost."])
def test_every_name_of_this_computer_is_answered(local_server: Server, host: str) -> None:
    assert status(local_server, "/_stcore/health", Host=host) == 200
    assert status(local_server, "/_stcore/stream", Host=host, Origin=f"http://{host}", **_SOCKET) == 101


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("jiaoyu.example", 200),
        ("localhost", 200),
        ("evil.example", 421),
        ("sub.jiaoyu.example", 421),
        ("10.9.8.7", 421),
    ],
)
def test_on_the_network_the_server_answers_to_its_own_names_alone(open_server: Server, host: str, answer: int) -> None:
    assert status(open_server, "/_stcore/health", Host=host) == answer
    assert status(open_server, "/_stcore/stream", Host=host, **_SOCKET) == (101 if answer == 200 else 403)


def test_on_the_network_no_other_site_may_speak_for_a_reader(open_server: Server) -> None:
    ours, other = "http://jiaoyu.example", "http://evil.example"
    assert status(open_server, "/_stcore/stream", Host="jiaoyu.example", Origin=ours, **_SOCKET) == 101
    assert status(open_server, "/_stcore/stream", Host="jiaoyu.example", Origin=other, **_SOCKET) == 403


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/interact"])
def test_what_only_operators_of_streamlit_need_is_closed(local_server: Server, path: str) -> None:
    assert status(local_server, path) == 404


def test_the_overviews_name_as_an_address_opens_it(local_server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", local_server.port, timeout=30)
    connection.request("GET", "/overview?year=2022&as_of=2022-11-30")
    told = connection.getresponse()
    assert (told.status, told.getheader("location")) == (307, "/?year=2022&as_of=2022-11-30")


def test_a_link_that_is_too_long_is_refused_before_it_is_read(local_server: Server) -> None:
    assert status(local_server, "/?also=" + "x" * (LONGEST_QUERY - len("also="))) == 200
    assert status(local_server, "/?also=" + "x" * LONGEST_QUERY) == 414


STARTS = {
    "run.py": [str(ROOT / "run.py")],
    "streamlit": ["-m", "streamlit", "run", "app.py"],
    "uvicorn": ["-m", "uvicorn", "app:app", "--port"],
}


@pytest.mark.parametrize("start", STARTS)
def test_every_way_to_start_the_server_guards_it_alike(start_empty_server: Callable[..., Server], start: str) -> None:
    server = start_empty_server(*STARTS[start])
    assert status(server, "/_stcore/health") == 200
    assert status(server, "/_stcore/health", Host="evil.example") == 403
    assert status(server, "/_stcore/metrics") == 404


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_an_address_that_others_could_reach_is_refused_without_lan(address: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())]
    started = subprocess.run(
        [*command, "--server.address", address], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert started.returncode != 0
    assert "没有启动" in started.stderr + started.stdout and "--lan" in started.stderr + started.stdout


def test_who_comes_from_elsewhere_is_refused_whatever_the_server_was_bound_to() -> None:
    assert _answer_to(("192.168.1.20", 40_000)) == 403
    assert _answer_to(None) == 403
    assert _answer_to(("127.0.0.1", 40_000)) == 200


def _answer_to(client: tuple[str, int] | None) -> int:
    """The status of an answer to a visitor from this address, who asks by the right name."""
    import asyncio

    answered: list[int] = []

    async def page(_scope: object, _receive: object, send: Callable[[dict[str, object]], object]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[misc]

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            answered.append(int(str(message["status"])))

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": client,
        "server": ("192.168.1.5", 8501),
    }
    asyncio.run(EntryGuard(page)(scope, None, send))  # type: ignore[arg-type]
    return answered[0]


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("", False),
        ("localhost.evil.example", False),
        ("128.0.0.1", False),
        ("2130706433", False),
    ],
)
def test_what_is_this_computer(host: str, own: bool) -> None:
    assert is_loopback(host) is own
