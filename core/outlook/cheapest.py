"""达标规划: the cheapest plan with which every school row and every coefficient passes, judged again by the method.

Whole units under prices, caps and a budget. The proven lower bound stands beside the cost. Where the budget is too
small: most passing rows, then the least shortfall, then cost. Where caps make it impossible, the caps that bind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.method.changes import Change
from core.outlook.baseline import Baseline
from core.outlook.levelling import Judge
from core.outlook.levers import RESOURCES
from core.outlook.plan_bound import Bound, least_cost
from core.outlook.plan_budget import units_within
from core.outlook.plan_model import CODES, NO_CAPS, SHARED, Caps, PlanModel, plan_model
from core.outlook.plan_search import Binding, Impossible, cheapest_units
from core.rules.prices import Prices

SALARY_YEARS = 3
# Should the exact judgement find a coefficient over its limit by a hair, the plan is made anew for less than it.
_TIGHTER, _ATTEMPTS = 0.9995, 4


@dataclass(frozen=True)
class Purchase:
    """Whole units for one school; teachers name their stage. Yearly costs count for the plan's salary years."""

    school_id: str
    stage: str | None
    code: str
    units: int
    yuan: Decimal


@dataclass(frozen=True)
class Plan:
    """A plan as it was judged again.

    `complete` says that no row and no coefficient fails afterwards; what was not reported can still not be judged
    and stands in `unreported`. `bound_yuan` is the cost below which no complete plan exists, None when it was not
    proven. `bindings` are the caps that make a complete plan impossible; then nothing is bought.
    """

    purchases: tuple[Purchase, ...]
    changes: tuple[Change, ...]
    cost_yuan: Decimal
    bound_yuan: Decimal | None
    before: Assessment
    after: Assessment
    complete: bool
    unreported: tuple[tuple[str, str], ...]
    bindings: tuple[Binding, ...]

    @property
    def gap_share(self) -> float | None:
        """How far the cost is above the bound at most, as a share; None without a bound or an incomplete plan."""
        if self.bound_yuan is None or not self.complete or not self.cost_yuan:
            return None
        return max(0.0, float((self.cost_yuan - self.bound_yuan) / self.cost_yuan))


def cheapest_plan(
    baseline: Baseline,
    prices: Prices,
    judge: Judge,
    *,
    caps: Caps = NO_CAPS,
    budget_yuan: Decimal | None = None,
    salary_years: int = SALARY_YEARS,
    with_bound: bool = True,
) -> Plan:
    """The cheapest plan found for a county. `judge` judges changes on the baseline's facts.

    Raises RequestInvalid for prices or salary years of nought and budgets or caps below it.
    """
    if salary_years < 1:
        raise RequestInvalid(f"工资计入年数应至少 1 年，现为 {salary_years} 年。")
    if budget_yuan is not None and budget_yuan < 0:
        raise RequestInvalid(f"预算不能为负数，现为 {budget_yuan:f} 元。")
    model = plan_model(baseline, prices, caps, salary_years)
    minimum_met = int(baseline.standard.school_rule.minimum_met)
    bound = least_cost(model, minimum_met) if with_bound else None
    tried = model
    for _ in range(_ATTEMPTS):
        try:
            units = cheapest_units(tried, minimum_met, None if bound is None else bound.units)
        except Impossible as found:
            return _judged(baseline, model, np.zeros_like(model.to_limit), judge, None, found.bindings)
        if budget_yuan is not None and model.cost(units) > float(budget_yuan):
            units = units_within(model, float(budget_yuan), minimum_met)
            return _judged(baseline, model, units, judge, bound, ())
        plan = _judged(baseline, model, units, judge, bound, ())
        if plan.complete:
            break
        tried = replace(tried, cv_limit=tried.cv_limit * _TIGHTER)
    return plan


def _judged(
    baseline: Baseline,
    model: PlanModel,
    units: np.ndarray,
    judge: Judge,
    bound: Bound | None,
    bindings: tuple[Binding, ...],
) -> Plan:
    purchases = _purchases(model, units)
    changes = tuple(
        Change(p.school_id, p.stage, fact, "add", Decimal(p.units))
        for p in purchases
        for fact in RESOURCES[p.code].facts
    )
    after = judge(changes)
    failing = [*(row.verdict for row in after.rows), *(b.verdict for b in after.balance)]
    return Plan(
        purchases,
        changes,
        sum((p.yuan for p in purchases), Decimal(0)),
        None if bound is None else Decimal(repr(round(bound.yuan, 2))),
        baseline.assessment,
        after,
        Verdict.NOT_MET not in failing,
        tuple(row.key for row in after.rows if row.verdict is Verdict.NOT_ASSESSABLE),
        bindings,
    )


def _purchases(model: PlanModel, units: np.ndarray) -> tuple[Purchase, ...]:
    """What is bought, school by school; a school's premises once."""
    seen: set[tuple[str, int]] = set()
    purchases = []
    for row, place in zip(*np.nonzero(units), strict=True):
        school_id, stage = model.keys[row]
        if SHARED[place]:
            if (school_id, int(place)) in seen:
                continue
            seen.add((school_id, int(place)))
        count = int(units[row, place])
        yuan = count * Decimal(repr(float(model.price[place])))
        purchases.append(Purchase(school_id, None if SHARED[place] else stage, CODES[place], count, yuan))
    return tuple(purchases)
