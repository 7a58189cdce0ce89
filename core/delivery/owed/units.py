"""One unit's page, one township's page.

    unit_page(situation, unit_id) -> UnitPage
    township_page(situation, township_code) -> TownshipPage
    owed_by(situation, unit_id) -> tuple[Decision, ...]

A unit answers for what it leads; what it shares in is listed apart and never counted against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.on_time import Standing, standing
from core.delivery.projects import Project
from core.delivery.records.records import Decision
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses, township_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.facts.county_series import Attendance
from core.method.assessment import PartCount, count
from core.rules.plan import Plan
from core.rules.plan_metrics import subject_of


@dataclass(frozen=True)
class UnitPage:
    """What one unit owes: lists overlap, each answers its own question.

    `moves` are the codes of indicators and items that its sub-items move; `balance` stands for the coefficients.
    """

    unit_id: str
    leads: tuple[SubItemStatus, ...]
    shares: tuple[SubItemStatus, ...]
    due_this_month: tuple[SubItemStatus, ...]
    late: tuple[SubItemStatus, ...]
    short: tuple[SubItemStatus, ...]
    diverging: tuple[SubItemStatus, ...]
    issues: tuple[tuple[Issue, IssueState], ...]
    decisions: tuple[Decision, ...]
    projects: tuple[Project, ...]
    moves: tuple[str, ...]


@dataclass(frozen=True)
class TownshipPage:
    """One township: its sub-items, its school rows that pass, its classes, its children, its issues.

    `classes_over_limit` and `classes` are None where a school's rolls are not known; `attendance` is None where
    nothing was reported for the year.
    """

    township_code: str
    name: str
    sub_items: tuple[SubItemStatus, ...]
    due_this_month: tuple[SubItemStatus, ...]
    late: tuple[SubItemStatus, ...]
    short: tuple[SubItemStatus, ...]
    diverging: tuple[SubItemStatus, ...]
    school_rows: PartCount
    classes_over_limit: int | None
    classes: int | None
    attendance: Attendance | None
    issues: tuple[tuple[Issue, IssueState], ...]
    projects: tuple[Project, ...]


def unit_page(situation: Situation, unit_id: str) -> UnitPage:
    """The page of one department, or of the townships together."""
    statuses = sub_item_statuses(situation)
    sharing = {s.sub_item_id for s in situation.plan.obligations_of(unit_id)}
    leads = tuple(s for s in statuses.values() if s.obligation.lead_unit_id == unit_id)
    led = {s.sub_item.sub_item_id for s in leads}
    moved = [code for s in leads if (code := subject_of(s.sub_item.metric)) is not None]
    return UnitPage(
        unit_id=unit_id,
        leads=leads,
        shares=tuple(s for i, s in statuses.items() if i in sharing and i not in led),
        due_this_month=tuple(s for s in leads if s.standing.is_due_in_month_of(situation.as_of)),
        late=tuple(s for s in leads if s.is_late),
        short=tuple(s for s in leads if s.is_short),
        diverging=tuple(s for s in leads if s.diverging),
        issues=situation.issues_at(unit_id),
        decisions=owed_by(situation, unit_id),
        projects=tuple(p for p in situation.projects if p.unit_id == unit_id),
        moves=tuple(dict.fromkeys(moved)),
    )


def township_page(situation: Situation, township_code: str) -> TownshipPage:
    """The page of one township."""
    sub_items = tuple(township_statuses(situation, township_code).values())
    judged, year = situation.assessment, situation.year
    rows = [] if judged is None else [r for r in judged.rows if r.township_code == township_code]
    sizes = [] if judged is None else [c for c in judged.class_sizes if c.township_code == township_code]
    known = all(c.known for c in sizes)
    states = situation.issue_states
    return TownshipPage(
        township_code=township_code,
        name=situation.township_names.get(township_code, township_code),
        sub_items=sub_items,
        due_this_month=tuple(s for s in sub_items if s.standing.is_due_in_month_of(situation.as_of)),
        late=tuple(s for s in sub_items if s.is_late),
        short=tuple(s for s in sub_items if s.is_short),
        diverging=tuple(s for s in sub_items if s.diverging),
        school_rows=count(r.verdict for r in rows),
        classes_over_limit=sum(c.over_limit for c in sizes) if known else None,
        classes=sum(c.classes for c in sizes) if known else None,
        attendance=None if year is None else situation.facts.attendance.get(year, {}).get(township_code),
        issues=tuple((i, states[i.number]) for i in situation.issues if i.township_code == township_code),
        projects=tuple(p for p in situation.projects if p.township_code == township_code),
    )


def owed_by(situation: Situation, unit_id: str) -> tuple[Decision, ...]:
    """The decisions of the leading group that a unit owns."""
    return tuple(d for d in situation.records.decisions if d.owner_unit_id == unit_id)


def decision_standing(situation: Situation, decision: Decision) -> Standing:
    """On time or late, by the decision's due date and the day it was reported done."""
    completed_on = decision.day if decision.status in ("done", "cancelled") else None
    return standing(situation.plan.warnings, situation.as_of, due=decision.due, completed_on=completed_on)


def project_standing(situation: Situation, project: Project) -> Standing:
    """On time or late, by the planned, forecast and actual completion."""
    return project_standing_on(situation.plan, situation.as_of, project)


def project_standing_on(plan: Plan, as_of: date, project: Project) -> Standing:
    """The same of a project's version on a day, which needs nothing else of the county."""
    return standing(
        plan.warnings,
        as_of,
        due=project.planned_completion,
        start=project.planned_start,
        completed_on=project.actual_completion,
        forecast=project.forecast_completion,
    )
