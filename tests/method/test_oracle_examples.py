"""Readable examples of the rules, for the independent witness itself."""

from typing import Any

import pytest

from tests.support.counties import AT_THE_LIMIT, plain_county
from tests.support.county_builder import YEAR
from tests.support.oracle import INDICATORS, judge


def only_row(amounts: dict[str, str]) -> dict[str, Any]:
    """The judged row of a county with one primary school of 1,000 pupils."""
    [row] = judge(plain_county(("primary", {"primary": 1000}, amounts)), YEAR)["rows"]
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize(
    ("changed", "verdict", "met_count"),
    [
        ({}, "met", 7),
        ({"L4": "3825"}, "met", 6),
        ({"L4": "3824.99"}, "not_met", 6),
        ({"L4": "4499.99", "L5": "7499.99"}, "not_met", 5),
        ({"L2": ""}, "not_assessable", 6),
        ({"L2": "", "L4": "3824.99"}, "not_met", 5),
        ({"L2": "", "L4": "4000", "L5": "7000"}, "not_met", 4),
    ],
)
def test_a_school_passes_with_six_of_seven_and_all_above_the_floor(
    changed: dict[str, str], verdict: str, met_count: int
) -> None:
    row = only_row(AT_THE_LIMIT | changed)
    assert (row["verdict"], row["met_count"]) == (verdict, met_count)


def test_the_shortfall_is_what_brings_the_school_to_the_limit() -> None:
    assert only_row(AT_THE_LIMIT | {"L4": "4000"})["indicators"]["L4"] == {
        "amount": 4000.0,
        "value": 4.0,
        "verdict": "not_met",
        "above_floor": True,
        "shortfall": 500.0,
    }


def test_a_nine_year_school_shares_its_rooms_by_weighted_pupils() -> None:
    tables = plain_county(("nine_year", {"primary": 450, "junior": 500}, AT_THE_LIMIT))
    primary, junior = judge(tables, YEAR)["rows"]
    assert primary["indicators"]["L4"]["amount"] == pytest.approx(4500 * 450 / 1000)
    assert junior["indicators"]["L4"]["amount"] == pytest.approx(4500 * 550 / 1000)


def test_pupils_not_reported_leave_both_stages_of_the_premises_open() -> None:
    tables = plain_county(("nine_year", {"primary": 450, "junior": None}, AT_THE_LIMIT))
    primary, junior = judge(tables, YEAR)["rows"]
    open_in = [
        [code for code in INDICATORS if row["indicators"][code]["verdict"] == "not_assessable"]
        for row in (primary, junior)
    ]
    assert open_in == [["L4", "L5", "L6", "L7"], list(INDICATORS)]


@pytest.mark.parametrize(
    ("kind", "stage", "limit", "verdict"),
    [("primary", "primary", 0.5, "met"), ("junior", "junior", 0.45, "not_met")],
)
def test_half_and_half_again_is_a_coefficient_of_one_half(kind: str, stage: str, limit: float, verdict: str) -> None:
    less, more = AT_THE_LIMIT | {"L6": "1000000"}, AT_THE_LIMIT | {"L6": "3000000"}
    result = judge(plain_county((kind, {stage: 1000}, less), (kind, {stage: 1000}, more)), YEAR)
    entry = next(one for one in result["balance"] if (one["stage"], one["indicator"]) == (stage, "L6"))
    assert entry == {
        "stage": stage,
        "indicator": "L6",
        "mean": 2000.0,
        "sd": 1000.0,
        "cv": 0.5,
        "limit": limit,
        "verdict": verdict,
    }


def test_one_tiny_rich_school_alone_makes_a_coefficient_of_0_42() -> None:
    rich, usual = AT_THE_LIMIT | {"L6": "400000"}, AT_THE_LIMIT | {"L6": "39980000"}
    tables = plain_county(("primary", {"primary": 10}, rich), ("primary", {"primary": 19990}, usual))
    equipment = judge(tables, YEAR)["balance"][5]
    assert equipment["cv"] == pytest.approx(0.42, abs=0.001)


def test_a_teaching_point_of_49_is_left_out_and_one_of_50_is_a_row() -> None:
    tables = plain_county(
        ("teaching_point", {"primary": 49}, AT_THE_LIMIT),
        ("teaching_point", {"primary": 50}, AT_THE_LIMIT),
    )
    result = judge(tables, YEAR)
    assert [row["school_id"] for row in result["rows"]] == ["S1"]
    assert result["left_out"] == [{"school_id": "S0", "stage": "primary", "reason": "teaching_point_under_50"}]


def test_the_monitoring_result_of_four_years_ago_no_longer_counts() -> None:
    tables = plain_county(("primary", {"primary": 1000}, AT_THE_LIMIT))
    tables["monitoring"] = [
        {"year": str(year), "grade": "4", "subject": subject, "level": level,
         "between_school_rate": rate}
        for year, subject, level, rate in (
            (YEAR - 3, "arts", "1", "0.4"),
            (YEAR - 2, "science", "2", "0.4"),
            (YEAR, "science", "3", "0.149"),
        )
    ]  # fmt: skip
    items = {item["code"]: item for item in judge(tables, YEAR)["items"]}
    assert items["Q9"] == {"code": "Q9", "verdict": "met", "value": 0.0}
