"""An indicator is what the standard's file says it is: its figure, and whether a stage or the whole school holds it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.__main__ import assess_source
from core.errors import RequestInvalid
from core.method.assessment import Assessment, SchoolIndicator
from core.method.relations import METHOD_FILES, method_relations
from core.rules.standard_loading import NATIONAL_STANDARD, load_standard
from core.wording.verdicts import row_reason
from tests.support.counties import AT_THE_LIMIT, plain_county, write_folder
from tests.support.county_builder import YEAR

# 440 primary and 200 junior pupils: the weighted sum is 440 + 220.
NINE_YEAR = plain_county(("nine_year", {"primary": 440, "junior": 200}, AT_THE_LIMIT))
EIGHTH = """
[[indicators]]
id = "certified_teachers_per_100"
code = "L8"
name = "每百名学生拥有持证教师数"
short_name = "持证教师"
unit = "名/百人"
amount_unit = "名"
fact = "certified_teachers"
measured_by = "stage"
per_pupils = 100
limit = { primary = 5, junior = 60 }
document = "standard"
clause = "虚构条款"
formula = "持证教师数 ÷ 在校生数 × 100"
source_form = "教基4155"
"""


def judged(tmp_path: Path, *edits: tuple[str, str], more: str = "") -> Assessment:
    """The nine-year school judged by a copy of the standard with these texts replaced and a block added."""
    text = NATIONAL_STANDARD.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "standard.toml"
    file.write_text(text.replace("[balance]", more + "[balance]", 1), "utf-8")
    standard = load_standard(file)
    assessment, _ = assess_source(write_folder(NINE_YEAR, tmp_path / "county"), YEAR, standard)
    assert all(row_reason(row, standard) is not None or row.verdict == "met" for row in assessment.rows)
    return assessment


def holding(assessment: Assessment, stage: str, code: str) -> SchoolIndicator:
    """What the school holds of an indicator at a stage."""
    row = assessment.row("S0", stage)
    assert row is not None
    return row.indicator(code)


def test_another_fact_is_another_figure(tmp_path: Path) -> None:
    before = holding(judged(tmp_path), "primary", "L1")
    after = holding(judged(tmp_path, ('fact = "teachers_above_degree"', 'fact = "teachers"')), "primary", "L1")
    assert (before.amount, after.amount) == (42.0, 99.0)


def test_a_figure_of_the_whole_school_is_shared_by_weighted_pupils_one_of_a_stage_is_not(tmp_path: Path) -> None:
    area = 'fact = "sports_area_m2"\nmeasured_by = "school"'
    shared = judged(
        tmp_path,
    )
    whole = judged(tmp_path, (area, area.replace("school", "stage")))
    assert holding(shared, "primary", "L5").amount == pytest.approx(7500 * 440 / 660)
    assert holding(shared, "junior", "L5").amount == pytest.approx(7500 * 220 / 660)
    assert holding(whole, "primary", "L5").amount == holding(whole, "junior", "L5").amount == 7500


def test_teachers_measured_by_school_are_added_up_and_shared(tmp_path: Path) -> None:
    teachers = 'fact = "teachers_above_degree"\nmeasured_by = "stage"'
    found = judged(tmp_path, (teachers, teachers.replace('"stage"', '"school"')))
    assert holding(found, "primary", "L1").amount == pytest.approx(84 * 440 / 660)
    assert holding(found, "junior", "L1").amount == pytest.approx(84 * 220 / 660)


def test_an_eighth_indicator_over_an_existing_column_needs_its_block_alone(tmp_path: Path) -> None:
    found = judged(tmp_path, more=EIGHTH)
    assert [h.code for h in found.rows[0].indicators] == ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8"]
    assert holding(found, "primary", "L8").value == pytest.approx(99 / 440 * 100)
    assert holding(found, "primary", "L8").verdict == "met"
    assert holding(found, "junior", "L8").verdict == "not_met"
    assert holding(found, "junior", "L8").limit == Decimal(60)
    row = found.row("S0", "junior")
    assert row is not None and row.verdict == "not_met", "the new indicator is below its floor"
    assert len(found.balance) == 16


def test_a_derived_figure_is_what_its_block_adds_and_subtracts(tmp_path: Path) -> None:
    without_indoor = (
        'added = ["teaching_area_m2"]\nsubtracted = ["indoor_sports_area_m2"]',
        'added = ["teaching_area_m2", "sports_ground_area_m2"]\nsubtracted = []',
    )
    assert holding(judged(tmp_path, without_indoor), "primary", "L4").amount == pytest.approx(12000 * 440 / 660)


@pytest.mark.parametrize("fact", ["no_such_column", "school_id", "pupils; drop table schools"])
def test_a_fact_that_no_sheet_counts_is_refused_in_words(fact: str, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"L1.*不是数据字典中的数字列"):
        judged(tmp_path, ('fact = "teachers_above_degree"', f'fact = "{fact}"'))


def test_no_select_names_an_indicator_of_its_own() -> None:
    folder = Path(__file__).parents[2] / "core" / "method" / "selects"
    written = "".join(path.read_text("utf-8") for path in folder.glob("*.sql"))
    standard = load_standard()
    assert [i.code for i in standard.indicators if f"'{i.code}'" in written or i.indicator_id in written] == []
    composed = "".join(sql for _, sql in method_relations(METHOD_FILES, standard))
    assert all(i.indicator_id in composed for i in standard.indicators)
