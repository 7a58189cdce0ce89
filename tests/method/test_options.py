"""Every reading that no text settles and every relief, switched: it changes its own results, and nothing else.

Beside the school that a switch is for stands one that it must leave alone.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from core.errors import RequestInvalid
from core.method.assessment import Assessment
from core.method.changes import CloseSchool, MergeSchool
from core.method.engine import assess
from core.reports.assess_json import assess_object
from core.store.database import Store
from tests.support.county_builder import YEAR
from tests.support.small_county import COUNTY, STANDARD, Amount, SmallCounty, judged, stored, two_schools

DEFAULTS = {
    "small_teaching_points": "drop", "rounding_before_judging": "exact", "music_art_rooms": "each",
    "combined_secondary_size": "single_stage", "item_schools": "all", "retention_formula": "graduates_adjusted",
    "monitoring_window": "three_years", "tutoring_veto": "on", "vocational_classes": "named",
    "preschool_share": "shared", "small_school_funds": "village", "special_funds": "special",
    "monitoring_subjects": "present", "special_room_classes": "compulsory", "relief_shared_teachers": "off", "relief_room_area": "off",
    "relief_school_size": "off",
}  # fmt: skip


def county() -> SmallCounty:
    """A county in which every switch has its school, and a like one just outside its reach."""
    # 40 moved out: (910 + 40) of 1,000 by the one reading, 910 of 960 by the other.
    small = SmallCounty(figures={"cohort_entered": 1000, "cohort_died": 0, "cohort_graduated": 910,
                                 "cohort_transferred_in": 0, "cohort_transferred_out": 40,
                                 "inclusive_funds_yuan": 79_999, "inclusive_pupils": 10})  # fmt: skip
    small.school("parent", "primary", {"primary": 1000}, {"L1": 84, "L2": 20, "L3": 18, "L7": 46})
    small.school(
        "point", "teaching_point", {"primary": 40}, {"L4": 1000}, parent_school_id="parent", rooms={"music": [95]}
    )
    # 4.495 ㎡ is printed as 4.50 ㎡, 4.4949 ㎡ as 4.49 ㎡.
    small.school("printed-as-limit", "primary", {"primary": 1000}, {"L4": 4495, "L5": 7400})
    small.school("printed-below", "primary", {"primary": 1000}, {"L4": "4494.9", "L5": 7400})
    summed = {"pupils": {"primary": 400}, "classes": {"primary": [20] * 20}}
    small.school("four-music", "primary", summed["pupils"], classes=summed["classes"],
                 rooms={"music": [96] * 2, "art": []})  # fmt: skip
    small.school("one-music", "primary", summed["pupils"], classes=summed["classes"],
                 rooms={"music": [96], "art": []})  # fmt: skip
    small.school("combined-2500", "combined_secondary", {"junior": 2500, "senior": 100})
    small.school("combined-2501", "combined_secondary", {"junior": 2501, "senior": 100})
    for school_id, zone, pupils, shared in (
        ("rural-99", "rural", 99, 1), ("rural-100", "rural", 100, 1), ("rural-50", "rural", 50, 1), ("rural-49", "rural", 49, 1),
        ("town-99", "town", 99, 1), ("rural-none", "rural", 99, ""),
    ):  # fmt: skip
        small.school(school_id, "primary", {"primary": pupils}, {"L3": 0}, zone=zone, shared_pe_arts_teachers=shared)
    # Two rows of 60 pupils are a school of 120.
    small.school("rural-both", "nine_year", {"primary": 60, "junior": 60}, {"L3": 0}, zone="rural",
                 shared_pe_arts_teachers=1)  # fmt: skip
    small.school("rural-primary-100", "primary", {"primary": 100}, classes={"primary": [25] * 4},
                 rooms={"music": [54], "art": [54]}, zone="rural")  # fmt: skip
    small.school("vocational", "vocational", {"junior": 200, "senior": 300})
    small.school("with-preschool", "primary", {"preschool": 100, "primary": 900})
    small.school("junior-60", "junior", {"junior": 60})
    small.school("junior-60-funded", "junior", {"junior": 60}, operating_funds_yuan=90_000)
    for stage, area in (("primary", 54), ("junior", 61)):
        rooms: dict[str, list[Amount]] = {"music": [area], "art": [area]}
        for roll in (29, 30):
            small.school(f"rural-{stage}-{roll}", stage, {stage: roll}, rooms=rooms, zone="rural")
        small.school(f"town-{stage}-29", stage, {stage: 29}, rooms=rooms)
    small.school("old", "primary", {"primary": 90}, rooms={"music": [73], "art": [67]}, built_year=2016)
    small.school("new", "primary", {"primary": 90}, rooms={"music": [73], "art": [67]}, built_year=2017)
    small.school("old-2400", "primary", {"primary": 2400}, built_year=2010)
    small.school("new-2400", "primary", {"primary": 2400}, built_year=2011)
    small.school("migrants", "primary", {"primary": 2001}, migrant_pupils=1001)
    small.school("half-migrants", "primary", {"primary": 2002}, migrant_pupils=1001)
    small.row("monitoring", grade="4")["year"] = str(YEAR)
    small.row("monitoring", grade="8")["level"] = "2"
    return small


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with stored(county().tables) as opened:
        yield opened


@pytest.fixture(scope="module")
def headline(store: Store) -> Assessment:
    return assess(store, STANDARD, COUNTY, YEAR)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every figure and verdict of a result with its place, lists by what names their entries."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for entry in value:
            name = "/".join(entry[k] for k in ("code", "school_id", "stage", "indicator") if k in entry)
            yield from leaves(entry, (*path, name))
    else:
        yield path, value


def by_place(assessment: Assessment) -> dict[tuple[str, ...], Any]:
    """All of an assessment: what the command prints, and how each school stands under the county items."""
    everything = dict(leaves(assess_object(assessment, STANDARD)))
    for item in assessment.school_items:
        everything["school_items", item.code, item.school_id] = item.verdict.value
    return everything


def changed(headline: Assessment, switched: Assessment) -> dict[tuple[str, ...], tuple[Any, Any]]:
    """The places at which two results differ, with both values."""
    before, after = by_place(headline), by_place(switched)
    assert [after.pop(place) for place in [*after] if place[0] == "options"] == [
        choice for option_id, choice in switched.choices.items() if choice != DEFAULTS[option_id]
    ]
    places = sorted({*before, *after})
    return {p: (before.get(p), after.get(p)) for p in places if before.get(p) != after.get(p)}


def test_the_headline_is_what_the_default_choices_give(store: Store, headline: Assessment) -> None:
    assert headline.choices == DEFAULTS
    assert {o.option_id: o.default for o in STANDARD.options} == DEFAULTS
    assert changed(headline, assess(store, STANDARD, COUNTY, YEAR, choices=DEFAULTS)) == {}


def test_every_option_has_two_readings_and_a_note_and_the_reliefs_are_off() -> None:
    for option in STANDARD.options:
        assert len(option.choices) == 2 and option.note and option.clause
        assert option.kind == ("relief" if option.option_id.startswith("relief_") else "assumption")
        if option.kind == "relief":
            assert option.default == "off"


SMALL_JUNIORS = (("rural", 29), ("rural", 30), ("town", 29))
# option: the other choice, the school results that must change, and the other places that may change with them.
Expected = tuple[str, dict[tuple[str, ...], tuple[Any, Any]], tuple[tuple[str, ...], ...]]
SWITCHES: dict[str, Expected] = {
    "small_teaching_points": (
        "merge",
        {
            ("rows", "parent/primary", "pupils"): (1000, 1040),
            ("rows", "parent/primary", "indicators", "L4", "amount"): (4500.0, 5500.0),
        },
        (("rows", "parent/primary"), ("balance",)),
    ),
    "rounding_before_judging": (
        "rounded",
        {
            ("rows", "printed-as-limit/primary", "verdict"): ("not_met", "met"),
            ("rows", "printed-as-limit/primary", "met_count"): (5, 6),
            ("rows", "printed-as-limit/primary", "indicators", "L4", "verdict"): ("not_met", "met"),
        },
        (("rows", "printed-as-limit/primary"),),
    ),
    "music_art_rooms": (
        "summed",
        {("school_items", "G3", "four-music"): ("not_met", "met")},
        (("school_items", "G3", "point"), ("items", "G3")),
    ),
    "combined_secondary_size": (
        "multi_stage",
        {("school_items", "G4", "combined-2500"): ("not_met", "met")},
        (("items", "G4"),),
    ),
    "item_schools": (
        "evaluated",
        {
            ("school_items", "G3", "point"): ("not_met", None),
            ("school_items", "G4", "point"): ("met", None),
            ("school_items", "G5", "point"): ("met", None),
            ("school_items", "Q4", "point"): ("met", None),
        },
        (("items",),),
    ),
    "retention_formula": (
        "cohort_adjusted",
        {
            ("items", "Q1", "verdict"): ("met", "not_met"),
            ("items", "Q1", "value"): (0.95, 910 / 960),
        },
        (("items", "Q1"),),
    ),
    "monitoring_window": (
        "same_year",
        {("items", "Q9", "verdict"): ("not_met", "met")},
        (("items", "Q9"),),
    ),
    "tutoring_veto": (
        "off",
        {("items", "veto_tutoring", "verdict"): ("met", "not_applicable")},
        (("items", "veto_tutoring"),),
    ),
    "vocational_classes": (
        "fails",
        {("school_items", "G4", "vocational"): ("met", "not_met")},
        (("items", "G4"),),
    ),
    "preschool_share": (
        "ignored",
        {("rows", "with-preschool/primary", "indicators", "L4", "amount"): (4050.0, 4500.0)},
        (("rows", "with-preschool/primary"), ("balance",)),
    ),
    "small_school_funds": (
        "all",
        {
            ("school_items", "G6", "junior-60"): (None, "not_met"),
            ("school_items", "G6", "junior-60-funded"): (None, "met"),
        },
        (("items", "G6"), *(("school_items", "G6", f"{where}-junior-{roll}") for where, roll in SMALL_JUNIORS)),
    ),
    "special_funds": (
        "with_inclusive",
        {("items", "G7", "verdict"): ("met", "not_met")},
        (("items", "G7"),),
    ),
    "monitoring_subjects": (
        "all",
        {},
        (("items", "Q9", "detail"),),
    ),
    "special_room_classes": (
        "all",
        {
            ("school_items", "G3", "combined-2500"): ("met", "not_assessable"),
            ("school_items", "G3", "with-preschool"): ("met", "not_assessable"),
        },
        (("items", "G3"), ("school_items", "G3", "combined-2501")),
    ),
    "relief_shared_teachers": (
        "on",
        {
            ("rows", "rural-99/primary", "verdict"): ("not_met", "met"),
            ("rows", "rural-99/primary", "indicators", "L3", "verdict"): ("not_met", "met"),
            ("rows", "rural-50/primary", "indicators", "L3", "verdict"): ("not_met", "met"),
        },
        (("rows", "rural-99/primary"), ("rows", "rural-50/primary"), ("balance", "primary/L3")),
    ),
    "relief_room_area": (
        "on",
        {
            ("school_items", "G3", "old"): ("not_met", "met"),
            ("school_items", "G3", "rural-primary-29"): ("not_met", "met"),
            ("school_items", "G3", "rural-junior-29"): ("not_met", "met"),
        },
        (("items", "G3"),),
    ),
    "relief_school_size": (
        "on",
        {
            ("school_items", "G4", "old-2400"): ("not_met", "met"),
            ("school_items", "G4", "migrants"): ("not_met", "met"),
        },
        (("items", "G4"),),
    ),
}


@pytest.mark.parametrize("option_id", DEFAULTS)
def test_a_switched_option_changes_its_own_results_and_no_others(
    store: Store, headline: Assessment, option_id: str
) -> None:
    choice, expected, also = SWITCHES[option_id]
    found = changed(headline, assess(store, STANDARD, COUNTY, YEAR, choices={option_id: choice}))
    assert {place: found.get(place) for place in expected} == expected
    elsewhere = [p for p in found if p not in expected and not any(p[: len(prefix)] == prefix for prefix in also)]
    assert elsewhere == []


def test_a_switch_decides_the_whole_county() -> None:
    # The county meets everything but the rooms, four music rooms where two of each is asked.
    small = two_schools()
    small.school("S", "primary", {"primary": 400}, classes={"primary": [20] * 20}, rooms={"music": [96] * 4, "art": []})
    assert judged(small.tables).verdict.value == "not_met"
    assert judged(small.tables, choices={"music_art_rooms": "summed"}).verdict.value == "met"


def test_a_relieved_school_is_marked(store: Store) -> None:
    relieved = assess(store, STANDARD, COUNTY, YEAR, choices=dict.fromkeys(
        ("relief_shared_teachers", "relief_room_area", "relief_school_size"), "on"))  # fmt: skip
    assert [row.school_id for row in relieved.rows if row.relieved] == ["rural-50", "rural-99"]
    marked = {(item.code, item.school_id) for item in relieved.school_items if item.relieved}
    assert {("G3", "old"), ("G4", "old-2400"), ("G4", "migrants")} <= marked
    assert not marked & {("G3", "new"), ("G4", "new-2400"), ("G4", "half-migrants")}


@pytest.mark.parametrize("choices", [{"music_art_rooms": "three"}, {"colour": "red"}])
def test_an_unknown_option_or_choice_is_refused_with_a_sentence(store: Store, choices: dict[str, str]) -> None:
    with pytest.raises(RequestInvalid, match="没有这种口径"):
        assess(store, STANDARD, COUNTY, YEAR, choices=choices)


def test_a_teaching_point_without_a_parent_is_dropped_even_when_others_merge() -> None:
    small = two_schools()
    small.school("alone", "teaching_point", {"primary": 40})
    merged = judged(small.tables, choices={"small_teaching_points": "merge"})
    assert [(x.school_id, x.reason) for x in merged.left_out] == [("alone", "teaching_point_under_50")]
    row = merged.row("P", "primary")
    assert row is not None and row.pupils == 1000


def test_a_merged_point_with_an_unknown_figure_leaves_its_parent_unknown() -> None:
    small = two_schools()
    small.school("point", "teaching_point", {"primary": 40}, {"L6": None}, parent_school_id="P")
    row = judged(small.tables, choices={"small_teaching_points": "merge"}).row("P", "primary")
    assert row is not None
    assert row.indicator("L6").verdict.value == "not_assessable"
    assert row.indicator("L5").surplus == Fraction(0)


def test_a_point_with_an_attached_class_gives_its_parent_only_the_share_of_the_stage_that_joins() -> None:
    small = two_schools()
    # 40 primary and 60 junior pupils: the juniors are a row of their own and keep 66 of 106 parts.
    small.school("point", "teaching_point", {"primary": 40, "junior": 60}, {"L4": 1060}, parent_school_id="P")
    apart, merged = (judged(small.tables, choices={"small_teaching_points": choice}) for choice in ("drop", "merge"))
    rows = [(a.row("P", "primary"), a.row("point", "junior")) for a in (apart, merged)]
    amounts = [[row and row.indicator("L4").amount for row in pair] for pair in rows]
    assert amounts == [[pytest.approx(4500), pytest.approx(660)], [pytest.approx(4900), pytest.approx(660)]]
    assert merged.row("P", "primary").pupils == 1040  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("satisfied", "exact", "rounded", "borderline"),
    [("1698", "not_met", "not_met", False), ("1699", "not_met", "met", True), ("1700", "met", "met", False)],
)
def test_a_share_that_is_printed_as_the_limit_is_marked_and_passes_when_rounded_figures_judge(
    satisfied: str, exact: str, rounded: str, borderline: bool
) -> None:
    small = two_schools()
    small.row("survey", group="all").update(valid="2000", satisfied=satisfied)
    # 1,699 of 2,000 are 84.95 %, which the form prints as 85.0 %.
    for choice, verdict in (("exact", exact), ("rounded", rounded)):
        found = judged(small.tables, choices={"rounding_before_judging": choice}).item("satisfaction")
        assert (found.verdict.value, found.borderline) == (verdict, borderline)


def test_a_county_without_a_word_on_tutoring_cannot_be_judged_until_it_says_one() -> None:
    small = two_schools()
    small.tables["judgements"].remove(small.row("judgements", item="veto_tutoring"))
    found = judged(small.tables)
    assert (found.item("veto_tutoring").verdict.value, found.verdict.value) == ("not_assessable",) * 2
    assert judged(small.tables, choices={"tutoring_veto": "off"}).verdict.value == "met"


def test_every_subject_of_the_year_needs_a_result_where_all_are_asked_for() -> None:
    small = two_schools()
    names = ["语文", "数学", "科学", "体育与健康", "艺术", "德育", "英语", "劳动", "心理健康"]
    [first, *_] = small.tables["monitoring"]
    small.tables["monitoring"] = [{**first, "subject": name} for name in names]
    assert judged(small.tables, choices={"monitoring_subjects": "all"}).item("Q9").verdict.value == "met"
    small.tables["monitoring"].pop()
    found = judged(small.tables, choices={"monitoring_subjects": "all"}).item("Q9")
    assert (found.verdict.value, found.unknown) == ("not_assessable", 1)
    assert judged(small.tables).item("Q9").verdict.value == "met"


@pytest.mark.parametrize(
    ("senior", "L4"), [({"senior": 0}, "met"), ({"senior": 300}, "not_met"), ({}, "not_assessable")]
)
def test_junior_classes_of_a_vocational_school_share_its_premises_with_its_own_pupils(
    senior: dict[str, int], L4: str
) -> None:
    small = two_schools()
    small.school("V", "vocational", {"junior": 100, **senior}, {"L4": 580, "L5": 9000, "L6": 9_000_000, "L7": 90})
    row = judged(small.tables).row("V", "junior")
    assert row is not None and row.indicator("L4").verdict.value == L4


@pytest.mark.parametrize(
    ("cells", "verdict", "by_budget"),
    [
        ({"operating_budget_yuan": 600_000, "training_budget_yuan": 30_000}, "met", True),
        ({"operating_budget_yuan": 600_001, "training_budget_yuan": 30_000}, "not_met", True),
        ({"operating_budget_yuan": None, "training_budget_yuan": 35_000}, "met", False),
        ({"operating_budget_yuan": 0, "training_budget_yuan": 30_000}, "not_assessable", True),
        ({"operating_funds_yuan": 0, "training_budget_yuan": 0}, "not_assessable", False),
    ],
)
def test_training_is_measured_on_the_budget_and_of_nothing_nobody_can_say(
    cells: dict[str, Amount], verdict: str, by_budget: bool
) -> None:
    small = two_schools()
    small.school("S", "primary", {"primary": 1000}, **cells)
    [found] = [s for s in judged(small.tables).school_items if (s.code, s.school_id) == ("Q4", "S")]
    assert (found.verdict.value, found.by_budget) == (verdict, by_budget)


def test_a_coefficient_that_the_form_rounds_above_the_limit_fails_when_rounded_figures_judge() -> None:
    small = SmallCounty()
    for school_id, area in (("high", 15_005), ("low", 4_995)):
        small.school(school_id, "primary", {"primary": 1000}, {"L4": area})
    result = judged(small.tables, choices={"rounding_before_judging": "rounded"}).balance_of("primary", "L4")
    assert result.cv == pytest.approx(0.5005, abs=1e-12)
    assert result.verdict.value == "not_met"


def test_a_school_with_a_pre_school_class_may_be_merged_and_closed() -> None:
    small = two_schools()
    small.school("T", "primary", {"preschool": 30, "primary": 60})
    small.school("E", "primary", {"preschool": 30, "primary": 0})
    with stored(small.tables) as store:
        after = assess(store, STANDARD, COUNTY, YEAR, changes=[MergeSchool("T", "P", True), CloseSchool("E")])
    row = after.row("P", "primary")
    assert row is not None and row.pupils == 1060 and after.row("T", "primary") is None
