"""An item that says all schools: one that fails fails the county, one that nobody judged leaves it open."""

from __future__ import annotations

from datetime import date

import pytest

from core.method.assessment import ItemResult, Verdict
from core.method.engine import assess
from core.wording.items import item_detail
from tests.support.county_builder import YEAR
from tests.support.small_county import COUNTY, STANDARD, SmallCounty, stored, two_schools

ITEM = "Q5"


def county(statuses: dict[str, str], *, of_county: str = "", day: str = "") -> SmallCounty:
    """Two schools with what was judged of them, with or without a judgement of the county."""
    small = two_schools()
    small.tables["judgements"] = [row for row in small.tables["judgements"] if row["item"] != ITEM]
    if of_county:
        small.tables["judgements"].append({**small.tables["judgements"][0], "item": ITEM, "status": of_county})
    judged_schools = [
        {
            "school_id": school,
            "year": str(YEAR),
            "item": ITEM,
            "status": status,
            "document": "自评报告",
            "document_date": day,
            "note": "",
        }
        for school, status in statuses.items()
    ]
    if judged_schools:
        small.tables["school_judgements"] = judged_schools
    return small


def item_of(small: SmallCounty, as_of: date | None = None) -> ItemResult:
    """The item as it is judged."""
    with stored(small.tables) as store:
        return assess(store, STANDARD, COUNTY, YEAR, as_of=as_of).item(ITEM)


@pytest.mark.parametrize(
    ("statuses", "verdict", "says"),
    [
        ({"P": "met", "J": "met"}, Verdict.MET, "共 2 所学校，0 所不符合"),
        ({"P": "met", "J": "not_met"}, Verdict.NOT_MET, "共 2 所学校，1 所不符合"),
        ({"P": "met"}, Verdict.NOT_ASSESSABLE, "共 2 所学校，0 所不符合，1 所尚无结论"),
        ({"P": "not_met"}, Verdict.NOT_MET, "共 2 所学校，1 所不符合，1 所尚无结论"),
        ({"P": "met", "J": ""}, Verdict.NOT_ASSESSABLE, "1 所尚无结论"),
        ({}, Verdict.NOT_ASSESSABLE, "尚无核查结论"),
    ],
)
def test_the_countys_item_follows_from_its_schools(statuses: dict[str, str], verdict: Verdict, says: str) -> None:
    found = item_of(county(statuses))
    assert found.verdict is verdict and found.value is None
    assert says in item_detail(found, STANDARD)


@pytest.mark.parametrize("of_county", ["met", "not_met"])
def test_the_countys_own_judgement_stands_before_those_of_schools(of_county: str) -> None:
    found = item_of(county({"P": "met", "J": "not_met" if of_county == "met" else "met"}, of_county=of_county))
    assert found.verdict.value == of_county and found.scope is None


def test_a_document_of_a_later_day_is_not_there_yet() -> None:
    small = county({"P": "met", "J": "met"}, day=f"{YEAR}-11-01")
    assert item_of(small, date(YEAR, 11, 1)).verdict is Verdict.MET
    assert item_of(small, date(YEAR, 10, 31)).verdict is Verdict.NOT_ASSESSABLE


def test_a_closed_school_is_no_school_that_must_be_judged() -> None:
    small = county({"P": "met", "J": "met"})
    small.school("X", "primary", {"primary": 100})
    small.row("schools", school_id="X")["closed_year"] = str(YEAR)
    for sheet in ("enrolment", "premises", "classes", "special_rooms"):
        small.tables[sheet] = [row for row in small.tables[sheet] if row["school_id"] != "X"]
    assert (item_of(small).verdict, item_of(small).scope) == (Verdict.MET, 2)
