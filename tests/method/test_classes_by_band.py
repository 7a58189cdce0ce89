"""Classes that are known by their band of size are judged as their rolls would be; classes of which nothing is known are not."""

import json
import random
from collections import Counter
from typing import Any

import pytest

from core.errors import InputRejected, Problem
from core.method.assessment import Verdict
from core.reports.assess_json import assess_json
from tests.support.counties import random_tables
from tests.support.county_builder import YEAR, Tables
from tests.support.program import differences
from tests.support.samples import seeds
from tests.support.small_county import STANDARD, SmallCounty, dataset, judged, two_schools

# The witness's own edges of the official forms.
EDGES = (25, 30, 35, 40, 45, 50, 55, 60, 65)
BANDS = ("<=25", "26-30", "31-35", "36-40", "41-45", "46-50", "51-55", "56-60", "61-65", ">=66")


def band(pupils: int) -> str:
    """The band of a class."""
    return BANDS[sum(pupils > edge for edge in EDGES)]


def in_bands(tables: Tables, *, by_grade: bool) -> Tables:
    """The same county with bands in the place of all class rolls; a class without pupils is in no form."""
    counts: Counter[tuple[str, ...]] = Counter()
    for row in tables["classes"]:
        grade = row["grade"] if by_grade else ""
        counts[row["school_id"], row["year"], row["stage"], grade, band(int(row["pupils"]))] += 1
    keys = ("school_id", "year", "stage", "grade", "band")
    bands = [dict(zip(keys, key, strict=True)) | {"classes": str(number)} for key, number in counts.items()]
    return {**tables, "classes": [], "class_bands": bands}


def answer(tables: Tables) -> Any:
    """What the assess command says."""
    return json.loads(assess_json(judged(tables), STANDARD))


@pytest.mark.parametrize("seed", seeds(3, 60))
@pytest.mark.parametrize("by_grade", [True, False], ids=["by grade", "without grades"])
def test_a_county_given_by_bands_is_judged_as_by_rolls(seed: int, by_grade: bool) -> None:
    rng = random.Random(seed)
    tables = random_tables(rng, rng.randint(4, 8))
    if any(row["pupils"] == "0" for row in tables["classes"]):
        tables["classes"] = [row for row in tables["classes"] if row["pupils"] != "0"]
    assert differences(answer(in_bands(tables, by_grade=by_grade)), answer(tables)) == []


def test_without_any_class_everything_else_stands_and_the_classes_are_not_assessable() -> None:
    tables = two_schools().tables
    before, after = answer(tables), answer({**tables, "classes": []})
    assert after["class_sizes"]["primary"] == {
        **dict.fromkeys(("classes", "over_limit", "51_55", "56_plus", "66_plus"), 0), "unreported": 1,
    }  # fmt: skip
    changed = {
        i["code"] for i, old in zip(after["items"], before["items"], strict=True) if i["verdict"] != old["verdict"]
    }
    assert changed == {"G3", "G5"}
    assert {i["verdict"] for i in after["items"] if i["code"] in changed} == {"not_assessable"}
    assert after["verdict"] == "not_assessable" and after["rows"] == before["rows"]


def findings(tables: Tables) -> list[Problem]:
    """Everything found."""
    try:
        return list(dataset(tables).warnings)
    except InputRejected as rejected:
        return rejected.problems


def sentences(tables: Tables, level: str) -> list[str]:
    """The findings of a level."""
    return [p.sentence() for p in findings(tables) if p.level == level]


def one_school(pupils: int, bands: dict[tuple[str, str], int], rolls: dict[int, list[int]] | None = None) -> Tables:
    """A primary school with these pupils, bands by (grade, band) and rolls by grade."""
    county = SmallCounty()
    county.school("P", "primary", {"primary": pupils}, classes={"primary": []})
    key = {"school_id": "P", "year": str(YEAR), "stage": "primary"}
    county.tables["class_bands"] = [
        {**key, "grade": grade, "band": name, "classes": str(number)} for (grade, name), number in bands.items()
    ]
    county.tables["classes"] = [
        {**key, "grade": str(grade), "class_no": str(number), "pupils": str(size)}
        for grade, sizes in (rolls or {}).items()
        for number, size in enumerate(sizes, 1)
    ]
    return county.tables


@pytest.mark.parametrize(("pupils", "fits"), [(81, False), (82, True), (90, True), (91, False)])
def test_the_pupils_lie_between_the_bounds_of_their_bands(pupils: int, fits: bool) -> None:
    assert (not sentences(one_school(pupils, {("1", "41-45"): 2}), "FAIL")) is fits


@pytest.mark.parametrize(("pupils", "fits"), [(65, False), (66, True), (1000, True)])
def test_the_last_band_is_open_above(pupils: int, fits: bool) -> None:
    assert (not sentences(one_school(pupils, {("1", ">=66"): 1}), "FAIL")) is fits


def test_rolls_win_over_bands_and_a_difference_is_said() -> None:
    tables = one_school(46, {("1", "41-45"): 1}, {1: [46]})
    assert any("1 年级分档为41-45人 1 个班，“班级”表为46-50人 1 个班" in s for s in sentences(tables, "WARN"))
    [sizes] = judged(tables).class_sizes
    assert (sizes.classes, sizes.over_limit, sizes.largest, sizes.largest_at_most) == (1, 1, 46, 46)
    same = one_school(45, {("1", "41-45"): 1}, {1: [45]})
    assert not any("分档" in s for s in sentences(same, "WARN"))


def test_grades_by_roll_and_by_band_are_counted_together() -> None:
    [sizes] = judged(one_school(45 + 52, {("2", "51-55"): 1}, {1: [45]})).class_sizes
    assert (sizes.classes, sizes.over_limit, sizes.large, sizes.largest, sizes.largest_at_most) == (2, 1, 1, 51, 55)


def test_a_class_of_several_grades_counts_beside_rolls_and_a_second_count_of_them_is_refused() -> None:
    shared = judged(one_school(45 + 20, {("", "<=25"): 1}, {1: [45]}))
    assert shared.class_sizes[0].classes == 2
    [refusal] = sentences(one_school(45, {("", "41-45"): 1}, {1: [45]}), "FAIL")
    assert "不分年级的班数只能是复式班" in refusal


def test_classes_of_a_stage_that_the_school_does_not_report_are_said() -> None:
    tables = two_schools().tables
    key = {"school_id": "J", "year": str(YEAR), "stage": "primary"}
    tables["classes"] += [{**key, "grade": "1", "class_no": str(n), "pupils": "20"} for n in (1, 2)]
    [said] = [s for s in sentences(tables, "WARN") if "没有填报小学学段的在校生" in s]
    assert "“J”" in said


def test_pupils_by_grade_add_up_to_the_stage() -> None:
    for number, fits in ((44, False), (45, True), (46, False)):
        tables = one_school(45, {}, {1: [45]})
        key = {"school_id": "P", "year": str(YEAR), "stage": "primary"}
        tables["grade_enrolment"] = [{**key, "grade": "1", "pupils": str(number)}]
        assert (not sentences(tables, "FAIL")) is fits
    tables["grade_enrolment"].append({**key, "grade": "7", "pupils": ""})
    assert any("7 年级不属于小学" in s for s in sentences(tables, "FAIL"))


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("<=25", Verdict.MET), ("26-30", Verdict.NOT_ASSESSABLE), ("31-35", Verdict.NOT_MET)],
)
def test_a_relief_that_needs_a_roll_inside_a_band_is_open_unless_the_whole_band_decides(
    name: str, verdict: Verdict
) -> None:
    county = SmallCounty()
    pupils = {"<=25": 25, "26-30": 28, "31-35": 33}[name]
    # Rooms of the area that suffices in a small rural school only.
    county.school(
        "P", "primary", {"primary": pupils}, classes={"primary": []}, rooms={"music": [54], "art": [54]}, zone="rural"
    )
    county.tables["class_bands"] = [
        {"school_id": "P", "year": str(YEAR), "stage": "primary", "grade": "1", "band": name, "classes": "1"}
    ]
    [item] = [i for i in judged(county.tables, choices={"relief_room_area": "on"}).items if i.code == "G3"]
    assert item.verdict is verdict
