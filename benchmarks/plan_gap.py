"""How far the cheapest plan stays above its proven bound, and how long it takes, on random counties.

python -m benchmarks.plan_gap [counties]

Counties of about 120 school rows, invented, of every year from the first with much to repair to the last with
little; each planned plainly, with teachers moving within 30 km, and with caps at every school.
"""

from __future__ import annotations

import sys
import time
from statistics import median
from typing import Any

from core.method.assessment import Assessment
from core.method.changes import Changes
from core.method.engine import assess
from core.outlook.baseline import baseline
from core.outlook.cheapest.cheapest import cheapest_plan
from core.outlook.cheapest.model import Caps
from core.rules.prices import load_prices
from core.rules.standard_loading import load_standard
from demo.county import DEMO_COUNTY, YEARS
from demo.datasets import make_county
from tests.support.small_county import stored

SCHOOLS = 125
KILOMETRES = 30.0
CAPS = Caps({"L1": 12, "L3": 6, "L4": 4_000, "L5": 8_000, "L6": 1_500_000, "L7": 20}, {})
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "with moves": {"moves_within_km": KILOMETRES},
    "with caps": {"caps": CAPS},
}


def main(counties: int) -> None:
    """Print gap and seconds of every way, median and worst, and how often caps made a plan impossible."""
    standard, prices = load_standard(), load_prices()
    gaps: dict[str, list[float]] = {way: [] for way in WAYS}
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    impossible, rows, saved = dict.fromkeys(WAYS, 0), [], []
    for seed in range(counties):
        year = YEARS[seed % len(YEARS)]
        with stored(make_county(DEMO_COUNTY, seed, SCHOOLS)) as store:

            def judge(changes: Changes, store: Any = store, year: int = year) -> Assessment:
                return assess(store, standard, DEMO_COUNTY, year, changes=changes)

            present = baseline(store, standard, DEMO_COUNTY, year)
            rows.append(len(present.assessment.rows))
            costs = {}
            for way, terms in WAYS.items():
                began = time.perf_counter()
                plan = cheapest_plan(present, prices, judge, **terms)
                seconds[way].append(time.perf_counter() - began)
                if plan.bindings:
                    impossible[way] += 1
                elif not plan.complete or plan.bound_yuan is None:
                    raise AssertionError(f"seed {seed}, {way}: the plan does not pass or has no bound")
                else:
                    gaps[way].append(plan.gap_share or 0.0)
                    costs[way] = float(plan.cost_yuan)
            saved.append(1 - costs["with moves"] / costs["plain"])
    print(f"{counties} counties, {min(rows)}–{max(rows)} school rows (median {median(rows):.0f})")
    for way in WAYS:
        print(
            f"{way:11} gap median {median(gaps[way]):.2%} worst {max(gaps[way]):.2%}   "
            f"seconds median {median(seconds[way]):.2f} worst {max(seconds[way]):.2f}   impossible {impossible[way]}"
        )
    print(f"moves save {median(saved):.1%} of the cost in the median, {min(saved):.1%}–{max(saved):.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
