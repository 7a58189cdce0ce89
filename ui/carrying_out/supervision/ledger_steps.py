"""The form of an issue's next step: what each step asks for, who takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.content_kinds import plain_name
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
    steps_by_others,
)
from core.delivery.ledger.ledger_writing import issue_scope, step_action, take_steps
from core.method.subjects import Subject
from core.wording.carrying_out.ledger import closed_text, intervening_text
from core.wording.school_names import school_names
from ui import draft
from ui.carrying_out.supervision.attachments_view import upload_field, uploads_of
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain

_PASSED, _FAILED = "通过", "不通过"
_TAKERS = {ASSIGNED: "交办人", RECHECK: "核验人", CLOSED: "销号人"}


def next_step(view: View, issue: Issue, state: IssueState) -> None:
    """The steps that may be recorded now, and the form of the chosen one."""
    names = {step.step_id: step.name for step in view.plan.ledger_steps}
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
        files = upload_field("附件", f"{place}_files")
        taken = replace(taken, day=day_field(view, "日期", f"{place}_day"))
        actor = writer(view, _TAKERS.get(step_id, "经办人"), f"{place}_name")
        if step_id in (RECHECK, CLOSED):
            st.caption("核验和销号须由参与整改以外的人办理。")

        def write() -> str:
            drafts = _drafts(taken, files)
            kept = take_steps(
                view.store,
                view.plan,
                view.situation.facts,
                view.county_code,
                drafts,
                actor,
                datetime.now(),
                uploads_of(files),
            )
            if others := steps_by_others(issue, kept, len(drafts)):
                draft.announce(intervening_text(others, view.plan, view.actor), warning=True)
            return f"第 {issue.serial} 号问题已登记“{names[drafts[-1].step_id]}”。"

        send_button("登记", form, allowed, write)


def _drafts(taken: StepDraft, files: Sequence[UploadedFile]) -> list[StepDraft]:
    """What is recorded: a correction handed in with its proof is both steps at once."""
    proof = taken.evidence or ("、".join(plain_name(f.name) for f in files) if files else "")
    if taken.step_id == EVIDENCE:
        return [replace(taken, evidence=proof)]
    if taken.step_id == CORRECTING and proof:
        evidence = StepDraft(issue_number=taken.issue_number, step_id=EVIDENCE, day=taken.day, evidence=proof)
        return [replace(taken, evidence=""), evidence]
    return [taken]


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
        names = school_names(view.situation)
        school = st.selectbox(
            "或责任学校（选了学校，就不交给部门）",
            list(issue.school_ids),
            index=None,
            format_func=lambda s: names.get(s, s),
            key=f"{place}_school",
            placeholder="不选，交给上面的单位",
            disabled=not issue.school_ids,
        )
        person = st.text_input("责任人", key=f"{place}_person", max_chars=20)
        due = optional_day("整改时限", None, f"{place}_due")
        note = st.text_input("说明（时限超出方案期限的，写明理由）", key=f"{place}_note", max_chars=300)
        to = {"school_id": school} if school else {"unit_id": unit}
        return replace(taken, **to, person=person or "", due=due, note=note or "")
    if step_id == CORRECTING:
        measures = st.text_area("整改措施", key=f"{place}_measures", max_chars=500)
        progress = st.text_area("进展", key=f"{place}_progress", max_chars=500)
        evidence = st.text_area(
            "整改报告、佐证的名称或说明（已有佐证的一并填写）", key=f"{place}_evidence", max_chars=500
        )
        return replace(taken, measures=measures or "", progress=progress or "", evidence=evidence or "")
    if step_id == EVIDENCE:
        evidence = st.text_area(
            "整改报告、佐证材料的名称或说明（有附件的可不填）", key=f"{place}_evidence", max_chars=500
        )
        return replace(taken, evidence=evidence or "")
    if step_id == RECHECK:
        result = st.radio("核验结果", [_PASSED, _FAILED], index=None, horizontal=True, key=f"{place}_passed")
        note = st.text_area("核验意见（不通过的，写明还差什么）", key=f"{place}_note", max_chars=500)
        return replace(taken, passed=None if result is None else result == _PASSED, note=note or "")
    without = st.checkbox("数据尚不达标或没有指标，凭理由销号", key=f"{place}_without")
    note = st.text_area("销号理由和依据", key=f"{place}_note", max_chars=500)
    return replace(taken, without_metric=bool(without), note=note or "")


def _routed_unit(view: View, issue: Issue) -> str | None:
    """Who closes shortfalls of this kind by the plan's routing."""
    subject = Subject.parse(issue.subject)
    routed_as = subject.code if subject.kind in ("item", "row") else subject.kind
    return next((r.lead_unit_id for r in view.plan.routes if r.subject == routed_as), None)
