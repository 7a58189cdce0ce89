"""What the leading group meets about: what changed since it last met, what of its own decisions is late, what to decide.

    meeting_days(situation) -> list[date]
    since(then, now) -> Since                           two situations of the county, the earlier first
    overdue_decisions(situation) -> tuple[tuple[Decision, Standing], ...]

Days and counts only; core.wording says them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.delivery.ledger.ledger import Issue
from core.delivery.on_time import DONE, Reason, Standing
from core.delivery.owed.units import decision_standing
from core.delivery.projects import Project
from core.delivery.records.records import Decision
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.delivery.supervision.letters import Letter
from core.delivery.supervision.visits import Visit
from core.method.comparison import Comparison, compare


@dataclass(frozen=True)
class Since:
    """What changed between two days.

    `figures` compares the judgements where another school year has come to count; `corrected_on` is the last day between
    on which figures of the same year were published: how it was judged before them is not known any more.
    """

    day: date
    figures: Comparison | None
    corrected_on: date | None
    opened: tuple[Issue, ...]
    closed: tuple[Issue, ...]
    reopened: tuple[Issue, ...]
    done: tuple[SubItemStatus, ...]
    overdue: tuple[SubItemStatus, ...]
    projects_done: tuple[Project, ...]
    decisions_done: tuple[Decision, ...]
    letters: tuple[Letter, ...]
    visits: tuple[Visit, ...]


def meeting_days(situation: Situation) -> list[date]:
    """The days before this one on which the leading group decided something, the latest first."""
    return sorted({d.decided_on for d in situation.records.decisions if d.decided_on < situation.as_of}, reverse=True)


def since(then: Situation, now: Situation) -> Since:
    """What the later situation has that the earlier had not."""
    before, after = then.assessment, now.assessment
    were_open = {number for number, state in then.issue_states.items() if state.is_open}
    known = {issue.number for issue in then.issues}
    states = now.issue_states
    old = {s.sub_item.sub_item_id: s for s in sub_item_statuses(then).values()}
    statuses = sub_item_statuses(now).values()

    def was(status: SubItemStatus, level: bool) -> bool:
        held = old.get(status.sub_item.sub_item_id)
        return held is not None and (held.is_late if level else held.standing.level == DONE)

    completed = {p.project_id for p in then.projects if p.actual_completion is not None}
    decided = {d.decision_id for d in then.records.decisions if d.status == "done"}
    return Since(
        day=then.as_of,
        figures=compare(before, after)
        if before is not None and after is not None and before.year != after.year
        else None,
        corrected_on=_corrected_on(then, now),
        opened=tuple(i for i in now.issues if i.number not in known),
        closed=tuple(
            i for i in now.issues if not states[i.number].is_open and (i.number in were_open or i.number not in known)
        ),
        reopened=tuple(i for i in now.issues if i.number in known - were_open and states[i.number].is_open),
        done=tuple(s for s in statuses if s.standing.level == DONE and not was(s, level=False)),
        overdue=tuple(s for s in statuses if s.is_late and not was(s, level=True)),
        projects_done=tuple(
            p for p in now.projects if p.actual_completion is not None and p.project_id not in completed
        ),
        decisions_done=tuple(d for d in now.records.decisions if d.status == "done" and d.decision_id not in decided),
        letters=tuple(x for x in now.letters if x.was_sent and x.issued_on is not None and x.issued_on > then.as_of),
        visits=tuple(v for v in now.visits if v.day > then.as_of),
    )


def _corrected_on(then: Situation, now: Situation) -> date | None:
    counted = None if now.year is None else now.facts.counted_from(now.year, None)
    return counted if counted is not None and then.as_of < counted <= now.as_of and then.year == now.year else None


def overdue_decisions(situation: Situation) -> tuple[tuple[Decision, Standing], ...]:
    """The leading group's own decisions that are past their day, the longest first."""
    if situation.plan_is_history:
        return ()
    found = ((d, decision_standing(situation, d)) for d in situation.records.decisions)
    late = (pair for pair in found if pair[1].reason is Reason.OVERDUE)
    return tuple(sorted(late, key=lambda pair: -pair[1].days_late))
