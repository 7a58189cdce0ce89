"""The supervision ledger: the list with filters and files, what the figures propose, one issue with its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueState, Step
from core.delivery.on_time import Reason
from core.delivery.owed.proposals import proposals
from core.reports.ledger_table import LEDGER_COLUMNS, ledger_rows
from core.reports.tables import ReportColumn, ReportTable
from core.wording.carrying_out.ledger import issue_name, issue_now
from core.wording.carrying_out.letters import SOURCES
from core.wording.delivery import person_text, signature
from core.wording.school_names import school_names
from ui.carrying_out.supervision.attachments_view import attachment_links, pictures
from ui.carrying_out.supervision.ledger_opening import by_hand, proposed
from ui.carrying_out.supervision.ledger_steps import next_step
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import linked_choice, school_address
from ui.status_view import day_text, issue_address, issue_mark, unit_link
from ui.tables import downloads, sentence_table

_STATES = ("未销号", "逾期", "重新打开", "已销号", "全部")


def headline(view: View) -> str:
    """How many issues are open, late, open again, closed, and how many more the figures show."""
    now = view.situation
    states = [now.issue_states[i.number] for i in now.issues if view.within(i.township_code)]
    still_open = sum(s.is_open for s in states)
    text = f"台账共 {len(states)} 件，未销号 {still_open} 件，逾期 {sum(map(_late, states))} 件"
    again = sum(s.reopened_on is not None for s in states)
    if again:
        text += f"，数据反弹重新打开 {again} 件"
    waiting = 0 if view.township is not None else len(proposals(now))
    return view.of_township(f"{text}；数据显示另有 {waiting} 处应建账" if waiting else text)


def _late(state: IssueState) -> bool:
    return state.is_open and state.standing.reason is Reason.OVERDUE


def ledger(view: View) -> None:
    """The list, the chosen issue with its next step, the proposals."""
    now = view.situation
    states = now.issue_states
    names = {str(i.serial): issue_name(i) for i in now.issues}
    with st.container(horizontal=True, key="choices_ledger", vertical_alignment="bottom"):
        chosen_state = str(st.selectbox("状态", _STATES, key="ledger_state", bind="query-params", width=120))
        units = _assigned_units(view)
        unit_id = linked_choice("责任单位", list(units), "ledger_unit", units, placeholder="全部单位")
        serial = linked_choice("问题", list(names), "issue", names, placeholder="选一件看办理过程")
    if serial is not None:
        issue = next(i for i in now.issues if str(i.serial) == serial)
        one_issue(view, issue, states[issue.number])
    shown = [
        issue
        for issue in now.issues
        if _in_state(states[issue.number], chosen_state)
        and view.within(issue.township_code)
        and (unit_id is None or _unit_of(issue) == unit_id)
    ]
    st.header(plain(f"台账 {len(shown)} 件"), anchor=False)
    _list(view, shown, states)
    if shown:
        _files(view, shown, chosen_state)
    by_hand(view)
    proposed(view)


def _assigned_units(view: View) -> dict[str, str]:
    ids = dict.fromkeys(unit for issue in view.situation.issues if (unit := _unit_of(issue)))
    return {unit_id: view.plan.unit(unit_id).name for unit_id in ids}


def _unit_of(issue: Issue) -> str | None:
    assigned = issue.latest(ASSIGNED)
    return None if assigned is None else assigned.unit_id


def _in_state(state: IssueState, chosen: str) -> bool:
    return {
        "未销号": state.is_open,
        "逾期": _late(state),
        "重新打开": state.reopened_on is not None,
        "已销号": not state.is_open,
        "全部": True,
    }[chosen]


def _list(view: View, shown: Sequence[Issue], states: Mapping[int, IssueState]) -> None:
    if not shown:
        st.info("没有符合条件的问题。")
        return
    lines = []
    for issue in shown:
        assigned = issue.latest(ASSIGNED)
        lines.append(
            {
                "问题": f"**[{plain(issue_name(issue))}]({issue_address(issue.serial)})**",
                "建账时依据": plain(issue.basis),
                "现状": plain(issue_now(issue, states[issue.number]) or "—"),
                "责任单位": assignee_link(view, assigned),
                "责任人": plain(person_text(assigned.person, view.actor) if assigned else "—"),
                "时限": day_text(assigned.due if assigned else None),
                "进展": plain(issue.latest_text("progress") or issue.latest_text("measures") or "—"),
                "状态": issue_mark(states[issue.number], view.plan),
            }
        )
    sentence_table(lines)


def assignee_link(view: View, assigned: Step | None) -> str:
    """The unit or school that an issue was last assigned to, a link to its page."""
    if assigned is None or not assigned.school_id:
        return unit_link(view.plan, assigned.unit_id if assigned else None)
    name = school_names(view.situation).get(assigned.school_id, assigned.school_id)
    return f"[{plain(name)}]({school_address(assigned.school_id)})"


def _files(view: View, shown: Sequence[Issue], state: str) -> None:
    rows = ledger_rows(view.situation, view.actor, shown)
    table = ReportTable(
        "督办台账",
        tuple(ReportColumn(name) for name in LEDGER_COLUMNS),
        tuple(tuple(row[name] if row[name] is not None else "—" for name in LEDGER_COLUMNS) for row in rows),
        ("姓名后注“身份未确认”的，为未登录时填写。",),
    )
    downloads(view, [table], state, key="ledger")


def one_issue(view: View, issue: Issue, state: IssueState) -> None:
    """One issue: what the figures say now, what was done, what may be done next."""
    with st.container(border=True):
        schools = "、".join(_school_names(view, issue)) or "—"
        st.markdown(
            f"**{plain(issue_name(issue))}**　{issue_mark(state, view.plan)}  \n"
            f":gray[建账时]　{plain(issue.basis)}　:gray[现在]　{plain(issue_now(issue, state) or '—')}  \n"
            f":gray[涉及学校]　{plain(schools)}　:gray[建账]　{plain(issue.day)} {plain(signature(issue.actor, issue.verified, view.actor))}"
            + f"  \n:gray[来源]　{plain(_source_text(view, issue))}"
            + (f"  \n:gray[附件]　{links}" if (links := attachment_links(view, issue.number)) else "")
            + (f"  \n:gray[说明]　{plain(issue.note)}" if issue.note else "")
        )
        pictures(view, [issue.number, *(step.number for step in issue.steps)])
        found = state.finding
        if found.has_metric:
            st.markdown(f"现有数据（{found.year} 学年）：{verdict_mark(found.verdict)}")
        else:
            st.markdown("没有对应的指标，销号须写明理由。")
        names = {s.step_id: s.name for s in view.plan.ledger_steps}
        sentence_table(
            [
                {
                    "步骤": f"**{plain(names[step.step_id])}**",
                    "日期": day_text(step.day),
                    "内容": plain(_step_words(view, step)),
                    "附件": attachment_links(view, step.number) or "—",
                    "经办人": plain(signature(step.actor, step.verified, view.actor)),
                }
                for step in issue.steps
            ]
        )
        next_step(view, issue, state)


def _source_text(view: View, issue: Issue) -> str:
    """Where an issue was found, and what that names: a sub-item, an item."""
    words = SOURCES[issue.source]
    if issue.source == "overdue":
        titles = {s.sub_item_id: s.title for s in view.plan.sub_items()}
        return f"{words}：{issue.source_id} {titles.get(issue.source_id, '')}"
    return f"{words}：{issue.source_id}" if issue.source == "unknown" else words


def _step_words(view: View, step: Step) -> str:
    parts = []
    if step.unit_id or step.school_id:
        names = school_names(view.situation)
        to = view.plan.unit(step.unit_id).name if step.unit_id else names.get(step.school_id or "", step.school_id)
        parts.append(f"{to} {person_text(step.person, view.actor)}，{step.due} 前")
    parts += [text for text in (step.measures, step.progress, step.evidence) if text]
    if step.passed is not None:
        parts.append("核验通过" if step.passed else "核验不通过")
    if step.without_metric:
        parts.append("凭理由销号")
    if step.note:
        parts.append(step.note)
    return "；".join(parts)


def _school_names(view: View, issue: Issue) -> list[str]:
    names = school_names(view.situation)
    return [names.get(school_id, school_id) for school_id in issue.school_ids]
