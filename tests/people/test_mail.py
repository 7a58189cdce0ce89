"""Reminders by mail: through a real mail server of this machine, to whom they concern, and never where nothing is set up."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.errors import NotPermitted, RequestInvalid
from core.people.mail import MailLetter, MailServer, deliver, mail_server
from core.people.people import PersonDraft, keep_people
from core.reports.digest_mail import send_digests
from core.store.database import Store
from tests.support.demo_county import DEHUA, STANDARD, demo, filled
from tests.support.report_basis import situation_in

__all__ = ["demo", "filled"]

NOW, DAY = datetime(2023, 12, 1, 9), date(2023, 11, 30)
SET_UP = (
    'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "cjb@example.gov.cn"\n[addresses]\n{addresses}\n'
)


class Taken:
    """Takes every letter, but to an address at refused.example."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:
        if address.endswith("@refused.example"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.letters.append(parsed)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Taken, int]]:
    """A mail server of this machine and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    taken = Taken()
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    yield taken, port
    controller.stop()


def set_up(folder: Path, port: int, **addresses: str) -> MailServer:
    """The settings as an office writes them."""
    lines = "\n".join(f'{name} = "{address}"' for name, address in addresses.items())
    (folder / "mail.toml").write_text(SET_UP.format(port=port, addresses=lines), "utf-8")
    found = mail_server(folder / "mail.toml")
    assert found is not None
    return found


def test_each_gets_a_letter_of_their_own_scope_and_it_is_recorded(
    box: tuple[Taken, int], filled: Path, tmp_path: Path
) -> None:
    taken, port = box
    path = tmp_path / "county.duckdb"
    path.write_bytes(filled.read_bytes())
    store = Store.open(path, STANDARD)
    people = [
        PersonDraft(person_id="leader", name="组长", roles=("leader",)),
        PersonDraft(person_id="finance", name="财政联络员", roles=("liaison",), units=("finance",)),
        PersonDraft(person_id="gone", name="已停用", roles=("leader",), is_active=False),
        PersonDraft(person_id="silent", name="没有邮箱", roles=("leader",)),
        PersonDraft(person_id="idle", name="无事", roles=("liaison",), units=("trade_unions",)),
        PersonDraft(person_id="full", name="邮箱不对", roles=("leader",)),
    ]
    keep_people(store, people, LOCAL_ADMINISTRATOR, NOW)
    server = set_up(
        tmp_path, port, leader="a@example.gov.cn", finance="b@example.gov.cn", gone="c@example.gov.cn",
        idle="d@example.gov.cn", full="e@refused.example",
    )  # fmt: skip
    then, now = (situation_in(store, DEHUA, day) for day in (DAY - timedelta(days=90), DAY))
    office = Actor("李四", frozenset({"office"}), verified=True)
    receipt = send_digests(store, then, now, server, "http://h/digest", "演示数据", office, NOW)
    assert set(receipt.sent) == {"leader", "finance"} and receipt.nothing == ("idle",)
    assert [one.split("（")[0] for one in receipt.refused] == ["full"] and "550" in receipt.refused[0]
    letters = {m["To"]: m for m in taken.letters}
    assert set(letters) == {"a@example.gov.cn", "b@example.gov.cn"}
    assert all(m["From"] == "cjb@example.gov.cn" and "德化县优质均衡提醒" in m["Subject"] for m in taken.letters)
    whole, own = (letters[to].get_content() for to in ("a@example.gov.cn", "b@example.gov.cn"))
    assert "教育局" in whole and "教育局，期限" not in own and "http://h/digest" in own
    [(subject, after)] = store.rows("select subject, after from audit where action = 'mail'")
    assert subject == "提醒邮件 2 封" and "leader" in after and "example.gov.cn" not in after
    with pytest.raises(NotPermitted):
        send_digests(store, then, now, server, "", "", Actor("王五", frozenset({"liaison"}), verified=True), NOW)
    assert len(taken.letters) == 2
    store.close()


def test_without_settings_there_is_no_server(tmp_path: Path) -> None:
    assert mail_server(tmp_path / "mail.toml") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("host =", "不能读取"),
        ('host = "h"\nport = "25"\nsender = "a@b.cn"', "port 应为"),
        ('host = "h"\nport = 99999\nsender = "a@b.cn"', "port 应为"),
        ('host = "h"\nport = 25\nsecurity = "ssl"\nsender = "a@b.cn"', "security 应为"),
        ('host = "h"\nport = 25\nsender = "cjb"', "sender 应为"),
        ('host = "h"\nport = 25\nsender = "a@b.cn"\n[addresses]\nx = "a@b.cn\\nBcc: c@d.cn"', "账号 x"),
        ('host = "h"\nport = 25\nsender = "a@b.cn"\npassword_file = "none"', "密码文件不能读取"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_words(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "mail.toml").write_text(text, "utf-8")
    with pytest.raises(RequestInvalid, match=why):
        mail_server(tmp_path / "mail.toml")


def test_a_server_that_does_not_answer_is_said(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = set_up(tmp_path, int(probe.getsockname()[1]), x="x@example.gov.cn")
        with pytest.raises(RequestInvalid, match="没有接受连接"):
            deliver(server, [MailLetter("x", "提醒", "正文")])


def test_a_line_that_breaks_refuses_the_rest_and_says_who_got_theirs(tmp_path: Path, box: tuple[Taken, int]) -> None:
    taken, port = box
    server = set_up(tmp_path, port, first="a@example.gov.cn", second="b@example.gov.cn", third="c@example.gov.cn")

    class Breaks(smtplib.SMTP):
        def send_message(self, message: Any, *rest: Any, **named: Any) -> Any:
            if message["To"] == "b@example.gov.cn":
                self.close()
            return super().send_message(message, *rest, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(smtplib, "SMTP", Breaks)
        refused = deliver(server, [MailLetter(name, "提醒", "正文") for name in ("first", "second", "third")])
    assert [one.split("（")[0] for one in refused] == ["second", "third"]
    assert [m["To"] for m in taken.letters] == ["a@example.gov.cn"]
