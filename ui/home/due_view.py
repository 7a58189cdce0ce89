"""逾期: what is past its day, by who owes it, and what the leading group itself and the inspectors still owe."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import streamlit as st

from core.delivery.on_time import DONE
from core.delivery.owed.escalation import due_letters
from core.delivery.owed.inspections import inspections
from core.delivery.owed.meeting import overdue_decisions
from core.delivery.owed.overdue import lateness
from core.delivery.status.status import sub_item_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.naming import named
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.carrying_out.supervision import visits_owed
from core.wording.positions import county_overdue_sentence, day_text, is_overdue, overdue_words
from ui.frame import View
from ui.labels import plain
from ui.links import address, unit_address
from ui.markup.lines import Line, lines_html
from ui.status_view import days_mark

_SOON = timedelta(days=31)
_MOST_NAMED = 1


def overdue_list(view: View) -> None:
    """One line each: a unit, all townships together, the leading group; the longest first, each a link."""
    now = view.situation
    st.header(plain(overdue_words(lateness(now))), anchor=False)
    lines = [line for _, line in sorted(_late_lines(view), key=lambda found: -found[0])] + _others(view)
    if view.year != now.year:
        st.caption(plain(f"截至 {day_text(view.as_of)}。"))
    if now.plan_is_history or not lines:
        st.markdown(plain(county_overdue_sentence(now)))
    if lines:
        st.html(lines_html(lines))
    st.markdown(f"{_soon(view)}[全部部门与乡镇]({address('units')})")


def _late_lines(view: View) -> list[tuple[int, Line]]:
    now = view.situation
    found = lateness(now)
    by_unit: dict[str, list[SubItemStatus]] = defaultdict(list)
    for status in found.sub_items:
        by_unit[status.obligation.lead_unit_id].append(status)
    lines = []
    for unit_id, held in by_unit.items():
        worst = sorted(held, key=lambda s: -s.standing.days_late)
        together = view.plan.unit(unit_id).kind == TOWNSHIPS_KIND
        name = f"{len(found.townships)} 个乡镇" if together else view.plan.unit(unit_id).name
        link = address("units") if together else unit_address(unit_id)
        words = named([s.sub_item.title for s in worst], most=_MOST_NAMED)
        lines.append(
            (
                worst[0].standing.days_late,
                Line(
                    f"[{plain(name)}]({link}) {len(held)} 项",
                    plain(words),
                    days_mark(worst[0].standing.days_late, len(held)),
                ),
            )
        )
    return lines


def _others(view: View) -> list[Line]:
    """The ledger, the leading group's own decisions, letters that should have gone out, schools still to be visited."""
    now = view.situation
    lines = []
    late = [state.standing.days_late for state in now.issue_states.values() if is_overdue(state)]
    if late:
        link = address("projects", part="督办台账", ledger_state="逾期")
        lines.append(Line(f"[督办台账]({link}) {len(late)} 件", "超过整改时限未销号", days_mark(max(late), len(late))))
    decisions = overdue_decisions(now)
    if decisions:
        words = named([d.decision for d, _ in decisions], most=1)
        days = days_mark(decisions[0][1].days_late, len(decisions))
        lines.append(Line(f"[领导小组]({address('meeting')}) {len(decisions)} 项", plain(f"议定事项：{words}"), days))
    letters = due_letters(now)
    if letters:
        link = address("supervision", supervision_part="督办文书")
        lines.append(Line(f"[督办文书]({link}) {len(letters)} 份", "应发未发"))
    owed = sum(visits_owed(s, now) > 0 for s in inspections(now))
    if owed:
        lines.append(Line(f"[责任督学]({address('supervision')}) {owed} 所", "本月还须随访"))
    return lines


def _soon(view: View) -> str:
    coming = [
        s
        for s in sub_item_statuses(view.situation).values()
        if not s.is_late
        and s.standing.level != DONE
        and (due := s.standing.due) is not None
        and view.as_of <= due <= view.as_of + _SOON
    ]
    return f"一个月内到期 {len(coming)} 项。　" if coming else ""
