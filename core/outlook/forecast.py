"""Pupils of the coming years by cohort survival: each grade moves up, new cohorts enter by township.

Progression ratios are the schools' own, drawn towards the county's where a school is small. First grades follow
each township's damped trend, shared among its schools as of late; seventh grades are the county's sixth grades of
the year before, shared among the schools as of late. Intervals come from the spread that these rules left in the
past, by simulation with a fixed seed. A forecast says what follows if the past goes on, not what will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from core.errors import RequestInvalid
from core.outlook.cohorts import GRADES, Cohorts, stage_of_grade
from core.rules.standard import STAGES

HORIZON = 5
INTERVAL_SHARE = 0.8
_LONGEST = 9
_SEVENTH = 6
_MOVING_UP = tuple(grade for grade in range(GRADES - 1) if grade + 1 != _SEVENTH)
_RECENT_YEARS = 3
# Pupils of the county that weigh as much as a school's or township's own.
_SCHOOL_PRIOR, _TOWNSHIP_PRIOR = 60.0, 200.0
_DAMPING = 0.7
_LEAST_SHOCK = 0.02
_RUNS, _SEED = 400, 20170419


class Source(StrEnum):
    """Where a forecast may go wrong."""

    ENTRIES = "entries"
    PROGRESSION = "progression"
    SEVENTH = "seventh"
    SCHOOLS = "schools"


_EVERY_SOURCE = frozenset(Source)
# Each draw's places: one for every grade that moves up, then the county's yearly shock to first grades.
_SHOCK, _DRAWN = GRADES, GRADES + 1


@dataclass(frozen=True)
class GradeForecast:
    """Pupils of one school and grade in a coming year, with the interval that holds four of five outcomes."""

    school_id: str
    stage: str
    grade: int
    year: int
    pupils: int
    low: int
    high: int


@dataclass(frozen=True)
class StageForecast:
    """Pupils of a school (None: the county) at one stage in a coming year, with its interval."""

    school_id: str | None
    stage: str
    year: int
    pupils: int
    low: int
    high: int


@dataclass(frozen=True)
class Forecast:
    """Pupils by grade, by school and for the county, year after year from the last year on record."""

    from_year: int
    years: tuple[int, ...]
    grades: tuple[GradeForecast, ...]
    schools: tuple[StageForecast, ...]
    county: tuple[StageForecast, ...]


@dataclass(frozen=True)
class BackTest:
    """How far forecasts of past years were off, so many years ahead: Σ|error| ÷ Σpupils over schools and stages."""

    years_ahead: int
    error_share: float
    same_as_last_year_share: float
    compared: int


@dataclass(frozen=True)
class _Rates:
    """What the past says: ratios by school and grade, entries by school, and how much was left unexplained."""

    ratios: np.ndarray
    ratio_spread: np.ndarray
    dispersion: float
    first_grades: np.ndarray
    first_shock: float
    seventh_ratio: float
    seventh_spread: float
    seventh_shares: np.ndarray


def forecast(cohorts: Cohorts, *, horizon: int = HORIZON, migration_share: Decimal = Decimal(0)) -> Forecast:
    """Pupils of the next `horizon` years. `migration_share` of the pupils outside the town centre move there each
    year beyond what the past already holds (negative: the other way).

    Raises RequestInvalid for a horizon beyond one school career or a share that is none.
    """
    if not 1 <= horizon <= _LONGEST:
        raise RequestInvalid(f"预测年数应在 1–{_LONGEST} 年之间，现为 {horizon} 年。")
    if not -1 < migration_share < 1:
        raise RequestInvalid(f"每年进城比例应在 −100% 与 100% 之间，现为 {migration_share * 100:f}%。")
    rates, moving = _rates(cohorts, horizon), float(migration_share)
    central = _run(cohorts, rates, horizon, moving, None, 1)[0]
    drawn = _run(cohorts, rates, horizon, moving, np.random.default_rng(_SEED), _RUNS)
    years = tuple(cohorts.years[-1] + ahead for ahead in range(1, horizon + 1))
    return Forecast(
        cohorts.years[-1],
        years,
        tuple(_grade_forecasts(cohorts, central, drawn, years)),
        tuple(_stage_forecasts(cohorts, central, drawn, years)),
        tuple(_county_forecasts(central, drawn, years)),
    )


def draws(
    cohorts: Cohorts,
    ahead: int,
    runs: int,
    *,
    migration_share: Decimal = Decimal(0),
    sources: frozenset[Source] = _EVERY_SOURCE,
) -> np.ndarray:
    """Pupils as they may be so many years ahead, an array of runs × schools × grades; only the given sources vary."""
    rng = np.random.default_rng(_SEED)
    rates = _rates(cohorts, ahead)
    return np.round(_run(cohorts, rates, ahead, float(migration_share), rng, runs, sources)[:, -1])


def back_test(cohorts: Cohorts, *, horizon: int = HORIZON) -> tuple[BackTest, ...]:
    """Every past year forecast from what was known before it, beside “same as last year”; by years ahead."""
    errors: dict[int, list[tuple[float, float, float, int]]] = {}
    for origin in cohorts.years[1:-1]:
        known = cohorts.until(origin)
        ahead = min(horizon, cohorts.years[-1] - origin)
        central = _run(known, _rates(known, ahead), ahead, 0.0, None, 1)[0]
        last = _by_stage(known.pupils[-1])
        for step in range(ahead):
            actual = _by_stage(cohorts.pupils[len(known.years) + step])
            found = _by_stage(central[step])
            # Schools that opened since were not there to be forecast.
            there = last > 0
            errors.setdefault(step + 1, []).append(
                (
                    float(np.abs(found - actual)[there].sum()),
                    float(np.abs(last - actual)[there].sum()),
                    float(actual[there].sum()),
                    int(there.sum()),
                )
            )
    return tuple(
        BackTest(
            ahead,
            sum(e[0] for e in listed) / sum(e[2] for e in listed),
            sum(e[1] for e in listed) / sum(e[2] for e in listed),
            sum(e[3] for e in listed),
        )
        for ahead, listed in sorted(errors.items())
    )


def _rates(cohorts: Cohorts, horizon: int) -> _Rates:
    pupils = cohorts.pupils
    recent = pupils[-_RECENT_YEARS:]
    ratios = np.ones((pupils.shape[1], GRADES))
    spread = np.zeros(GRADES)
    left: list[np.ndarray] = []
    for grade in _MOVING_UP:
        before, after = pupils[:-1, :, grade], pupils[1:, :, grade + 1]
        both = (before > 0) & (after > 0)
        before, after = before * both, after * both
        county = after.sum() / before.sum() if before.sum() else 1.0
        ratios[:, grade] = (after.sum(0) + _SCHOOL_PRIOR * county) / (before.sum(0) + _SCHOOL_PRIOR)
        by_year = after.sum(1) / np.maximum(before.sum(1), 1)
        spread[grade] = np.std(by_year[before.sum(1) > 0]) if both.any() else 0.0
        expected = before * ratios[:, grade]
        left.append(((after - expected) ** 2)[both] / np.maximum(expected[both], 1))
    unexplained = np.concatenate(left) if left else np.ones(1)
    sixth, seventh = pupils[:-1, :, _SEVENTH - 1].sum(1), pupils[1:, :, _SEVENTH].sum(1)
    entering = (seventh / np.maximum(sixth, 1))[-_RECENT_YEARS:]
    shares = recent[:, :, _SEVENTH].sum(0)
    first, shock = _first_grades(cohorts, horizon)
    return _Rates(
        ratios=ratios,
        ratio_spread=spread,
        dispersion=float(unexplained.mean()) if unexplained.size else 1.0,
        first_grades=first,
        first_shock=shock,
        seventh_ratio=float(entering.mean()),
        seventh_spread=float(entering.std()),
        seventh_shares=shares / max(shares.sum(), 1.0),
    )


def _first_grades(cohorts: Cohorts, horizon: int) -> tuple[np.ndarray, float]:
    """Expected first-grade pupils by year and school, and the county's yearly shock (a share)."""
    first = cohorts.pupils[:, :, 0]
    county = np.maximum(first.sum(1), 1)
    steps = np.diff(np.log(county))
    trend = float(steps[-_RECENT_YEARS:].mean())
    shock = max(float(np.std(steps)), _LEAST_SHOCK)
    damped = np.cumsum(_DAMPING ** np.arange(1, horizon + 1))
    expected = np.zeros((horizon, first.shape[1]))
    codes = np.array(cohorts.townships)
    for township in sorted(set(cohorts.townships)):
        here = codes == township
        entries = first[:, here].sum(1)
        of_late = first[-_RECENT_YEARS:][:, here].sum(0)
        if not of_late.sum():
            continue
        own = float(np.diff(np.log(np.maximum(entries, 1)))[-_RECENT_YEARS:].mean())
        weight = of_late.sum() / (of_late.sum() + _TOWNSHIP_PRIOR)
        slope = weight * own + (1 - weight) * trend
        expected[:, here] = (entries[-1] * np.exp(slope * damped))[:, None] * of_late / of_late.sum()
    return expected, shock


def _run(
    cohorts: Cohorts,
    rates: _Rates,
    horizon: int,
    moving: float,
    rng: np.random.Generator | None,
    runs: int,
    sources: frozenset[Source] = _EVERY_SOURCE,
) -> np.ndarray:
    """Pupils by run, year ahead, school and grade; without a generator the one central run."""
    varies = np.zeros(_DRAWN)
    varies[list(_MOVING_UP)] = Source.PROGRESSION in sources
    varies[_SEVENTH - 1] = Source.SEVENTH in sources
    varies[_SHOCK] = Source.ENTRIES in sources
    now = np.repeat(cohorts.pupils[-1][None], runs, axis=0)
    shock = np.zeros(runs)
    years = []
    for ahead in range(horizon):
        following = np.zeros_like(now)
        drawn = np.zeros((runs, _DRAWN)) if rng is None else rng.standard_normal((runs, _DRAWN)) * varies
        for grade in _MOVING_UP:
            ratio = rates.ratios[None, :, grade] + drawn[:, grade, None] * rates.ratio_spread[grade]
            following[:, :, grade + 1] = now[:, :, grade] * np.maximum(ratio, 0)
        entering = rates.seventh_ratio + drawn[:, _SEVENTH - 1] * rates.seventh_spread
        sixth = now[:, :, _SEVENTH - 1].sum(1) * np.maximum(entering, 0)
        following[:, :, _SEVENTH] = sixth[:, None] * rates.seventh_shares
        shock = shock + drawn[:, _SHOCK] * rates.first_shock
        following[:, :, 0] = rates.first_grades[ahead] * np.exp(shock)[:, None]
        following = _migrated(following, cohorts.is_central, moving)
        if rng is not None and Source.SCHOOLS in sources:
            noise = rng.standard_normal(following.shape) * np.sqrt(rates.dispersion * following)
            following = np.maximum(following + noise, 0)
        years.append(following)
        now = following
    return np.stack(years, axis=1)


def _migrated(pupils: np.ndarray, is_central: np.ndarray, share: float) -> np.ndarray:
    """A share of the pupils on one side moved to the other, to the schools with their grade, by size."""
    if not share:
        return pupils
    leaving = ~is_central if share > 0 else is_central
    moved = pupils.copy()
    going = pupils[:, leaving, :] * abs(share)
    there = pupils[:, ~leaving, :]
    total = there.sum(1, keepdims=True)
    # Where the other side has no such grade nobody goes.
    going = going * (total > 0)
    moved[:, leaving, :] -= going
    moved[:, ~leaving, :] += there / np.maximum(total, 1e-9) * going.sum(1, keepdims=True)
    return moved


def _by_stage(pupils: np.ndarray) -> np.ndarray:
    """Sums by stage, along the last axis."""
    return np.stack([pupils[..., :_SEVENTH].sum(-1), pupils[..., _SEVENTH:].sum(-1)], axis=-1)


def _interval(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    tail = (1 - INTERVAL_SHARE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return np.floor(low).astype(int), np.ceil(high).astype(int)


def _grade_forecasts(
    cohorts: Cohorts, central: np.ndarray, drawn: np.ndarray, years: Sequence[int]
) -> list[GradeForecast]:
    low, high = _interval(drawn)
    taught = (cohorts.pupils[-1] > 0) | (central.sum(0) > 0)
    return [
        GradeForecast(
            school_id,
            stage_of_grade(grade + 1),
            grade + 1,
            year,
            round(float(central[ahead, place, grade])),
            int(low[ahead, place, grade]),
            int(high[ahead, place, grade]),
        )
        for ahead, year in enumerate(years)
        for place, school_id in enumerate(cohorts.school_ids)
        for grade in range(GRADES)
        if taught[place, grade]
    ]


def _stage_forecasts(
    cohorts: Cohorts, central: np.ndarray, drawn: np.ndarray, years: Sequence[int]
) -> list[StageForecast]:
    low, high = _interval(_by_stage(drawn))
    middle, now = _by_stage(central), _by_stage(cohorts.pupils[-1])
    return [
        StageForecast(school_id, stage, year, round(float(middle[at])), int(low[at]), int(high[at]))
        for ahead, year in enumerate(years)
        for place, school_id in enumerate(cohorts.school_ids)
        for number, stage in enumerate(STAGES)
        for at in [(ahead, place, number)]
        if now[place, number] > 0
    ]


def _county_forecasts(central: np.ndarray, drawn: np.ndarray, years: Sequence[int]) -> list[StageForecast]:
    low, high = _interval(_by_stage(drawn).sum(2))
    middle = _by_stage(central).sum(1)
    return [
        StageForecast(None, stage, year, round(float(middle[at])), int(low[at]), int(high[at]))
        for ahead, year in enumerate(years)
        for number, stage in enumerate(STAGES)
        for at in [(ahead, number)]
    ]
