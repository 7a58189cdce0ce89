"""The plan changed in the app: the file beside what counts now, the changes with their ground, the form, the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from core.delivery.records.amendments import (
    SECTION_NAMES,
    AmendmentDraft,
    amend,
    differences,
)
from core.errors import RequestInvalid
from core.rules.plan_amending import SECTIONS, as_file, entries_of, entry_of
from core.store.county_files import keep_plan, plans
from core.wording.carrying_out.plan import changed_keys, entry_label, entry_words
from core.wording.delivery import signature
from ui import cache, draft
from ui.access import while_permitted
from ui.carrying_out.plan.plan_fields import FIELDS, read_field
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import linked_choice
from ui.status_view import day_text
from ui.tables import sentence_table

_NEW = "new"
_ADDED = ("tasks", "sub_items", "yearly_targets", "units", "remedies", "routes", "phases", "project_slots")


def changes(view: View) -> None:
    """What reads otherwise than in the file, every change with its ground, the form, the files."""
    filed = cache.county_as_filed(view.key, view.as_of)
    found = differences(filed, view.county)
    st.header(f"与原方案不同之处 {len(found)} 处", anchor=False)
    if not found:
        st.info("方案没有调整过，按印发的原文执行。需要调整的，请在下面填写。")
    sentence_table(
        [
            {
                "条目": f"**{plain(entry_label(d.section, d.entry_id, d.amended or d.baseline))}**",
                "原方案": plain("—（新增）" if d.baseline is None else entry_words(d.baseline, view.plan, keys)),
                "现方案": plain("—（已删去）" if d.amended is None else entry_words(d.amended, view.plan, keys)),
            }
            for d in found
            for keys in (changed_keys(d.baseline, d.amended),)
        ]
    )
    if view.situation.amendments:
        st.header("调整记录", anchor=False)
        sentence_table(
            [
                {
                    "条目": f"**{plain(entry_label(a.section, a.entry_id, a.entry))}**",
                    "日期": day_text(a.day),
                    "依据": plain(a.rests_on),
                    "理由": plain(a.note),
                    "登记": plain(signature(a.actor, a.verified, view.actor)),
                }
                for a in reversed(view.situation.amendments)
            ]
        )
    _form(view)
    _files(view)


def _form(view: View) -> None:
    with st.expander("调整方案：任务、具体措施、目标、单位、期限、周期、预警", expanded="section" in st.query_params):
        allowed = may(view, "plan")
        section = linked_choice(
            "调整哪一部分", list(SECTION_NAMES), "section", SECTION_NAMES, placeholder="选择任务、具体措施、目标等"
        )
        if section is None:
            return
        key = SECTIONS[section]
        held = {str(e[key]): e for e in entries_of(view.county.plan_table, section)}
        names = {i: f"{i} {e.get('title') or e.get('name') or ''}" for i, e in held.items()}
        if section in _ADDED:
            names = {_NEW: f"新增{SECTION_NAMES[section]}", **names}
        chosen = linked_choice("条目", list(names), "entry", names, placeholder="选择条目或新增")
        if chosen is None:
            return
        before = entry_of(view.county.plan_table, section, chosen) or {}
        form = f"amend_{section}_{chosen}"
        place = f"{form}_{draft.edition(form)}"
        with st.form(place, border=False):
            entry_id = chosen
            if chosen == _NEW:
                entry_id = st.text_input(
                    "编号", value=_next_id(view, section), key=f"{place}_id", max_chars=40,
                    help="具体措施的编号以所属任务开头，如 T06-9",
                )  # fmt: skip
            said: dict[str, Any] = {}
            for field in FIELDS[section]:
                if field.only_new and chosen != _NEW:
                    continue
                said[field.key] = read_field(view, field, before, f"{place}_{field.key}")
            takes_out = chosen != _NEW and st.checkbox("从方案中删去这一条", key=f"{place}_out")
            known = [f"{d.decision_id} {d.decision}" for d in view.situation.records.decisions]
            rests_on = st.selectbox(
                "依据：领导小组的决定或文件", known, index=None, accept_new_options=True, key=f"{place}_ground",
                placeholder="选择议定事项，或输入文号",
            )  # fmt: skip
            note = st.text_input("理由", key=f"{place}_reason", max_chars=300)
            day = day_field(view, "自何日起", f"{place}_from_day")
            actor = writer(view, "登记人", f"{place}_writer")

            def write() -> str:
                entry = None if takes_out else _entry(section, before, said)
                kept = AmendmentDraft(
                    section=section, entry_id=entry_id.strip(), entry=entry, day=day, rests_on=rests_on or "", note=note or ""
                )  # fmt: skip
                amend(view.store, view.county_code, kept, actor, datetime.now(), adds=chosen == _NEW)
                return f"方案已调整：{SECTION_NAMES[section]} {kept.entry_id}，自 {day} 起。"

            send_button("保存调整", form, allowed, write)


def _next_id(view: View, section: str) -> str:
    """The next free number of the last task, for a sub-item; nothing for the rest."""
    if section != "sub_items" or not view.plan.tasks:
        return ""
    task = view.plan.tasks[-1]
    return f"{task.task_id}-{len(task.sub_items) + 1}"


def _entry(section: str, before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The entry as the form leaves it: what it does not ask for stays as it is, what was emptied goes."""
    entry = {**before, **said}
    if section == "dated_targets" and isinstance(entry.get("by_year"), int) and entry["by_year"]:
        # A target binds to the end of its year.
        entry["deadline"] = date(entry["by_year"], 12, 31)
    return {key: value for key, value in entry.items() if value not in (None, "", [], {})}


def _files(view: View) -> None:
    st.header("方案文件", anchor=False)
    st.download_button(
        "导出现行方案（plan.toml）",
        while_permitted("view", lambda: as_file(view.county.plan_table).encode()),
        file_name=f"{view.county_code}-plan-{view.as_of}.toml",
        mime="application/toml",
        key="plan_file",
        icon=":material/download:",
    )
    loaded = plans(view.store, view.county_code)
    if loaded:
        sentence_table(
            [
                {
                    "载入的方案": f"**第 {number} 份**",
                    "施行": plain(f"自 {plan.counts_from} 起" if plan.counts_from else "一直"),
                    "载入": plain(f"{plan.recorded_at:%Y-%m-%d %H:%M}"),
                }
                for number, plan in enumerate(loaded, 1)
            ]
        )
    with st.expander("载入下一个方案"):
        st.caption("新方案自所填日期起施行；此前的日子仍看原方案，原方案的记录都保留。任务和具体措施请用新的编号。")
        allowed = may(view, "plan")
        form = "next_plan"
        place = f"{form}_{draft.edition(form)}"
        with st.form(place, border=False):
            file = st.file_uploader("方案文件（plan.toml）", type=["toml"], key=f"{place}_file")
            day = st.date_input("自何日起施行", value=view.as_of, key=f"{place}_day", format="YYYY-MM-DD")
            actor = writer(view, "载入人", f"{place}_name")

            def write() -> str:
                if file is None or not isinstance(day, date):
                    raise RequestInvalid("请选择方案文件，并填写施行日期。")
                try:
                    content = file.getvalue().decode("utf-8")
                except UnicodeDecodeError:
                    raise RequestInvalid("文件不是 UTF-8 文本，请另存为 UTF-8 编码后重试。") from None
                plan = keep_plan(view.store, view.county_code, content, day, actor, datetime.now())
                return f"已载入 {plan.document.number}，自 {day} 起施行。"

            send_button("载入", form, allowed, write)
