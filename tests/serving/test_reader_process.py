"""A process that only reads, straight from a script: 503 while it has nothing to read, no login, no way out of the site."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.types import Message

from core.audit import broken_link
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.store.replicas.leaving import copies_folder
from core.store.replicas.notes import Note, leave_note, notes
from core.store.replicas.replica import Replica
from tests.serving.test_accounts import _PAGE, _SOCKET, answer
from tests.support.serving import ROOT, Server
from ui.serving.desks import COOKIE, Desks


@pytest.fixture(scope="module")
def reader(start_empty_server: Callable[..., Server]) -> Server:
    """A process that only reads, beside which no main process has run yet."""
    return start_empty_server(COUNTY_LAN="1", COUNTY_READER="1")


def leave_a_copy(server: Server) -> None:
    """What the main process does when it opens the data file."""
    Store.open(server.log.with_name("county.duckdb"), load_standard()).close()


def test_it_refuses_everything_until_there_is_a_copy_and_nothing_afterwards(reader: Server) -> None:
    database = reader.log.with_name("county.duckdb")
    assert copies_folder(database).is_dir()
    asked: list[tuple[str, dict[str, str]]] = [
        ("/", _PAGE),
        ("/schools", _PAGE),
        ("/media/x", {}),
        ("/_stcore/stream", _SOCKET),
    ]
    for path, headers in asked:
        found = answer(reader, path, **headers)
        assert (found.status, "副本" in found.read().decode()) == (503, True), path
    assert json.load(answer(reader, "/healthz"))["store"] == "unavailable"
    assert not database.exists(), "a process that only reads makes no data file"
    leave_a_copy(reader)
    for path, headers in asked:
        assert answer(reader, path, **headers).status != 503, path
    assert json.load(answer(reader, "/healthz"))["store"] == "answers"


def test_nobody_logs_in_where_nothing_is_written_down(reader: Server) -> None:
    leave_a_copy(reader)
    for method in ("GET", "POST"):
        assert answer(reader, "/accounts/login/", method, **_PAGE).status == 404
    to_login = answer(reader, "/schools?year=2022", **_PAGE)
    assert to_login.status == 302
    assert to_login.headers["location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/schools?year=2022", "/schools?year=2022"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_the_way_to_the_main_process_leads_to_no_other_site(
    start_empty_server: Callable[..., Server], lan_main: Server, asked: str, led_to: str
) -> None:
    found = answer(lan_main, f"/accounts/main-desk/?next={quote(asked, safe='')}", **_PAGE)
    assert (found.status, found.headers["location"]) == (302, led_to)
    assert f"{COOKIE}=working" in found.headers["set-cookie"]
    assert found.headers.get_all("set-cookie") == [found.headers["set-cookie"]]


@pytest.fixture(scope="module")
def lan_main(start_empty_server: Callable[..., Server]) -> Server:
    """A main process of the network."""
    return start_empty_server(COUNTY_LAN="1", COUNTY_OPEN_READING="1")


def cookie_given(server: Server, **headers: str) -> str | None:
    """What a page that is opened says of the process that is to serve this browser."""
    found: http.client.HTTPResponse = answer(server, "/", **_PAGE, **headers)
    return next((c for c in found.headers.get_all("set-cookie") or [] if c.startswith(COOKIE)), None)


def test_who_only_looks_is_sent_to_the_others_only_where_there_are_others(lan_main: Server) -> None:
    assert cookie_given(lan_main) is None
    copies_folder(lan_main.log.with_name("county.duckdb")).mkdir()
    given = cookie_given(lan_main)
    assert given is not None and given.startswith(f"{COOKIE}=reading") and "HttpOnly" in given
    # Who asked for the main process stays there, and a part of a page is no visit.
    assert cookie_given(lan_main, Cookie=f"{COOKIE}=working") is None
    assert answer(lan_main, "/_stcore/host-config").headers.get_all("set-cookie") is None


def test_a_worker_at_a_copy_is_sent_back_to_this_very_site() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.request"}

    async def passed(*_: object) -> None:
        raise AssertionError("a worker is sent away")

    scope = {
        "type": "http", "method": "GET", "path": "//evil.example/x", "query_string": b"year=2022",
        "headers": [(b"accept", b"text/html"), (b"cookie", f"{COOKIE}=reading".encode())],
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as at_a_copy:
        at_a_copy.setenv("COUNTY_LAN", "1")
        at_a_copy.setenv("COUNTY_READER", "1")
        at_a_copy.setattr("ui.serving.desks._only_looks", lambda _: False)
        asyncio.run(Desks(passed)(scope, nothing, send))
    assert sent[0]["status"] == 302
    assert dict(sent[0]["headers"])[b"location"] == b"/evil.example/x?year=2022"


def test_what_happened_elsewhere_is_recorded_once_however_often_it_lies_there(lan_main: Server) -> None:
    database = lan_main.log.with_name("county.duckdb")
    copies_folder(database).mkdir(exist_ok=True)
    note = Note("download", "ling.dao", "学校.xlsx", "10.0.0.7", datetime(2026, 11, 30, 8, 0, 0, 123456))
    for _ in range(2):
        leave_note(database, note)
        wait_until_taken(database)
    replica = Replica(database, load_standard())
    found = replica.rows("select person_id, subject, origin, recorded_at from audit where action = 'download'")
    with replica.reading() as cursor:
        assert broken_link(cursor) is None
    replica.close()
    assert found == [("ling.dao", "学校.xlsx", "10.0.0.7", datetime(2026, 11, 30, 8, 0, 0, 123000))]


def wait_until_taken(database: Path) -> None:
    """Until the main process has taken in every note."""
    deadline = time.monotonic() + 60
    while list(notes(database)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_does_not_start_where_nobody_logs_in() -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"]
    environment = {**os.environ, "COUNTY_READER": "1"}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert found.returncode != 0
    assert "只读进程（--reader）只在须登录的网络服务中使用" in found.stdout + found.stderr
