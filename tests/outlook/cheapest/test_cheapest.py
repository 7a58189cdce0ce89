"""A plan, judged again, passes; it costs no more than each school by itself, and never less than its bound."""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.method.changes import Changes
from core.method.engine import assess
from core.outlook.baseline import Baseline, baseline
from core.outlook.cheapest.bindings import BalanceBinding, Impossible, RowBinding
from core.outlook.cheapest.bound import least_cost
from core.outlook.cheapest.cheapest import CheapestPlan, cheapest_plan
from core.outlook.cheapest.model import CODES, NO_CAPS, Caps, plan_model
from core.outlook.cheapest.search import cheapest_units, rows_pass
from core.rules.prices import load_prices
from core.store.database import Store
from core.wording.planning.outlook import plan_text
from tests.support.counties import random_tables
from tests.support.county_builder import YEAR
from tests.support.present import COUNTY, STANDARD
from tests.support.samples import seeds
from tests.support.small_county import stored

PRICES = load_prices()
Judge = Callable[[Changes], Assessment]


def of_year(store: Store, year: int) -> tuple[Baseline, Judge]:
    def judge(changes: Changes) -> Assessment:
        return assess(store, STANDARD, COUNTY, year, changes=changes)

    return baseline(store, STANDARD, COUNTY, year), judge


def must_pass(plan: CheapestPlan) -> None:
    """No row and no coefficient of the plan's judgement fails."""
    assert plan.complete
    assert Verdict.NOT_MET not in {row.verdict for row in plan.after.rows}
    assert Verdict.NOT_MET not in {b.verdict for b in plan.after.balance}


@pytest.mark.parametrize("year", [2018, 2020, 2023])
def test_a_plan_judged_again_passes_within_a_percent_of_its_bound(demo: Store, year: int) -> None:
    present, judge = of_year(demo, year)
    plan = cheapest_plan(present, PRICES, judge)
    must_pass(plan)
    assert judge(plan.changes) == plan.after
    assert plan.bound_yuan is not None and plan.gap_share is not None
    assert plan.bound_yuan <= plan.cost_yuan
    assert plan.gap_share < 0.01
    assert plan.cost_yuan == sum(p.yuan for p in plan.purchases)
    without = cheapest_plan(present, PRICES, judge, with_bound=False)
    must_pass(without)
    assert plan.bound_yuan <= plan.cost_yuan <= without.cost_yuan
    assert judge(()) == present.assessment


@pytest.mark.parametrize("seed", seeds(4, 32))
def test_plans_of_random_counties_pass_or_name_the_cap(seed: int) -> None:
    rng = random.Random(seed)
    with stored(random_tables(rng, rng.randint(8, 14))) as store:
        present, judge = of_year(store, YEAR)
        plan = cheapest_plan(present, PRICES, judge)
        if plan.bindings:
            # Backbone teachers are recognised among the row's own teachers: the only cap without caps.
            assert {code for binding in plan.bindings for code in binding.codes} == {"L2"}
            assert plan.purchases == ()
        else:
            must_pass(plan)
            assert plan.bound_yuan is None or plan.bound_yuan <= plan.cost_yuan


def test_a_county_where_everything_is_met_needs_nothing(demo: Store) -> None:
    present, judge = of_year(demo, 2023)
    plan = cheapest_plan(present, PRICES, judge)
    fulfilled = replace(present, assessment=plan.after)
    assert cheapest_plan(fulfilled, PRICES, lambda _: plan.after).purchases == ()


def test_more_money_never_makes_it_worse(demo: Store) -> None:
    present, judge = of_year(demo, 2018)
    full = cheapest_plan(present, PRICES, judge, with_bound=False)
    passing = []
    for tenths in range(0, 11, 2):
        budget = full.cost_yuan * tenths / 10
        plan = cheapest_plan(present, PRICES, judge, budget_yuan=budget, with_bound=False)
        assert plan.cost_yuan <= budget
        passing.append(plan.after.schools_part.met)
    assert passing == sorted(passing)
    assert passing[0] == present.assessment.schools_part.met
    must_pass(cheapest_plan(present, PRICES, judge, budget_yuan=full.cost_yuan, with_bound=False))


def test_the_rows_alone_never_cost_more_than_the_cheapest_choice_of_each_school(demo: Store) -> None:
    present, _ = of_year(demo, 2018)
    model = plan_model(present, PRICES, NO_CAPS, 3)
    free = replace(model, balanced=np.zeros_like(model.balanced))
    units = cheapest_units(free, 6)
    assert rows_pass(free, units, 6).all()
    bound = least_cost(free, 6)
    assert bound is not None
    assert bound.yuan <= free.cost(units) + 1e-6
    assert free.cost(units) <= bound.yuan * 1.005
    assert free.cost(units) <= model.cost(cheapest_units(model, 6))


def test_caps_are_kept_and_what_binds_is_named(demo: Store) -> None:
    present, judge = of_year(demo, 2023)
    free = cheapest_plan(present, PRICES, judge, with_bound=False)
    dearest = max(free.purchases, key=lambda p: p.yuan)
    caps = Caps({}, {(dearest.school_id, dearest.code): dearest.units // 2})
    capped = cheapest_plan(present, PRICES, judge, caps=caps, with_bound=False)
    if capped.bindings:
        assert dearest.school_id in {b.school_id for b in capped.bindings if isinstance(b, RowBinding)}
    else:
        must_pass(capped)
        assert all(
            p.units <= dearest.units // 2
            for p in capped.purchases
            if (p.school_id, p.code) == (dearest.school_id, dearest.code)
        )
        assert capped.cost_yuan >= free.cost_yuan
    nothing = cheapest_plan(present, PRICES, judge, caps=Caps(dict.fromkeys(CODES, 0), {}), with_bound=False)
    failing = {row.key for row in present.assessment.rows if row.verdict is Verdict.NOT_MET}
    rows = {(b.school_id, b.stage): b for b in nothing.bindings if isinstance(b, RowBinding)}
    assert rows.keys() == failing
    assert all(shortage.cap == 0 for b in rows.values() for shortage in b.shortages)
    uneven = {(b.stage, b.code) for b in present.assessment.balance if b.verdict is Verdict.NOT_MET}
    assert {(b.stage, b.code) for b in nothing.bindings if isinstance(b, BalanceBinding)} == uneven
    assert (nothing.purchases, nothing.complete, nothing.after) == ((), False, present.assessment)


def test_a_coefficient_that_caps_hold_up_names_the_schools(demo: Store) -> None:
    present, _ = of_year(demo, 2023)
    model = plan_model(present, PRICES, NO_CAPS, 3)
    done = replace(model, limit_need=np.zeros_like(model.cap), floor_need=np.zeros_like(model.cap))
    with pytest.raises(Impossible) as found:
        cheapest_units(replace(done, cap=np.zeros_like(model.cap)), 6)
    failing = {b.code for b in present.assessment.balance if b.verdict is Verdict.NOT_MET}
    [binding] = found.value.bindings
    assert isinstance(binding, BalanceBinding) and binding.code in failing and binding.school_ids


def test_what_binds_is_no_more_than_what_must_be_raised(demo: Store) -> None:
    present, judge = of_year(demo, 2023)
    none = dict.fromkeys(CODES, 0)
    nothing = cheapest_plan(present, PRICES, judge, caps=Caps(none, {}), with_bound=False)
    for binding in (b for b in nothing.bindings if isinstance(b, RowBinding)):
        low = {s.code: s.to_floor for s in binding.shortages if s.below_floor}
        spared = max(binding.shortages, key=lambda s: s.to_limit).code
        raised = {s.code: s.to_limit for s in binding.shortages if s.code != spared}
        assert binding.needed == len(raised), "one of the indicators may stay short of its limit"
        caps = {(binding.school_id, code): units for code, units in {**low, **raised}.items()}
        relaxed = cheapest_plan(present, PRICES, judge, caps=Caps(none, caps), with_bound=False)
        left = {(b.school_id, b.stage) for b in relaxed.bindings if isinstance(b, RowBinding)}
        assert (binding.school_id, binding.stage) not in left


def test_a_budget_too_small_says_what_the_next_row_takes(demo: Store) -> None:
    present, judge = of_year(demo, 2023)

    def within(budget: Decimal) -> CheapestPlan:
        return cheapest_plan(present, PRICES, judge, budget_yuan=budget, with_bound=False)

    poor = within(Decimal(5_000))
    assert poor.next_row is not None and poor.after.schools_part.met == poor.before.schools_part.met
    assert "没有学校因此达标。要使一所学校达标，预算至少需 " in plan_text(poor, present)
    short, enough = within(poor.next_yuan - 1), within(poor.next_yuan)
    assert short.after.schools_part.met == poor.before.schools_part.met == enough.after.schools_part.met - 1
    passing = enough.after.row(*poor.next_row)
    assert passing is not None and passing.verdict is Verdict.MET
    assert enough.next_row not in (None, poor.next_row) and enough.next_yuan > poor.next_yuan


def test_bad_input_is_refused_with_a_sentence(demo: Store) -> None:
    present, judge = of_year(demo, 2023)
    free = {**PRICES, "L4": replace(PRICES["L4"], yuan=Decimal(0))}
    with pytest.raises(RequestInvalid, match="单价应大于 0"):
        cheapest_plan(present, free, judge)
    with pytest.raises(RequestInvalid, match="预算不能为负数"):
        cheapest_plan(present, PRICES, judge, budget_yuan=Decimal(-1))
    with pytest.raises(RequestInvalid, match="至少 1 年"):
        cheapest_plan(present, PRICES, judge, salary_years=0)
    with pytest.raises(RequestInvalid, match="不能为负数"):
        Caps({"L1": -1}, {})
    with pytest.raises(RequestInvalid, match="指标“L8”未知"):
        Caps({}, {("350526-0001", "L8"): 1})
