"""Every limit of a school row: just below it fails, exactly at it and just above it pass.

Amounts are exact decimals: the floor of 4.5 ㎡ is 3.825 ㎡, which no binary fraction is. The schools of one test
stand side by side in one county.
"""

from dataclasses import dataclass
from fractions import Fraction
from statistics import pstdev

import pytest

from core.method.assessment import Assessment, Verdict
from tests.support.oracle import INDICATORS, LIMITS
from tests.support.small_county import PEOPLE, STANDARD, SmallCounty, at_limit, judged

MET, NOT_MET = Verdict.MET, Verdict.NOT_MET
STAGES = ("primary", "junior")
# So many pupils that every limit and every floor is a whole number of teachers, rooms, ㎡ and yuan.
PUPILS = 20_000
LIMIT, FLOOR = Fraction(1), Fraction(85, 100)
EDGES = {"limit": LIMIT, "floor": FLOOR}
PLACES = {"below": -1, "exactly": 0, "above": 1}
STEPS = {code: Fraction(1) if code in (*PEOPLE, "L7") else Fraction(1, 10_000) for code in INDICATORS}
FLOORS = {
    "primary": ("3.570", "0.85", "0.765", "3.825", "6.375", "1700.00", "1.955"),
    "junior": ("4.505", "0.85", "0.765", "4.930", "8.670", "2125.00", "2.040"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_floors_are_exact_decimals(stage: str) -> None:
    assert [str(STANDARD.floor(indicator, stage)) for indicator in STANDARD.indicators] == list(FLOORS[stage])


# ── The seven limits and floors of each stage ────────────────────────────────────────────────────
@pytest.fixture(scope="module", params=STAGES)
def edges(request: pytest.FixtureRequest) -> tuple[str, Assessment]:
    """One school for every indicator, edge and place; beside the limit another indicator is missed already.

    So the row itself hangs on the indicator at its edge: at the limit as the sixth met, at the floor as the seventh.
    """
    stage = request.param
    county = SmallCounty()
    pupils = {stage: PUPILS}
    for code in INDICATORS:
        other = "L1" if code == "L2" else "L2"
        for edge, share in EDGES.items():
            missed = {other: at_limit(other, stage, pupils) - 1} if edge == "limit" else {}
            for place, offset in PLACES.items():
                amount = at_limit(code, stage, pupils, share) + offset * STEPS[code]
                county.school(f"{code}-{edge}-{place}", stage, pupils, {**missed, code: amount})
    return stage, judged(county.tables)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", INDICATORS)
def test_an_indicator_is_met_from_its_limit_on(edges: tuple[str, Assessment], code: str, place: str) -> None:
    stage, assessment = edges
    row = assessment.row(f"{code}-limit-{place}", stage)
    assert row is not None
    reached = place != "below"
    assert row.indicator(code).verdict is (MET if reached else NOT_MET)
    assert row.indicator(code).above_floor is True
    assert (row.met_count, row.verdict) == ((6, MET) if reached else (5, NOT_MET))
    assert row.indicator(code).limit == Fraction(LIMITS[stage][code])
    assert (row.indicator(code).whole_units_missing() == 0) is reached


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", INDICATORS)
def test_a_row_with_six_met_passes_from_the_floor_of_the_seventh_on(
    edges: tuple[str, Assessment], code: str, place: str
) -> None:
    stage, assessment = edges
    row = assessment.row(f"{code}-floor-{place}", stage)
    assert row is not None
    reached = place != "below"
    assert row.indicator(code).above_floor is reached
    assert (row.met_count, row.verdict) == (6, MET if reached else NOT_MET)
    assert (row.indicator(code).whole_units_missing(to_floor=True) == 0) is reached


# ── Exact ties where a school's resources are split between its stages ──────────────────────────
@dataclass(frozen=True)
class Split:
    """A kind of school whose weighted pupils make every limit and floor of one stage a whole amount."""

    kind: str
    stage: str
    pupils: dict[str, int]


SPLITS = (
    Split("nine_year", "primary", {"primary": 9_000, "junior": 10_000}),
    Split("nine_year", "junior", {"primary": 5_500, "junior": 5_000}),
    Split("combined_secondary", "junior", {"junior": 2_600, "senior": 2_000}),
    Split("twelve_year", "primary", {"primary": 16_480, "junior": 2_000, "senior": 1_000}),
    Split("twelve_year", "junior", {"primary": 7_480, "junior": 2_000, "senior": 1_000}),
)
SPLIT_IDS = [f"{split.kind}-{split.stage}" for split in SPLITS]
SHARED = ("L4", "L5", "L6", "L7")


@pytest.fixture(scope="module")
def splits() -> Assessment:
    """One school for every split, edge and place, with all four shared resources there."""
    county = SmallCounty()
    for name, split in zip(SPLIT_IDS, SPLITS, strict=True):
        for edge, share in EDGES.items():
            for place, offset in PLACES.items():
                amounts = {
                    code: at_limit(code, split.stage, split.pupils, share) + offset * STEPS[code] for code in SHARED
                }
                county.school(f"{name}-{edge}-{place}", split.kind, split.pupils, amounts)
    return judged(county.tables)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("name", "split"), list(zip(SPLIT_IDS, SPLITS, strict=True)), ids=SPLIT_IDS)
def test_a_stage_that_shares_a_building_is_judged_exactly_at_its_share(
    splits: Assessment, name: str, split: Split, place: str
) -> None:
    at_limit_row = splits.row(f"{name}-limit-{place}", split.stage)
    at_floor_row = splits.row(f"{name}-floor-{place}", split.stage)
    assert at_limit_row is not None and at_floor_row is not None
    reached = place != "below"
    assert {at_limit_row.indicator(code).verdict for code in SHARED} == {MET if reached else NOT_MET}
    assert {at_floor_row.indicator(code).above_floor for code in SHARED} == {reached}
    if place == "exactly":
        assert {at_limit_row.indicator(code).surplus for code in SHARED} == {0}
        assert {at_floor_row.indicator(code).floor_surplus for code in SHARED} == {0}


def test_the_senior_share_of_a_school_counts_nowhere(splits: Assessment) -> None:
    rows = [row for row in splits.rows if row.school_id == "combined_secondary-junior-limit-exactly"]
    assert [row.stage for row in rows] == ["junior"]
    amount = rows[0].indicator("L4").amount
    assert amount is not None
    assert amount == pytest.approx(5.8 * 2_600)


# ── Coefficients of variation ────────────────────────────────────────────────────────────────────
def spread(county: SmallCounty, stage: str, deviation: Fraction, hairs: int) -> None:
    """Two schools of equal size so far above and below the mean in everything: the coefficient is the deviation.

    A hair is a whole teacher or room, or a hundredth of a square metre or yuan, taken from the one for the other.
    """
    pupils = {stage: PUPILS}
    for school_id, sign in (("high", 1), ("low", -1)):
        amounts = {
            code: at_limit(code, stage, pupils) * (1 + sign * deviation) + sign * hairs * HAIRS[code]
            for code in INDICATORS
        }
        county.school(f"{stage}-{school_id}", stage, pupils, amounts)


CV_LIMITS = {"primary": Fraction(50, 100), "junior": Fraction(45, 100)}
HAIRS = {code: Fraction(1) if code in (*PEOPLE, "L7") else Fraction(1, 100) for code in INDICATORS}


@pytest.fixture(scope="module")
def coefficients() -> dict[str, Assessment]:
    """Three counties whose coefficients stand just below, exactly at and just above both limits."""
    found = {}
    for place, hairs in PLACES.items():
        county = SmallCounty()
        for stage, limit in CV_LIMITS.items():
            spread(county, stage, limit, hairs)
        found[place] = judged(county.tables)
    return found


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", INDICATORS)
def test_a_coefficient_passes_up_to_its_limit(
    coefficients: dict[str, Assessment], stage: str, code: str, place: str
) -> None:
    result = coefficients[place].balance_of(stage, code)
    hair = HAIRS[code] / at_limit(code, stage, {stage: PUPILS})
    assert result.cv == pytest.approx(float(CV_LIMITS[stage] + PLACES[place] * hair), abs=1e-13)
    assert result.verdict is (NOT_MET if place == "above" else MET)


def test_a_hair_above_the_limit_fails_and_is_marked_where_the_form_prints_the_limit() -> None:
    county = SmallCounty()
    hair = Fraction(1, 1_000_000)
    for school_id, factor in (("high", Fraction(3, 2) + hair), ("low", Fraction(1, 2) - hair)):
        county.school(school_id, "primary", {"primary": 1000}, {"L4": 10_000 * factor, "L6": 10_000_000 * factor})
    assessment = judged(county.tables)
    for code in ("L4", "L6"):
        result = assessment.balance_of("primary", code)
        assert result.cv is not None and 0.5 < result.cv < 0.5001
        assert (result.verdict, result.borderline) == (NOT_MET, True)


def test_the_coefficient_weighs_every_school_by_its_pupils() -> None:
    # A fifth of the pupils at twice the mean, four fifths at three quarters: CV² = 1/5 + 4/5 · 1/16 = 1/4.
    county = SmallCounty()
    county.school("small", "primary", {"primary": 200}, {"L4": 4_000})
    county.school("large", "primary", {"primary": 800}, {"L4": 6_000})
    result = judged(county.tables).balance_of("primary", "L4")
    assert (result.mean, result.cv, result.verdict) == (10, pytest.approx(0.5, abs=1e-12), MET)


def test_the_deviation_is_weighted_too_where_the_unweighted_one_would_pass() -> None:
    # Two large schools at 2 and 10 ㎡, three small ones at the mean: weighted 0.62, unweighted 0.42.
    schools = {"A": (1000, 2), "B": (1000, 10), "C": (100, 6), "D": (100, 6), "E": (100, 6)}
    county = SmallCounty()
    for school_id, (pupils, area) in schools.items():
        county.school(school_id, "primary", {"primary": pupils}, {"L4": pupils * area})
    result = judged(county.tables).balance_of("primary", "L4")
    assert (pstdev(area for _, area in schools.values()) / 6) < 0.5
    assert result.cv == pytest.approx((2000 / 2300 * 16) ** 0.5 / 6, abs=1e-12)
    assert result.verdict is NOT_MET


def test_a_coefficient_without_a_mean_is_undefined_and_not_nought() -> None:
    county = SmallCounty()
    for school_id in ("A", "B"):
        county.school(school_id, "primary", {"primary": 100}, {"L7": 0})
    assessment = judged(county.tables)
    result = assessment.balance_of("primary", "L7")
    assert (result.cv, result.mean, result.sd, result.verdict) == (None, 0, 0, Verdict.NOT_ASSESSABLE)
    assert {b.verdict for b in assessment.balance if b.stage == "junior"} == {Verdict.NOT_APPLICABLE}


def test_one_missing_amount_leaves_the_coefficient_of_its_indicator_alone_unknown() -> None:
    county = SmallCounty()
    county.school("A", "primary", {"primary": 100})
    county.school("B", "primary", {"primary": 100}, {"L7": ""})
    assessment = judged(county.tables)
    unknown = [b.code for b in assessment.balance if b.verdict is Verdict.NOT_ASSESSABLE]
    assert unknown == ["L7"]


def test_an_even_county_of_large_amounts_has_a_coefficient_of_nought() -> None:
    county = SmallCounty()
    for place in range(3):
        county.school(f"S{place}", "primary", {"primary": 100 + place}, {"L6": 3_333_333 * (100 + place)})
    result = judged(county.tables).balance_of("primary", "L6")
    assert result.cv is not None
    assert result.cv == pytest.approx(0, abs=1e-9)


# ── Sizes of classes and schools, teaching points ───────────────────────────────────────────────
CLASSES = {("primary", 44): 0, ("primary", 45): 0, ("primary", 46): 1, ("junior", 49): 0, ("junior", 50): 0,
           ("junior", 51): 1}  # fmt: skip
SCHOOLS = {
    "primary": ({"primary": 2000}, 0), "junior": ({"junior": 2000}, 0),
    "nine_year": ({"primary": 1500, "junior": 1000}, 1), "twelve_year": (
        {"primary": 1500, "junior": 1000, "senior": 900}, 1),
    "combined_secondary": ({"junior": 2000, "senior": 1500}, 0), "teaching_point": ({"primary": 2000}, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def sizes() -> Assessment:
    """Schools of one class each, schools around the size limits, teaching points around fifty pupils."""
    county = SmallCounty()
    for stage, roll in CLASSES:
        county.school(f"class-{stage}-{roll}", stage, {stage: roll}, classes={stage: [roll]})
    for kind, (pupils, _) in SCHOOLS.items():
        first = next(iter(pupils))
        for place, offset in PLACES.items():
            county.school(f"{kind}-{place}", kind, {**pupils, first: pupils[first] + offset})
    for pupils in (49, 50, 51):
        county.school(f"point-{pupils}", "teaching_point", {"primary": pupils}, classes={"primary": [pupils - 20, 20]})
    return judged(county.tables)


def school_verdicts(assessment: Assessment, code: str) -> dict[str, Verdict]:
    """How each school stands under an item that is judged school by school."""
    return {item.school_id: item.verdict for item in assessment.school_items if item.code == code}


@pytest.mark.parametrize(("stage", "roll"), CLASSES)
def test_a_class_may_have_45_primary_or_50_junior_pupils(sizes: Assessment, stage: str, roll: int) -> None:
    over = CLASSES[stage, roll]
    [size] = [c for c in sizes.class_sizes if c.school_id == f"class-{stage}-{roll}"]
    assert (size.classes, size.over_limit, size.largest) == (1, over, roll)
    assert school_verdicts(sizes, "G5")[size.school_id] is (NOT_MET if over else MET)


@pytest.mark.parametrize("kind", SCHOOLS)
@pytest.mark.parametrize("place", PLACES)
def test_a_school_may_have_2000_compulsory_pupils_or_2500_of_both_stages(
    sizes: Assessment, kind: str, place: str
) -> None:
    assert school_verdicts(sizes, "G4")[f"{kind}-{place}"] is (NOT_MET if place == "above" else MET)
    [item] = [i for i in sizes.school_items if (i.code, i.school_id) == ("G4", f"{kind}-{place}")]
    assert item.required == (2500 if SCHOOLS[kind][1] else 2000)


def test_a_teaching_point_is_a_row_from_fifty_pupils_on() -> None:
    county = SmallCounty()
    for pupils in (49, 50, 51):
        county.school(f"point-{pupils}", "teaching_point", {"primary": pupils})
    county.school("small-primary", "primary", {"primary": 49})
    assessment = judged(county.tables)
    assert [row.school_id for row in assessment.rows] == ["point-50", "point-51", "small-primary"]
    assert [(x.school_id, x.reason) for x in assessment.left_out] == [("point-49", "teaching_point_under_50")]


def test_a_teaching_point_below_fifty_pupils_still_counts_for_rooms_size_classes_and_funds(sizes: Assessment) -> None:
    assert sizes.row("point-49", "primary") is None
    for code in ("G3", "G4", "G5", "G6", "Q4"):
        assert school_verdicts(sizes, code)["point-49"] is MET


BANDS = {50: (0, 0, 0), 51: (1, 0, 0), 55: (1, 0, 0), 56: (0, 1, 0), 65: (0, 1, 0), 66: (0, 1, 1)}


@pytest.fixture(scope="module")
def bands() -> Assessment:
    """Junior schools of one class of each edge of the bands."""
    county = SmallCounty()
    for roll in BANDS:
        county.school(f"roll-{roll}", "junior", {"junior": roll}, classes={"junior": [roll]})
    return judged(county.tables)


@pytest.mark.parametrize("roll", BANDS)
def test_a_class_falls_into_its_band(bands: Assessment, roll: int) -> None:
    [size] = [c for c in bands.class_sizes if c.school_id == f"roll-{roll}"]
    assert (size.large, size.oversized, size.super_oversized) == BANDS[roll]
