"""What a dated target measures, read from a year's judgement.

    measure(target, standard, facts, year) -> tuple[MeasureValue, ...]   one part each: the county's or a stage's

Shares are 0–1. A target measured by sub-items has no value here: its evidence decides (core.delivery.status.status).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.delivery.figures.facts_by_year import FactsByYear
from core.method.assessment import Assessment, ClassSizes, ItemResult, Verdict
from core.rules.plan import DatedTarget
from core.rules.plan_metrics import (
    ClassShare,
    ComparisonMetric,
    CompositeCv,
    CountyVerdict,
    ItemMetric,
    LargestClass,
    Operator,
    OversizedSchoolShare,
)
from core.rules.standard import STAGES, Item, Standard

_BANDS = {
    "class_bands.large": "large",
    "class_bands.oversized": "oversized",
    "class_bands.super_oversized": "super_oversized",
}


@dataclass(frozen=True)
class MeasureValue:
    """One part of a target in one year; numerator and denominator where it is a share or a count of parts.

    `at_most` tells from which side the limit is reached; `names` are the schools that stand against it. `is_least` says
    that the value is the least it can be: the largest class is known by its band only.
    """

    part: str
    value: float | None
    limit: float | None
    verdict: Verdict
    numerator: float | None = None
    denominator: float | None = None
    names: tuple[str, ...] = ()
    at_most: bool = True
    is_least: bool = False


def overall(values: Iterable[MeasureValue]) -> Verdict:
    """The verdict of all parts together; a failed part fails the whole."""
    verdicts = [value.verdict for value in values if value.verdict is not Verdict.NOT_APPLICABLE]
    if Verdict.NOT_MET in verdicts:
        return Verdict.NOT_MET
    return Verdict.MET if verdicts and all(v is Verdict.MET for v in verdicts) else Verdict.NOT_ASSESSABLE


def holds(value: Fraction | Decimal, operator: Operator | None, limit: Fraction | Decimal) -> bool:
    """Whether a value keeps its limit, compared exactly."""
    left, right = Fraction(value), Fraction(limit)
    return left >= right if operator == ">=" else left <= right


def measure(target: DatedTarget, standard: Standard, facts: FactsByYear, year: int) -> tuple[MeasureValue, ...]:
    """The target's value in a year, part by part; empty for a target that sub-items decide."""
    judged = facts.assessments.get(year)
    if judged is None:
        return (MeasureValue("", None, None, Verdict.NOT_ASSESSABLE),)
    match target.measure:
        case ClassShare(band):
            return (_class_share(target, _classes(target, judged), band),)
        case OversizedSchoolShare(size_from):
            return (_oversized_schools(target, judged, _item(standard, size_from)),)
        case LargestClass():
            return _largest_class(target, judged, standard)
        case CompositeCv():
            return tuple(_composite(target, judged, standard, stage) for stage in STAGES)
        case ItemMetric(code):
            return (_item_value(judged.item(code), standard.item(code), judged),)
        case ComparisonMetric() as comparison:
            return (compare_figures(comparison, facts, year),)
        case CountyVerdict():
            parts = [judged.schools_part, judged.balance_part, judged.items_part("government", "quality")]
            met, total = sum(p.met for p in parts), sum(p.total for p in parts)
            value = met / total if total else None
            return (MeasureValue("", value, 1.0, judged.verdict, met, total, at_most=False),)
    return ()


def compare_figures(metric: ComparisonMetric, facts: FactsByYear, year: int) -> MeasureValue:
    """One county figure against another of the same year."""
    figure, required = facts.figure(year, metric.figure), facts.figure(year, metric.target)
    at_most = metric.operator == "<="
    if figure is None or required is None:
        return MeasureValue("", _float(figure), _float(required), Verdict.NOT_ASSESSABLE, at_most=at_most)
    verdict = Verdict.MET if holds(figure, metric.operator, required) else Verdict.NOT_MET
    return MeasureValue("", float(figure), float(required), verdict, at_most=at_most)


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _item_value(result: ItemResult, rule: Item, judged: Assessment) -> MeasureValue:
    """A county item: what fails is to come down to nothing, a ratio up to the rule's first number."""
    numbers = [*rule.numbers.values(), *rule.limit.values()]
    counts = result.failing is not None
    limit = 0.0 if counts else float(numbers[0]) if numbers and result.numerator is not None else None
    names = tuple(s.name for s in judged.school_items if s.code == rule.code and s.verdict is Verdict.NOT_MET)
    return MeasureValue(
        "", result.value, limit, result.verdict, result.numerator, result.denominator, names, at_most=counts
    )


def _item(standard: Standard, item_id: str) -> Item:
    return next(item for item in standard.items if item.item_id == item_id)


def _limit(target: DatedTarget, standard: Standard, stage: str) -> Decimal:
    if target.limit is not None:
        return target.limit
    named = standard.balance.limit if target.limit_from == "balance" else _item(standard, target.limit_from or "").limit
    return named[stage]


def _in_scope(target: DatedTarget, central_area: bool | None) -> bool:
    # A school of unknown place stays in scope, where it makes the target undecidable rather than fulfilled.
    return target.scope == "county" or central_area is not False


def _classes(target: DatedTarget, judged: Assessment) -> list[ClassSizes]:
    return [c for c in judged.class_sizes if _in_scope(target, c.central_area)]


def _unplaced(target: DatedTarget, sizes: Iterable[ClassSizes]) -> bool:
    return target.scope != "county" and any(c.central_area is None for c in sizes)


def _class_share(target: DatedTarget, sizes: list[ClassSizes], band: str) -> MeasureValue:
    limit = target.limit
    found = sum(getattr(c, _BANDS[band]) for c in sizes)
    classes = sum(c.classes for c in sizes)
    unknown = limit is None or not classes or any(not c.known for c in sizes) or _unplaced(target, sizes)
    if limit is None or unknown:
        return MeasureValue("", None, _float(limit), Verdict.NOT_ASSESSABLE, found, classes)
    share = Fraction(found, classes)
    verdict = Verdict.MET if holds(share, target.operator, limit) else Verdict.NOT_MET
    names = tuple(sorted({c.name for c in sizes if getattr(c, _BANDS[band])}))
    return MeasureValue("", float(share), float(limit), verdict, found, classes, names)


def _oversized_schools(target: DatedTarget, judged: Assessment, item: Item) -> MeasureValue:
    placed = {c.school_id: c.central_area for c in judged.class_sizes}
    schools = [s for s in judged.school_items if s.code == item.code and _in_scope(target, placed.get(s.school_id))]
    found = [s for s in schools if s.verdict is Verdict.NOT_MET]
    unplaced = target.scope != "county" and any(placed.get(s.school_id) is None for s in schools)
    unknown = unplaced or not schools or any(s.verdict is Verdict.NOT_ASSESSABLE for s in schools)
    if target.limit is None or unknown:
        return MeasureValue("", None, _float(target.limit), Verdict.NOT_ASSESSABLE, len(found), len(schools))
    share = Fraction(len(found), len(schools))
    verdict = Verdict.MET if holds(share, target.operator, target.limit) else Verdict.NOT_MET
    names = tuple(s.name for s in found)
    return MeasureValue("", float(share), float(target.limit), verdict, len(found), len(schools), names)


def _largest_class(target: DatedTarget, judged: Assessment, standard: Standard) -> tuple[MeasureValue, ...]:
    values = []
    for stage in STAGES:
        sizes = [c for c in _classes(target, judged) if c.stage == stage]
        largest = max((c.largest for c in sizes), default=0)
        limit = _limit(target, standard, stage)
        over = tuple(c.name for c in sizes if c.largest > limit)
        # A class that is known by its band only may be within the limit or not.
        unsure = [c for c in sizes if c.largest_at_most is None or c.largest <= limit < c.largest_at_most]
        if any(not c.known for c in sizes) or unsure or not sizes or _unplaced(target, sizes):
            verdict = Verdict.NOT_MET if over and not _unplaced(target, sizes) else Verdict.NOT_ASSESSABLE
        else:
            verdict = Verdict.MET if holds(Decimal(largest), target.operator, limit) else Verdict.NOT_MET
        is_least = any(c.largest_at_most is None or c.largest_at_most > largest for c in sizes if c.known)
        shown = float(largest) if sizes else None
        values.append(MeasureValue(stage, shown, float(limit), verdict, names=over, is_least=is_least))
    return tuple(values)


def _composite(target: DatedTarget, judged: Assessment, standard: Standard, stage: str) -> MeasureValue:
    limit = _limit(target, standard, stage)
    within = sum(b.verdict is Verdict.MET for b in judged.balance if b.stage == stage)
    total = sum(b.stage == stage for b in judged.balance)
    value = judged.composite(stage)
    if value is None:
        return MeasureValue(stage, None, float(limit), Verdict.NOT_ASSESSABLE, within, total)
    met = holds(Decimal(repr(value)), target.operator, limit)
    return MeasureValue(stage, value, float(limit), Verdict.MET if met else Verdict.NOT_MET, within, total)
