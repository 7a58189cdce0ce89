"""More money never makes fewer school rows pass; the last point is the cheapest complete plan."""

from dataclasses import replace

import pytest

from core.outlook.cheapest.cheapest import cheapest_plan
from core.outlook.cheapest.frontier import frontier
from core.outlook.cheapest.model import CODES, Caps
from core.progress import Stopped
from core.store.database import Store
from tests.outlook.cheapest.test_cheapest import PRICES, of_year


def test_what_each_budget_buys(demo: Store) -> None:
    present, judge = of_year(demo, 2019)
    points = frontier(present, PRICES, judge, steps=4)
    plan = cheapest_plan(present, PRICES, judge, with_bound=False)
    assert (points[0].cost_yuan, points[0].rows_met) == (0, present.assessment.schools_part.met)
    assert (points[-1].cost_yuan, points[-1].rows_met) == (plan.cost_yuan, plan.after.schools_part.met)
    assert [p.complete for p in points] == [False, False, False, False, True]
    assert [p.rows_met for p in points] == sorted(p.rows_met for p in points)
    assert all(p.cost_yuan <= p.budget_yuan for p in points)
    done = replace(present, assessment=plan.after)
    assert len(frontier(done, PRICES, lambda _: plan.after, steps=4)) == 1, "nothing to buy is one point"


def test_impossible_caps_have_no_frontier_and_a_stop_is_heeded(demo: Store) -> None:
    present, judge = of_year(demo, 2019)
    assert frontier(present, PRICES, judge, caps=Caps(dict.fromkeys(CODES, 0), {})) == ()

    def stop(share: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        frontier(present, PRICES, judge, tell=stop)
