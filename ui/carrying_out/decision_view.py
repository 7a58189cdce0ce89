"""The decisions of the leading group: what was decided, who owes it, how it stands; and their form."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.on_time import Reason
from core.delivery.owed.units import decision_standing
from core.delivery.records.persons import PersonKey
from core.delivery.records.records import DecisionDraft
from core.delivery.records.records_writing import decide
from core.reports.delivery_tables import decisions_table
from core.wording.delivery import DECISION_LABELS, responsible_text, signature
from ui import draft
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.status_view import day_text, level_mark, unit_link
from ui.tables import downloads, sentence_table

_NEW = ""
_OPEN = ("open", "in_progress")


def headline(view: View) -> str:
    """How many decisions there are, under way and late."""
    held = view.situation.records.decisions
    if not held:
        return "还没有登记领导小组议定事项"
    late = sum(decision_standing(view.situation, d).reason is Reason.OVERDUE for d in held)
    under_way = sum(d.status in _OPEN for d in held)
    return f"领导小组议定 {len(held)} 项：未办结 {under_way} 项，逾期 {late} 项"


def decision_list(view: View) -> None:
    """The decisions, those under way first, the latest at the head."""
    held = sorted(view.situation.records.decisions, key=lambda d: (d.status not in _OPEN, -d.decided_on.toordinal()))
    if not held:
        st.info("还没有登记议定事项，请在下面登记。")
        return
    sentence_table(
        [
            {
                "议定事项": f"**{plain(d.decision)}**",
                "责任单位": f"{unit_link(view.plan, d.owner_unit_id)}  \n:small[{plain(_answering(view, d.decision_id))}]",
                "议定日期": day_text(d.decided_on),
                "时限": day_text(d.due, "未定"),
                "办理": f"{level_mark(decision_standing(view.situation, d), view.plan)}  \n{plain(DECISION_LABELS[d.status])}",
                "说明": plain(d.note or "—"),
                "登记": f"{day_text(d.day)}  \n{plain(signature(d.actor, d.verified, view.actor))}",
            }
            for d in held
        ]
    )
    downloads(view, [decisions_table(view.situation, held, view.actor)], "", key="decisions")


def _answering(view: View, decision_id: str) -> str:
    return f"责任人：{responsible_text(view.situation.persons.get(PersonKey('decision', decision_id)), view.actor)}"


def decision_form(view: View) -> None:
    """Record a decision, or how a known one stands."""
    plan = view.plan
    known = {d.decision_id: d for d in view.situation.records.decisions}
    with st.expander("登记议定事项或办理情况", expanded=not known):
        names = {_NEW: "登记新的议定事项", **{i: d.decision for i, d in known.items()}}
        chosen = str(st.selectbox("议定事项", list(names), format_func=lambda i: names[i], key="decision") or _NEW)
        before = known.get(chosen)
        form = "decision"
        allowed = may(view, "plan")
        place = f"{form}_{chosen}_{draft.edition(form)}"
        with st.form(place, border=False):
            text = st.text_area(
                "决定的内容", value=before.decision if before else "", key=f"{place}_text", max_chars=500
            )
            units = [u.unit_id for u in plan.units]
            owner = st.selectbox(
                "责任单位",
                units,
                index=units.index(before.owner_unit_id) if before and before.owner_unit_id in units else None,
                format_func=lambda u: plan.unit(u).name,
                key=f"{place}_owner",
                placeholder="选择责任单位",
            )
            due = optional_day("时限", before.due if before else None, f"{place}_due")
            labels = list(DECISION_LABELS)
            status = st.selectbox(
                "办理情况",
                labels,
                index=labels.index(before.status) if before else 0,
                format_func=lambda s: DECISION_LABELS[s],
                key=f"{place}_status",
            )
            note = st.text_input("说明（取消的须写理由）", key=f"{place}_note", max_chars=300)
            day = day_field(view, "日期", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_name")

            def write() -> str:
                kept = DecisionDraft(
                    decision=text or "",
                    owner_unit_id=owner or "",
                    day=day,
                    decision_id=chosen,
                    due=due,
                    status=status or "open",
                    note=note or "",
                )
                decide(view.store, plan, view.county_code, kept, actor, datetime.now())
                return "已登记议定事项。"

            send_button("登记", form, allowed, write)
