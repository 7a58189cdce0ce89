"""No number of the law stands anywhere but in the standard's file: each one moved there changes what it decides.

Every number has a boundary case, a school or a county that passes exactly at it. A number of the file without a case,
or one whose case stays as it is, fails by its path.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from core.method.assessment import Assessment
from core.method.engine import assess
from core.reports.declaration.resource_forms import form_tables
from core.rules.standard import Standard
from core.store.database import Store
from core.wording.items import item_detail
from core.wording.readings import outside_their_years
from tests.support.county_builder import YEAR
from tests.support.moved_standard import number_paths, standard_with
from tests.support.oracle import INDICATORS
from tests.support.small_county import COUNTY, STANDARD, SmallCounty, at_limit, judged, stored

STAGES = ("primary", "junior")
PATHS = list(number_paths())
# Derived when figures come in, so the county is loaded anew under the moved rule.
LOADED_ANEW = ("items.G5.", "class_bands.")


@dataclass(frozen=True)
class Move:
    """A number's other value, and what it changes: the result seen, before and after."""

    value: Decimal | int
    result: Callable[[Assessment, Standard], object]
    before: object
    after: object
    county: str = "edges"
    choices: dict[str, str] = field(default_factory=dict)


# ── Counties that hold a boundary case of every number ──────────────────────────────────────────
SPLITS = {
    "nine_year": ("nine_year", {"primary": 5_500, "junior": 5_000}),
    "combined_secondary": ("combined_secondary", {"junior": 2_600, "senior": 2_000}),
    "twelve_year": ("twelve_year", {"primary": 7_480, "junior": 2_000, "senior": 1_000}),
}


BESIDE = {mix: (mix, {"preschool": 1_100, **SPLITS[mix][1]}) for mix in ("nine_year", "twelve_year")}


def edges() -> SmallCounty:
    """Schools and county figures exactly at every limit and floor."""
    county = SmallCounty()
    for stage in STAGES:
        pupils = {stage: 20_000}
        county.school(f"limit-{stage}", stage, pupils)
        for code in INDICATORS:
            county.school(
                f"floor-{code}-{stage}", stage, pupils, {code: at_limit(code, stage, pupils, Fraction(85, 100))}
            )
    for mix, (kind, split) in (*SPLITS.items(), *((f"{mix}-preschool", split) for mix, split in BESIDE.items())):
        county.school(mix, kind, split, {"L4": at_limit("L4", "junior", split)})
    county.school("size-2000", "primary", {"primary": 2000})
    county.school("size-2500", "nine_year", {"primary": 1500, "junior": 1000})
    county.school("size-2400", "primary", {"primary": 2400}, built_year=2010)
    county.school("size-3000", "nine_year", {"primary": 2000, "junior": 1000}, built_year=2010)
    county.school("size-migrants", "primary", {"primary": 2001}, migrant_pupils=1001)
    county.school("classes-12", "primary", {"primary": 240}, classes={"primary": [20] * 12})
    county.school("pupils-99", "primary", {"primary": 99}, zone="rural")
    county.school("point-50", "teaching_point", {"primary": 50})
    for pupils in (50, 99):
        county.school(
            f"shared-{pupils}", "primary", {"primary": pupils}, {"L3": 0}, zone="rural", shared_pe_arts_teachers=1
        )
    for room, area in (("music", 73), ("art", 67)):
        county.school(f"old-{room}", "primary", {"primary": 40}, rooms={room: [area]}, built_year=2016)
    for stage, area in (("primary", 54), ("junior", 61)):
        rooms = {"music": [area], "art": [area]}
        county.school(f"rural-{stage}", stage, {stage: 29}, rooms=rooms, zone="rural")
    return county


def rolls() -> SmallCounty:
    """Schools of one class each, as large as a limit or a band lets them be."""
    county = SmallCounty()
    for stage, sizes in (("primary", (45,)), ("junior", (50, 51, 55, 56, 66))):
        for roll in sizes:
            county.school(f"roll-{roll}", stage, {stage: roll}, classes={stage: [roll]})
    return county


def of_chinese() -> SmallCounty:
    """A county whose only monitoring results are of Chinese."""
    county = rolls()
    for row in county.tables["monitoring"]:
        row["subject"] = "语文"
    return county


def rounding() -> SmallCounty:
    """Three schools: 4.47 ㎡ is the limit when rounded to one decimal, 4.275 ㎡ is 5 % short of it, one has it."""
    county = SmallCounty()
    for school_id, area in (("P", 4470), ("near", 4275), ("full", 4500)):
        county.school(school_id, "primary", {"primary": 1000}, {"L4": area})
    return county


def spread(deviations: dict[str, Fraction]) -> SmallCounty:
    """Two equal schools a stage, so far above and below the mean: the coefficient of L4 is the deviation."""
    county = SmallCounty()
    for stage, deviation in deviations.items():
        for school_id, factor in (("high", 1 + deviation), ("low", 1 - deviation)):
            county.school(f"{school_id}-{stage}", stage, {stage: 1000}, {"L4": 8000 * factor})
    return county


COUNTIES: dict[str, Callable[[], SmallCounty]] = {
    "edges": edges,
    "rolls": rolls,
    "of_chinese": of_chinese,
    "rounding": rounding,
    "balance": lambda: spread({"primary": Fraction(50, 100), "junior": Fraction(45, 100)}),
    "balance_504": lambda: spread({"primary": Fraction(504, 1000)}),
}


# ── What a number decides ───────────────────────────────────────────────────────────────────────
def holding(school_id: str, stage: str, code: str) -> Callable[[Assessment, Standard], object]:
    """The verdict of one indicator of one row; None where the row is left out."""

    def result(assessment: Assessment, _: Standard) -> object:
        row = assessment.row(school_id, stage)
        return row and row.indicator(code).verdict.value

    return result


def row_verdict(school_id: str, stage: str) -> Callable[[Assessment, Standard], object]:
    """The verdict of one row; None where it is left out."""

    def result(assessment: Assessment, _: Standard) -> object:
        row = assessment.row(school_id, stage)
        return row and row.verdict.value

    return result


def all_rows(prefix: str) -> Callable[[Assessment, Standard], object]:
    """The verdicts of every row whose school starts with the prefix, as a set."""
    return lambda assessment, _: {row.verdict.value for row in assessment.rows if row.school_id.startswith(prefix)}


def school_item(code: str, school_id: str) -> Callable[[Assessment, Standard], object]:
    """How one school stands under a county item."""

    def result(assessment: Assessment, _: Standard) -> object:
        [found] = [s for s in assessment.school_items if (s.code, s.school_id) == (code, school_id)]
        return found.verdict.value

    return result


def item(code: str) -> Callable[[Assessment, Standard], object]:
    """The verdict of one county item."""
    return lambda assessment, _: assessment.item(code).verdict.value


def coefficient(stage: str) -> Callable[[Assessment, Standard], object]:
    """The verdict of the coefficient of L4."""
    return lambda assessment, _: assessment.balance_of(stage, "L4").verdict.value


def class_count(roll: int, count: str) -> Callable[[Assessment, Standard], object]:
    """How many classes of the school with one class of this roll fall under a count."""

    def result(assessment: Assessment, _: Standard) -> object:
        [found] = [c for c in assessment.class_sizes if c.school_id == f"roll-{roll}"]
        return getattr(found, count)

    return result


def detail(code: str) -> Callable[[Assessment, Standard], object]:
    """The sentence under an item."""
    return lambda assessment, standard: item_detail(assessment.item(code), standard)


def printed_share(assessment: Assessment, standard: Standard) -> object:
    """The share of primary schools that meet L4, as 表Ⅱ-1 prints it."""
    table = form_tables(assessment, standard, {})[0]
    place = [column.header for column in table.columns].index("教学用房达标比例")
    return str(table.rows[0][place])


def counts_as_near(assessment: Assessment, standard: Standard) -> object:
    """Whether the school 5 % short of the limit is found under 接近标准."""
    row = assessment.row("near", "primary")
    assert row is not None
    return row.indicator("L4").is_near(standard.rounding.near_share)


def silent_subjects(assessment: Assessment, _: Standard) -> object:
    """How many subjects of the state's monitoring have no result."""
    return assessment.item("Q9").unknown


def relief_warnings(assessment: Assessment, standard: Standard) -> object:
    """How many reliefs are claimed in a year for which they were not written."""
    return len(outside_their_years(assessment.choices, assessment.year, standard))


def band_names(standard: Standard) -> set[str]:
    """The names of the class-size bands."""
    return set(standard.class_bands.labels())


ROUNDED = {"rounding_before_judging": "rounded"}
TEACHERS, ROOMS, SIZES = ({f"relief_{relief}": "on"} for relief in ("shared_teachers", "room_area", "school_size"))
EVERY_SUBJECT = {"monitoring_subjects": "all"}
LIMITS = {f"indicators.{i.code}.limit.{stage}": (i, stage) for i in STANDARD.indicators for stage in STAGES}
PER_PUPILS = {f"indicators.{i.code}.per_pupils": i for i in STANDARD.indicators}
HELD = ("met", "not_met")


def down(school_id: str, code: str, value: Decimal | int, choices: dict[str, str] | None = None) -> Move:
    """A number whose other value fails one school under a county item."""
    return Move(value, school_item(code, school_id), *HELD, choices=choices or {})


MOVES: dict[str, Move] = {
    "school_rule.minimum_met": Move(7, all_rows("floor"), {"met"}, {"not_met"}),
    "school_rule.floor_share": Move(Decimal("0.8501"), all_rows("floor"), {"met"}, {"not_met"}),
    **{
        path: Move(i.limit[stage] + Decimal("0.01"), holding(f"limit-{stage}", stage, i.code), *HELD)
        for path, (i, stage) in LIMITS.items()
    },
    **{
        path: Move(i.per_pupils - 1, holding("limit-primary", "primary", i.code), *HELD)
        for path, i in PER_PUPILS.items()
    },
    "balance.limit.primary": Move(Decimal("0.4999"), coefficient("primary"), *HELD, county="balance"),
    "balance.limit.junior": Move(Decimal("0.4499"), coefficient("junior"), *HELD, county="balance"),
    **{
        f"splits.weights.{mix}.{stage}": Move(Decimal(value), holding(mix, "junior", "L4"), *HELD)
        for mix, stage, value in (
            ("nine_year", "primary", "1.01"), ("nine_year", "junior", "1.09"),
            ("combined_secondary", "junior", "0.99"), ("combined_secondary", "senior", "1.21"),
            ("twelve_year", "primary", "1.01"), ("twelve_year", "junior", "1.09"),
            ("twelve_year", "senior", "1.33"),
        )
    },
    **{
        f"splits.weights.{mix}.preschool": Move(Decimal("1.01"), holding(f"{mix}-preschool", "junior", "L4"), *HELD)
        for mix in BESIDE
    },
    "items.veto_tutoring.first_year": Move(YEAR + 1, item("veto_tutoring"), "met", "not_applicable"),
    **{
        f"monitoring_subjects.{s.subject_id}.first_year": Move(
            YEAR + 1, silent_subjects, 8, 7, "of_chinese" if s.subject_id == "science" else "rolls", EVERY_SUBJECT
        )
        for s in STANDARD.monitoring_subjects
    },
    **{
        f"options.{relief}.{year}": Move(YEAR + step, relief_warnings, 0, 1, "rolls", {relief: "on"})
        for relief in ("relief_shared_teachers", "relief_room_area", "relief_school_size")
        for year, step in (("first_year", 1), ("last_year", -1))
    },
    "options.relief_room_area.numbers.pupils_below": down("rural-primary", "G3", 29, ROOMS),
    "rounding.value_decimals": Move(
        1, holding("P", "primary", "L4"), "not_met", "met", county="rounding", choices=ROUNDED
    ),
    "rounding.cv_decimals": Move(
        2, coefficient("primary"), "not_met", "met", county="balance_504", choices=ROUNDED
    ),
    "rounding.share_decimals": Move(2, printed_share, "0.333", "0.3333", county="rounding"),
    "rounding.near_share": Move(Decimal("0.04"), counts_as_near, True, False, county="rounding"),
    "items.G3.numbers.classes_per_room": down("classes-12", "G3", 11),
    "items.G3.numbers.music_room_area": down("classes-12", "G3", 97),
    "items.G3.numbers.art_room_area": down("classes-12", "G3", 91),
    "items.G4.numbers.single_stage_pupils": down("size-2000", "G4", 1999),
    "items.G4.numbers.multi_stage_pupils": down("size-2500", "G4", 2499),
    "items.G5.limit.primary": Move(44, class_count(45, "over_limit"), 0, 1, county="rolls"),
    "items.G5.limit.junior": Move(49, class_count(50, "over_limit"), 0, 1, county="rolls"),
    "items.G6.numbers.funded_pupils": down("pupils-99", "G6", 101),
    **{
        f"items.{code}.{number}": Move(Decimal(value), item(code), *HELD)
        for code, number, value in (
            ("G7", "numbers.yuan_per_pupil", "8000.01"), ("G9", "numbers.share", "1.01"),
            ("G11", "numbers.rotated_share", "0.101"), ("G11", "numbers.backbone_share", "0.201"),
            ("G12", "numbers.share", "1.01"), ("G13", "limit.primary", "1.01"),
            ("G13", "limit.junior", "0.951"), ("G14", "numbers.share", "0.501"),
            ("G15", "numbers.share", "0.851"), ("Q1", "numbers.share", "0.951"),
            ("Q2", "numbers.share", "0.951"), ("Q9", "numbers.level", "4"),
            ("Q9", "numbers.between_school_rate", "0.1499"), ("satisfaction", "numbers.share", "0.851"),
        )
    },
    "items.Q9.numbers.window_years": Move(2, item("Q9"), "met", "not_assessable"),
    "items.Q4.numbers.share": down("size-2000", "Q4", Decimal("0.0501")),
    "class_bands.large_from": Move(52, class_count(51, "large"), 1, 0, county="rolls"),
    "class_bands.large_to": Move(54, class_count(55, "large"), 1, 0, county="rolls"),
    "class_bands.oversized_from": Move(57, class_count(56, "oversized"), 1, 0, county="rolls"),
    "class_bands.super_oversized_from": Move(67, class_count(66, "super_oversized"), 1, 0, county="rolls"),
    "exclusions.teaching_point_under_50.pupils_below": Move(51, row_verdict("point-50", "primary"), "met", None),
    "options.relief_shared_teachers.numbers.pupils_from": Move(
        51, holding("shared-50", "primary", "L3"), *HELD, choices=TEACHERS
    ),
    "options.relief_shared_teachers.numbers.pupils_below": Move(
        99, holding("shared-99", "primary", "L3"), *HELD, choices=TEACHERS
    ),
    "options.relief_room_area.numbers.built_until": down("old-music", "G3", 2015, ROOMS),
    "options.relief_room_area.numbers.music_area_old": down("old-music", "G3", 74, ROOMS),
    "options.relief_room_area.numbers.art_area_old": down("old-art", "G3", 68, ROOMS),
    "options.relief_room_area.numbers.largest_class_below": down("rural-primary", "G3", 29, ROOMS),
    "options.relief_room_area.numbers.area_rural_primary": down("rural-primary", "G3", 55, ROOMS),
    "options.relief_room_area.numbers.area_rural_junior": down("rural-junior", "G3", 62, ROOMS),
    "options.relief_school_size.numbers.built_until": down("size-2400", "G4", 2009, SIZES),
    "options.relief_school_size.numbers.migrant_share_over": down("size-migrants", "G4", Decimal("0.51"), SIZES),
    "options.relief_school_size.numbers.single_stage_pupils": down("size-2400", "G4", 2399, SIZES),
    "options.relief_school_size.numbers.multi_stage_pupils": down("size-3000", "G4", 2999, SIZES),
}  # fmt: skip


# The band that ends at an edge, before and after the edge is one pupil higher; no county is needed to see it.
BANDS = {
    "class_bands.edges.0": ("≤25 人", "≤26 人"), "class_bands.edges.1": ("26–30 人", "26–31 人"),
    "class_bands.edges.2": ("31–35 人", "31–36 人"), "class_bands.edges.3": ("36–40 人", "36–41 人"),
    "class_bands.edges.4": ("41–45 人", "41–46 人"), "class_bands.edges.5": ("46–50 人", "46–51 人"),
    "class_bands.edges.6": ("51–55 人", "51–56 人"), "class_bands.edges.7": ("56–60 人", "56–61 人"),
    "class_bands.edges.8": ("61–65 人", "61–66 人"),
}  # fmt: skip


# ── The tests ───────────────────────────────────────────────────────────────────────────────────
Judge = Callable[[Move, Standard], Assessment]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Judges a case's county under a standard, each county loaded once."""
    with ExitStack() as open_stores:
        stores: dict[str, Store] = {}
        unmoved: dict[str, Assessment] = {}

        def judge_under(move: Move, standard: Standard) -> Assessment:
            if move.county not in stores:
                stores[move.county] = open_stores.enter_context(stored(COUNTIES[move.county]().tables))
            known = f"{move.county} {move.choices}"
            if standard is STANDARD and known in unmoved:
                return unmoved[known]
            assessment = assess(stores[move.county], standard, COUNTY, YEAR, choices=move.choices)
            if standard is STANDARD:
                unmoved[known] = assessment
            return assessment

        yield judge_under


@pytest.mark.parametrize("path", [path for path in PATHS if path not in BANDS])
def test_a_moved_number_changes_the_result_at_its_boundary(path: str, judge: Judge, tmp_path: Path) -> None:
    assert path in MOVES, f"no result changes with {path}"
    move = MOVES[path]
    standard = standard_with(path, move.value, tmp_path)
    before = move.result(judge(move, STANDARD), STANDARD)
    if path.startswith(LOADED_ANEW):
        after = move.result(judged(COUNTIES[move.county]().tables, standard, move.choices), standard)
    else:
        after = move.result(judge(move, standard), standard)
    assert (before, after) == (move.before, move.after)


@pytest.mark.parametrize("path", BANDS)
def test_a_moved_edge_changes_the_bands_beside_it(path: str, tmp_path: Path) -> None:
    before, after = BANDS[path]
    edge = STANDARD.class_bands.edges[int(path.rsplit(".", 1)[1])]
    moved_names = band_names(standard_with(path, edge + 1, tmp_path))
    assert before in band_names(STANDARD) - moved_names
    assert after in moved_names


def test_the_cases_are_those_of_the_numbers_in_the_file() -> None:
    assert set(MOVES) | set(BANDS) == set(PATHS)
    assert not set(MOVES) & set(BANDS)
