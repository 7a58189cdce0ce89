"""What is missing, in whole units: by school row, township and county, and how firmly a row stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.method.assessment import Assessment, SchoolRow, Verdict
from core.rules.standard import Standard


@dataclass(frozen=True)
class Gap:
    """Whole units that a school must add for one row to reach a limit: teachers, ㎡, yuan or rooms.

    Of a school with several stages it is what the whole school must add, since the row receives its share.
    """

    code: str
    school_id: str
    stage: str
    township_code: str
    units_missing: int
    row_fails: bool


@dataclass(frozen=True)
class Shortfall:
    """Whole units of one resource that the school must add."""

    code: str
    units: int


@dataclass(frozen=True)
class Remedy:
    """What makes a failing row pass. Who is hired for sport, music or art holds the higher degree: L1 is less by so many.

    Everything in `to_limit` and `to_floor`, and any `needed` of `any_of`, each to its limit
    (完成下列任意一项即可 where one suffices). `unknown` was not reported and must be before the row can pass.
    """

    school_id: str
    stage: str
    to_limit: tuple[Shortfall, ...]
    to_floor: tuple[Shortfall, ...]
    any_of: tuple[Shortfall, ...]
    needed: int
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """The first loss of one resource, in whole units, with which a passing row no longer passes."""

    school_id: str
    stage: str
    code: str
    units: int


@dataclass(frozen=True)
class GapTotal:
    """What a township (None: the county) misses of one resource, and in how many schools."""

    code: str
    township_code: str | None
    units_missing: int
    schools: int


def county_gaps(assessment: Assessment, standard: Standard) -> tuple[Gap, ...]:
    """Every indicator not met at every school row, whether the row passes or not, in the rows' order.

    Premises of a school with several failing stages appear once, at the stage that misses most.
    """
    most: dict[tuple[str, str], Gap] = {}
    gaps: list[Gap] = []
    for row in assessment.rows:
        for holding in row.indicators:
            if holding.verdict is not Verdict.NOT_MET:
                continue
            gap = Gap(
                holding.code,
                row.school_id,
                row.stage,
                row.township_code,
                max(1, holding.whole_units_missing()),
                row.verdict is Verdict.NOT_MET,
            )
            gaps.append(gap)
            key = (row.school_id, holding.code)
            if key not in most or gap.units_missing > most[key].units_missing:
                most[key] = gap
    return tuple(g for g in gaps if standard.indicator(g.code).measured_by == "stage" or most[g.school_id, g.code] is g)


def gap_totals(gaps: Sequence[Gap], *, by_township: bool = False) -> tuple[GapTotal, ...]:
    """The gaps summed by resource, and by township when asked, in order of code and township."""
    sums: dict[tuple[str, str | None], tuple[int, set[str]]] = {}
    for gap in gaps:
        key = (gap.code, gap.township_code if by_township else None)
        units, schools = sums.get(key, (0, set()))
        sums[key] = (units + gap.units_missing, schools | {gap.school_id})
    return tuple(
        GapTotal(code, township, units, len(schools))
        for (code, township), (units, schools) in sorted(sums.items(), key=lambda s: (s[0][0], s[0][1] or ""))
    )


def remedies(assessment: Assessment, standard: Standard) -> tuple[Remedy, ...]:
    """What makes each failing row pass, in the rows' order."""
    return tuple(remedy_of(row, standard) for row in assessment.rows if row.verdict is Verdict.NOT_MET)


def remedy_of(row: SchoolRow, standard: Standard) -> Remedy:
    """What makes one row pass that does not, or cannot be judged."""
    failing = [h for h in row.indicators if h.verdict is Verdict.NOT_MET]
    to_limit = tuple(Shortfall(h.code, max(1, h.whole_units_missing())) for h in failing)
    to_floor = tuple(Shortfall(h.code, h.whole_units_missing(to_floor=True)) for h in failing if not h.above_floor)
    unknown = tuple(h.code for h in row.indicators if h.verdict is Verdict.NOT_ASSESSABLE)
    needed = max(0, int(standard.school_rule.minimum_met) - row.met_count)
    if needed >= len(failing):
        return Remedy(row.school_id, row.stage, _hired_once(to_limit, to_limit), (), (), 0, unknown)
    any_of = _hired_once(to_limit, to_floor) if needed else ()
    # What the hires for L3 bring to its limit is no longer among those to choose from.
    needed -= needed and len(to_limit) - len(any_of)
    return Remedy(
        row.school_id, row.stage, (), _hired_once(to_floor, to_floor), any_of if needed else (), needed, unknown
    )


def _hired_once(shortfalls: tuple[Shortfall, ...], certain: tuple[Shortfall, ...]) -> tuple[Shortfall, ...]:
    """What is still missing once the teachers that are certain to be hired for L3 count for L1 as well."""
    hired = sum(s.units for s in certain if s.code == "L3")
    left = (Shortfall(s.code, s.units - hired) if s.code == "L1" else s for s in shortfalls)
    return tuple(s for s in left if s.units > 0)


def losses(row: SchoolRow, standard: Standard) -> tuple[Loss, ...]:
    """For a passing row and each resource the first loss that undoes it; none for a row that does not pass."""
    if row.verdict is not Verdict.MET:
        return ()
    to_spare = row.met_count - int(standard.school_rule.minimum_met)
    return tuple(
        Loss(
            row.school_id,
            row.stage,
            h.code,
            h.whole_units_to_spare(to_floor=to_spare > 0 or h.verdict is not Verdict.MET) + 1,
        )
        for h in row.indicators
    )
