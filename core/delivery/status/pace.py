"""At what pace a target comes nearer, and whether it can still be there when it is decided.

    figure_values(situation, target) -> dict[int, tuple[MeasureValue, ...]]     up to the year that decides it
    pace_of(situation, target, values) -> TargetPace

A pace is the change of a value in one year, over the last years before the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.delivery.figures.facts_by_year import snapshot
from core.delivery.figures.target_measures import MeasureValue, measure, overall
from core.delivery.status.situation import Situation
from core.method.assessment import Verdict
from core.rules.plan import DatedTarget
from core.rules.plan_metrics import CountyVerdict

_PACE_YEARS = 3


class PaceVerdict(StrEnum):
    """Whether a target is reached, or will be if the observed pace goes on.

    HELD: met by the figures at hand, while those that decide are still to come · SHORT: the deciding figures fall
    short, but the deadline has not passed · MISSED: it has · LATE: not met in time, as
    far as can be told, but by the figures of a later year · HISTORY: of a
    plan that led to the county's recognition.
    """

    REACHED = "reached"
    HELD = "held"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    SHORT = "short"
    MISSED = "missed"
    LATE = "late"
    UNDECIDED = "undecided"
    HISTORY = "history"


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
class TargetPace:
    """A target's verdict by the latest figures up to the deciding ones, its parts' paces, and what they come to.

    `decided_on` is the day whose facts decide; `decided` says that those facts are there.
    """

    verdict: Verdict
    pace_verdict: PaceVerdict
    decided: bool
    decided_on: date
    paces: tuple[Pace, ...]


def figure_values(situation: Situation, target: DatedTarget) -> dict[int, tuple[MeasureValue, ...]]:
    """The target's values by school year, up to the year that decides it."""
    return {
        year: measure(target, situation.standard, situation.facts, year)
        for year in situation.facts.years_until(situation.as_of)
        if target.snapshot_year is None or year <= target.snapshot_year
    }


def pace_of(situation: Situation, target: DatedTarget, values: Mapping[int, tuple[MeasureValue, ...]]) -> TargetPace:
    """Whether the target is reached, decided, or coming."""
    facts, as_of = situation.facts, situation.as_of
    decided_on = target.deadline if target.snapshot_year is None else snapshot(target.snapshot_year)
    year = max(values, default=None)
    verdict = overall(values[year]) if year is not None else Verdict.NOT_ASSESSABLE
    decided = as_of >= decided_on and (target.snapshot_year is None or target.snapshot_year in facts.assessments)
    short = PaceVerdict.MISSED if as_of > target.deadline else PaceVerdict.SHORT
    # Documents do not lapse; a figure may, until the day that decides.
    met = PaceVerdict.REACHED if decided or target.snapshot_year is None else PaceVerdict.HELD
    parts = [value.part for value in values[year]] if year is not None else []
    paces = tuple(_pace(target, values, part, met, short if decided else None) for part in parts)
    pace_verdict = met if verdict is Verdict.MET else _pace_verdict(verdict, short if decided else None, paces, target)
    if as_of > target.deadline and not decided:
        pace_verdict = PaceVerdict.UNDECIDED
    is_past = decided and as_of > target.deadline and pace_verdict is not PaceVerdict.REACHED
    if is_past and _met_later(situation, target):
        pace_verdict = PaceVerdict.LATE
    if situation.plan_is_history and pace_verdict not in (PaceVerdict.REACHED, PaceVerdict.LATE):
        pace_verdict = PaceVerdict.HISTORY
    return TargetPace(verdict, pace_verdict, decided, decided_on, paces)


def _met_later(situation: Situation, target: DatedTarget) -> bool:
    settled = target.snapshot_year
    later = [y for y in situation.facts.years_until(situation.as_of) if settled is not None and y > settled]
    return any(overall(measure(target, situation.standard, situation.facts, y)) is Verdict.MET for y in later)


def _pace(
    target: DatedTarget,
    values: Mapping[int, tuple[MeasureValue, ...]],
    part: str,
    met: PaceVerdict,
    decided: PaceVerdict | None,
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
        verdict = met
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
    if decided is not None:
        return decided if verdict is Verdict.NOT_MET else PaceVerdict.UNDECIDED
    open_paces = [p.verdict for p in paces if p.verdict not in (PaceVerdict.REACHED, PaceVerdict.HELD)]
    # The county's verdict is a conjunction of many: a rising share of it says nothing about the last of them.
    if isinstance(target.measure, CountyVerdict) or PaceVerdict.UNDECIDED in open_paces or not open_paces:
        return PaceVerdict.UNDECIDED
    return PaceVerdict.BEHIND if PaceVerdict.BEHIND in open_paces else PaceVerdict.ON_PACE
