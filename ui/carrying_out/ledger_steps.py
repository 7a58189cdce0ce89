"""The form of an issue's next step: what each step asks for, who takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st

from core.delivery.ledger.ledger import (
    ASSIGNED,
    CLOSED,
    CORRECTING,
    EVIDENCE,
    RECHECK,
    Issue,
    IssueState,
    StepDraft,
    allowed_steps,
)
from core.delivery.ledger.ledger_writing import issue_scope, step_action, take_step
from core.method.subjects import Subject
from core.wording.carrying_out.ledger import closed_text
from ui import draft
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain

_PASSED, _FAILED = "通过", "不通过"
_TAKERS = {ASSIGNED: "交办人", RECHECK: "复核人", CLOSED: "销号人"}


def next_step(view: View, issue: Issue, state: IssueState) -> None:
    """The steps that may be recorded now, and the form of the chosen one."""
    steps = {step.step_id: step for step in allowed_steps(issue, view.plan, state)}
    if not steps:
        st.caption(plain(closed_text(issue, state)))
        return
    form = f"step_{issue.number}"
    # The further one is what usually comes next.
    step_id = st.segmented_control(
        "办理",
        list(steps),
        default=list(steps)[-1],
        required=True,
        format_func=lambda s: steps[s].name,
        key=f"{form}_{len(issue.steps)}",
    )
    step_id = str(step_id or list(steps)[-1])
    st.caption(plain(steps[step_id].duty))
    allowed = may(view, step_action(step_id), issue_scope(view.plan, issue))
    place = f"{form}_{step_id}_{draft.edition(form)}"
    with st.form(place, border=False):
        taken = _fields(view, issue, step_id, place)
        taken = replace(taken, day=day_field(view, "日期", f"{place}_day"))
        actor = writer(view, _TAKERS.get(step_id, "经办人"), f"{place}_name")
        if step_id in (RECHECK, CLOSED):
            st.caption("复核和销号须由参与整改以外的人办理。")

        def write() -> str:
            take_step(view.store, view.plan, view.situation.facts, view.county_code, taken, actor, datetime.now())
            return f"第 {issue.serial} 号问题已登记“{steps[step_id].name}”。"

        send_button("登记", form, allowed, write)


def _fields(view: View, issue: Issue, step_id: str, place: str) -> StepDraft:
    taken = StepDraft(issue_number=issue.number, step_id=step_id, day=view.as_of)
    if step_id == ASSIGNED:
        units = [u.unit_id for u in view.plan.units]
        proposed = _routed_unit(view, issue)
        unit = st.selectbox(
            "责任单位",
            units,
            index=units.index(proposed) if proposed in units else None,
            format_func=lambda u: view.plan.unit(u).name,
            key=f"{place}_unit",
            placeholder="选择责任单位",
        )
        person = st.text_input("责任人", key=f"{place}_person", max_chars=20)
        due = optional_day("整改时限", None, f"{place}_due")
        return replace(taken, unit_id=unit, person=person or "", due=due)
    if step_id == CORRECTING:
        measures = st.text_area("整改措施", key=f"{place}_measures", max_chars=500)
        progress = st.text_area("进展", key=f"{place}_progress", max_chars=500)
        return replace(taken, measures=measures or "", progress=progress or "")
    if step_id == EVIDENCE:
        evidence = st.text_area("佐证材料名称或存放位置", key=f"{place}_evidence", max_chars=500)
        return replace(taken, evidence=evidence or "")
    if step_id == RECHECK:
        result = st.radio("复核结果", [_PASSED, _FAILED], index=None, horizontal=True, key=f"{place}_passed")
        note = st.text_area("复核意见（不通过的，写明还差什么）", key=f"{place}_note", max_chars=500)
        return replace(taken, passed=None if result is None else result == _PASSED, note=note or "")
    without = st.checkbox("数据尚不达标或没有指标，凭理由销号", key=f"{place}_without")
    note = st.text_area("销号理由和依据", key=f"{place}_note", max_chars=500)
    return replace(taken, without_metric=bool(without), note=note or "")


def _routed_unit(view: View, issue: Issue) -> str | None:
    """Who closes shortfalls of this kind by the plan's routing."""
    subject = Subject.parse(issue.subject)
    routed_as = subject.code if subject.kind in ("item", "row") else subject.kind
    return next((r.lead_unit_id for r in view.plan.routes if r.subject == routed_as), None)
