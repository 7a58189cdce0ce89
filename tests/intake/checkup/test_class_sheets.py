"""A county in its first year hands in its old class sheets alone, and has a forecast; nothing else changes."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.errors import FiguresMissing, InputRejected
from core.facts.current import current_tables
from core.facts.published import published_years
from core.intake.checkup.checking import check, home_of
from core.intake.reading.sources import open_source
from core.method.engine import assess
from core.outlook.forecast.cohorts import cohorts
from core.reports.assess_json import assess_json
from core.store.database import Store
from tests.support.counties import write_folder
from tests.support.county_builder import YEAR, Tables
from tests.support.small_county import COUNTY, STANDARD, raw_source, stored, two_schools


def only_classes(tables: Tables, folder: Path, *years: int) -> Path:
    """The class sheet of earlier years alone: this year's classes as they would have been then."""
    rows = [{**row, "year": str(year)} for year in years for row in tables["classes"]]
    return write_folder({"classes": rows}, folder)


def hand_in(store: Store, folder: Path) -> None:
    """Check, load and publish a folder beside what counts."""
    found = check(open_source(folder), earlier=partial(current_tables, store), home=home_of(store))
    assert len(found.warnings) == len(found.school_years) or found.school_years == (YEAR,), (
        "a year without enrolment is said once"
    )
    now = datetime(2022, 12, 1)
    reasons = {place: "往年只有班级" for place in range(len(found.warnings))}
    batch = loading.load(store, found, STANDARD, LOCAL_ADMINISTRATOR, now, note="往年班级", warning_reasons=reasons)
    publishing.publish(store, batch, LOCAL_ADMINISTRATOR, now, "往年班级")


def test_old_class_sheets_alone_give_a_forecast_and_leave_the_year_as_it_was(tmp_path: Path) -> None:
    tables = two_schools().tables
    with stored(tables) as store:
        judged = assess_json(assess(store, STANDARD, COUNTY, YEAR), STANDARD)
        with pytest.raises(FiguresMissing, match="可只上传"):
            cohorts(store, STANDARD, COUNTY, published_years(store, COUNTY))
        hand_in(store, only_classes(tables, tmp_path, YEAR - 2, YEAR - 1))
        found = cohorts(store, STANDARD, COUNTY, published_years(store, COUNTY))
        assert found.years == (YEAR - 2, YEAR - 1, YEAR)
        assert assess_json(assess(store, STANDARD, COUNTY, YEAR), STANDARD) == judged


def test_a_years_classes_handed_in_again_replace_its_classes_and_nothing_else(tmp_path: Path) -> None:
    tables = two_schools().tables
    with stored(tables) as store:
        merged = [row | {"pupils": str(int(row["pupils"]) + 5)} for row in tables["classes"] if row["school_id"] == "P"]
        folder = write_folder({"classes": merged[:20]}, tmp_path)
        enrolled = sum(int(row["pupils"]) for row in merged[:20])
        assert enrolled == 1000, "twenty classes of 50 hold the same pupils"
        hand_in(store, folder)
        after = assess(store, STANDARD, COUNTY, YEAR)
        assert after.item("G5").verdict.value == "not_met" and after.schools_part.met == 2


@pytest.mark.parametrize("sheet_id", ["grade_enrolment", "class_bands"])
def test_any_of_the_three_sheets_may_come_alone_and_leaves_the_others_as_they_are(
    sheet_id: str, tmp_path: Path
) -> None:
    tables = two_schools().tables
    rows = {
        "grade_enrolment": [{"school_id": "P", "stage": "primary", "grade": "1", "pupils": "1000"}],
        "class_bands": [{"school_id": "P", "stage": "primary", "grade": "1", "band": "41-45", "classes": "23"}],
    }[sheet_id]
    with stored(tables) as store:
        before = assess_json(assess(store, STANDARD, COUNTY, YEAR), STANDARD)
        for year in (YEAR - 1, YEAR):
            folder = write_folder({sheet_id: [row | {"year": str(year)} for row in rows]}, tmp_path / str(year))
            found = check(open_source(folder), earlier=partial(current_tables, store), home=home_of(store))
            assert len(found.tables["classes"]) == (len(tables["classes"]) if year == YEAR else 0)
        assert assess_json(assess(store, STANDARD, COUNTY, YEAR), STANDARD) == before


def test_rows_that_are_replaced_are_said(tmp_path: Path) -> None:
    tables = two_schools().tables
    with stored(tables) as store:
        folder = only_classes(tables, tmp_path, YEAR)
        found = check(open_source(folder), earlier=partial(current_tables, store), home=home_of(store))
    assert [w.found for w in found.warnings if "替换" in w.found] == [f"替换现行数据 {len(tables['classes'])} 行"]


def test_without_figures_that_count_a_class_sheet_alone_is_no_dataset(tmp_path: Path) -> None:
    folder = only_classes(two_schools().tables, tmp_path, YEAR)
    with pytest.raises(InputRejected) as refused:
        check(open_source(folder))
    assert any("缺少这张表" in problem.found for problem in refused.value.problems)
    assert check(raw_source(two_schools().tables)).county_code == COUNTY
