"""What must be true by when (倒排): each target's way so far, the pace it still needs, the last moment to start.

    dated_targets(situation) -> tuple[TargetOutlook, ...]
    yearly_targets(situation) -> tuple[YearlyOutlook, ...]

Only facts up to the situation's day are used. A pace is the change of a value in one year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.delivery.figures.facts_by_year import FactsByYear, snapshot
from core.delivery.figures.sub_item_metrics import MetricResult, Trend
from core.delivery.figures.target_measures import MeasureValue, measure, overall
from core.delivery.status.situation import Situation
from core.delivery.status.status import target_parts
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

_PACE_YEARS = 3
_MONTHS = 12


class PaceVerdict(StrEnum):
    """Whether a target is reached, or will be if the observed pace goes on.

    SHORT: the deciding figures fall short, but the deadline has not passed; MISSED: it has.
    """

    REACHED = "reached"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    SHORT = "short"
    MISSED = "missed"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Pace:
    """One part's pace over the last years and the pace it needs; None where a value is missing.

    `expected` is the value on the deciding day if the observed pace goes on.
    """

    part: str
    value: float | None
    limit: float | None
    observed: float | None
    required: float | None
    expected: float | None
    verdict: PaceVerdict


@dataclass(frozen=True)
class RemedyStart:
    """A remedy and the first of the month in which it must be started at the latest to take effect in time."""

    remedy: Remedy
    latest_start: date
    still_possible: bool


@dataclass(frozen=True)
class TargetOutlook:
    """A dated target: values by year and part, the verdict that counts, paces, and what must be started by when.

    `decided_on` is the day whose facts decide; `decided` says that those facts are there. `last_start` is the last
    responsible moment: after it no remedy takes effect in time; None where no remedy is routed or none is needed.
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
    facts, as_of = situation.facts, situation.as_of
    decided_on = target.deadline if target.snapshot_year is None else snapshot(target.snapshot_year)
    values = _values(situation, target)
    year = max(values, default=None)
    verdict = overall(values[year]) if year is not None else Verdict.NOT_ASSESSABLE
    decided = as_of >= decided_on and (target.snapshot_year is None or target.snapshot_year in facts.assessments)
    short = PaceVerdict.MISSED if as_of > target.deadline else PaceVerdict.SHORT
    paces = tuple(_pace(target, values, part, short if decided else None) for part in _parts(values))
    pace_verdict = _pace_verdict(verdict, short if decided else None, paces, target)
    needed = pace_verdict is not PaceVerdict.REACHED and not decided
    remedies, last_start = _remedies(situation, target, decided_on) if needed else ((), None)
    return TargetOutlook(
        target=target,
        sub_item=_moved_by(situation.plan, target),
        values=values,
        verdict=verdict,
        pace_verdict=pace_verdict,
        decided=decided,
        decided_on=decided_on,
        days_left=max((decided_on - as_of).days, 0),
        paces=paces,
        remedies=remedies,
        last_start=last_start,
    )


def _values(situation: Situation, target: DatedTarget) -> dict[int, tuple[MeasureValue, ...]]:
    """The target's values up to the year that decides it."""
    if isinstance(target.measure, SubItemsDone):
        return {situation.as_of.year: target_parts(situation, target.measure.sub_item_ids)}
    return {
        year: measure(target, situation.standard, situation.facts, year)
        for year in situation.facts.years_until(situation.as_of)
        if target.snapshot_year is None or year <= target.snapshot_year
    }


def _parts(values: dict[int, tuple[MeasureValue, ...]]) -> Sequence[str]:
    return [value.part for value in values[max(values)]] if values else []


def _pace(
    target: DatedTarget, values: dict[int, tuple[MeasureValue, ...]], part: str, decided: PaceVerdict | None
) -> Pace:
    """One part's pace; `decided` is what a shortfall means once the deciding figures are there, None before."""
    by_year = {y: next(v for v in parts if v.part == part) for y, parts in values.items()}
    year = max(by_year)
    now = by_year[year]
    known = [(y, v.value) for y, v in sorted(by_year.items()) if v.value is not None and y >= year - _PACE_YEARS]
    left = (target.snapshot_year or target.by_year) - year
    observed = required = expected = None
    if now.value is not None and len(known) > 1:
        observed = (known[-1][1] - known[0][1]) / (known[-1][0] - known[0][0])
        expected = now.value + observed * left
    if now.value is not None and now.limit is not None and left > 0:
        required = (now.limit - now.value) / left
    if now.verdict is Verdict.MET:
        verdict = PaceVerdict.REACHED
    elif decided is not None:
        verdict = decided if now.verdict is Verdict.NOT_MET else PaceVerdict.UNDECIDED
    elif expected is None or now.limit is None or left <= 0:
        verdict = PaceVerdict.UNDECIDED
    else:
        reaches = expected <= now.limit if now.at_most else expected >= now.limit
        verdict = PaceVerdict.ON_PACE if reaches else PaceVerdict.BEHIND
    return Pace(part, now.value, now.limit, observed, required, expected, verdict)


def _pace_verdict(
    verdict: Verdict, decided: PaceVerdict | None, paces: Sequence[Pace], target: DatedTarget
) -> PaceVerdict:
    if verdict is Verdict.MET:
        return PaceVerdict.REACHED
    if decided is not None:
        return decided if verdict is Verdict.NOT_MET else PaceVerdict.UNDECIDED
    open_paces = [p.verdict for p in paces if p.verdict is not PaceVerdict.REACHED]
    # The county's verdict is a conjunction of many: a rising share of it says nothing about the last of them.
    if isinstance(target.measure, CountyVerdict) or PaceVerdict.UNDECIDED in open_paces or not open_paces:
        return PaceVerdict.UNDECIDED
    return PaceVerdict.BEHIND if PaceVerdict.BEHIND in open_paces else PaceVerdict.ON_PACE


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
