"""The best that a budget too small for all buys: most passing rows, then the least shortfall, then the cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.outlook.cheapest.model import CODES, L1, SHARED, PlanModel
from core.outlook.cheapest.search import cost_of_rows, reachable, row_choices, rows_pass


@dataclass(frozen=True)
class Affordable:
    """What a budget buys; `next_row` is the row it did not suffice for that costs least, `next_yuan` what it takes to
    bring that one through as well. None where every row passes or none can within the caps.
    """

    units: np.ndarray
    next_row: int | None
    next_yuan: float


def units_within(model: PlanModel, budget: float, minimum_met: int) -> Affordable:
    """Whole units within the budget: the cheapest rows to bring through one after the other, then what narrows the
    remaining rows' shortfall most per yuan. With more money the same rows come first, so nothing gets worse.
    """
    units = np.zeros_like(model.to_limit)
    next_row, next_yuan = None, 0.0
    most, left = reachable(model), budget
    open_rows = set(np.flatnonzero(~rows_pass(model, units, minimum_met)).tolist())
    need = np.zeros_like(model.to_limit)
    while open_rows:
        offers = [(*_cheapest(model, row, need, most, minimum_met), row) for row in sorted(open_rows)]
        more, wanted, row = min(offers, key=lambda offer: (offer[0], offer[2]))
        if more > left:
            if np.isfinite(more):
                next_row, next_yuan = row, budget - left + more
            break
        need[row] = wanted
        left -= more
        open_rows -= {row}
    units = model.bought(need)
    return Affordable(_narrowed(model, units, left, most, open_rows), next_row, next_yuan)


def shortfall(model: PlanModel, units: np.ndarray, minimum_met: int) -> float:
    """How far the rows that do not pass stay below their limits in all, in shares of the limits."""
    failing = ~rows_pass(model, units, minimum_met)
    missing = np.maximum(0, model.limit_need - model.effective(units)) * model.unit_value
    return float(missing[failing].sum())


def _cheapest(
    model: PlanModel, row: int, need: np.ndarray, most: np.ndarray, minimum_met: int
) -> tuple[float, np.ndarray]:
    """What it costs beyond the needs so far to bring a row through, and with which units."""
    rows = np.flatnonzero(model.school == model.school[row])
    before = cost_of_rows(model, rows, need[rows])
    place = int(np.flatnonzero(rows == row)[0])
    best: tuple[float, np.ndarray] = (float("inf"), need[row])
    for choice in row_choices(model, np.array([row]), most, minimum_met):
        wanted = need[rows].copy()
        wanted[place] = choice[0]
        more = cost_of_rows(model, rows, wanted) - before
        if more < best[0]:
            best = (more, choice[0])
    return best


def _narrowed(model: PlanModel, units: np.ndarray, left: float, most: np.ndarray, open_rows: set[int]) -> np.ndarray:
    """Spend what is left where a yuan takes most off the failing rows' distance to their limits."""
    units = units.copy()
    gained = model.effective(units)
    offers = [
        (float(model.unit_value[row, code] / model.price[code]), row, code)
        for row in sorted(open_rows)
        for code in range(len(CODES))
        if gained[row, code] < model.to_limit[row, code]
    ]
    for _, row, code in sorted(offers, key=lambda offer: (-offer[0], offer[1], offer[2])):
        lacking = int(model.to_limit[row, code] - model.effective(units)[row, code])
        affordable = int(left // model.price[code])
        room = int((model.cap if code == L1 else most)[row, code] - units[row, code])
        count = min(lacking, affordable, room)
        if count > 0:
            rows = model.school == model.school[row] if SHARED[code] else np.arange(len(units)) == row
            units[rows, code] += count
            left -= count * float(model.price[code])
    return units
