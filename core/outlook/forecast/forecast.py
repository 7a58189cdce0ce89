"""Pupils of the coming years by cohort survival: each grade moves up, new cohorts enter by township.

The rules are those of core.outlook.forecast.cohort_model. Intervals come from the spread that they left in the past, by
simulation with a fixed seed. A forecast says what follows if the past goes on, not what will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.errors import RequestInvalid
from core.outlook.forecast.cohort_model import EVERY_SOURCE, SEVENTH, Source, rates_of, run
from core.outlook.forecast.cohorts import GRADES, Cohorts, stage_of_grade
from core.rules.standard import STAGES

HORIZON = 5
INTERVAL_SHARE = 0.8
_LONGEST = 9
_RUNS, _SEED = 400, 20170419


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


def forecast(cohorts: Cohorts, *, horizon: int = HORIZON, migration_share: Decimal = Decimal(0)) -> Forecast:
    """Pupils of the next `horizon` years. `migration_share` of the pupils outside the town centre move there each
    year beyond what the past already holds (negative: the other way).

    Raises RequestInvalid for a horizon beyond one school career or a share that is none.
    """
    if not 1 <= horizon <= _LONGEST:
        raise RequestInvalid(f"预测年数应在 1–{_LONGEST} 年之间，现为 {horizon} 年。")
    if not -1 < migration_share < 1:
        raise RequestInvalid(f"每年进城比例应在 −100% 与 100% 之间，现为 {migration_share * 100:f}%。")
    rates, moving = rates_of(cohorts, horizon), float(migration_share)
    central = run(cohorts, rates, horizon, moving, None, 1)[0]
    drawn = run(cohorts, rates, horizon, moving, np.random.default_rng(_SEED), _RUNS)
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
    sources: frozenset[Source] = EVERY_SOURCE,
) -> np.ndarray:
    """Pupils as they may be so many years ahead, an array of runs × schools × grades; only the given sources vary."""
    rng = np.random.default_rng(_SEED)
    rates = rates_of(cohorts, ahead)
    return np.round(run(cohorts, rates, ahead, float(migration_share), rng, runs, sources)[:, -1])


def back_test(cohorts: Cohorts, *, horizon: int = HORIZON) -> tuple[BackTest, ...]:
    """Every past year forecast from what was known before it, beside “same as last year”; by years ahead."""
    errors: dict[int, list[tuple[float, float, float, int]]] = {}
    for origin in cohorts.years[1:-1]:
        known = cohorts.until(origin)
        ahead = min(horizon, cohorts.years[-1] - origin)
        central = run(known, rates_of(known, ahead), ahead, 0.0, None, 1)[0]
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


def _by_stage(pupils: np.ndarray) -> np.ndarray:
    """Sums by stage, along the last axis."""
    return np.stack([pupils[..., :SEVENTH].sum(-1), pupils[..., SEVENTH:].sum(-1)], axis=-1)


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
