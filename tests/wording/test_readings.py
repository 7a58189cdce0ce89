"""What depends on a relief is said with and without it; what does not is not mentioned."""

from __future__ import annotations

import pytest

from core.method.assessment import Assessment
from core.method.engine import assess
from core.wording.readings import PLAIN, RELIEVED, differences, relief_sentence
from tests.support.small_county import COUNTY, STANDARD, YEAR, SmallCounty, stored, two_schools

RELIEFS = [option for option in STANDARD.options if option.kind == "relief"]


def sides(county: SmallCounty, option_id: str) -> tuple[Assessment, Assessment]:
    """A county judged without and with a relief."""
    with stored(county.tables) as store:
        without, relieved = (
            assess(store, STANDARD, COUNTY, YEAR, choices={option_id: choice}) for choice in (PLAIN, RELIEVED)
        )
    return without, relieved


@pytest.mark.parametrize("option", RELIEFS, ids=lambda o: o.option_id)
def test_a_relief_on_which_nothing_depends_is_not_mentioned(option: object) -> None:
    assert list(differences(*sides(two_schools(), option.option_id), STANDARD)) == []  # type: ignore[attr-defined]


def test_a_school_too_large_but_for_the_relief_is_told_with_and_without() -> None:
    small = two_schools()
    small.school("old", "primary", {"primary": 2400}, built_year=2010)
    without, relieved = sides(small, "relief_school_size")
    found = list(differences(without, relieved, STANDARD))
    assert [str(d.subject) for d in found] == ["item:G4", "school_item:old:G4"]
    said = relief_sentence(STANDARD.option("relief_school_size"), found[:1], (relieved.verdict, without.verdict))
    assert said == (
        "学校规模减免：按特例 （四）学校规模达标（0 所不符合），全县达标；"
        "不计特例 （四）学校规模未达标（1 所不符合），全县未达标。现不计特例判定。"
    )


def test_a_school_that_passes_only_by_shared_teachers_is_told() -> None:
    small = two_schools()
    small.school("rural", "primary", {"primary": 99}, {"L3": 0}, zone="rural", shared_pe_arts_teachers=1)
    found = list(differences(*sides(small, "relief_shared_teachers"), STANDARD))
    assert [(str(d.subject), d.relieved, d.plain) for d in found if str(d.subject).startswith("row:")] == [
        ("row:rural:primary", "达标", "未达标")
    ]


def test_rooms_that_count_only_by_the_relief_are_told_though_the_item_fails_either_way() -> None:
    small = two_schools()
    small.school("old", "primary", {"primary": 90}, rooms={"music": [73], "art": [67]}, built_year=2016)
    small.school("new", "primary", {"primary": 90}, rooms={"music": [73], "art": [67]}, built_year=2017)
    found = list(differences(*sides(small, "relief_room_area"), STANDARD))
    assert [(d.name, d.relieved, d.plain) for d in found] == [
        ("（三）音美教室", "未达标（1 所不符合）", "未达标（2 所不符合）"),
        ("old学校音美教室", "达标", "未达标"),
    ]
