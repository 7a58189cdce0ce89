"""How wide an interval must be to hold what it says: the simulated spread, stretched by what back-tests say it lacks.

A past year is forecast from what was known before it, and each outcome scored by how far the simulated interval would have
had to be stretched to hold it. The stretch that holds INTERVAL_SHARE of the scores is a conformal one: whatever is wrong
with the model, as many of the like outcomes to come lie inside. A county's own back-tests count where there are enough of
them, otherwise those of the reference (`data/forecast_spread.toml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np

from core.outlook.forecast.cohort_model import SEVENTH, rates_of, run
from core.outlook.forecast.cohorts import Cohorts
from core.rules.declared import ByName, Number, Text, Whole
from core.rules.reading import RulesFile

INTERVAL_SHARE = 0.8
RUNS, SEED = 400, 20170419
# Years ahead are scored apart up to here; later ones are stretched like the last.
_SCORED_YEARS = 4
# Back-tests from so many years say how far off the model is here; from fewer one odd year says it all.
_FEWEST_ORIGINS = 3
# And from fewer outcomes the farthest alone says it: a county's two stages never are enough.
_FEWEST_OUTCOMES = 40
_HALF = 0.5
_REFERENCE = Path(__file__).parents[3] / "data" / "forecast_spread.toml"


class Level(StrEnum):
    """What an interval is of."""

    GRADE = "grade"
    SCHOOL = "school"
    COUNTY = "county"


Scores = Mapping[tuple[Level, int], list[np.ndarray]]


@dataclass(frozen=True)
class Spread:
    """By how much simulated intervals are stretched, by level and years ahead (from 1).

    `own` are the years ahead of which the county's own back-tests say so for its schools.
    """

    stretch: Mapping[Level, tuple[float, ...]]
    own: frozenset[int] = frozenset()

    def at(self, level: Level, ahead: int) -> float:
        """The stretch so many years ahead."""
        known = self.stretch[level]
        return known[min(ahead, len(known)) - 1]


@dataclass(frozen=True)
class Interval:
    """Whole pupils from `low` to `high`, around a forecast."""

    low: np.ndarray
    high: np.ndarray

    def holds(self, actual: np.ndarray) -> np.ndarray:
        """Which outcomes lie inside."""
        inside: np.ndarray = (actual >= self.low) & (actual <= self.high)
        return inside


def by_stage(pupils: np.ndarray) -> np.ndarray:
    """Sums by stage, along the last axis."""
    return np.stack([pupils[..., :SEVENTH].sum(-1), pupils[..., SEVENTH:].sum(-1)], axis=-1)


def at_level(pupils: np.ndarray, level: Level) -> np.ndarray:
    """Pupils by school and grade, summed as a level counts them: schools × grades, schools × stages, or stages."""
    if level is Level.GRADE:
        return pupils
    staged = by_stage(pupils)
    return staged if level is Level.SCHOOL else staged.sum(-2)


def interval(central: np.ndarray, drawn: np.ndarray, stretch: float) -> Interval:
    """The stretched interval around a forecast; `drawn` holds simulated outcomes along its first axis."""
    below, above = _half_widths(central, drawn)
    low = np.maximum(0, np.floor(central - stretch * below))
    high = np.ceil(central + stretch * above)
    return Interval(low.astype(int), high.astype(int))


def stretched(central: np.ndarray, drawn: np.ndarray, stretch: float) -> np.ndarray:
    """Simulated outcomes as far from the forecast as back-tests say they are."""
    found: np.ndarray = np.maximum(0, central + stretch * (drawn - central))
    return found


def _half_widths(central: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    tail = (1 - INTERVAL_SHARE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    # Half a pupil at least: a model that is sure of itself is not right for that.
    return np.maximum(central - low, _HALF), np.maximum(high - central, _HALF)


def scores(cohorts: Cohorts, horizon: int = _SCORED_YEARS) -> Scores:
    """How far each interval would have had to be stretched to hold its outcome, by level and years ahead, origin by origin.

    Schools that closed meanwhile are among them; schools that opened since were not there to be forecast.
    """
    found: dict[tuple[Level, int], list[np.ndarray]] = {}
    for origin in cohorts.years[1:-1]:
        known = cohorts.until(origin)
        ahead = min(horizon, cohorts.years[-1] - origin)
        rates = rates_of(known, ahead)
        central = run(known, rates, ahead, 0.0, None, 1)[0]
        drawn = run(known, rates, ahead, 0.0, np.random.default_rng(SEED), RUNS)
        for level in Level:
            there = at_level(known.pupils[-1], level) > 0
            for step in range(ahead):
                expected = at_level(central[step], level)
                actual = at_level(cohorts.pupils[len(known.years) + step], level)
                below, above = _half_widths(expected, at_level(drawn[:, step], level))
                # Whole pupils: an interval reaches one pupil further than its exact end.
                lacking = np.where(actual < expected, (expected - actual - 1) / below, (actual - expected - 1) / above)
                if level is Level.GRADE:
                    there = there | (expected > _HALF)
                found.setdefault((level, step + 1), []).append(np.maximum(0, lacking)[there])
    return found


def pooled(counties: Iterable[Scores]) -> Spread:
    """The stretch that holds INTERVAL_SHARE of all scores of several counties, by level and years ahead."""
    together: dict[tuple[Level, int], list[np.ndarray]] = {}
    for found in counties:
        for key, origins in found.items():
            together.setdefault(key, []).extend(origins)
    return Spread(
        {
            level: tuple(
                _enough(together[level, ahead]) for ahead in range(1, _SCORED_YEARS + 1) if (level, ahead) in together
            )
            for level in Level
        }
    )


def _enough(origins: list[np.ndarray]) -> float:
    listed = np.concatenate(origins)
    share = min(1.0, INTERVAL_SHARE * (1 + 1 / len(listed)))
    return float(np.quantile(listed, share, method="higher"))


def spread_of(cohorts: Cohorts, reference: Spread | None = None) -> Spread:
    """The stretch for a county's forecasts: by its own back-tests where there are enough, else the reference's."""
    known = reference or reference_spread()
    found = scores(cohorts) if len(cohorts.years) > _FEWEST_ORIGINS else {}
    own = {key: origins for key, origins in found.items() if _are_enough(origins)}
    return Spread(
        {
            level: tuple(
                _enough(own[level, ahead]) if (level, ahead) in own else known.at(level, ahead)
                for ahead in range(1, _SCORED_YEARS + 1)
            )
            for level in Level
        },
        frozenset(ahead for level, ahead in own if level is Level.SCHOOL),
    )


def _are_enough(origins: list[np.ndarray]) -> bool:
    return len(origins) >= _FEWEST_ORIGINS and sum(map(len, origins)) >= _FEWEST_OUTCOMES


@dataclass(frozen=True)
class _Reference:
    counties: Whole
    note: Text
    stretch: ByName[ByName[Number]]


@cache
def reference_spread() -> Spread:
    """The stretch pooled over the reference counties."""
    read = RulesFile(_Reference, lambda _: ()).read(_REFERENCE)
    return Spread({level: tuple(float(x) for x in read.stretch[level].values()) for level in Level})
