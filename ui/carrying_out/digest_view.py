"""近期提醒: what fell due, became late, fails anew, was opened again, within one's own scope; by mail where it is set up."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import streamlit as st

from core.delivery.owed.digest import Digest, Scope, digest, scope_of
from core.delivery.status.situation import Situation
from core.errors import PlatformError
from core.people.mail import MailServer, mail_server
from core.reports.digest_mail import send_digests
from core.reports.tables import file_name
from core.store.opening import database_path
from core.wording.carrying_out.digest import digest_headline, digest_sections, digest_text
from ui import cache, draft
from ui.access import while_permitted
from ui.forwarding import root_and_page
from ui.frame import View
from ui.labels import plain
from ui.links import linked_choice
from ui.tables import sentence_table

_SPANS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天", "365": "近一年"}
_USUAL = "30"
_SHOWN = 15


def choose_span(view: View) -> tuple[Digest, Situation]:
    """Since when, and what there is since then for this person, or for the chosen township."""
    with st.container(key="choices_digest"):
        days = linked_choice("从什么时候起", list(_SPANS), "days", _SPANS, placeholder=_SPANS[_USUAL]) or _USUAL
    then = cache.situation(view.key, view.as_of - timedelta(days=int(days)))
    return digest(then, view.situation, _scope(view)), then


def _scope(view: View) -> Scope:
    if view.township is not None:
        return Scope(False, townships=frozenset({view.township}))
    actor = view.actor
    return scope_of(actor.roles, actor.units, actor.townships, actor.schools)


def headline(found: Digest) -> str:
    """What is new in one sentence."""
    return digest_headline(found)


def sections(view: View, found: Digest) -> None:
    """Every heading with its lines; the file to take away."""
    held = digest_sections(found, view.situation)
    if not held:
        st.success("这段时间没有到期、逾期、新不达标和重新打开的事项。")
    for title, lines in held:
        st.header(f"{title}　{len(lines)}", anchor=False)
        sentence_table(
            [{"事项": f"**{plain(name)}**", "情况": plain(state)} for name, state in lines],
            pressing=[place < _SHOWN for place in range(len(lines))],
            fold="其余 {n} 项",
        )
    text = digest_text(found, view.situation, "", view.source_line())
    st.download_button(
        "下载提醒",
        while_permitted("view", lambda: text.encode("utf-8-sig")),
        file_name(
            "近期提醒", f"{found.since:%Y%m%d}至{found.as_of:%Y%m%d}", view.county_name, "txt", is_demo=view.is_demo
        ),
        "text/plain",
        key="digest_txt",
        icon=":material/download:",
        on_click="ignore",
    )


def mail(view: View, then: Situation) -> None:
    """Send everybody theirs, for the office alone, where a server is set up."""
    if not view.actor.may("supervise"):
        return
    with st.expander("用邮件发给各人"):
        server = mail_server(Path(os.environ.get("COUNTY_MAIL") or database_path().with_name("mail.toml")))
        if server is None:
            st.info("没有设置邮件服务器，不发送任何邮件。设置办法见系统管理员指南“提醒邮件”一节。")
            return
        st.caption(
            plain(
                f"经 {server.host}:{server.port} 由 {server.sender} 发出；设置中有邮箱的 {len(server.addresses)} 个账号，"
                "各按自己的部门、乡镇、学校，没有要知道的不发。"
            )
        )
        if st.button("发送提醒邮件", key="send_digests", icon=":material/mail:"):
            _send(view, then, server)


def _send(view: View, then: Situation, server: MailServer) -> None:
    root, _ = root_and_page(st.context.url or "")
    try:
        receipt = send_digests(
            view.store,
            then,
            view.situation,
            server,
            f"{root}/digest",
            view.source_line(),
            view.actor,
            datetime.now(),
        )
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    said = f"已发送 {len(receipt.sent)} 封"
    said += f"，{len(receipt.nothing)} 人没有要知道的、未发" if receipt.nothing else ""
    draft.announce(f"{said}。" + (f"未被接受的：{'、'.join(receipt.refused)}。" if receipt.refused else ""))
    st.rerun()
