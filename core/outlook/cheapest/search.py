"""Finds a cheap set of purchases: each row's cheapest indicator left at its floor, each coefficient's water level.

The two depend on each other only through the levels, so they are found in turn until nothing changes; the best
round counts, and the first is that of each school by itself. At the end every unit that is not needed is given back.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from core.outlook.cheapest.bindings import BalanceBinding, Binding, Impossible, row_bindings
from core.outlook.cheapest.model import CODES, L1, L3, SHARED, PlanModel
from core.rules.standard import STAGES

_ROUNDS, _PASSES, _HALVINGS, _RAISES = 6, 3, 30, 8
# The method judges exactly; in doubles a coefficient stays this share below its limit.
_CAUTION = 1 - 1e-9
_HAIR = 1e-9
_GUIDE_HAIR = 1e-6
_MOST_STEPS = 5000
NOTHING_SPARED = -1


def cheapest_units(model: PlanModel, minimum_met: int, guide: np.ndarray | None = None) -> np.ndarray:
    """Whole units to buy by row and resource, so that every row and coefficient passes.

    `guide` are purchases in fractions, such as the bound's, whose rounding is tried beside the levels.
    Raises Impossible with the binding caps.
    """
    most = reachable(model)
    levels = np.zeros((2, len(CODES)))
    found: list[np.ndarray] = []
    seen: set[bytes] = set()
    blocked: Impossible | None = None
    for _ in range(_ROUNDS):
        try:
            need = _row_needs(model, levels, most, minimum_met)
            if need.tobytes() in seen:
                break
            seen.add(need.tobytes())
            levels = _levels(model, need, most)
        except Impossible as impossible:
            blocked = impossible
            break
        found.append(model.bought(_raised(model, need, levels, most)))
    best = [_give_back(model, min(found, key=model.cost), minimum_met)] if found else []
    if guide is not None and (found or blocked):
        best += _rounded(model, guide, most, minimum_met)
    if not best:
        raise blocked or Impossible([])
    return min(best, key=model.cost)


def _rounded(model: PlanModel, guide: np.ndarray, most: np.ndarray, minimum_met: int) -> list[np.ndarray]:
    """The guide in whole units, rounded down where no row needs more, and what that broke repaired; nothing where
    it cannot be.
    """
    gained = model.effective(guide)
    need = np.minimum(np.floor(gained + _GUIDE_HAIR).astype(np.int64), most)
    for row in range(len(model.keys)):
        rows = np.array([row])
        choices = row_choices(model, rows, most, minimum_met)
        if not choices:
            return []
        need[rows] = min(
            (np.maximum(choice, need[rows]) for choice in choices), key=lambda n: cost_of_rows(model, rows, n)
        )
    units = _balanced(model, model.bought(need))
    return [] if units is None else [_give_back(model, units, minimum_met)]


def _balanced(model: PlanModel, units: np.ndarray) -> np.ndarray | None:
    """Purchases added, one step of the best after the other, until every coefficient is within its limit.

    Best is what lowers the coefficients over their limits most per yuan. None when no purchase helps within the caps.
    """
    units = units.copy()
    groups = [(stage, code) for stage in range(2) for code in range(len(CODES)) if model.balanced[stage, code]]
    for _ in range(_MOST_STEPS):
        values, pull = model.values(units), np.zeros(units.shape)
        for stage, code in groups:
            cv, limit = model.cv(stage, values[:, code]), float(model.cv_limit[stage]) * _CAUTION
            if cv > limit:
                rows = model.stage == stage
                shares = model.pupils[rows] / model.pupils[rows].sum()
                mean = float((shares * values[rows, code]).sum())
                slope = 2 * shares / mean**2 * (values[rows, code] - mean * (1 + cv * cv))
                pull[rows, code] -= slope * model.unit_value[rows, code]
        if not pull.any():
            return units
        pull[:, L3] += pull[:, L1]
        for shared in np.flatnonzero(SHARED):
            together = np.bincount(model.school, pull[:, shared], len(model.school_ids))
            pull[:, shared] = together[model.school]
        step = model.step[None, :]
        gain = np.where(units + step <= model.cap, pull / model.price[None, :], 0)
        best, place = divmod(int(np.argmax(gain)), len(CODES))
        if gain[best, place] <= 0:
            return None
        buyers = model.school == model.school[best] if SHARED[place] else np.arange(len(units)) == best
        units[buyers, place] += model.step[place]
    return None


def reachable(model: PlanModel) -> np.ndarray:
    """The most that each row can gain of each resource: higher degrees also come with other teachers."""
    most = model.cap.copy()
    most[:, L1] = model.cap[:, L1] + model.cap[:, L3]
    return most


def row_choices(model: PlanModel, rows: np.ndarray, most: np.ndarray, minimum_met: int) -> list[np.ndarray]:
    """Every way to make these rows pass within the caps: units needed with one indicator of each row spared, or none."""
    choices = []
    open_to: list[list[int]] = []
    for row in rows:
        gains = [c for c in range(len(CODES)) if model.to_limit[row, c] > model.to_floor[row, c]]
        open_to.append([NOTHING_SPARED, *(gains if minimum_met < len(CODES) else [])])
    for spared in product(*open_to):
        need = model.to_limit[rows].copy()
        for place, code in enumerate(spared):
            if code != NOTHING_SPARED:
                need[place, code] = model.to_floor[rows[place], code]
        if (need <= most[rows]).all():
            choices.append(need)
    return choices


def cost_of_rows(model: PlanModel, rows: np.ndarray, need: np.ndarray) -> float:
    """Yuan for the needs of one school's rows."""
    art = np.maximum(need[:, L3], need[:, L1] - model.cap[rows, L1])
    general = np.maximum(0, need[:, L1] - art)
    cost = (art * model.price[L3] + general * model.price[L1]).sum()
    for place in range(len(CODES)):
        if SHARED[place]:
            cost += need[:, place].max() * model.price[place]
        elif place not in (L1, L3):
            cost += need[:, place].sum() * model.price[place]
    return float(cost)


def _row_needs(model: PlanModel, levels: np.ndarray, most: np.ndarray, minimum_met: int) -> np.ndarray:
    """Units by row and resource, school by school the cheapest way to pass when the levels are reached anyway."""
    chosen = np.zeros_like(model.to_limit)
    at_level = np.minimum(_level_units(model, levels), most)
    bindings: list[Binding] = []
    for school in range(len(model.school_ids)):
        rows = np.flatnonzero(model.school == school)
        choices = row_choices(model, rows, most, minimum_met)
        if choices:
            chosen[rows] = min(choices, key=lambda n: cost_of_rows(model, rows, np.maximum(n, at_level[rows])))
        else:
            chosen[rows] = np.minimum(model.to_limit[rows], most[rows])
            bindings += row_bindings(model, rows, most, minimum_met)
    if bindings:
        raise Impossible([*bindings, *_balance_bindings(model, chosen, most)])
    return chosen


def _balance_bindings(model: PlanModel, need: np.ndarray, most: np.ndarray) -> list[Binding]:
    """The coefficients that the caps keep over their limits, each looked at by itself."""
    found: list[Binding] = []
    levels = np.zeros((2, len(CODES)))
    for stage, code in np.argwhere(model.balanced).tolist():
        if not within(model, model.bought(need), stage, code):
            try:
                _least_level(model, need, levels, most, stage, code)
            except Impossible as impossible:
                found += impossible.bindings
    return found


def _level_units(model: PlanModel, levels: np.ndarray) -> np.ndarray:
    """Units that bring every row to its stage's levels, rounded up."""
    lacking = np.where(model.known, levels[model.stage] - model.value, 0)
    per_unit = np.where(model.unit_value > 0, model.unit_value, 1)
    units: np.ndarray = np.ceil(np.maximum(lacking, 0) / per_unit - _HAIR).astype(np.int64)
    return units


def _raised(model: PlanModel, need: np.ndarray, levels: np.ndarray, most: np.ndarray) -> np.ndarray:
    raised: np.ndarray = np.maximum(need, np.minimum(_level_units(model, levels), most))
    return raised


def within(model: PlanModel, units: np.ndarray, stage: int, code: int) -> bool:
    """Whether a coefficient is within its limit after the purchases."""
    return model.cv(stage, model.values(units)[:, code]) <= float(model.cv_limit[stage]) * _CAUTION


def _levels(model: PlanModel, need: np.ndarray, most: np.ndarray) -> np.ndarray:
    """The least level of each coefficient that keeps it within its limit; 0 where the rows' needs suffice.

    Raises Impossible with the schools whose caps keep a coefficient over its limit.
    """
    levels = np.zeros((2, len(CODES)))
    groups = [(stage, code) for stage in range(2) for code in range(len(CODES)) if model.balanced[stage, code]]
    for _ in range(_PASSES):
        settled = True
        for stage, code in groups:
            if not within(model, model.bought(_raised(model, need, levels, most)), stage, code):
                settled = False
                levels[stage, code] = _least_level(model, need, levels, most, stage, code)
        if settled:
            break
    return levels


def _least_level(
    model: PlanModel, need: np.ndarray, levels: np.ndarray, most: np.ndarray, stage: int, code: int
) -> float:
    here = model.stage == stage
    tried = levels.copy()

    def suffices(level: float) -> bool:
        tried[stage, code] = level
        return within(model, model.bought(_raised(model, need, tried, most)), stage, code)

    values = model.values(model.bought(need))[here, code]
    low, high = float(values.min()), float(values.max())
    raises = 0
    while not suffices(high):
        if raises == _RAISES:
            capped = np.flatnonzero(here & (_level_units(model, tried)[:, code] > most[:, code]))
            schools = dict.fromkeys(model.keys[row][0] for row in capped)
            raise Impossible([BalanceBinding(STAGES[stage], CODES[code], tuple(schools))])
        raises, high = raises + 1, high * 1.5
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if suffices(middle):
            high = middle
        else:
            low = middle
    return high


def rows_pass(model: PlanModel, units: np.ndarray, minimum_met: int) -> np.ndarray:
    """Which rows pass after the purchases; what was not reported is not held against a row."""
    gained = model.effective(units)
    met = (gained >= model.to_limit) | ~model.known
    held = (gained >= model.to_floor) | ~model.known
    passing: np.ndarray = (met.sum(1) >= minimum_met) & held.all(1)
    return passing


def _give_back(model: PlanModel, units: np.ndarray, minimum_met: int) -> np.ndarray:
    """Take back what is not needed, the dearest purchase first, as many units of each as can be spared."""
    units = units.copy()
    held = [(stage, code) for stage in range(2) for code in range(len(CODES)) if model.balanced[stage, code]]
    held = [group for group in held if within(model, units, *group)]
    passing = rows_pass(model, units, minimum_met)

    def still(rows: np.ndarray, codes: list[int]) -> bool:
        if not rows_pass(model, units, minimum_met)[rows & passing].all():
            return False
        stages = set(model.stage[rows])
        return all(within(model, units, s, c) for s, c in held if s in stages and c in codes)

    purchases = [
        (model.price[code] * units[row, code], row, code)
        for row, code in zip(*np.nonzero(units), strict=True)
        if not SHARED[code] or row == np.flatnonzero(model.school == model.school[row])[0]
    ]
    for _, row, code in sorted(purchases, key=lambda p: (-p[0], p[1], p[2])):
        rows = model.school == model.school[row] if SHARED[code] else np.arange(len(model.keys)) == row
        codes = [L1, L3] if code == L3 else [code]
        had, low, high = int(units[row, code]), 0, int(units[row, code])
        while low < high:
            middle = (low + high) // 2
            units[rows, code] = middle
            if still(rows, codes):
                high = middle
            else:
                low = middle + 1
        units[rows, code] = high
        if not still(rows, codes):
            units[rows, code] = had
    return units
