"""The form says what the judgement says: grades that are taught, remarks as it asks for, digits that do not contradict."""

from decimal import Decimal
from typing import Any

import pytest

from core.facts.school_facts import grades_taught
from core.method.engine import assess
from core.reports.declaration_forms import form_tables
from tests.support.county_builder import YEAR
from tests.support.small_county import COUNTY, STANDARD, SmallCounty, stored


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
