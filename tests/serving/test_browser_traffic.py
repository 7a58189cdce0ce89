"""What a page's browser may ask and send, told in Streamlit's own language over a real connection."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.support.serving import Server
from ui.serving.messages import _is_allowed
from ui.store_of_record import forget_store, store_of_record

_MB = 1_000_000


@contextmanager
def opened(server: Server) -> Iterator[tuple[ClientConnection, str]]:
    """A page that a browser has open: its connection and its session."""
    address = f"ws://localhost:{server.port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None, proxy=None) as page:  # type: ignore[list-item]
        yield page, run(page)


def run(page: ClientConnection) -> str:
    """Run the page once, and the session in which it ran."""
    page.send(BackMsg(rerun_script={}).SerializeToString())  # type: ignore[arg-type]
    while True:
        said = ForwardMsg()
        said.ParseFromString(bytes(page.recv(timeout=60)))
        if said.WhichOneof("type") == "new_session":
            return said.new_session.initialize.session_id


def put(server: Server, session: str, size: int) -> int:
    """Upload a file of a size that no field of the page asked for; the status of the answer."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=120)
    with closing(connection):
        connection.request("GET", "/_stcore/health")
        asked = connection.getresponse()
        asked.read()
        token = next(
            morsel.value
            for name, value in asked.getheaders()
            if name.lower() == "set-cookie"
            for key, morsel in SimpleCookie(value).items()
            if key == "_streamlit_xsrf"
        )
        head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
        body = head + bytes(size) + b"\r\n--x--\r\n"
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "X-Xsrftoken": token,
            "Cookie": f"_streamlit_xsrf={token}",
        }
        connection.request("PUT", f"/_stcore/upload_file/{session}/{uuid.uuid4()}", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def health(server: Server, until: str) -> tuple[int, str]:
    """Status and word of /healthz once it says this word; the server may still be opening its data."""
    for _ in range(300):
        connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        state = json.loads(answer.read())["store"]
        if state == until:
            break
        assert (answer.status, state) == (503, "opening")
        time.sleep(0.1)
    return answer.status, state


def test_uploads_that_no_page_asked_for_do_not_pile_up(local_server: Server) -> None:
    with opened(local_server) as (_, session):
        assert [put(local_server, session, 48 * _MB) for _ in range(4)] == [204, 204, 204, 413]
        assert put(local_server, str(uuid.uuid4()), 1) == 400, "nobody has that page open"
    with opened(local_server) as (_, elsewhere):
        assert put(local_server, elsewhere, 1) == 204


def test_a_reader_uploads_nothing(open_server: Server) -> None:
    with opened(open_server) as (_, session):
        assert put(open_server, session, 1) == 403


@pytest.mark.parametrize("asked", ["clear_cache", "set_run_on_save", "load_git_info", "debug_shutdown_runtime"])
def test_what_no_page_of_ours_sends_is_passed_over(asked: str) -> None:
    assert not _is_allowed(BackMsg(**{asked: True}).SerializeToString())  # type: ignore[arg-type]


def test_what_pages_send_is_handed_on_within_its_bounds() -> None:
    for asked in ({"rerun_script": {"query_string": "year=2023"}}, {"stop_script": True}, {"app_heartbeat": True}):
        assert _is_allowed(BackMsg(**asked).SerializeToString())  # type: ignore[arg-type]
    assert not _is_allowed(BackMsg(rerun_script={"query_string": "x" * 20_000}).SerializeToString())  # type: ignore[arg-type]
    assert not _is_allowed(BackMsg(file_urls_request={"file_names": ["x"] * 1_501}).SerializeToString())  # type: ignore[arg-type]


def test_a_page_that_asks_to_empty_everybodys_cache_is_still_answered(local_server: Server) -> None:
    with opened(local_server) as (page, session):
        page.send(BackMsg(clear_cache=True).SerializeToString())
        assert run(page) == session


def test_an_emptied_cache_leaves_the_one_open_store(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTY_DEMO", "0")
    monkeypatch.setenv("COUNTY_DB", f"{tmp_path}/county.duckdb")
    before = store_of_record()
    st.cache_resource.clear()
    assert store_of_record() is before
    forget_store()
    before.close()


def test_every_answer_says_what_the_browser_may_load(local_server: Server) -> None:
    policies = {}
    for path in ("/", "/healthz", "/_stcore/metrics", "/component/streamlit_folium.st_folium/index.html", "/nowhere"):
        connection = http.client.HTTPConnection("localhost", local_server.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("X-Frame-Options") == "SAMEORIGIN"
        policies[path] = str(answer.getheader("Content-Security-Policy"))
        assert "default-src 'self'" in policies[path] and "object-src 'none'" in policies[path]
        assert "http" not in policies[path], "nothing from another host"
    assert [path for path, policy in policies.items() if "unsafe-eval" in policy] == [
        "/component/streamlit_folium.st_folium/index.html"
    ]


def test_healthz_says_whether_the_store_answers(local_server: Server) -> None:
    assert health(local_server, until="answers") == (200, "answers")


def test_healthz_says_that_the_data_cannot_be_opened(start_empty_server: Callable[..., Server], tmp_path: Path) -> None:
    (tmp_path / "county.duckdb").write_bytes(b"no data file of this platform" * 1000)
    server = start_empty_server(COUNTY_DB=str(tmp_path / "county.duckdb"))
    assert health(server, until="unavailable") == (503, "unavailable")
