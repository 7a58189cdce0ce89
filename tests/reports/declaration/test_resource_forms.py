"""The form says what the judgement says: grades that are taught, remarks as it asks for, digits that do not contradict."""

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import pytest

from core.facts.school_facts import grades_taught
from core.method.engine import assess
from core.reports.declaration.resource_forms import form_tables
from tests.support.counties import random_tables
from tests.support.county_builder import YEAR
from tests.support.oracle import LIMITS, judge
from tests.support.samples import seeds
from tests.support.small_county import COUNTY, STANDARD, SmallCounty, counted_after_others, dataset, stored


def forms(small: SmallCounty, choices: dict[str, str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every table by its title: a row is its cells by header."""
    with stored(small.tables) as store:
        tables = form_tables(
            assess(store, STANDARD, COUNTY, YEAR, choices=choices), STANDARD, grades_taught(store, COUNTY, YEAR)
        )
    return {
        table.title: [dict(zip([c.header for c in table.columns], row, strict=True)) for row in table.rows]
        for table in tables
    }


L4 = STANDARD.indicator("L4").name


@pytest.mark.parametrize(
    ("area", "printed", "passes"),
    [
        ("4500", Decimal("4.50"), "是"),
        ("4495", "4.495 ◆临界", "是"),
        ("4499.96", "4.49996 ◆临界", "是"),
        ("4494.9", Decimal("4.49"), "是"),
        # 3.825 is the floor: 3.8249 is printed as 3.82, and 3.8251 as 3.83 stands above it as it should.
        ("3825", Decimal("3.83"), "是"),
        ("3824.9", Decimal("3.82"), "否"),
    ],
)
def test_no_figure_of_the_form_contradicts_its_verdict(area: str, printed: object, passes: str) -> None:
    small = SmallCounty()
    small.school("S", "primary", {"primary": 1000}, {"L4": area})
    [row] = forms(small)["表Ⅱ-2 小学"]
    assert (row[L4], row["综合是否达标"]) == (printed, passes)


def test_a_verdict_on_printed_figures_needs_no_more_digits() -> None:
    small = SmallCounty()
    small.school("S", "primary", {"primary": 1000}, {"L4": 4495})
    [row] = forms(small, {"rounding_before_judging": "rounded"})["表Ⅱ-2 小学"]
    assert (row[L4], row["备注"]) == (Decimal("4.50"), "各项均达标")


def test_a_coefficient_a_hair_over_its_limit_is_printed_so() -> None:
    small = SmallCounty()
    for school_id, area in (("high", "15002"), ("low", "4998")):
        small.school(school_id, "primary", {"primary": 1000}, {"L4": area})
    printed = next(row for row in forms(small)["表Ⅲ 县域差异系数"] if row["项目"] == "差异系数")
    assert printed[L4] == "0.5002 ◆临界" and printed[STANDARD.indicator("L5").name] == Decimal("0.000")


def test_the_remark_says_which_are_met_which_at_the_floor_and_which_are_not_known() -> None:
    small = SmallCounty()
    small.school("S", "primary", {"primary": 1000}, {"L2": None, "L4": 4000, "L5": 5000})
    [row] = forms(small)["表Ⅱ-2 小学"]
    assert row["备注"] == "达标：L1、L3、L6、L7；未报：L2；未达标但不低于标准的 85%：L4；低于标准的 85%：L5"


def test_a_school_has_the_grades_that_its_classes_say() -> None:
    small = SmallCounty()
    small.school("two", "primary", {"primary": 60}, classes={"primary": [30, 30]})
    small.row("classes", school_id="two", class_no="2")["grade"] = "3"
    small.school("none", "primary", {"primary": 40}, classes={"primary": []})
    grades = {row["学校名称"]: row["年级数"] for row in forms(small)["表Ⅱ-2 小学"]}
    assert grades == {"two学校": 2, "none学校": None}


def says(cell: object, value: float | None, decimals: int, stands: Callable[[Decimal], bool]) -> bool:
    """Whether a cell prints a figure as the form does: rounded half up, and only where that would not stand as the figure
    is judged, with more digits of the same figure and the mark.
    """
    if value is None:
        return cell is None
    exact = Decimal(repr(value))
    shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if stands(shown):
        return cell == shown
    number, _, mark = str(cell).partition(" ")
    places = -int(Decimal(number).as_tuple().exponent)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return mark == "◆临界" and places > decimals and Decimal(number) == rounded and stands(rounded)


def _reaches(limit: Decimal, floor: Decimal, judged_as: tuple[bool, bool], shown: Decimal) -> bool:
    return (shown >= limit, shown >= floor) == judged_as


def _within(most: Decimal, is_met: bool, shown: Decimal) -> bool:
    return (shown <= most) is is_met


@pytest.mark.parametrize("seed", seeds(6, 60, 9000))
def test_the_form_prints_what_the_independent_witness_finds(seed: int) -> None:
    tables = random_tables(random.Random(seed), 12 if seed % 3 else 40)
    witness = judge(tables, YEAR)
    with counted_after_others(dataset(tables)) as store:
        judged = assess(store, STANDARD, COUNTY, YEAR)
        form = {t.title: t for t in form_tables(judged, STANDARD, grades_taught(store, COUNTY, YEAR))}
    for place, (stage, name) in enumerate((("primary", "小学"), ("junior", "初中"))):
        rows = [row for row in witness["rows"] if row["stage"] == stage]
        codes = list(LIMITS[stage])
        counts = form["表Ⅱ-1 学校达标统计"].rows[place]
        met = [sum(row["indicators"][code]["verdict"] == "met" for row in rows) for code in codes]
        met.append(sum(row["verdict"] == "met" for row in rows))
        assert list(counts[1:3]) == [len(rows), met[0]] and list(counts[2::2]) == met
        shares = [Decimal(repr(n / len(rows))).quantize(Decimal("0.001"), ROUND_HALF_UP) if rows else None for n in met]
        assert list(counts[3::2]) == shares
        for line, row in zip(form[f"表Ⅱ-2 {name}"].rows, rows, strict=True):
            assert line[3] == row["pupils"]
            assert line[-2] == {"met": "是", "not_met": "否", "not_assessable": "无法判定"}[row["verdict"]]
            for cell, code in zip(line[6:13], codes, strict=True):
                held = row["indicators"][code]
                limit, judged_as = Decimal(LIMITS[stage][code]), (held["verdict"] == "met", held["above_floor"])
                floor = limit * Decimal("0.85")
                assert says(cell, held["value"], 2, partial(_reaches, limit, floor, judged_as)), (code, cell, held)
        means = next(r for r in form["表Ⅲ 县域差异系数"].rows if r[0] == name and r[1] == "县均值")
        assert list(means[2:9]) == [
            None if b["mean"] is None else Decimal(repr(b["mean"])).quantize(Decimal("0.01"), ROUND_HALF_UP)
            for b in witness["balance"]
            if b["stage"] == stage
        ]
        coefficients = next(r for r in form["表Ⅲ 县域差异系数"].rows if r[0] == name and r[1] == "差异系数")
        for cell, entry in zip(coefficients[2:9], [b for b in witness["balance"] if b["stage"] == stage], strict=True):
            most, is_met = Decimal(repr(entry["limit"])), entry["verdict"] == "met"
            assert says(cell, entry["cv"], 3, partial(_within, most, is_met)), (cell, entry)
