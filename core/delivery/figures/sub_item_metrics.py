"""What decides a sub-item: its metric, evaluated on the facts of one school year.

    evaluate(metric, plan, standard, facts, year, township_code=None) -> MetricResult

Four verdicts as everywhere; what is missing is not assessable. A township code narrows a metric taken from
the townships' attendance; every other metric is the county's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.figures.pairs import mean_pair_gap
from core.delivery.figures.target_measures import MeasureValue, compare_figures, holds, measure, overall
from core.method.assessment import PartCount, Verdict, count
from core.rules.plan import Plan
from core.rules.plan_metrics import (
    BalanceMetric,
    ComparisonMetric,
    GrowthMetric,
    IndicatorMetric,
    ItemMetric,
    PairGapMetric,
    RatioMetric,
    TargetMetric,
    VetoMetric,
)
from core.rules.standard import Standard

# What the figures of a school year decide; what the records decide: core.delivery.status.record_metrics.
FigureMetric = (
    ItemMetric
    | IndicatorMetric
    | BalanceMetric
    | GrowthMetric
    | RatioMetric
    | ComparisonMetric
    | PairGapMetric
    | TargetMetric
    | VetoMetric
)


class Trend(StrEnum):
    """A figure against the year before."""

    RISE = "rise"
    LEVEL = "level"
    FALL = "fall"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MetricResult:
    """A metric in one year: `value` against `limit`, or numerator of denominator, or the trend since `before`.

    `parts` are those of a dated target; `beside` holds figures shown next to the verdict, None if not reported.
    """

    year: int
    verdict: Verdict
    value: float | None = None
    limit: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    before: float | None = None
    trend: Trend | None = None
    parts: tuple[MeasureValue, ...] = ()
    beside: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def fulfilled(self) -> bool:
        """Whether nothing is owed: met, or nothing of the kind exists."""
        return self.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)


def evaluate(
    metric: FigureMetric,
    plan: Plan,
    standard: Standard,
    facts: FactsByYear,
    year: int,
    township_code: str | None = None,
) -> MetricResult:
    """The metric's verdict and figures in a school year; not assessable where nothing is published."""
    judged = facts.assessments.get(year)
    if judged is None:
        return MetricResult(year, Verdict.NOT_ASSESSABLE)
    match metric:
        case ItemMetric(code) | VetoMetric(code, _):
            item = judged.item(code)
            shown = metric.shown_beside if isinstance(metric, VetoMetric) else ()
            beside = {name: _float(facts.figure(year, name)) for name in shown}
            return MetricResult(
                year, item.verdict, item.value, numerator=item.numerator, denominator=item.denominator, beside=beside
            )
        case IndicatorMetric(code):
            return _counted(year, count(row.indicator(code).verdict for row in judged.rows))
        case BalanceMetric():
            return _counted(year, judged.balance_part)
        case GrowthMetric():
            return _growth(metric, facts, year)
        case RatioMetric():
            return _ratio(metric, facts, year, township_code)
        case ComparisonMetric():
            found = compare_figures(metric, facts, year)
            return MetricResult(year, found.verdict, found.value, found.limit)
        case PairGapMetric():
            return _pair_gap(facts, year)
        case TargetMetric(target_id):
            parts = measure(plan.dated_target(target_id), standard, facts, year)
            first = parts[0] if len(parts) == 1 else MeasureValue("", None, None, overall(parts))
            return MetricResult(
                year,
                overall(parts),
                first.value,
                first.limit,
                numerator=first.numerator,
                denominator=first.denominator,
                parts=parts,
            )


def _float(number: Decimal | Fraction | None) -> float | None:
    return None if number is None else float(number)


def _counted(year: int, part: PartCount) -> MetricResult:
    share = part.met / part.total if part.total else None
    return MetricResult(year, part.verdict, share, 1.0, numerator=part.met, denominator=part.total)


def _growth(metric: GrowthMetric, facts: FactsByYear, year: int) -> MetricResult:
    now, before = _quotient(metric, facts, year), _quotient(metric, facts, year - 1)
    if now is None or before is None:
        return MetricResult(year, Verdict.NOT_ASSESSABLE, _float(now), before=_float(before), trend=Trend.UNKNOWN)
    trend = Trend.RISE if now > before else Trend.LEVEL if now == before else Trend.FALL
    met = trend is Trend.RISE or (trend is Trend.LEVEL and metric.requires == "no_fall")
    verdict = Verdict.MET if met else Verdict.NOT_MET
    return MetricResult(year, verdict, float(now), before=float(before), trend=trend)


def _quotient(metric: GrowthMetric, facts: FactsByYear, year: int) -> Fraction | None:
    figure = facts.figure(year, metric.figure)
    if figure is None or metric.per is None:
        return None if figure is None else Fraction(figure)
    per = facts.figure(year, metric.per)
    return Fraction(figure) / Fraction(per) if per else None


def _ratio(metric: RatioMetric, facts: FactsByYear, year: int, township_code: str | None) -> MetricResult:
    if metric.kind == "attendance":
        numerator = _attended(facts, year, metric.numerator, township_code)
        denominator = _attended(facts, year, metric.denominator, township_code)
    else:
        numerator, denominator = facts.figure(year, metric.numerator), facts.figure(year, metric.denominator)
    limit = float(metric.limit)
    shown, whole = _float(numerator), _float(denominator)
    if numerator is None or denominator is None:
        return MetricResult(year, Verdict.NOT_ASSESSABLE, None, limit, numerator=shown, denominator=whole)
    if denominator == 0:
        nothing_due = Verdict.NOT_APPLICABLE if metric.kind == "attendance" else Verdict.NOT_ASSESSABLE
        return MetricResult(year, nothing_due, None, limit, numerator=shown, denominator=whole)
    share = Fraction(numerator) / Fraction(denominator)
    verdict = Verdict.MET if holds(share, metric.operator, metric.limit) else Verdict.NOT_MET
    return MetricResult(year, verdict, float(share), limit, numerator=shown, denominator=whole)


def _attended(facts: FactsByYear, year: int, column: str, township_code: str | None) -> Decimal | None:
    judged = facts.assessments[year]
    reported = facts.attendance_followed.get(year, facts.attendance.get(year, {}))
    townships = list(judged.township_names) if township_code is None else [township_code]
    cells = [reported[code].figure(column) if code in reported else None for code in townships]
    known = [cell for cell in cells if cell is not None]
    return Decimal(sum(known)) if cells and len(known) == len(cells) else None


def _pair_gap(facts: FactsByYear, year: int) -> MetricResult:
    """Fulfilled while the mean gap inside the pairs does not widen against the year before."""
    now = mean_pair_gap(facts, year)
    before = mean_pair_gap(facts, year - 1) if year - 1 in facts.assessments else None
    if now is None or before is None:
        return MetricResult(year, Verdict.NOT_ASSESSABLE, now, before=before, trend=Trend.UNKNOWN)
    trend = Trend.FALL if now < before else Trend.LEVEL if now == before else Trend.RISE
    verdict = Verdict.NOT_MET if trend is Trend.RISE else Verdict.MET
    return MetricResult(year, verdict, now, before=before, trend=trend)
