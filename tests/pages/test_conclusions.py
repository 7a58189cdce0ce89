"""The conclusion pages say what repairs, what a line is, whom a list leaves out, and in which unit."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core.outlook.baseline import Place
from core.outlook.what_if.codec import to_text
from core.outlook.what_if.levers import AddResource
from core.store.database import Store
from tests.pages.conftest import Open, title, words
from tests.support.html_tables import tables
from tests.support.small_county import SmallCounty, publish, two_schools
from ui import charts


def test_a_coefficient_over_its_limit_says_the_fewest_units_on_the_overview(open_page: Open) -> None:
    levelled = words(open_page("conclusions/balance", stage="primary"))
    [said] = [line for line in levelled.splitlines() if "即可降到限值内" in line]
    amount = re.search(r"至少补 ([\d,]+ ㎡)", said)
    assert amount and f"4 校共增体育运动场地至少 {amount[1]}" in words(open_page("conclusions/overview"))


def test_a_verdict_is_not_said_of_schools_that_have_none(open_page: Open) -> None:
    failing = open_page("conclusions/schools", verdict="未达标")
    assert title(failing) == "全县未达标学校 3 所（分学段计）"
    assert "未参评" not in words(failing)
    nobody = open_page("conclusions/schools", verdict="未达标", name="丹林")
    assert title(nobody) == "没有符合条件的学校" and "未参评" not in words(nobody)


def test_a_school_left_out_at_two_stages_is_named_with_each(open_page: Open) -> None:
    [line] = [s for s in words(open_page("conclusions/schools")).splitlines() if s.startswith("未参评（特殊教育学校）")]
    name = "映岗特殊教育学校（演示）"
    assert line.endswith(f"2 个：{name}·小学、{name}·初中")


def test_every_target_on_classes_and_schools_stands_beside_its_limit(open_page: Open) -> None:
    targets = tables(open_page("conclusions/class_sizes"))[0]
    limits = dict(zip(targets.index, targets["限值"], strict=True))
    assert all(limits.values())
    assert {k: v.replace("\\", "") for k, v in limits.items() if k.startswith("城关中心区基本")} == {
        "城关中心区基本消除大班额": "≤ 5%",
        "城关中心区基本消除大校额": "≤ 5%",
    }
    assert limits["城关中心区班额控制在标准以内"].replace("\\", "") == "小学 ≤ 45 人，初中 ≤ 50 人"


def test_a_table_wider_than_a_phone_says_that_it_moves(open_page: Open) -> None:
    assert "左右滑动" in words(open_page("conclusions/class_sizes"))


def test_the_survey_adds_up_in_plain_words(open_page: Open) -> None:
    survey = tables(open_page("conclusions/items"))[-1]
    assert list(survey.index) == ["合计", "其中家长"]
    assert "满意问卷（份）" in survey.columns and "走访（人）" in survey.columns


def test_the_legend_says_what_each_line_across_a_chart_is() -> None:
    years, values = range(2018, 2024), [0.1] * 6
    trend = charts.coefficient_lines({"甲": values}, years, Decimal("0.45"))
    assert [(s["name"], s["showlegend"]) for s in trend["layout"]["shapes"]] == [("限值 0.450", True)]


@pytest.mark.parametrize("years", [range(2018, 2024), range(2018, 2029)])
def test_years_under_an_axis_have_room_on_a_phone_and_end_with_the_last(years: range) -> None:
    axis = charts.year_axis(years)
    assert len(years) / axis["dtick"] <= 7 and axis["tick0"] == years[-1] and axis["tickangle"] == 0


def test_targets_of_the_day_say_so_beside_figures_of_an_earlier_year(open_page: Open) -> None:
    note = "方案目标按截至 2023-11-30 的数据判定，不随所选学年变化"
    earlier, now = (words(open_page("conclusions/class_sizes", year=year)) for year in ("2019", "2023"))
    assert note in earlier and note not in now


def test_what_was_not_reported_stands_in_the_title(open_page: Open, empty_store: Store) -> None:
    county = two_schools()
    county.school("X", "primary", {"primary": 120})
    county.tables["classes"] = [row for row in county.tables["classes"] if row["school_id"] == "J"]
    for sheet in ("enrolment", "premises"):
        county.tables[sheet] = [row for row in county.tables[sheet] if row["school_id"] == "J"]
    publish(empty_store, county.tables)
    sizes = open_page("conclusions/class_sizes")
    assert title(sizes).endswith("大班额 0 个，另有 2 所未报班级")
    assert "没有超过限值的班级" not in words(sizes) and "2 所学校未报班级，是否超过限值无法判定" in words(sizes)
    assert title(open_page("carrying_out/county_map")).endswith("没有未达标学校，另有 2 所无法判定")

    silent = SmallCounty()
    silent.school("P", "primary", {"primary": None})
    publish(empty_store, silent.tables)
    assert title(open_page("conclusions/class_sizes")) == "1 所学校未报班级，班额无法判定"


@pytest.mark.parametrize(
    ("page", "address", "keys"),
    [
        ("conclusions/overview", {}, "concerns gaps"),
        ("conclusions/profile", {"school": "350526-0007"}, "profile profile_classes profile_years"),
        ("conclusions/class_sizes", {}, "class_targets bands oversized township_classes school_sizes"),
        ("conclusions/items", {}, "items_veto items_government items_quality monitoring survey"),
        ("datasets/rules", {}, "switches indicator_rules item_rules documents"),
        ("datasets/batches", {"data_part": "批次"}, "batch_history"),
        ("carrying_out/projects", {"part": "项目六个一"}, "projects"),
        ("planning/coming_years", {"late": "P06", "late_months": "2"}, "coming_years slips"),
        (
            "planning/scenario",
            {
                "also": to_text(
                    [
                        AddResource(code, most, Place("school", "350526-0007"))
                        for code, most in (("L2", 5), ("L5", 5000))
                    ]
                ),
                "coefficients": "true",
            },
            "costs changed_states coefficients",
        ),
        ("planning/scenario", {"scenario_part": "班额测算"}, "class_plan"),
        ("planning/forecast", {}, "forecast breaks needs forecast_error"),
    ],
)
def test_every_table_can_be_taken_away(open_page: Open, page: str, address: dict[str, str], keys: str) -> None:
    offered = {b.key for b in open_page(page, **address).get("download_button")}
    assert {f"{key}_{kind}" for key in keys.split() for kind in ("xlsx", "csv")} <= offered


def test_an_item_judged_by_schools_names_those_that_fail_or_are_open(open_page: Open, empty_store: Store) -> None:
    county = two_schools()
    county.tables["judgements"] = [row for row in county.tables["judgements"] if row["item"] != "Q5"]
    county.tables["school_judgements"] = [
        {"school_id": "P", "year": "2022", "item": "Q5", "status": "not_met", "document": "自评报告", "document_date": "", "note": ""}
    ]  # fmt: skip
    publish(empty_store, county.tables)
    said = words(open_page("conclusions/items", as_of="2022-12-31"))
    assert "按学校判定：共 2 所学校，1 所不符合，1 所尚无结论" in said
    shown = tables(open_page("conclusions/items", as_of="2022-12-31"))
    [listed] = [t for t in shown if "佐证" in t.columns and "乡镇" in t.columns]
    assert [str(name) for name in listed.index] == ["P学校", "J学校"]
    assert list(listed["佐证"]) == ["自评报告", "—"]


def test_every_township_has_a_home_with_its_schools_and_what_it_owes(open_page: Open) -> None:
    there = open_page("conclusions/overview", township="350526100")
    assert title(there).removeprefix(":red[▲] ").startswith("浔中镇16/19 所学校（分学段计）达标")
    assert "远庄小学（演示）" in words(there) and "丹屏小学" not in words(there)
    assert "督促适龄儿童、少年按时入学" in words(there) and "[看全县](./?township=all)" in words(there)
    fine = open_page("conclusions/overview", township="350526101")
    assert "参评学校全部达标" in words(fine)
    for code in read_townships(fine):
        assert not open_page("conclusions/overview", township=code).error


def read_townships(app: AppTest) -> list[str]:
    """The townships that the bar offers, by their names as links of earlier editions hold them."""
    return [name for name in app.selectbox(key="township_choice").options if name != "全县"]


@pytest.mark.parametrize(
    ("page", "old"),
    [
        ("conclusions/class_sizes", {"place": "浔中镇"}),
        ("carrying_out/units", {"unit": "350526100"}),
        ("conclusions/schools", {"township": "350526100"}),
    ],
)
def test_a_township_of_an_old_link_is_the_one_of_the_bar(open_page: Open, page: str, old: dict[str, str]) -> None:
    app = open_page(page, **old)
    assert app.query_params["township"] == "350526100" and {"place", "unit"}.isdisjoint(app.query_params)
    assert "浔中镇" in title(app) and "链接中的" not in words(app)


def test_a_page_to_which_a_township_means_nothing_says_so(open_page: Open) -> None:
    assert "本页按全县" in words(open_page("conclusions/balance", township="350526100"))
    assert "本页按全县" not in words(open_page("conclusions/balance"))
    assert "本页按全县" not in words(open_page("conclusions/schools", township="350526100"))
