"""Teachers who move instead of being hired: fewer yuan, nobody sent who is not there, nobody sent too far."""

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from math import inf

import numpy as np
import pytest

from core.errors import RequestInvalid
from core.outlook.baseline import Baseline
from core.outlook.cheapest.cheapest import CheapestPlan, cheapest_plan
from core.outlook.cheapest.model import NO_CAPS, plan_model
from core.outlook.cheapest.moves import exchange_within
from core.outlook.what_if.levers import HIRED, RESOURCES
from core.store.database import Store
from tests.outlook.cheapest.test_cheapest import PRICES, must_pass, of_year
from tests.support.counties import random_tables
from tests.support.county_builder import YEAR
from tests.support.samples import seeds
from tests.support.small_county import SmallCounty, stored


def must_be_possible(plan: CheapestPlan, present: Baseline, most_km: float) -> None:
    """Only public schools exchange teachers, no farther than agreed, no more than they have."""
    seats = {place.school_id: place for place in present.places}
    sent: Counter[tuple[str, str, str]] = Counter()
    for move in plan.moves:
        assert move.count > 0 and move.from_school != move.to_school
        assert seats[move.from_school].ownership == seats[move.to_school].ownership == "public"
        assert most_km == inf or (move.km is not None and move.km <= most_km)
        for fact in {*HIRED, RESOURCES[move.code].fact}:
            sent[move.from_school, move.stage, fact] += move.count
    for (school_id, stage, fact), count in sent.items():
        assert count <= (present.facts.enrolment[school_id, stage][fact] or 0)
    for fact in ("teachers_above_degree", "backbone_teachers", "pe_arts_teachers"):
        bought = sum(p.units for p in plan.purchases if fact in RESOURCES[p.code].facts)
        assert sum(c.amount for c in plan.changes if c.fact == fact) == bought, "a move adds nobody to the county"


@pytest.mark.parametrize("year", [2018, pytest.param(2020, marks=pytest.mark.long)])
def test_a_plan_with_moves_passes_and_costs_no_more(demo: Store, year: int) -> None:
    present, judge = of_year(demo, year)
    alone = cheapest_plan(present, PRICES, judge)
    assert alone.moves == ()
    costs = [alone.cost_yuan]
    for most_km in (5.0, 30.0, inf):
        plan = cheapest_plan(present, PRICES, judge, moves_within_km=most_km)
        must_pass(plan)
        must_be_possible(plan, present, most_km)
        assert plan.bound_yuan is not None and plan.bound_yuan <= plan.cost_yuan <= alone.cost_yuan
        assert plan.gap_share is not None and plan.gap_share < 0.05
        assert plan.cost_yuan == sum((p.yuan for p in plan.purchases), Decimal(0)) + sum(m.yuan for m in plan.moves)
        costs.append(plan.cost_yuan)
    assert costs[-1] < costs[0], "any distance saves something in a county with much to repair"
    assert judge(()) == present.assessment


@pytest.mark.parametrize("seed", seeds(3, 8, first=100))
def test_plans_with_moves_of_random_counties_pass_or_name_the_cap(seed: int) -> None:
    rng = random.Random(seed)
    with stored(random_tables(rng, rng.randint(8, 14))) as store:
        present, judge = of_year(store, YEAR)
        plan = cheapest_plan(present, PRICES, judge, moves_within_km=inf)
        if not plan.bindings:
            must_pass(plan)
            must_be_possible(plan, present, inf)


def test_more_money_never_makes_a_plan_with_moves_worse(demo: Store) -> None:
    present, judge = of_year(demo, 2018)
    full = cheapest_plan(present, PRICES, judge, moves_within_km=30.0)
    passing = []
    for tenths in range(0, 11, 2):
        budget = full.cost_yuan * tenths / 10
        plan = cheapest_plan(present, PRICES, judge, budget_yuan=budget, moves_within_km=30.0)
        assert plan.cost_yuan <= budget
        passing.append(plan.after.schools_part.met)
    assert passing == sorted(passing) and passing[-1] == full.after.schools_part.met


def test_the_moves_are_laid_out_over_the_fewest_kilometres(demo: Store) -> None:
    present, judge = of_year(demo, 2018)
    plan = cheapest_plan(present, PRICES, judge, moves_within_km=30.0)
    by_kind: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for move in plan.moves:
        by_kind.setdefault((move.stage, move.code), []).append((move.from_school, move.to_school))
    model = plan_model(present, PRICES, NO_CAPS, 3)
    exchange = exchange_within(present, model, PRICES, 3, 30.0)
    assert exchange is not None
    ids = [model.keys[row][0] for row in range(len(model.keys))]
    km = {(ids[a], ids[b]): d for (a, b), d in zip(exchange.pairs.tolist(), exchange.km.tolist(), strict=True)}
    for pairs in by_kind.values():
        for one, two in ((a, b) for a in pairs for b in pairs):
            swapped = km.get((one[0], two[1])), km.get((two[0], one[1]))
            if None not in swapped:
                assert km[one] + km[two] <= sum(s for s in swapped if s is not None) + 1e-6


def test_schools_that_cannot_exchange_take_no_part(demo: Store) -> None:
    present, judge = of_year(demo, 2018)
    model = plan_model(present, PRICES, NO_CAPS, 3)
    exchange = exchange_within(present, model, PRICES, 3, 30.0)
    assert exchange is not None and np.isfinite(exchange.km).all()
    private = replace(present, places=tuple(replace(p, ownership="private") for p in present.places))
    assert exchange_within(private, model, PRICES, 3, inf) is None
    assert cheapest_plan(private, PRICES, judge, moves_within_km=inf).moves == ()
    unplaced = replace(present, places=tuple(replace(p, lon=None, lat=None) for p in present.places))
    assert exchange_within(unplaced, model, PRICES, 3, 30.0) is None
    assert exchange_within(unplaced, model, PRICES, 3, inf) is not None


def test_a_distance_or_price_of_nought_is_refused(demo: Store) -> None:
    present, judge = of_year(demo, 2018)
    with pytest.raises(RequestInvalid, match="交流距离应大于 0"):
        cheapest_plan(present, PRICES, judge, moves_within_km=0)
    free = {**PRICES, "teacher_move": replace(PRICES["teacher_move"], yuan=Decimal(0))}
    with pytest.raises(RequestInvalid, match="单价应大于 0"):
        cheapest_plan(present, free, judge, moves_within_km=30.0)


@pytest.mark.parametrize(("backbone", "pe_arts"), [(30, 30), (30, 9), (9, 30)])
def test_nobody_leaves_so_many_that_fewer_teachers_stay_than_are_counted_among_them(
    backbone: int, pe_arts: int
) -> None:
    small = SmallCounty()
    for school_id, pupils, degree, held in (("A", 500, 60, (backbone, pe_arts)), ("B", 1000, 3, (30, 30))):
        amounts = {"L1": str(degree), "L2": str(held[0]), "L3": str(held[1])}
        small.school(
            school_id,
            "primary",
            {"primary": pupils},
            amounts,
            teachers="60",
            certified_teachers="60",
            trained_teachers="60",
        )
    small.school("J", "junior", {"junior": 1000})
    with stored(small.tables) as store:
        present, judge = of_year(store, YEAR)
        plan = cheapest_plan(present, PRICES, judge, moves_within_km=inf)
        must_pass(plan)
        gone = sum(move.count for move in plan.moves if move.from_school == "A")
        kept = {code: sum(m.count for m in plan.moves if m.code == code) for code in ("L2", "L3")}
        assert 60 - gone >= max(backbone - kept["L2"], pe_arts - kept["L3"])
