"""How cohorts survive from year to year: what the past says of progression and entries, and runs of what may come.

Progression ratios are the schools' own, drawn towards the county's where a school is small. First grades follow
each township's damped trend, shared among its schools as of late; seventh grades are the county's sixth grades of
the year before, shared among the schools as of late.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.outlook.forecast.cohorts import GRADES, Cohorts

SEVENTH = 6
_MOVING_UP = tuple(grade for grade in range(GRADES - 1) if grade + 1 != SEVENTH)
_RECENT_YEARS = 3
# Pupils of the county that weigh as much as a school's or township's own.
_SCHOOL_PRIOR, _TOWNSHIP_PRIOR = 60.0, 200.0
_DAMPING = 0.7
_LEAST_SHOCK = 0.02


class Source(StrEnum):
    """Where a forecast may go wrong."""

    ENTRIES = "entries"
    PROGRESSION = "progression"
    SEVENTH = "seventh"
    SCHOOLS = "schools"


EVERY_SOURCE = frozenset(Source)
# Each draw's places: one for every grade that moves up, then the county's yearly shock to first grades.
_SHOCK, _DRAWN = GRADES, GRADES + 1


@dataclass(frozen=True)
class Rates:
    """What the past says: ratios by school and grade, entries by school, and how much was left unexplained."""

    ratios: np.ndarray
    ratio_spread: np.ndarray
    dispersion: float
    first_grades: np.ndarray
    first_shock: float
    seventh_ratio: float
    seventh_spread: float
    seventh_shares: np.ndarray


def rates_of(cohorts: Cohorts, horizon: int) -> Rates:
    """What the cohorts on record say of the next so many years."""
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
    sixth, seventh = pupils[:-1, :, SEVENTH - 1].sum(1), pupils[1:, :, SEVENTH].sum(1)
    entering = (seventh / np.maximum(sixth, 1))[-_RECENT_YEARS:]
    shares = recent[:, :, SEVENTH].sum(0) * cohorts.standing
    first, shock = _first_grades(cohorts, horizon)
    return Rates(
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
        # Children of a school that has closed since go to those that stand.
        of_late = first[-_RECENT_YEARS:][:, here].sum(0) * cohorts.standing[here]
        if not of_late.sum():
            continue
        own = float(np.diff(np.log(np.maximum(entries, 1)))[-_RECENT_YEARS:].mean())
        weight = of_late.sum() / (of_late.sum() + _TOWNSHIP_PRIOR)
        slope = weight * own + (1 - weight) * trend
        expected[:, here] = (entries[-1] * np.exp(slope * damped))[:, None] * of_late / of_late.sum()
    return expected, shock


def run(
    cohorts: Cohorts,
    rates: Rates,
    horizon: int,
    moving: float,
    rng: np.random.Generator | None,
    runs: int,
    sources: frozenset[Source] = EVERY_SOURCE,
) -> np.ndarray:
    """Pupils by run, year ahead, school and grade; without a generator the one central run.

    `moving` is the share of the pupils outside the town centre who move there each year; only `sources` vary.
    """
    varies = np.zeros(_DRAWN)
    varies[list(_MOVING_UP)] = Source.PROGRESSION in sources
    varies[SEVENTH - 1] = Source.SEVENTH in sources
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
        entering = rates.seventh_ratio + drawn[:, SEVENTH - 1] * rates.seventh_spread
        sixth = now[:, :, SEVENTH - 1].sum(1) * np.maximum(entering, 0)
        following[:, :, SEVENTH] = sixth[:, None] * rates.seventh_shares
        shock = shock + drawn[:, _SHOCK] * rates.first_shock
        following[:, :, 0] = rates.first_grades[ahead] * np.exp(shock)[:, None]
        following = _migrated(following, cohorts.is_central, moving)
        if rng is not None and Source.SCHOOLS in sources:
            noise = rng.standard_normal(following.shape) * np.sqrt(rates.dispersion * following)
            following = np.maximum(following + noise, 0)
        years.append(following)
        now = following
    return np.stack(years, axis=1)


def moved_up(pupils: np.ndarray) -> np.ndarray:
    """A clerk's yardstick, schools × grades: every class moves up whole, first grades are as many as this year.

    Seventh grades are the county's sixth, shared among the schools as this year.
    """
    following = np.zeros_like(pupils)
    for grade in _MOVING_UP:
        following[:, grade + 1] = pupils[:, grade]
    following[:, 0] = pupils[:, 0]
    seventh = pupils[:, SEVENTH]
    following[:, SEVENTH] = pupils[:, SEVENTH - 1].sum() * seventh / max(seventh.sum(), 1.0)
    return following


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
