"""What the plan names without listing it, as the office lists it: clusters, entrusted schools, schools kept, programmes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.delivery.figures.pairs import attainment
from core.delivery.records.registers import EXPECTED, REGISTER_NAMES, Register, RegisterDraft, RegisterEntry, keep_entry
from core.rules.standard import STAGES
from core.wording.delivery import signature
from core.wording.numbers import share_text
from core.wording.school_names import school_in_year
from ui import draft
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain, stage_name
from ui.links import school_address
from ui.status_view import unit_link
from ui.tables import sentence_table

_NEW = ""
_MOST_NAMED = 6
_OF_SCHOOLS: tuple[Register, ...] = ("cluster", "entrusted", "kept", "layout")


def registers(view: View) -> None:
    """Each register with its entries, and how many the plan speaks of."""
    st.caption("方案原文只点到名称、没有列出明细的，由创建办在这里列出；没有列的不作推测。")
    held = view.situation.registers
    names = {r: f"{name} {sum(e.register == r for e in held)}" for r, name in REGISTER_NAMES.items()}
    chosen = st.segmented_control(
        "清单", list(names), default="cluster", required=True, format_func=lambda r: names[r], key="register",
        label_visibility="collapsed",
    )  # fmt: skip
    register: Register = chosen or "cluster"
    entries = [e for e in held if e.register == register]
    st.markdown(plain(_sentence(register, entries)))
    if entries:
        sentence_table([_line(view, e) for e in entries])
    _form(view, register, entries)


def _sentence(register: Register, entries: Sequence[RegisterEntry]) -> str:
    name, expected = REGISTER_NAMES[register], EXPECTED.get(register)
    if not entries:
        of = f"方案提到 {expected} 个，" if expected else ""
        return f"{name}：{of}还没有列出，请创建办在下面登记。"
    if expected:
        return f"{name}：方案提到 {expected} 个，已列 {len(entries)} 个" + (
            "。" if len(entries) >= expected else f"，缺 {expected - len(entries)} 个。"
        )
    schools = {s for e in entries for s in e.school_ids}
    return f"{name}：已列 {len(entries)} 条，涉及 {len(schools)} 所学校。"


def _line(view: View, entry: RegisterEntry) -> dict[str, str]:
    cells = {"名称": f"**{plain(entry.name)}**"}
    if entry.register in _OF_SCHOOLS:
        more = f"等 {len(entry.school_ids)} 所" if len(entry.school_ids) > _MOST_NAMED else ""
        cells["学校"] = "、".join(_school(view, s) for s in entry.school_ids[:_MOST_NAMED]) + more
    if entry.register == "entrusted" and entry.supporting_school_id:
        cells["受托学校"] = _school(view, entry.supporting_school_id)
    if entry.register in ("cluster", "entrusted"):
        cells["内部差距"] = _gap(view, entry)
    period = f"{entry.since or '…'} 起" + (f"，至 {entry.until}" if entry.until else "")
    return {
        **cells,
        "内容": plain(entry.content or "—"),
        "责任与时间": f"{unit_link(view.plan, entry.unit_id)}，{plain(period)}  \n"
        f":small[{plain(f'{entry.day} {signature(entry.actor, entry.verified, view.actor)}登记')}]",
    }


def _school(view: View, school_id: str) -> str:
    return f"[{plain(school_in_year(view.situation, school_id, view.year))}]({school_address(school_id)})"


def _gap(view: View, entry: RegisterEntry) -> str:
    """How far apart the schools are in what they attain of the standard's limits, stage by stage."""
    schools = {*entry.school_ids, *([entry.supporting_school_id] if entry.supporting_school_id else [])}
    words = []
    for stage in STAGES:
        rows = [r for r in view.assessment.rows if r.school_id in schools and r.stage == stage]
        attained = [attainment(row) for row in rows]
        known = [value for value in attained if value is not None]
        if len(rows) < 2:
            continue
        gap = share_text(max(known) - min(known)) if len(known) == len(attained) else "数据未报全"
        words.append(f"{stage_name(stage)} {gap}")
    return plain("；".join(words) or "同学段不足两所")


def _form(view: View, register: Register, entries: Sequence[RegisterEntry]) -> None:
    with st.expander("登记或更新", expanded=not entries):
        allowed = may(view, "plan")
        names = {_NEW: f"登记新的{REGISTER_NAMES[register]}", **{e.entry_id: e.name for e in entries}}
        chosen = str(
            st.selectbox("条目", list(names), format_func=lambda i: names[i], key=f"register_{register}") or _NEW
        )
        before = next((e for e in entries if e.entry_id == chosen), None)
        form = f"register_{register}_{chosen}"
        place = f"{form}_{draft.edition(form)}"
        schools = {
            s.school_id: school_in_year(view.situation, s.school_id, view.year)
            for s in view.situation.facts.schools.get(view.year, ())
        }
        units = {u.unit_id: u.name for u in view.plan.units}
        with st.form(place, border=False):
            name = st.text_input("名称", value=before.name if before else "", key=f"{place}_title", max_chars=60)
            chosen_schools: list[str] = []
            support = None
            if register in _OF_SCHOOLS:
                now = [s for s in before.school_ids if s in schools] if before else []
                chosen_schools = st.multiselect(
                    "学校", list(schools), default=now, format_func=lambda s: schools[s], key=f"{place}_schools"
                )
            if register == "entrusted":
                support = st.selectbox(
                    "受托学校", list(schools),
                    index=list(schools).index(before.supporting_school_id)
                    if before and before.supporting_school_id in schools else None,
                    format_func=lambda s: schools[s], key=f"{place}_support", placeholder="选择学校",
                )  # fmt: skip
            content = st.text_area(
                "理由和生源预测" if register in ("kept", "layout") else "做法、共享内容或进展",
                value=before.content if before else "", key=f"{place}_content", max_chars=500,
            )  # fmt: skip
            unit = st.selectbox(
                "责任单位", list(units),
                index=list(units).index(before.unit_id) if before and before.unit_id in units else None,
                format_func=lambda u: units[u], key=f"{place}_unit", placeholder="选择单位",
            )  # fmt: skip
            since = optional_day("自何日起", before.since if before else None, f"{place}_since")
            until = optional_day("至何日止", before.until if before else None, f"{place}_until")
            withdrawn = before is not None and st.checkbox("撤销这一条", key=f"{place}_out")
            note = st.text_input("说明（撤销的须写理由）", key=f"{place}_note", max_chars=200)
            day = day_field(view, "登记日期", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_name")

            def write() -> str:
                kept = RegisterDraft(
                    register=register, name=(name or "").strip(), day=day, entry_id=chosen,
                    school_ids=tuple(chosen_schools), supporting_school_id=support, unit_id=unit, since=since,
                    until=until, content=content or "", withdrawn=withdrawn, note=note or "",
                )  # fmt: skip
                entry = keep_entry(view.store, view.plan, view.county_code, kept, actor, datetime.now())
                return f"{REGISTER_NAMES[register]}“{entry.name}”已{'撤销' if entry.withdrawn else '登记'}。"

            send_button("登记", form, allowed, write)
