"""The fewest whole units that bring a coefficient of variation within its limit, and whether fewer are ruled out.

With X the value of a row, p its share of the pupils, S = ΣpX and Q = ΣpX², CV ≤ limit is √Q ≤ kS with k = √(1 + limit²).
As √Q is the least of (Q/t + t)/2 over t > 0, taken at t = √Q, units suffice when for some t the sum of pX²/2t − kpX is at
most −t/2. For a given t that sum is separable and convex, so units go where they lower it most, and no other choice needs
fewer. What is left is a search over the one number t. While √Q lies between a and b it is above the chord
(Q + ab)/(a + b): a sum of the same kind, which bounds how few units can do there and rules intervals out.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

_HALVINGS = 60
_FIRST_INTERVALS = 8
_MOST_EVALUATIONS = 600
# A bound forgives this much (as a share of the sum), so that no solution is ruled out by rounding.
_FORGIVEN = 1e-10


@dataclass(frozen=True)
class FewestUnits:
    """Whole units by row; `proven` where no distribution of fewer units suffices."""

    units: np.ndarray
    proven: bool


def coefficient(pupils: np.ndarray, amounts: np.ndarray) -> float:
    """The enrolment-weighted coefficient of variation of what the schools hold."""
    mean = amounts.sum() / pupils.sum()
    shares = pupils / pupils.sum()
    return float(np.sqrt((shares * (amounts / pupils / mean - 1) ** 2).sum()))


def fewest_units(pupils: np.ndarray, amounts: np.ndarray, shares: np.ndarray, limit: float) -> FewestUnits:
    """The fewest units for rows of so many `pupils` that hold these `amounts` and receive these `shares` of a unit.

    The coefficient of the rows must be defined and over the limit.
    """
    county = _County(pupils, amounts, shares, limit)
    if np.ptp(shares) == 0:
        # Every unit lifts the mean alike: whatever is lowest comes first, and t changes nothing.
        return FewestUnits(county.evened(), True)
    best = county.evened()
    intervals: list[tuple[int, float, float]] = []
    low, high = county.least_t(), county.most_t(int(best.sum()))
    steps = np.geomspace(low, high, _FIRST_INTERVALS + 1)
    for start, end in pairwise(steps):
        heappush(intervals, (0, float(start), float(end)))
    for _ in range(_MOST_EVALUATIONS):
        bound, start, end = heappop(intervals)
        if bound >= best.sum():
            return FewestUnits(best, True)
        middle = float(np.sqrt(start * end))
        found = county.units_at(middle, middle)
        if found is not None and found.sum() < best.sum():
            best = found
        for left, right in ((start, middle), (middle, end)):
            possible = county.units_at((left + right) / 2, 2 * left * right / (left + right), _FORGIVEN)
            if possible is not None:
                heappush(intervals, (int(possible.sum()), left, right))
        if not intervals:
            return FewestUnits(best, True)
    return FewestUnits(best, bool(min(intervals)[0] >= best.sum()))


class _County:
    """The rows of one stage and one resource, and what units do to them."""

    def __init__(self, pupils: np.ndarray, amounts: np.ndarray, shares: np.ndarray, limit: float) -> None:
        self._part = pupils / pupils.sum()
        self._value = amounts / pupils
        self._step = shares / pupils
        self._shares = shares
        self._k = float(np.sqrt(1 + limit * limit))
        self._limit = limit
        self._pupils, self._amounts = pupils, amounts

    def least_t(self) -> float:
        """No smaller t can serve: √Q is at least the mean."""
        return max(float((self._part * self._value).sum()), np.finfo(float).tiny)

    def most_t(self, units: int) -> float:
        """Nor a larger one than the limit of a mean that so many units can reach."""
        lifted = float((self._part * self._value).sum()) + units * float(self._shares.max() / self._pupils.sum())
        return self._k * lifted * (1 + 1e-9)

    def evened(self) -> np.ndarray:
        """Units for the lowest rows first, until the coefficient is within the limit."""
        low, high = float(self._value.min()), float(self._value.max() + self._step.max())

        def lifted(level: float) -> np.ndarray:
            units: np.ndarray = np.maximum(0, np.floor((level - self._value) / self._step + 0.5))
            return units

        def suffices(units: np.ndarray) -> bool:
            return coefficient(self._pupils, self._amounts + units * self._shares) <= self._limit

        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if suffices(lifted(middle)) else (middle, high)
        units = lifted(low)
        while not suffices(units):
            units[np.argmin(self._value + (units + 0.5) * self._step)] += 1
        return units

    def units_at(self, t: float, constant: float, forgiven: float = 0.0) -> np.ndarray | None:
        """The fewest units with which the sum at `t` is at most −constant/2; None where no number of them is enough."""

        def sum_with(units: np.ndarray) -> float:
            value = self._value + units * self._step
            return float((self._part * (value * value / (2 * t) - self._k * value)).sum()) + constant / 2

        def gained(least: float) -> np.ndarray:
            """All units that lower the sum by more than `least` (in the unit of the marginal below)."""
            most = (t * (self._k - least / self._shares) - self._value) / self._step
            units: np.ndarray = np.maximum(0, np.floor(most + 0.5))
            return units

        enough = forgiven * self._k * t
        if sum_with(gained(0.0)) > enough:
            return None
        if sum_with(np.zeros_like(self._value)) <= enough:
            none: np.ndarray = np.zeros_like(self._value)
            return none
        low, high = 0.0, float((self._shares * (self._k - self._value / t)).max())
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if sum_with(gained(middle)) <= enough else (low, middle)
        units = gained(high)
        marginal = self._shares * (self._k - (self._value + (units + 0.5) * self._step) / t)
        while sum_with(units) > enough:
            place = int(np.argmax(marginal))
            units[place] += 1
            marginal[place] -= self._shares[place] * self._step[place] / t
        return units
