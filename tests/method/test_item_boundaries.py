"""Every limit of the county items: just below it fails, exactly at it and above it pass, and so for schools."""

from fractions import Fraction

import pytest

from core.method.assessment import Assessment, Verdict
from tests.support.county_builder import YEAR
from tests.support.small_county import QUOTA_YUAN, Amount, SmallCounty, judged, two_schools

MET, NOT_MET, NOT_ASSESSABLE = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_ASSESSABLE
EXACT, ABOVE, BELOW, BELOW_SECOND = "exactly", "above", "below", "below in the second part"

# One figure of each item, and what stands just below and just above the limit that the small county meets exactly.
FIGURE_EDGES = {
    "G7": ("special_education_funds_yuan", "799999.9999", "800000.0001"),
    "G8": ("teacher_pay_yuan", "89999.9999", "90000.0001"),
    "G11": ("rotation_rotated", "99", "101"),
    "G13": ("catchment_primary_in", "999", "1000"),
    "G14": ("quota_places_allocated", "499", "501"),
    "G15": ("migrant_children_served", "849", "851"),
    "Q1": ("cohort_graduated", "949", "951"),
    "Q2": ("disabled_home_taught", "199", "201"),
}
SECOND_EDGES = {
    "G11": ("rotation_backbone", "19", "21"),
    "G13": ("catchment_junior_in", "949", "951"),
}
RATIO_ITEMS = [*FIGURE_EDGES, "satisfaction", "G9", "G12", "Q9"]


def county(place: str) -> SmallCounty:
    """A county with every figure at one place of its limit."""
    figures: dict[str, Amount] = {}
    if place in (BELOW, ABOVE):
        figures |= {name: below if place == BELOW else above for name, below, above in FIGURE_EDGES.values()}
    if place in (BELOW_SECOND, ABOVE):
        figures |= {name: below if place == BELOW_SECOND else above for name, below, above in SECOND_EDGES.values()}
    if place == ABOVE:
        # One backbone teacher in five of 101 is 20.2, so 21.
        figures["rotation_backbone"] = "21"
    small = two_schools(figures=figures)
    survey = small.row("survey", group="all")
    monitoring = small.row("monitoring", grade="4")
    staff = small.row("enrolment", school_id="P")
    if place == BELOW:
        survey["satisfied"] = "849"
        monitoring["level"] = "2"
        staff["trained_teachers"] = staff["certified_teachers"] = str(int(staff["teachers"]) - 1)
    if place == BELOW_SECOND:
        monitoring["between_school_rate"] = "0.15"
    if place == ABOVE:
        survey["satisfied"] = "851"
        monitoring["level"], monitoring["between_school_rate"] = "4", "0.1"
    return small


@pytest.fixture(scope="module")
def figures() -> dict[str, Assessment]:
    return {place: judged(county(place).tables) for place in (EXACT, ABOVE, BELOW, BELOW_SECOND)}


@pytest.mark.parametrize("code", RATIO_ITEMS)
def test_an_item_is_met_exactly_at_its_limit_and_above(figures: dict[str, Assessment], code: str) -> None:
    assert figures[EXACT].item(code).verdict is MET
    assert figures[ABOVE].item(code).verdict is MET


@pytest.mark.parametrize("code", RATIO_ITEMS)
def test_an_item_fails_just_below_its_limit(figures: dict[str, Assessment], code: str) -> None:
    assert figures[BELOW].item(code).verdict is NOT_MET


@pytest.mark.parametrize("code", [*SECOND_EDGES, "Q9"])
def test_an_item_with_two_parts_fails_by_its_second_part_alone(figures: dict[str, Assessment], code: str) -> None:
    assert figures[BELOW_SECOND].item(code).verdict is NOT_MET


def test_the_county_passes_with_everything_exactly_at_its_limit(figures: dict[str, Assessment]) -> None:
    assert figures[EXACT].verdict is MET
    assert figures[ABOVE].verdict is MET
    assert figures[BELOW].verdict is NOT_MET
    untouched = [i.code for i in figures[BELOW].items if i.verdict is NOT_MET]
    assert untouched == sorted(RATIO_ITEMS, key=[i.code for i in figures[BELOW].items].index)


@pytest.mark.parametrize(("years_ago", "verdict"), [(2, MET), (3, NOT_ASSESSABLE)])
def test_a_monitoring_result_counts_for_three_years(years_ago: int, verdict: Verdict) -> None:
    small = two_schools()
    for row in small.tables["monitoring"]:
        row["year"] = str(YEAR - years_ago)
    assert judged(small.tables).item("Q9").verdict is verdict


# ── Items that are judged school by school ──────────────────────────────────────────────────────
def rooms_of(classes: int, music: list[Amount], art: list[Amount]) -> dict[str, object]:
    """A primary school of so many classes of twenty, with these rooms."""
    return {"pupils": {"primary": 20 * classes}, "classes": {"primary": [20] * classes}, "rooms": {
        "music": music, "art": art}}  # fmt: skip


FUNDS = 100 * QUOTA_YUAN
# For each item the schools, with how they must stand.
ROOM_SCHOOLS = {
    "12 classes, one of each": (rooms_of(12, [96], [90]), MET),
    "12 classes, music 95.9999": (rooms_of(12, ["95.9999"], [90]), NOT_MET),
    "12 classes, music 96.0001": (rooms_of(12, ["96.0001"], [90]), MET),
    "12 classes, art 89.9999": (rooms_of(12, [96], ["89.9999"]), NOT_MET),
    "12 classes, art 90.0001": (rooms_of(12, [96], ["90.0001"]), MET),
    "12 classes, two music and no art": (rooms_of(12, [96, 96], []), NOT_MET),
    "13 classes, one of each": (rooms_of(13, [96], [90]), NOT_MET),
    "13 classes, two of each": (rooms_of(13, [96, 96], [90, 90]), MET),
    "24 classes, two of each": (rooms_of(24, [96, 96], [90, 90]), MET),
    "12 classes, music of unknown size": (rooms_of(12, [None], [90]), NOT_ASSESSABLE),
    "12 classes, music of unknown size and no art": (rooms_of(12, [None], []), NOT_MET),
    "1 class, none": (rooms_of(1, [], []), NOT_MET),
}
FUND_SCHOOLS = {
    "99 pupils, funds for 100": (99, FUNDS, MET),
    "99 pupils, a cent more": (99, Fraction(FUNDS * 100 + 1, 100), MET),
    "99 pupils, a cent less": (99, Fraction(FUNDS * 100 - 1, 100), NOT_MET),
    "1 pupil, funds for 100": (1, FUNDS, MET),
    "1 pupil, funds for 99": (1, 99 * QUOTA_YUAN, NOT_MET),
    "99 pupils, funds unknown": (99, None, NOT_ASSESSABLE),
    "100 pupils, funds for 1": (100, QUOTA_YUAN, None),
}
BUDGET_SCHOOLS = {
    "exactly 5 %": (5_000, MET),
    "a cent more": ("5000.01", MET),
    "a cent less": ("4999.99", NOT_MET),
    "unknown": (None, NOT_ASSESSABLE),
}


@pytest.fixture(scope="module")
def schools() -> dict[tuple[str, str], Verdict]:
    """Every school of the three tables, judged in one county."""
    small = SmallCounty()
    for school_id, (figures, _) in ROOM_SCHOOLS.items():
        small.school(school_id, "primary", figures["pupils"], classes=figures["classes"], rooms=figures["rooms"])  # type: ignore[arg-type]
    for school_id, (pupils, funds, _) in FUND_SCHOOLS.items():
        small.school(school_id, "primary", {"primary": pupils}, operating_funds_yuan=funds)
    for school_id, (budget, _) in BUDGET_SCHOOLS.items():
        small.school(
            school_id,
            "junior",
            {"junior": 500},
            operating_funds_yuan=100_000,
            training_budget_yuan=budget,
        )
    return {(item.code, item.school_id): item.verdict for item in judged(small.tables).school_items}


@pytest.mark.parametrize("school_id", ROOM_SCHOOLS)
def test_music_and_art_rooms_count_from_96_and_90_square_metres_one_of_each_for_twelve_classes(
    schools: dict[tuple[str, str], Verdict], school_id: str
) -> None:
    assert schools["G3", school_id] is ROOM_SCHOOLS[school_id][1]


@pytest.mark.parametrize("school_id", FUND_SCHOOLS)
def test_a_school_below_a_hundred_pupils_is_funded_for_a_hundred(
    schools: dict[tuple[str, str], Verdict], school_id: str
) -> None:
    assert schools.get(("G6", school_id)) is FUND_SCHOOLS[school_id][2]


@pytest.mark.parametrize("school_id", BUDGET_SCHOOLS)
def test_five_hundredths_of_the_funds_go_to_training(schools: dict[tuple[str, str], Verdict], school_id: str) -> None:
    assert schools["Q4", school_id] is BUDGET_SCHOOLS[school_id][1]
