"""The scoreboard of all units: what each leads, what fell due in time, what is late, what it reported.

scoreboard(situation, reported) -> tuple[Score, ...]      reported: records.reported_in_month(…)
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.on_time import Reason
from core.delivery.owed.month import month_of, reporters
from core.delivery.records.records import UpdateKey
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_status, township_statuses
from core.delivery.status.sub_item_status import SubItemStatus


@dataclass(frozen=True)
class Score:
    """A unit's counts. The denominators count only what it leads and what can be told by the day.

    begun: sub-items whose start has come · fallen_due: of these, those of which something fell due and can be told ·
    in_time: of the fallen due, those whose last one was in time · late: still owed · short: not yet due, and denied by what decides it · undecided: fallen due, but the
    figures say nothing · to_report and reported: this month · issues: ever assigned to it.
    """

    unit_id: str
    township_code: str | None
    leads: int
    begun: int
    fallen_due: int
    in_time: int
    late: int
    short: int
    undecided: int
    diverging: int
    to_report: int
    reported: int
    issues_open: int
    issues_overdue: int
    issues_closed: int

    @property
    def in_time_share(self) -> float | None:
        """The share in time of what has fallen due, None while nothing has."""
        return self.in_time / self.fallen_due if self.fallen_due else None


def scoreboard(situation: Situation, reported: Set[UpdateKey]) -> tuple[Score, ...]:
    """Every unit that leads something, the townships one by one, those with most late first."""
    scores = []
    for unit_id, township_code in reporters(situation):
        if township_code is None:
            statuses = [
                sub_item_status(situation, s.sub_item_id)
                for s in situation.plan.sub_items()
                if situation.obligation(s).lead_unit_id == unit_id
            ]
            issues = situation.issues_at(unit_id)
        else:
            statuses = list(township_statuses(situation, township_code).values())
            issues = tuple(x for x in situation.issues_at(unit_id) if x[0].township_code == township_code)
        month = month_of(situation, unit_id, reported, township_code)
        scores.append(_score(unit_id, township_code, statuses, issues, len(month.asked), len(month.missing)))
    return tuple(sorted(scores, key=lambda s: (-s.late, -s.issues_overdue, s.to_report == s.reported)))


def _score(
    unit_id: str,
    township_code: str | None,
    statuses: list[SubItemStatus],
    issues: tuple[tuple[Issue, IssueState], ...],
    owed: int,
    absent: int,
) -> Score:
    last = [s.last.reason for s in statuses if s.last is not None]
    undecided = last.count(Reason.NO_FACTS) + last.count(Reason.METRIC_UNDECIDED)
    return Score(
        unit_id=unit_id,
        township_code=township_code,
        leads=len(statuses),
        begun=sum(s.standing.reason is not Reason.NOT_YET_BEGUN for s in statuses),
        fallen_due=len(last) - undecided,
        in_time=last.count(Reason.DONE_IN_TIME),
        late=sum(s.is_late for s in statuses),
        short=sum(s.is_short for s in statuses),
        undecided=undecided,
        diverging=sum(s.diverging for s in statuses),
        to_report=owed,
        reported=owed - absent,
        issues_open=sum(state.is_open for _, state in issues),
        issues_overdue=sum(state.is_open and state.standing.reason is Reason.OVERDUE for _, state in issues),
        issues_closed=sum(not state.is_open for _, state in issues),
    )
