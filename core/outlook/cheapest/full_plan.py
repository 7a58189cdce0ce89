"""补短板测算 for the pass that is asked for: what the items need first, then the cheapest way for the rows and coefficients.

The ceiling of posts (编制) holds for every hire of the plan. Where budget, posts or caps are too small for all, rows and
coefficients come first and nothing is bought for the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.errors import RequestInvalid
from core.method.assessment import Verdict
from core.outlook.baseline import Baseline
from core.outlook.cheapest.cheapest import CheapestPlan, cheapest_plan
from core.outlook.cheapest.model import NO_CAPS, Caps
from core.outlook.cheapest.necessary import NOTHING_NECESSARY, Necessary, Rolls, necessary
from core.outlook.remedies.coefficients import Judge
from core.progress import Tell, unheard
from core.rules.prices import SALARY_YEARS, Prices


@dataclass(frozen=True)
class Terms:
    """The terms of a plan; None is no limit. `for_items` says whether the items are bought for too."""

    caps: Caps = NO_CAPS
    budget_yuan: Decimal | None = None
    posts: int | None = None
    moves_within_km: float | None = None
    salary_years: int = SALARY_YEARS
    for_items: bool = True


ANY_TERMS = Terms()


def full_plan(
    baseline: Baseline, rolls: Rolls, prices: Prices, judge: Judge, terms: Terms = ANY_TERMS, *, tell: Tell = unheard
) -> CheapestPlan:
    """The plan under the terms, judged again. Raises RequestInvalid as `cheapest_plan` does, and for posts below nought."""
    if terms.posts is not None and terms.posts < 0:
        raise RequestInvalid(f"可用编制数不能为负数，现为 {terms.posts} 名。")
    needed = NOTHING_NECESSARY
    if terms.for_items:
        needed = necessary(baseline, rolls, prices, judge, terms.salary_years, terms.caps)
    if not needed.purchases:
        return _beside(needed, baseline, prices, judge, terms, tell)
    fewer_posts = terms.posts is not None and needed.hires > terms.posts
    plan = None if fewer_posts else _beside(needed, baseline, prices, judge, terms, tell)
    is_within = terms.budget_yuan is None or (plan is not None and plan.cost_yuan <= terms.budget_yuan)
    if plan is not None and plan.complete and is_within and not plan.bindings:
        return plan
    # Not everything can be: rows and coefficients come first, and what is left out for that is said.
    rows_only = _beside(Necessary(too_large=needed.too_large), baseline, prices, judge, terms, tell)
    return rows_only if rows_only.bindings else replace(rows_only, left_out=True)


def _beside(
    needed: Necessary, baseline: Baseline, prices: Prices, judge: Judge, terms: Terms, tell: Tell
) -> CheapestPlan:
    """The cheapest plan for rows and coefficients once the items have what they need."""
    start = baseline if not needed.changes else replace(baseline, assessment=judge(needed.changes))
    left = None if terms.budget_yuan is None else terms.budget_yuan - needed.yuan
    plan = cheapest_plan(
        start,
        prices,
        lambda changes: judge([*needed.changes, *changes]),
        caps=needed.left_of(terms.caps),
        budget_yuan=None if left is None or left < 0 else left,
        moves_within_km=terms.moves_within_km,
        salary_years=terms.salary_years,
        most_hires=None if terms.posts is None else terms.posts - needed.hires,
        tell=tell,
    )
    if plan.bindings:
        # Nothing is bought where not everything can be: the county stays as it is.
        return replace(plan, before=baseline.assessment, after=baseline.assessment)
    bound = plan.bound_yuan
    if terms.moves_within_km is not None and needed.hires:
        # Who moves might have staffed the new classes: nothing is proven.
        bound = None
    return replace(
        plan,
        necessary=needed,
        changes=(*needed.changes, *plan.changes),
        cost_yuan=plan.cost_yuan + needed.yuan,
        bound_yuan=None if bound is None else bound + needed.yuan - _spare_hires(needed, plan),
        before=baseline.assessment,
    )


def _spare_hires(needed: Necessary, plan: CheapestPlan) -> Decimal:
    """What the bound must forgo: teachers of new classes might have been hired to even out L3 as well."""
    uneven = {b.stage for b in plan.before.balance if b.code == "L3" and b.verdict is Verdict.NOT_MET}
    spare: Sequence[Decimal] = [p.yuan for p in needed.purchases if p.code == "L1" and p.stage in uneven]
    return sum(spare, Decimal(0))
