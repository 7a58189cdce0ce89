"""What must be true by when (倒排): each target's way so far, the pace it still needs, the last moment to start.

    dated_targets(situation) -> tuple[TargetOutlook, ...]
    yearly_targets(situation) -> tuple[YearlyOutlook, ...]

Only facts up to the situation's day are used. A pace is the change of a value in one year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.delivery.figures.facts_by_year import FactsByYear, in_place_by
from core.delivery.figures.sub_item_metrics import MetricResult, Trend
from core.delivery.figures.target_measures import MeasureValue
from core.delivery.status.pace import Pace, PaceVerdict, figure_values, pace_of
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_status, target_parts
from core.method.assessment import Verdict
from core.rules.plan import DatedTarget, Plan, Remedy, SubItem, YearlyTarget
from core.rules.plan_metrics import (
    ClassShare,
    CompositeCv,
    CountyVerdict,
    GrowthMetric,
    ItemMetric,
    LargestClass,
    OversizedSchoolShare,
    SubItemsDone,
    TargetMetric,
)
from core.rules.standard import Standard

_MONTHS = 12


@dataclass(frozen=True)
class RemedyStart:
    """A remedy and the first of the month in which it must be started at the latest to take effect in time."""

    remedy: Remedy
    latest_start: date
    still_possible: bool


@dataclass(frozen=True)
class Recovery:
    """What was missed, begun today: the remedy that decides when, from when it takes effect, whose figures show it first."""

    remedy: Remedy
    effective_from: date
    school_year: int


@dataclass(frozen=True)
class TargetOutlook:
    """A dated target: values by year and part, the verdict that counts, paces, and what must be started by when.

    `decided_on` is the day whose facts decide; `decided` says that those facts are there. `last_start` is the last
    responsible moment: after it no remedy takes effect in time; None where no remedy is routed or none is needed.
    `recovery` is the earliest for what was missed, if it is begun on the day; None where nothing was or none is routed.
    """

    target: DatedTarget
    sub_item: SubItem | None
    values: dict[int, tuple[MeasureValue, ...]]
    verdict: Verdict
    pace_verdict: PaceVerdict
    decided: bool
    decided_on: date
    days_left: int
    paces: tuple[Pace, ...]
    remedies: tuple[RemedyStart, ...]
    last_start: date | None
    recovery: Recovery | None = None


@dataclass(frozen=True)
class YearlyOutlook:
    """What must grow each year: each year's figure against the year before, for the years due by the day."""

    target: YearlyTarget
    sub_item: SubItem
    results: dict[int, MetricResult]
    latest: MetricResult | None
    failed_years: tuple[int, ...]
    undecided_years: tuple[int, ...]

    @property
    def verdict(self) -> Verdict:
        """Met when every year grew: one that did not fails the target, one not reported leaves it open."""
        if self.failed_years:
            return Verdict.NOT_MET
        return Verdict.MET if self.results and not self.undecided_years else Verdict.NOT_ASSESSABLE


def dated_targets(situation: Situation) -> tuple[TargetOutlook, ...]:
    """Every dated target of the plan, in its order."""
    return tuple(_outlook(situation, target) for target in situation.plan.dated_targets)


def _outlook(situation: Situation, target: DatedTarget) -> TargetOutlook:
    values = _values(situation, target)
    found = pace_of(situation, target, values)
    if found.pace_verdict is PaceVerdict.REACHED and _came_late(situation, target):
        found = replace(found, pace_verdict=PaceVerdict.LATE)
    coming = found.pace_verdict not in (PaceVerdict.REACHED, PaceVerdict.HELD) and not found.decided
    remedies, last_start = _remedies(situation, target, found.decided_on) if coming else ((), None)
    missed = found.pace_verdict in (PaceVerdict.SHORT, PaceVerdict.MISSED)
    return TargetOutlook(
        target=target,
        sub_item=_moved_by(situation.plan, target),
        values=values,
        verdict=found.verdict,
        pace_verdict=found.pace_verdict,
        decided=found.decided,
        decided_on=found.decided_on,
        days_left=max((found.decided_on - situation.as_of).days, 0),
        paces=found.paces,
        remedies=remedies,
        last_start=last_start,
        recovery=_recovery(situation, target) if missed else None,
    )


def _came_late(situation: Situation, target: DatedTarget) -> bool:
    """Whether the documents that decide a target were there only after its deadline."""
    named = target.measure.sub_item_ids if isinstance(target.measure, SubItemsDone) else ()
    days = (sub_item_status(situation, sub_item_id).standing.completed_on for sub_item_id in named)
    return any(day is not None and day > target.deadline for day in days)


def _values(situation: Situation, target: DatedTarget) -> dict[int, tuple[MeasureValue, ...]]:
    """The target's values up to the year that decides it."""
    if isinstance(target.measure, SubItemsDone):
        return {situation.as_of.year: target_parts(situation, target.measure.sub_item_ids)}
    return figure_values(situation, target)


def _moved_by(plan: Plan, target: DatedTarget) -> SubItem | None:
    named = target.measure.sub_item_ids if isinstance(target.measure, SubItemsDone) else ()
    for sub_item in plan.sub_items():
        if sub_item.metric == TargetMetric(target.target_id) or sub_item.sub_item_id in named[-1:]:
            return sub_item
    return None


def subjects_of(target: DatedTarget, standard: Standard, facts: FactsByYear, year: int | None) -> tuple[str, ...]:
    """The route subjects that close a target's shortfall; for the county's verdict, those that fail in the year."""
    match target.measure:
        case ClassShare() | LargestClass():
            return ("class_size",)
        case OversizedSchoolShare():
            return ("school_size",)
        case CompositeCv():
            return ("balance",)
        case ItemMetric(code):
            return (code,)
        case CountyVerdict() if year is not None:
            judged = facts.assessments[year]
            codes = [i.code for i in judged.items if i.verdict is Verdict.NOT_MET]
            codes += ["balance"] if judged.balance_part.not_met else []
            failing = [row for row in judged.rows if row.verdict is Verdict.NOT_MET]
            weak = {h.code for row in failing for h in row.indicators if h.verdict is Verdict.NOT_MET}
            return (*codes, *(i.code for i in standard.indicators if i.code in weak))
    return ()


def _remedies(
    situation: Situation, target: DatedTarget, decided_on: date
) -> tuple[tuple[RemedyStart, ...], date | None]:
    """The remedies of the routes concerned, the one to be started first at the head, and the last moment.

    Each route has until its quickest remedy must start; the target has until the first of these days.
    """
    subjects = subjects_of(target, situation.standard, situation.facts, situation.year)
    routes = [route for route in situation.plan.routes if route.subject in subjects and route.remedy_ids]
    start = {
        remedy.remedy_id: RemedyStart(remedy, latest, situation.as_of <= latest)
        for remedy in situation.plan.remedies
        for latest in (months_before(decided_on, remedy.months),)
    }
    ids = dict.fromkeys(remedy_id for route in routes for remedy_id in route.remedy_ids)
    last = min((max(start[r].latest_start for r in route.remedy_ids) for route in routes), default=None)
    return tuple(sorted((start[i] for i in ids), key=lambda s: s.latest_start)), last


def _recovery(situation: Situation, target: DatedTarget) -> Recovery | None:
    """When the slowest of the routes concerned takes effect by its quickest remedy, begun on the day."""
    plan = situation.plan
    subjects = subjects_of(target, situation.standard, situation.facts, situation.year)
    quickest = [
        min((plan.remedy(remedy_id) for remedy_id in route.remedy_ids), key=lambda r: r.months)
        for route in plan.routes
        if route.subject in subjects and route.remedy_ids
    ]
    if not quickest:
        return None
    slowest = max(quickest, key=lambda r: r.months)
    effective = months_before(situation.as_of, -slowest.months)
    return Recovery(
        slowest, effective, effective.year if effective <= in_place_by(effective.year) else effective.year + 1
    )


def county_goal(situation: Situation) -> date | None:
    """The day whose facts decide whether the county has reached its own goal, else the plan's last; None without a plan."""
    goals = (o.decided_on for o in dated_targets(situation) if isinstance(o.target.measure, CountyVerdict))
    return next(goals, situation.plan.ends)


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before a day."""
    month = day.year * _MONTHS + day.month - 1 - months
    return date(month // _MONTHS, month % _MONTHS + 1, 1)


def yearly_targets(situation: Situation) -> tuple[YearlyOutlook, ...]:
    """Every yearly target, for the years from its first one up to the day."""
    return tuple(_yearly(situation, target) for target in situation.plan.yearly_targets)


def _yearly(situation: Situation, target: YearlyTarget) -> YearlyOutlook:
    sub_item = situation.plan.sub_item(target.sub_item_id)
    years = [y for y in situation.facts.years_until(situation.as_of) if target.first_year <= y <= target.last_year]
    metric = sub_item.metric
    results = {y: situation.metric(metric, y) for y in years} if isinstance(metric, GrowthMetric) else {}
    return YearlyOutlook(
        target=target,
        sub_item=sub_item,
        results=results,
        latest=results[max(results)] if results else None,
        failed_years=tuple(y for y, r in results.items() if r.verdict is Verdict.NOT_MET),
        undecided_years=tuple(y for y, r in results.items() if r.trend is Trend.UNKNOWN),
    )
