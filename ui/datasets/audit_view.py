"""操作记录: who did what to what, when, from where; searched, taken away, its chain looked through."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import streamlit as st

from core.audit import EVENT_NAMES, Entry, broken_link, read_entries
from core.reports.audit_table import audit_table
from ui.frame import Desk, View
from ui.labels import plain
from ui.tables import downloads, sentence_table

_SHOWN = 100
_DAYS = 30


def show_audit(desk: Desk) -> None:
    """The entries of some days, the newest first."""
    today = date.today()
    with st.container(horizontal=True):
        first = st.date_input("从", today - timedelta(days=_DAYS), key="audit_first", format="YYYY-MM-DD")
        last = st.date_input("到", today, key="audit_last", format="YYYY-MM-DD")
        action = st.selectbox(
            "操作", ["", *EVENT_NAMES], format_func=lambda a: EVENT_NAMES.get(a, "全部"), key="audit_action"
        )
        words = st.text_input("人员、对象或内容", key="audit_words", max_chars=50)
    if not isinstance(first, date) or not isinstance(last, date):
        return
    with desk.store.reading() as cursor:
        found = read_entries(cursor, first=first, last=last, words=words or "", action=str(action or ""))
        broken = broken_link(cursor)
    if broken is None:
        st.caption(f"记录链完整（{datetime.now():%Y-%m-%d %H:%M} 核对）。")
    else:
        st.error(f"▲ 第 {broken} 条记录与写入时不同，或前后有缺；请立即报告网络安全负责人，并以备份核对。")
    st.markdown(f"**{len(found):,} 条**" + (f"，列出最近 {_SHOWN} 条" if len(found) > _SHOWN else ""))
    sentence_table([_line(entry) for entry in found[:_SHOWN]])
    if found and isinstance(desk, View):
        downloads(desk, [audit_table(found)], "", key="audit_files", action="audit")


def _line(entry: Entry) -> dict[str, str]:
    return {
        "序号": str(entry.number),
        "时间": f"{entry.recorded_at:%Y-%m-%d %H:%M:%S}",
        "人员": plain(_who(entry)),
        "操作": EVENT_NAMES.get(entry.action, entry.action),
        "对象": plain(entry.subject),
        "内容": plain(_shortened(entry.after)),
        "来自": plain(entry.origin),
    }


def _who(entry: Entry) -> str:
    account = f"（{entry.person_id}）" if entry.person_id else ""
    return f"{entry.actor}{account}{'' if entry.verified else '，身份未确认'}"


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:80] + "……"
