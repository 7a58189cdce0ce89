"""What finished projects do to the coming years, what a delay costs, and the first year without a failure.

    completion_day(project, as_of, delay_months=0) -> date | None
    plan_without_projects(plan) -> Changes, plan_in_year(plan, year) -> Changes
    coming_years(baseline, forecast, judge, situation, delays, changes=()) -> tuple[ComingYear, ...]
    slips(on_time, delayed) -> tuple[Slip, ...]
    overtaken(situation, delays) -> tuple[Overtaken, ...]

A project counts from the first snapshot on or after its completion: areas for the school's indicators, rooms for
classes that would be over their limit. Places by themselves move no indicator. Pupils are those of the forecast.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.delivery.figures.facts_by_year import snapshot
from core.delivery.projects import Project
from core.delivery.status.situation import Situation
from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.method.changes import Change, Changes
from core.outlook.baseline import Baseline
from core.outlook.forecast.chances import kept_changes
from core.outlook.forecast.forecast import Forecast
from core.outlook.forecast.forecast_effects import forecast_changes
from core.outlook.remedies.coefficients import Judge
from core.outlook.what_if.lever_changes import finish_changes, without_projects
from core.outlook.what_if.levers import FinishProject
from core.outlook.what_if.scenario import Scenario
from core.progress import Tell, unheard

LONGEST_DELAY_MONTHS = 36
_MONTHS = 12


@dataclass(frozen=True)
class ComingYear:
    """A school year as it would be judged: `finished` are the projects that count in it and not in the facts yet.

    `not_counted` are projects of schools that the facts do not know as open, or without any completion date.
    """

    year: int
    finished: tuple[str, ...]
    not_counted: tuple[str, ...]
    judged: Assessment

    @property
    def failing(self) -> frozenset[tuple[str, str]]:
        """School rows (school_id, stage) and coefficients (stage, code) that fail."""
        rows = {row.key for row in self.judged.rows if row.verdict is Verdict.NOT_MET}
        return frozenset(rows | {(b.stage, b.code) for b in self.judged.balance if b.verdict is Verdict.NOT_MET})

    @property
    def unknown(self) -> frozenset[tuple[str, str]]:
        """School rows and coefficients that cannot be judged, because figures were not reported."""
        rows = {row.key for row in self.judged.rows if row.verdict is Verdict.NOT_ASSESSABLE}
        open_ones = (b for b in self.judged.balance if b.verdict is Verdict.NOT_ASSESSABLE)
        return frozenset(rows | {(b.stage, b.code) for b in open_ones})

    @property
    def passes(self) -> bool:
        """Whether no school row and no coefficient that can be judged fails; see `unknown` for the others."""
        return not self.failing


@dataclass(frozen=True)
class Slip:
    """What passes later because of a delay: a school row or a coefficient, None where it no longer passes at all."""

    key: tuple[str, str]
    on_time: int
    delayed: int | None


def completion_day(project: Project, as_of: date, delay_months: int = 0) -> date | None:
    """When the project is complete: as it was, as it is forecast, as it was planned; a delay adds to what is open.

    None when no date is known, or the last one known has passed without completion. Raises RequestInvalid for a
    delay below zero or beyond three years.
    """
    if not 0 <= delay_months <= LONGEST_DELAY_MONTHS:
        raise RequestInvalid(f"推迟月数应在 0–{LONGEST_DELAY_MONTHS} 之间，现为 {delay_months}。")
    if project.actual_completion is not None:
        return project.actual_completion
    day = project.forecast_completion or project.planned_completion
    if day is None or day < as_of:
        return None
    months = day.year * _MONTHS + day.month - 1 + delay_months
    year, month = months // _MONTHS, months % _MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def deliverables(project: Project, baseline: Baseline) -> list[Change]:
    """The areas that a finished project adds to its school; nothing when the facts do not know it as open."""
    school = baseline.facts.schools.get(project.school_id or "")
    if school is None or not school.is_open:
        return []
    return finish_changes(project_lever(project, None))


def project_lever(project: Project, completed_on: date | None) -> FinishProject:
    """The project as a lever of a scenario, complete on its own day; None where it has none."""
    return FinishProject(
        project.name,
        project.school_id or "",
        "" if completed_on is None else completed_on.isoformat(),
        project.teaching_area_m2 or Decimal(0),
        project.sports_area_m2 or Decimal(0),
    )


def plan_without_projects(plan: Scenario) -> Changes:
    """What a kept plan adds beside the projects under way, which count by themselves from their own days."""
    return without_projects(plan.changes, plan.levers)


def plan_in_year(plan: Scenario, year: int) -> Changes:
    """What of a kept plan counts in a coming year: of its projects those complete by the snapshot of that year."""
    late = [
        lever
        for lever in plan.levers
        if isinstance(lever, FinishProject)
        and not (lever.completed_on and date.fromisoformat(lever.completed_on) <= snapshot(year))
    ]
    return without_projects(plan.changes, late)


def coming_years(
    baseline: Baseline,
    forecast: Forecast,
    judge: Judge,
    situation: Situation,
    delays: Mapping[str, int],
    *,
    changes: Changes = (),
    tell: Tell = unheard,
) -> tuple[ComingYear, ...]:
    """The facts' year and every year of the forecast, with what is finished by then.

    `delays` are months by project_id. Of `changes`, a plan without projects, the teachers, premises and equipment
    count from the first coming year on. May be stopped. Raises RequestInvalid as `completion_day` does.
    """
    this_year, projects = baseline.assessment.year, situation.projects
    complete = {p.project_id: completion_day(p, situation.as_of, delays.get(p.project_id, 0)) for p in projects}
    years = [ComingYear(this_year, (), (), baseline.assessment)]
    kept = kept_changes(changes)
    for number, year in enumerate(forecast.years):
        tell(number / len(forecast.years))
        finished, not_counted, added = [], [], list[Change]()
        rooms: Counter[str] = Counter()
        for project in projects:
            day = complete[project.project_id]
            if day is not None and (day <= snapshot(this_year) or day > snapshot(year)):
                continue
            school = baseline.facts.schools.get(project.school_id or "")
            if day is None or school is None or not school.is_open:
                not_counted.append(project.project_id)
                continue
            finished.append(project.project_id)
            added += deliverables(project, baseline)
            rooms[school.school_id] += project.rooms or 0
        ahead = forecast_changes(forecast, baseline, year, rooms)
        years.append(ComingYear(year, tuple(finished), tuple(not_counted), judge([*ahead, *added, *kept])))
    return tuple(years)


def earliest(years: Sequence[ComingYear]) -> int | None:
    """The first year in which nothing that can be judged fails; None when there is none."""
    return next((year.year for year in years if year.passes), None)


def slips(on_time: Sequence[ComingYear], delayed: Sequence[ComingYear]) -> tuple[Slip, ...]:
    """What passes later, or not at all, because of the delays; in order of the year it would have passed."""
    found = []
    for key in sorted({key for year in (*on_time, *delayed) for key in year.failing}):
        before, after = _first_passing(on_time, key), _first_passing(delayed, key)
        if before is not None and before != after and (after is None or after > before):
            found.append(Slip(key, before, after))
    return tuple(sorted(found, key=lambda slip: (slip.on_time, slip.key)))


@dataclass(frozen=True)
class Overtaken:
    """What falls due before a delayed project is complete: targets of the plan by id, ledger issues by serial."""

    project_id: str
    planned: date
    delayed: date
    target_ids: tuple[str, ...]
    issues: tuple[int, ...]


def overtaken(situation: Situation, delays: Mapping[str, int]) -> tuple[Overtaken, ...]:
    """For every delayed project the dates that it no longer keeps, though it would in time."""
    states = situation.issue_states
    found = []
    for project in situation.projects:
        planned = completion_day(project, situation.as_of)
        delayed = completion_day(project, situation.as_of, delays.get(project.project_id, 0))
        if planned is None or delayed is None or planned == delayed:
            continue
        targets = [t.target_id for t in situation.plan.dated_targets if planned <= t.deadline < delayed]
        issues = [
            issue.serial
            for issue in situation.issues
            if project.school_id in issue.school_ids
            and states[issue.number].is_open
            and (due := states[issue.number].standing.due) is not None
            and planned <= due < delayed
        ]
        found.append(Overtaken(project.project_id, planned, delayed, tuple(targets), tuple(issues)))
    return tuple(found)


def _first_passing(years: Sequence[ComingYear], key: tuple[str, str]) -> int | None:
    return next((year.year for year in years if key not in year.failing), None)
