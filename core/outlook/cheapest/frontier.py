"""What each budget buys: the best plans from nothing to everything, for money laid against passing school rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.outlook.baseline import Baseline
from core.outlook.cheapest.cheapest import cheapest_plan
from core.outlook.cheapest.model import NO_CAPS, Caps
from core.outlook.remedies.coefficients import Judge
from core.progress import Tell, unheard
from core.rules.prices import SALARY_YEARS, Prices

STEPS = 8


@dataclass(frozen=True)
class FrontierPoint:
    """The best plan within a budget as it was judged: passing rows, coefficients within their limit."""

    budget_yuan: Decimal
    cost_yuan: Decimal
    rows_met: int
    rows: int
    coefficients_met: int
    coefficients: int
    complete: bool


def frontier(
    baseline: Baseline,
    prices: Prices,
    judge: Judge,
    *,
    caps: Caps = NO_CAPS,
    moves_within_km: float | None = None,
    salary_years: int = SALARY_YEARS,
    most_hires: int | None = None,
    steps: int = STEPS,
    tell: Tell = unheard,
) -> tuple[FrontierPoint, ...]:
    """The plans for even steps of money up to the cheapest complete plan, the first for none, each once.

    Rows and coefficients alone, nothing for the items. May be stopped. Empty when caps allow no complete plan. Raises as `cheapest_plan` does.
    """

    def plan_for(budget: Decimal | None) -> FrontierPoint | None:
        plan = cheapest_plan(
            baseline,
            prices,
            judge,
            caps=caps,
            budget_yuan=budget,
            moves_within_km=moves_within_km,
            salary_years=salary_years,
            most_hires=most_hires,
            with_bound=False,
        )
        if plan.bindings:
            return None
        rows, balance = plan.after.schools_part, plan.after.balance_part
        return FrontierPoint(
            plan.cost_yuan if budget is None else budget,
            plan.cost_yuan,
            rows.met,
            rows.total,
            balance.met,
            balance.total,
            plan.complete,
        )

    tell(0.0)
    last = plan_for(None)
    if last is None:
        return ()
    points: list[FrontierPoint] = []
    for step in range(steps):
        tell((step + 1) / (steps + 1))
        point = plan_for(last.cost_yuan * step // steps)
        if point is not None and (not points or point.cost_yuan != points[-1].cost_yuan):
            points.append(point)
    if points and points[-1].cost_yuan == last.cost_yuan:
        points.pop()
    return (*points, last)
