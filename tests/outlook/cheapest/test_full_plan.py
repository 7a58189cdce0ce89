"""The plan for the pass that is asked for: classes, rooms and funds too, within the posts, and no cheaper one to be found."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from math import inf

import pytest

from core.errors import RequestInvalid
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.outlook.baseline import Baseline
from core.outlook.cheapest.bindings import PostsBinding
from core.outlook.cheapest.cheapest import CheapestPlan
from core.outlook.cheapest.full_plan import ANY_TERMS, Terms, full_plan
from core.outlook.cheapest.model import Caps
from core.outlook.cheapest.purchases import HIRES, Purchase, bought, spending
from core.outlook.what_if.cost import cost_of
from core.rules.prices import SALARY_YEARS, load_prices
from core.store.database import Store
from tests.outlook.cheapest.test_cheapest import Judge, must_pass, of_year
from tests.support.county_builder import YEAR
from tests.support.samples import seeds
from tests.support.small_county import SmallCounty, stored

PRICES = load_prices()
BOUGHT_FOR = ("G3", "G5", "G6", "Q4")


def planned(store: Store, year: int, terms: Terms = ANY_TERMS) -> tuple[CheapestPlan, Baseline, Judge]:
    present, judge = of_year(store, year)
    return full_plan(present, present.rolls_by_stage, PRICES, judge, terms), present, judge


def hires(plan: CheapestPlan) -> int:
    return sum(p.units for p in plan.every_purchase if p.code in HIRES)


@pytest.mark.parametrize("year", [2018, 2023])
def test_the_items_that_money_mends_pass_with_the_rows_and_coefficients(demo: Store, year: int) -> None:
    plan, present, judge = planned(demo, year)
    must_pass(plan)
    assert judge(plan.changes) == plan.after and plan.before == present.assessment
    assert {plan.after.item(code).verdict for code in BOUGHT_FOR} == {Verdict.MET}
    assert plan.cost_yuan == sum(p.yuan for p in plan.every_purchase)
    assert plan.bound_yuan is not None and plan.bound_yuan <= plan.cost_yuan
    assert set(plan.still_failing) == {i.code for i in plan.after.items if i.verdict is Verdict.NOT_MET}
    rows_only = planned(demo, year, Terms(for_items=False))[0]
    assert rows_only.necessary.purchases == () and set(plan.still_failing) < set(rows_only.still_failing)


def test_a_new_class_brings_a_room_that_counts_and_teachers_that_count() -> None:
    small = SmallCounty()
    # Two classes of 60 in a grade: three of 40, one room of 80 ㎡, and a teacher for every class.
    small.school("S", "primary", {"primary": 120}, {"L4": 460, "L1": 4}, classes={"primary": [60, 60]}, teachers=6)
    small.school("other", "primary", {"primary": 500})
    small.school("J", "junior", {"junior": 500})
    with stored(small.tables) as store:
        plan, _, _ = planned(store, YEAR)
    assert {(p.school_id, p.code, p.units) for p in plan.necessary.purchases} == {
        ("S", "class_room", 1),
        ("S", "L1", 3),
    }
    # 4.5 ㎡ for each of 120 pupils is 540 ㎡: the room gives 80. 4.2 in a hundred are 6 teachers: the class gives 3.
    assert {(p.school_id, p.code) for p in plan.purchases} == set()
    assert plan.after.item("G5").verdict is Verdict.MET
    row = plan.after.row("S", "primary")
    assert row is not None and row.indicator("L4").amount == 540 and row.indicator("L1").amount == 7


def test_rooms_and_funds_are_bought_up_to_what_the_items_ask_for() -> None:
    small = SmallCounty()
    small.school("R", "primary", {"primary": 520}, classes={"primary": [40] * 13}, rooms={"music": [96], "art": []})
    small.school("F", "primary", {"primary": 60}, operating_funds_yuan=60_000, training_budget_yuan=3_000)
    small.school("J", "junior", {"junior": 500})
    with stored(small.tables) as store:
        plan, _, _ = planned(store, YEAR)
    assert {(p.school_id, p.code, p.units, p.yuan) for p in plan.necessary.purchases} == {
        ("R", "special_room", 3, Decimal(450_000)),
        # 100 × 700 yuan, and 5 % of what it then has, for three years.
        ("F", "small_school_funds", 10_000, Decimal(30_000)), ("F", "training_budget", 500, Decimal(1_500)),
    }  # fmt: skip
    assert plan.still_failing == () and plan.after.verdict is Verdict.MET


def test_a_school_too_large_is_named_with_the_pupils_it_must_part_with() -> None:
    small = SmallCounty()
    small.school("L", "primary", {"primary": 2100})
    small.school("J", "junior", {"junior": 500})
    with stored(small.tables) as store:
        plan, _, _ = planned(store, YEAR)
    assert plan.necessary.too_large == (("L", 100),) and plan.still_failing == ("G4",) and plan.complete


@pytest.mark.parametrize("share", [Decimal("0.97"), Decimal("0.9")])
def test_the_ceiling_of_posts_holds_or_is_said_to_be_in_the_way(demo: Store, share: Decimal) -> None:
    free = planned(demo, 2018)[0]
    posts = int(hires(free) * share)
    plan = planned(demo, 2018, Terms(posts=posts))[0]
    must_pass(plan)
    assert hires(plan) <= posts
    # Where the posts do not reach for everything, rows and coefficients come first, and it says so.
    assert (plan.necessary.purchases == ()) is plan.left_out and not (plan.left_out and plan.is_cheapest)
    assert plan.left_out or plan.cost_yuan >= free.cost_yuan
    [binding] = planned(demo, 2018, Terms(posts=20))[0].bindings
    assert isinstance(binding, PostsBinding) and binding.posts == 20 < binding.needed
    with pytest.raises(RequestInvalid, match="可用编制"):
        planned(demo, 2023, Terms(posts=-1))


def test_a_budget_too_small_for_all_goes_to_rows_and_coefficients(demo: Store) -> None:
    full = planned(demo, 2020)[0]
    poor = planned(demo, 2020, Terms(budget_yuan=full.cost_yuan / 2))[0]
    assert poor.necessary.purchases == () and poor.cost_yuan <= full.cost_yuan / 2
    # Enough for the items alone, or for most of the rest: they wait all the same.
    most = planned(demo, 2020, Terms(budget_yuan=full.cost_yuan - 1))[0]
    assert most.necessary.purchases == () and most.after.schools_part.met == full.after.schools_part.met
    rich = planned(demo, 2020, Terms(budget_yuan=full.cost_yuan))[0]
    assert rich.cost_yuan == full.cost_yuan and rich.complete


def one_class_too_large() -> SmallCounty:
    """A school of one class of 60, with two teachers a class."""
    small = SmallCounty()
    small.school("S", "primary", {"primary": 60}, classes={"primary": [60]}, teachers=6, certified_teachers=6, trained_teachers=6)  # fmt: skip
    small.school("other", "primary", {"primary": 500})
    small.school("J", "junior", {"junior": 500})
    return small


def test_caps_hold_for_what_the_items_need_too() -> None:
    with stored(one_class_too_large().tables) as store:
        free = planned(store, YEAR)[0]
        capped = planned(store, YEAR, Terms(caps=Caps({"L1": 0}, {})))[0]
    assert free.necessary.hires == 6 and free.still_failing == ()
    assert capped.every_purchase == () and capped.still_failing == ("G5",)


def test_where_teachers_may_move_nothing_is_said_to_be_the_cheapest_for_new_classes() -> None:
    with stored(one_class_too_large().tables) as store:
        plan = planned(store, YEAR, Terms(moves_within_km=inf))[0]
    assert plan.necessary.hires and plan.bound_yuan is None and not plan.is_cheapest


def test_classes_known_by_band_are_not_divided_as_if_there_were_none() -> None:
    small = one_class_too_large()
    small.row("enrolment", school_id="S")["pupils"] = "170"
    band = {"school_id": "S", "year": str(YEAR), "stage": "primary", "grade": "2", "band": "51-55", "classes": "2"}
    small.tables["class_bands"] = [band]
    with stored(small.tables) as store:
        plan, present, _ = planned(store, YEAR)
    assert ("S", "primary") not in present.rolls_by_stage
    assert not any(p.school_id == "S" and p.code == "class_room" for p in plan.every_purchase)
    assert "G5" in plan.still_failing


def test_new_classes_of_a_school_whose_teachers_nobody_reports_are_named() -> None:
    small = one_class_too_large()
    small.row("enrolment", school_id="S")["teachers"] = ""
    with stored(small.tables) as store:
        plan = planned(store, YEAR)[0]
    assert plan.necessary.unstaffed == ("S",) and not plan.is_cheapest


def test_a_plan_kept_as_a_scenario_costs_the_same() -> None:
    small = one_class_too_large()
    small.school("F", "primary", {"primary": 60}, operating_funds_yuan=60_000, training_budget_yuan=3_000)
    with stored(small.tables) as store:
        plan, present, _ = planned(store, YEAR)
    cost = cost_of(plan.changes, present.facts, PRICES)
    assert cost.once_yuan + SALARY_YEARS * cost.yearly_yuan == plan.cost_yuan


def test_the_money_of_the_years_is_the_money_of_the_plan(demo: Store) -> None:
    plan = planned(demo, 2018)[0]
    years = spending(plan.every_purchase, Decimal(0), PRICES, date(2023, 11, 30), SALARY_YEARS)
    assert sum(y.once_yuan + y.yearly_yuan for y in years) == plan.cost_yuan
    assert [y.year for y in years] == sorted({y.year for y in years}) and years[0].year >= 2023
    # A teacher hired in the summer after the decision is paid for three years from then on; a room stands in the third.
    assert {y.year for y in years if y.yearly_yuan} == {2024, 2025, 2026}


# ── Nothing cheaper: every way to choose what a row is spared, in counties of four schools ──────────────
def lacking_county(seed: int) -> SmallCounty:
    """Four schools that lack a little of several things, with classes too large and too few rooms."""
    rng = random.Random(seed)
    small = SmallCounty()
    kinds = ("primary", "junior", rng.choice(("primary", "nine_year")), rng.choice(("junior", "nine_year")))
    for place, kind in enumerate(kinds):
        stages = ("primary", "junior") if kind == "nine_year" else (kind,)
        pupils = {stage: 10 * rng.randint(30, 60) for stage in stages}
        classes = {
            stage: [rng.choice((40, 50, 60))] * (count // 60) for stage, count in pupils.items() if rng.random() < 0.5
        }
        pupils |= {stage: sum(rolls) for stage, rolls in classes.items() if rolls}
        short = {
            code: rng.choice((Decimal("0.8"), Decimal("0.9"), Decimal("0.96"), Decimal(1)))
            for code in ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
        }
        small.school(f"S{place}", kind, pupils, classes=classes, rooms={"music": [96], "art": [90]})
        _lower(small, f"S{place}", short)
    return small


def _lower(small: SmallCounty, school_id: str, short: dict[str, Decimal]) -> None:
    """Everything the school holds, lowered to these shares of what it needs."""
    columns = {"L1": "teachers_above_degree", "L2": "backbone_teachers", "L3": "pe_arts_teachers",
               "L4": "teaching_area_m2", "L5": "sports_ground_area_m2", "L6": "equipment_value_yuan",
               "L7": "multimedia_rooms"}  # fmt: skip
    for row in (*small.tables["enrolment"], *small.tables["premises"]):
        if row["school_id"] == school_id:
            for code, column in columns.items():
                if row.get(column):
                    row[column] = str(int(Decimal(row[column]) * short[code]))


Way = tuple[Decimal, list[Purchase]]


def cheapest_of_all(after: Assessment) -> Way:
    """The cheapest way to make every row pass, school by school, whichever indicator each row is spared."""
    schools: dict[str, list[SchoolRow]] = {}
    for row in after.rows:
        schools.setdefault(row.school_id, []).append(row)
    best = [min(_ways(school_id, rows), key=lambda way: way[0]) for school_id, rows in schools.items()]
    return sum((yuan for yuan, _ in best), Decimal(0)), [p for _, purchases in best for p in purchases]


def _ways(school_id: str, rows: list[SchoolRow]) -> Iterator[Way]:
    """A school for every choice of the indicator that each of its rows is spared down to the floor."""
    for spared in product(("", *(f"L{n}" for n in range(1, 8))), repeat=len(rows)):
        wanted: dict[tuple[str | None, str], int] = {}
        for row, left in zip(rows, spared, strict=True):
            need = {h.code: h.whole_units_missing(to_floor=h.code == left) for h in row.indicators}
            # Who is hired for sport, music or art holds the degree too.
            need["L1"] = max(0, need["L1"] - need["L3"])
            for code, units in need.items():
                at = (row.stage if code in ("L1", "L2", "L3") else None, code)
                wanted[at] = max(wanted.get(at, 0), units)
        purchases = [
            Purchase(school_id, stage, code, units, units * PRICES["L1" if code == "L3" else code].yuan * years)
            for (stage, code), units in wanted.items()
            if units
            for years in [SALARY_YEARS if code in HIRES else 1]
        ]
        yield sum((p.yuan for p in purchases), Decimal(0)), purchases


@pytest.mark.parametrize("seed", seeds(24, 80))
def test_no_way_to_spare_the_rows_is_cheaper_than_the_plan(seed: int) -> None:
    with stored(lacking_county(seed).tables) as store:
        plan, _, judge = planned(store, YEAR)
        must_pass(plan)
        assert {plan.after.item(code).verdict for code in BOUGHT_FOR} <= {Verdict.MET, Verdict.NOT_APPLICABLE}
        start = judge(plan.necessary.changes)
        least, purchases = cheapest_of_all(start)
        enough = judge([*plan.necessary.changes, *(change for p in purchases for change in bought(p))])
    cost = plan.cost_yuan - plan.necessary.yuan
    assert enough.schools_part.not_met == 0 and cost >= least
    if enough.balance_part.not_met == 0:
        assert cost == least
    # Where L3 is uneven, teachers of new classes might have evened it out: the bound forgoes what they cost.
    uneven = any(b.code == "L3" and b.verdict is Verdict.NOT_MET for b in start.balance)
    assert plan.is_cheapest or (uneven and plan.necessary.hires), "and it says so"
