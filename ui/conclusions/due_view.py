"""到期与逾期: what is overdue and what falls due soon, by unit, each a link to the unit's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core.delivery.ledger.ledger import ASSIGNED
from core.delivery.on_time import DONE, Reason
from core.delivery.owed.escalation import due_letters
from core.delivery.owed.inspections import inspections
from core.delivery.owed.meeting import overdue_decisions
from core.delivery.status.status import sub_item_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.naming import held, named
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.wording.carrying_out.supervision import visits_owed
from core.wording.positions import county_overdue_sentence, day_text, no_plan_sentence
from ui.frame import View
from ui.labels import plain
from ui.links import address
from ui.menu import page_file
from ui.status_view import unit_link
from ui.tables import downloads, sentence_table

_SOON = timedelta(days=31)
_UNITS, _MOST_NAMED = 6, 2


def overdue_sentence(view: View) -> str:
    """What is overdue in the whole county, in one sentence; beside an earlier year's figures it says its day."""
    day = f"截至 {day_text(view.as_of)}，" if view.year != view.situation.year else ""
    return day + county_overdue_sentence(view.situation)


def meeting_line(view: View) -> None:
    """The leading group's own overdue decisions, the letters due, schools still to be visited; nothing where all is done."""
    own, letters = len(overdue_decisions(view.situation)), len(due_letters(view.situation))
    said = [f"领导小组议定事项逾期 {own} 项"] if own else []
    said += [f"应发未发的督办文书 {letters} 份"] if letters else []
    if said:
        st.markdown(f":red[▲ {plain('，'.join(said))}]　[看会议材料]({address('meeting')})")
    owed = sum(visits_owed(s, view.situation) > 0 for s in inspections(view.situation))
    if owed:
        st.markdown(f":orange[◇ {plain(f'本月 {owed} 所学校还须责任督学随访')}]　[看督导]({address('supervision')})")


def due_list(view: View) -> None:
    """The units with most overdue, then those with most due within a month."""
    now = view.situation
    if not view.plan.exists:
        st.info(plain(no_plan_sentence(view.county)))
        return
    late: dict[str, list[SubItemStatus]] = defaultdict(list)
    short: dict[str, list[SubItemStatus]] = defaultdict(list)
    soon: dict[str, list[SubItemStatus]] = defaultdict(list)
    for status in sub_item_statuses(now).values():
        due = status.standing.due
        if status.is_late:
            late[status.obligation.lead_unit_id].append(status)
        elif status.is_short:
            short[status.obligation.lead_unit_id].append(status)
        elif due is not None and status.standing.level != DONE and view.as_of <= due <= view.as_of + _SOON:
            soon[status.obligation.lead_unit_id].append(status)
    issues = _overdue_issues(view)
    units = sorted(
        {*late, *short, *soon, *issues},
        key=lambda u: (-len(late[u]), -issues.get(u, 0), -len(short[u]), -len(soon[u]), u),
    )
    if not units:
        st.success("没有逾期、已判定未达到和一个月内到期的事项。")
        return
    shown = held(len(units), _UNITS)
    sentence_table(
        [
            {
                "单位": f"**{unit_link(view.plan, unit_id)}**",
                "逾期子项（项）": f":red[▲ {len(late[unit_id])}]　{_names(late[unit_id])}" if late[unit_id] else "0",
                "逾期台账（件）": f":red[▲ {issues[unit_id]}]" if issues.get(unit_id) else "0",
                "已判定未达到（项）": f":red[△ {len(short[unit_id])}]" if short[unit_id] else "0",
                "一个月内到期（项）": plain(len(soon[unit_id])),
            }
            for unit_id in units[:shown]
        ]
    )
    total = sum(map(len, late.values()))
    rest = f"，另有 {len(units) - shown} 个单位未列出" if len(units) > shown else ""
    st.caption(plain(f"全县逾期子项 {total} 项、台账 {sum(issues.values())} 件{rest}。"))
    columns = ("逾期子项", "逾期子项名称", "逾期台账", "已判定未达到", "一个月内到期")
    counted = dict(zip(columns, ("项", "", "件", "项", "项"), strict=True))
    table = ReportTable(
        "到期与逾期",
        (ReportColumn("单位"), *(ReportColumn(c, unit, WHOLE if unit else "General") for c, unit in counted.items())),
        tuple(
            (
                view.plan.unit(unit_id).name,
                len(late[unit_id]),
                "、".join(s.sub_item.title for s in late[unit_id]),
                issues.get(unit_id, 0),
                len(short[unit_id]),
                len(soon[unit_id]),
            )
            for unit_id in units
        ),
    )
    downloads(view, [table], "", key="due")
    st.page_link(page_file("carrying_out/units"), label="全部部门与乡镇", icon=":material/arrow_forward:")


def _overdue_issues(view: View) -> dict[str, int]:
    states = view.situation.issue_states
    counts: dict[str, int] = defaultdict(int)
    for issue in view.situation.issues:
        state, assigned = states[issue.number], issue.latest(ASSIGNED)
        if state.is_open and state.standing.reason is Reason.OVERDUE and assigned is not None and assigned.unit_id:
            counts[assigned.unit_id] += 1
    return dict(counts)


def _names(overdue: Sequence[SubItemStatus]) -> str:
    worst = sorted(overdue, key=lambda s: -s.standing.days_late)
    return plain(named([s.sub_item.title for s in worst], most=_MOST_NAMED))
