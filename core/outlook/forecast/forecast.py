"""Pupils of the coming years by cohort survival: each grade moves up, new cohorts enter by township.

The rules are those of core.outlook.forecast.cohort_model. Intervals come from simulation with a fixed seed, as wide as
core.outlook.forecast.spread finds they must be. A forecast says what follows if the past goes on, not what will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.errors import RequestInvalid
from core.outlook.forecast.cohort_model import EVERY_SOURCE, Source, moved_up, rates_of, run
from core.outlook.forecast.cohorts import GRADES, Cohorts, stage_of_grade
from core.outlook.forecast.spread import (
    RUNS,
    SEED,
    Interval,
    Level,
    Spread,
    at_level,
    by_stage,
    interval,
    spread_of,
    stretched,
)
from core.rules.standard import STAGES

HORIZON = 5
_LONGEST = 9


@dataclass(frozen=True)
class GradeForecast:
    """Pupils of one school and grade in a coming year, with the interval that is to hold INTERVAL_SHARE of outcomes."""

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
    """Pupils by grade, by school and for the county, year after year from the last year on record.

    `own_years` are the years ahead whose intervals go by the county's own back-tests, the others by the reference's.
    """

    from_year: int
    own_years: frozenset[int]
    years: tuple[int, ...]
    grades: tuple[GradeForecast, ...]
    schools: tuple[StageForecast, ...]
    county: tuple[StageForecast, ...]


@dataclass(frozen=True)
class BackTest:
    """How far forecasts of past years were off, so many years ahead: Σ|error| ÷ Σpupils over schools and stages.

    Beside them two yardsticks: the same pupils as in the last year, and every class moving up with as many new first
    grades as in the last year. `coverage` is the share of outcomes inside their interval, which should be INTERVAL_SHARE.
    """

    years_ahead: int
    error_share: float
    same_as_last_year_share: float
    moved_up_share: float
    coverage: float
    compared: int


def forecast(
    cohorts: Cohorts,
    *,
    horizon: int = HORIZON,
    migration_share: Decimal = Decimal(0),
    spread: Spread | None = None,
) -> Forecast:
    """Pupils of the next `horizon` years. `migration_share` of the pupils outside the town centre move there each
    year beyond what the past already holds (negative: the other way). `spread` is how wide intervals must be, None to
    take it from the back-tests.

    Raises RequestInvalid for a horizon beyond one school career or a share that is none.
    """
    if not 1 <= horizon <= _LONGEST:
        raise RequestInvalid(f"预测年数应在 1–{_LONGEST} 年之间，现为 {horizon} 年。")
    if not -1 < migration_share < 1:
        raise RequestInvalid(f"每年进城比例应在 −100% 与 100% 之间，现为 {migration_share * 100:f}%。")
    rates, moving = rates_of(cohorts, horizon), float(migration_share)
    central = run(cohorts, rates, horizon, moving, None, 1)[0]
    drawn = run(cohorts, rates, horizon, moving, np.random.default_rng(SEED), RUNS)
    years = tuple(cohorts.years[-1] + ahead for ahead in range(1, horizon + 1))
    wide = spread or spread_of(cohorts)
    return Forecast(
        cohorts.years[-1],
        wide.own,
        years,
        tuple(_grade_forecasts(cohorts, central, _intervals(central, drawn, Level.GRADE, wide), years)),
        tuple(_stage_forecasts(cohorts, central, _intervals(central, drawn, Level.SCHOOL, wide), years)),
        tuple(_county_forecasts(central, _intervals(central, drawn, Level.COUNTY, wide), years)),
    )


def draws(
    cohorts: Cohorts,
    ahead: int,
    runs: int,
    *,
    migration_share: Decimal = Decimal(0),
    sources: frozenset[Source] = EVERY_SOURCE,
    spread: Spread | None = None,
) -> np.ndarray:
    """Pupils as they may be so many years ahead, an array of runs × schools × grades; only the given sources vary.

    They lie as far from the forecast as the back-tests of schools say that outcomes do.
    """
    rates, moving = rates_of(cohorts, ahead), float(migration_share)
    central = run(cohorts, rates, ahead, moving, None, 1)[0, -1]
    drawn = run(cohorts, rates, ahead, moving, np.random.default_rng(SEED), runs, sources)[:, -1]
    return np.round(stretched(central, drawn, (spread or spread_of(cohorts)).at(Level.SCHOOL, ahead)))


def back_test(cohorts: Cohorts, *, horizon: int = HORIZON) -> tuple[BackTest, ...]:
    """Every past year forecast from what was known before it, with the interval that it would have had; by years ahead.

    Schools that closed meanwhile are among them; schools that opened since were not there to be forecast.
    """
    found: dict[int, list[tuple[float, ...]]] = {}
    for origin in cohorts.years[1:-1]:
        known = cohorts.until(origin)
        ahead = min(horizon, cohorts.years[-1] - origin)
        rates, spread = rates_of(known, ahead), spread_of(known)
        central = run(known, rates, ahead, 0.0, None, 1)[0]
        drawn = run(known, rates, ahead, 0.0, np.random.default_rng(SEED), RUNS)
        held = _intervals(central, drawn, Level.SCHOOL, spread)
        last, moved = by_stage(known.pupils[-1]), known.pupils[-1]
        for step in range(ahead):
            moved = moved_up(moved)
            actual, there = by_stage(cohorts.pupils[len(known.years) + step]), last > 0
            found.setdefault(step + 1, []).append(
                (
                    *(
                        float(np.abs(guess - actual)[there].sum())
                        for guess in (by_stage(central[step]), last, by_stage(moved))
                    ),
                    float(actual[there].sum()),
                    int(held[step].holds(actual)[there].sum()),
                    int(there.sum()),
                )
            )
    return tuple(
        BackTest(ahead, error / pupils, same / pupils, rolled / pupils, inside / compared, int(compared))
        for ahead, listed in sorted(found.items())
        for error, same, rolled, pupils, inside, compared in [map(sum, zip(*listed, strict=True))]
    )


def _intervals(central: np.ndarray, drawn: np.ndarray, level: Level, spread: Spread) -> list[Interval]:
    """The interval of each year ahead."""
    return [
        interval(at_level(middle, level), at_level(drawn[:, step], level), spread.at(level, step + 1))
        for step, middle in enumerate(central)
    ]


def _grade_forecasts(
    cohorts: Cohorts, central: np.ndarray, held: Sequence[Interval], years: Sequence[int]
) -> list[GradeForecast]:
    taught = (cohorts.pupils[-1] > 0) | (central.sum(0) > 0)
    return [
        GradeForecast(
            school_id,
            stage_of_grade(grade + 1),
            grade + 1,
            year,
            round(float(central[ahead, place, grade])),
            int(held[ahead].low[place, grade]),
            int(held[ahead].high[place, grade]),
        )
        for ahead, year in enumerate(years)
        for place, school_id in enumerate(cohorts.school_ids)
        for grade in range(GRADES)
        if taught[place, grade]
    ]


def _stage_forecasts(
    cohorts: Cohorts, central: np.ndarray, held: Sequence[Interval], years: Sequence[int]
) -> list[StageForecast]:
    middle, now = by_stage(central), by_stage(cohorts.pupils[-1])
    return [
        StageForecast(
            school_id, stage, year, round(float(middle[ahead][at])), int(held[ahead].low[at]), int(held[ahead].high[at])
        )
        for ahead, year in enumerate(years)
        for place, school_id in enumerate(cohorts.school_ids)
        for number, stage in enumerate(STAGES)
        for at in [(place, number)]
        if now[at] > 0
    ]


def _county_forecasts(central: np.ndarray, held: Sequence[Interval], years: Sequence[int]) -> list[StageForecast]:
    middle = by_stage(central).sum(1)
    return [
        StageForecast(
            None,
            stage,
            year,
            round(float(middle[ahead, number])),
            int(held[ahead].low[number]),
            int(held[ahead].high[number]),
        )
        for ahead, year in enumerate(years)
        for number, stage in enumerate(STAGES)
    ]
