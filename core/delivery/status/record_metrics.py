"""What the county's own records decide, as they stand on a day: projects, ledger, persons responsible.

    recorded(metric, records) -> MetricResult      numerator of denominator; nothing recorded decides nothing
    recorded_on(metric, records) -> date | None    since when a matter that happens once is there

No unit's word enters: a slot is filled or blank, an issue is past its day or not, a person is named or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.delivery.figures.sub_item_metrics import MetricResult
from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueState
from core.delivery.on_time import Reason
from core.delivery.projects import Project, blank_slots
from core.method.assessment import Verdict
from core.rules.plan import Plan
from core.rules.plan_metrics import LedgerMetric, PersonsMetric, ProjectsDoneMetric, ProjectSlotsMetric, RecordMetric


@dataclass(frozen=True)
class Recorded:
    """What the records hold on a day; `named` says, of everything that is led, whether a person is responsible.

    `first_planned` is the earliest completion ever planned, by project.
    """

    plan: Plan
    as_of: date
    projects: tuple[Project, ...]
    first_planned: Mapping[str, date]
    issues: tuple[tuple[Issue, IssueState], ...]
    named: tuple[bool, ...]


def recorded(metric: RecordMetric, held: Recorded) -> MetricResult:
    """How many of those concerned are in order; not assessable where there are none."""
    match metric:
        case ProjectSlotsMetric():
            return _counted(held, (not blank_slots(held.plan, p) for p in held.projects))
        case ProjectsDoneMetric():
            return _counted(held, (p.actual_completion is not None for p in _planned(metric, held)))
        case LedgerMetric():
            found = [(issue, state) for issue, state in held.issues if state.is_open]
            if held.issues and not found:
                return MetricResult(held.as_of.year, Verdict.MET, numerator=0, denominator=0)
            return _counted(held, (_is_in_order(issue, state) for issue, state in found))
        case PersonsMetric():
            return _counted(held, held.named)


def recorded_on(metric: RecordMetric, held: Recorded) -> date | None:
    """The day of the last completion; None while it is not there, or for a duty that goes on."""
    if not isinstance(metric, ProjectsDoneMetric) or not recorded(metric, held).fulfilled:
        return None
    days = [p.actual_completion for p in _planned(metric, held) if p.actual_completion is not None]
    return max(days)


def goes_on(metric: object) -> bool:
    """Whether the records show a duty that holds from day to day, and not something that is done once."""
    return isinstance(metric, ProjectSlotsMetric | LedgerMetric | PersonsMetric)


def _planned(metric: ProjectsDoneMetric, held: Recorded) -> list[Project]:
    # A project that was once to be there by then stays one of them, however often it is put off.
    planned = ((p, held.first_planned.get(p.project_id, p.planned_completion)) for p in held.projects)
    return [p for p, day in planned if day is not None and day <= metric.planned_by]


def _is_in_order(issue: Issue, state: IssueState) -> bool:
    assigned = issue.latest(ASSIGNED)
    owned = assigned is not None and bool(assigned.unit_id and assigned.person and assigned.due)
    return owned and state.reopened_on is None and state.standing.reason is not Reason.OVERDUE


def _counted(held: Recorded, in_order: Iterable[bool]) -> MetricResult:
    counted = list(in_order)
    met = sum(counted)
    verdict = Verdict.MET if met == len(counted) else Verdict.NOT_MET
    return MetricResult(
        held.as_of.year,
        verdict if counted else Verdict.NOT_ASSESSABLE,
        numerator=met,
        denominator=len(counted),
    )
