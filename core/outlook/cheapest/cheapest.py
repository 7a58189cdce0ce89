"""补短板测算: the cheapest plan with which every school row and every coefficient passes, judged again by the method.

Whole units under prices, caps and a budget, with or without teachers moving between schools (县管校聘). The proven
lower bound stands beside the cost. Where the budget is too small: most passing rows, then the least shortfall, then
cost. Where caps make it impossible, the caps that bind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.method.changes import Change
from core.outlook.baseline import Baseline, Place
from core.outlook.cheapest.bindings import Binding, Impossible, PostsBinding
from core.outlook.cheapest.bound import Bound, least_cost
from core.outlook.cheapest.budget import shortfall, units_within
from core.outlook.cheapest.model import CODES, L1, L3, NO_CAPS, SHARED, Caps, PlanModel, plan_model
from core.outlook.cheapest.moves import KINDS, Exchange, exchange_within, moved_instead, shortest, whole_moves
from core.outlook.cheapest.necessary import NOTHING_NECESSARY, Necessary
from core.outlook.cheapest.purchases import Purchase, bought
from core.outlook.cheapest.search import cheapest_units, rows_pass
from core.outlook.remedies.coefficients import Judge
from core.outlook.what_if.lever_changes import move_changes
from core.outlook.what_if.levers import AddResource, Lever, MoveTeachers
from core.progress import Tell, unheard
from core.rules.prices import SALARY_YEARS, Prices

# Should the exact judgement find a coefficient over its limit by a hair, the plan is made anew for less than it.
_TIGHTER, _ATTEMPTS = 0.9995, 4
# A plan that costs a thousandth more than what is proven is called the cheapest.
_NOTICEABLE = 0.001
# How much dearer hires are made in turn where posts are short.
_HIRE_WEIGHTS = (1.0, 1.5, 2.5, 5.0, 20.0, 400.0)


@dataclass(frozen=True)
class Move:
    """Teachers of a kind who change school; `km` as the crow flies, None where a seat is not known."""

    code: str
    stage: str
    from_school: str
    to_school: str
    count: int
    km: float | None
    yuan: Decimal


@dataclass(frozen=True)
class CheapestPlan:
    """A plan as it was judged again.

    `necessary` is what is bought for the items beside the `purchases` for rows and coefficients; `left_out` says that it was
    asked for and did not fit. `complete` says that no
    row and no coefficient fails afterwards; what was not reported can still not be judged and stands in `unreported`. `bound_yuan` is the cost below which no complete plan exists, None when it was not
    proven. `bindings` are the caps that make a complete plan impossible; then nothing is bought. `next_row` is the
    cheapest row that a budget too small leaves failing, `next_yuan` the budget with which it passes too.
    """

    purchases: tuple[Purchase, ...]
    moves: tuple[Move, ...]
    changes: tuple[Change, ...]
    cost_yuan: Decimal
    bound_yuan: Decimal | None
    before: Assessment
    after: Assessment
    complete: bool
    unreported: tuple[tuple[str, str], ...]
    bindings: tuple[Binding, ...]
    next_row: tuple[str, str] | None
    next_yuan: Decimal
    necessary: Necessary = NOTHING_NECESSARY
    left_out: bool = False

    @property
    def every_purchase(self) -> tuple[Purchase, ...]:
        """Everything that is bought."""
        return (*self.necessary.purchases, *self.purchases)

    @property
    def still_failing(self) -> tuple[str, ...]:
        """The county items that fail all the same, by code."""
        return tuple(i.code for i in self.after.items if i.verdict is Verdict.NOT_MET)

    @property
    def is_cheapest(self) -> bool:
        """Whether no complete plan that buys the same for the items can cost noticeably less."""
        is_proven = self.gap_share is not None and self.gap_share <= _NOTICEABLE
        return self.complete and is_proven and not self.left_out and not self.necessary.unstaffed

    @property
    def gap_share(self) -> float | None:
        """How far the cost is above the bound at most, as a share; None without a bound or an incomplete plan."""
        if self.bound_yuan is None or not self.complete or not self.cost_yuan:
            return None
        return max(0.0, float((self.cost_yuan - self.bound_yuan) / self.cost_yuan))


@dataclass(frozen=True)
class _Found:
    """What a plan buys and who moves, before it is judged."""

    units: np.ndarray
    moves: np.ndarray | None
    yuan: float
    next_row: int | None = None
    next_yuan: float = 0.0


def plan_levers(plan: CheapestPlan, present: Baseline) -> list[Lever]:
    """A plan as wishes on the present: who moves, what each school gets.

    A row that the present does not evaluate, because the plan is for a coming year's pupils, gets plain changes.
    """
    rows = {row.key for row in present.assessment.rows}
    schools = {school_id for school_id, _ in rows}
    levers: list[Lever] = [*plan.necessary.changes]
    levers += [MoveTeachers(m.code, m.count, m.from_school, m.to_school, m.stage) for m in plan.moves]
    for p in plan.purchases:
        if (p.school_id in schools) if p.stage is None else ((p.school_id, p.stage) in rows):
            levers.append(AddResource(p.code, p.units, Place("school", p.school_id), p.stage))
        else:
            levers += bought(p)
    return levers


def cheapest_plan(
    baseline: Baseline,
    prices: Prices,
    judge: Judge,
    *,
    caps: Caps = NO_CAPS,
    budget_yuan: Decimal | None = None,
    moves_within_km: float | None = None,
    salary_years: int = SALARY_YEARS,
    most_hires: int | None = None,
    with_bound: bool = True,
    tell: Tell = unheard,
) -> CheapestPlan:
    """The cheapest plan found for a county. `judge` judges changes on the baseline's facts.

    Teachers move between schools no farther apart than `moves_within_km` (inf: any distance, None: nobody moves). No more
    than `most_hires` are hired (None: any number).
    `tell` hears how far it is and may stop it. Raises RequestInvalid for prices or salary years of nought, a distance of nought, budgets or caps below it.
    """
    if salary_years < 1:
        raise RequestInvalid(f"工资计入年数应至少 1 年，现为 {salary_years} 年。")
    if budget_yuan is not None and budget_yuan < 0:
        raise RequestInvalid(f"预算不能为负数，现为 {budget_yuan:f} 元。")
    model = plan_model(baseline, prices, caps, salary_years)
    exchange = None
    if moves_within_km is not None:
        exchange = exchange_within(baseline, model, prices, salary_years, moves_within_km)
    minimum_met = int(baseline.standard.school_rule.minimum_met)
    guided = with_bound or exchange is not None or most_hires is not None
    bound = least_cost(model, minimum_met, exchange, most_hires, tell) if guided else None
    nothing = _Found(np.zeros_like(model.limit_need), None, 0.0)
    tried = model
    for attempt in range(_ATTEMPTS):
        tell(attempt / _ATTEMPTS)
        try:
            found = _within_posts(tried, exchange, minimum_met, bound, most_hires)
        except Impossible as impossible:
            return _judged(baseline, model, exchange, nothing, judge, None, impossible.bindings)
        if budget_yuan is not None and found.yuan > float(budget_yuan):
            found = _within_budget(model, exchange, found.moves, float(budget_yuan), minimum_met)
            return _judged(baseline, model, exchange, found, judge, bound, ())
        plan = _judged(baseline, model, exchange, found, judge, bound, ())
        if plan.complete:
            break
        tried = replace(tried, cv_limit=tried.cv_limit * _TIGHTER)
    return plan


def _within_posts(
    model: PlanModel, exchange: Exchange | None, minimum_met: int, bound: Bound | None, most_hires: int | None
) -> _Found:
    """The cheapest plan that hires no more: hires are made dearer until the search avoids them. Raises Impossible."""
    fewest = 0
    for weight in _HIRE_WEIGHTS:
        price = model.price.copy()
        price[[L1, L3]] *= weight
        found = _cheapest(replace(model, price=price), exchange, minimum_met, bound)
        hired = int(found.units[:, [L1, L3]].sum())
        if most_hires is None or hired <= most_hires:
            moved = 0.0 if exchange is None or found.moves is None else exchange.cost(found.moves)
            return replace(found, yuan=model.cost(found.units) + moved)
        fewest = min(fewest or hired, hired)
    raise Impossible([PostsBinding(fewest, most_hires or 0)])


def _cheapest(model: PlanModel, exchange: Exchange | None, minimum_met: int, bound: Bound | None) -> _Found:
    """The cheaper of the plans with and without moves. Raises Impossible where neither can be."""
    guide = None if bound is None else bound.units
    if exchange is None or bound is None or bound.moves is None:
        units = cheapest_units(model, minimum_met, guide)
        return _Found(units, None, model.cost(units))
    plans: list[_Found] = []
    blocked: Impossible | None = None
    flows = whole_moves(exchange, bound.moves)
    for start in (flows, np.zeros_like(flows)):
        try:
            units = cheapest_units(exchange.moved(model, start), minimum_met, guide)
        except Impossible as impossible:
            blocked = impossible
            continue
        moves, units = moved_instead(model, exchange, start, units, minimum_met)
        plans.append(_Found(units, shortest(model, exchange, moves), model.cost(units) + exchange.cost(moves)))
    if not plans:
        raise blocked or Impossible([])
    return min(plans, key=lambda plan: plan.yuan)


def _within_budget(
    model: PlanModel, exchange: Exchange | None, moves: np.ndarray | None, budget: float, minimum_met: int
) -> _Found:
    """The best within a budget: with the moves of the complete plan, where it pays for them, or without."""
    plain = units_within(model, budget, minimum_met)
    found = [(_Found(plain.units, None, model.cost(plain.units), plain.next_row, plain.next_yuan), model)]
    if exchange is not None and moves is not None and (fares := exchange.cost(moves)) <= budget:
        after = exchange.moved(model, moves)
        more = units_within(after, budget - fares, minimum_met)
        yuan = model.cost(more.units) + fares
        found.append((_Found(more.units, moves, yuan, more.next_row, more.next_yuan + fares), after))

    def worth(option: tuple[_Found, PlanModel]) -> tuple[int, float, float]:
        plan, after = option
        passing = int(rows_pass(after, plan.units, minimum_met).sum())
        return (-passing, shortfall(after, plan.units, minimum_met), plan.yuan)

    return min(found, key=worth)[0]


def _judged(
    baseline: Baseline,
    model: PlanModel,
    exchange: Exchange | None,
    found: _Found,
    judge: Judge,
    bound: Bound | None,
    bindings: tuple[Binding, ...],
) -> CheapestPlan:
    purchases = _purchases(model, found.units)
    moves = () if exchange is None or found.moves is None else _moves(model, exchange, found.moves)
    changes = [
        change
        for m in moves
        for change in move_changes(MoveTeachers(m.code, m.count, m.from_school, m.to_school, m.stage))
    ]
    changes += [change for p in purchases for change in bought(p)]
    after = judge(changes)
    costs = [*(p.yuan for p in purchases), *(m.yuan for m in moves)]
    failing = [*(row.verdict for row in after.rows), *(b.verdict for b in after.balance)]
    return CheapestPlan(
        purchases,
        moves,
        tuple(changes),
        sum(costs, Decimal(0)),
        None if bound is None else Decimal(repr(round(bound.yuan, 2))),
        baseline.assessment,
        after,
        Verdict.NOT_MET not in failing,
        tuple(row.key for row in after.rows if row.verdict is Verdict.NOT_ASSESSABLE),
        bindings,
        None if found.next_row is None else model.keys[found.next_row],
        Decimal(repr(round(found.next_yuan, 2))),
    )


def _moves(model: PlanModel, exchange: Exchange, moves: np.ndarray) -> tuple[Move, ...]:
    """Who moves, by stage and kind, the nearest first."""
    found = []
    for pair, place in zip(*np.nonzero(moves), strict=True):
        (giver, stage), (taker, _) = (model.keys[row] for row in exchange.pairs[pair])
        count, km = int(moves[pair, place]), float(exchange.km[pair])
        yuan = count * Decimal(repr(exchange.price))
        found.append(Move(CODES[KINDS[place]], stage, giver, taker, count, None if np.isinf(km) else km, yuan))
    return tuple(sorted(found, key=lambda m: (m.stage, m.code, m.km or 0.0, m.from_school, m.to_school)))


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
