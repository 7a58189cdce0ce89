"""What a dataset would leave out, empty or leave as it was is said before it is published."""

from functools import partial

import openpyxl
import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.batches.corrections import township_tables
from core.batches.workbook import Part, template
from core.dataset.rows import Row, Tables
from core.errors import Problem
from core.facts.current import current_tables
from core.intake.checkup.checking import check_tables
from core.rules.standard import Standard
from core.store.database import Store
from tests.batches.test_workbook import COUNTY, more_staff, opened, read, saved
from tests.support.published_store import NOW

TOWNSHIP = "350526104"


def said(store: Store, tables: Tables) -> list[Problem]:
    return list(check_tables("上报", "x", tables, earlier=partial(current_tables, store)).warnings)


def of_year(store: Store, year: int = 2023) -> Tables:
    return current_tables(store, "350526", year=year)


def raised(book: openpyxl.Workbook, sheet: str, column: str, rows: int | None = None) -> None:
    """One more in a column, in the first rows or in all."""
    page = book[sheet]
    place = [cell.value for cell in page[1]].index(column) + 1
    for row in range(2, 2 + rows if rows else page.max_row + 1):
        cell = page.cell(row, place)
        if cell.value is not None:
            cell.value = float(str(cell.value)) + 1


def test_every_prefilled_sheet_left_as_it_was_is_named(store: Store) -> None:
    book = opened(template(store, COUNTY, 2024))
    more_staff(book)
    raised(book, "校舍与设备", "公用经费（元）")
    found = {w.sheet: w.found for w in read(store, saved(book)).warnings if "与上年完全相同" in w.found}
    assert set(found) == {"班级", "县级数据", "入学与劝返"}, "rooms may rightly stay as they were built"
    assert "2024 学年全部" in found["班级"] and "2024 年度全部" in found["县级数据"]
    assert found["入学与劝返"].startswith("18 行的数字与上年完全相同")


def test_one_figure_changed_does_not_hide_that_the_others_are_last_years(store: Store) -> None:
    book = opened(template(store, COUNTY, 2024))
    more_staff(book)
    raised(book, "县级数据", "数值", rows=1)
    found = [w.found for w in read(store, saved(book)).warnings if w.sheet == "县级数据"]
    assert len(found) == 1 and "年度有 45 行（共 46 行）的数字与上年完全相同" in found[0]


def test_county_figures_of_which_a_few_stay_are_no_matter(store: Store) -> None:
    book = opened(template(store, COUNTY, 2024))
    more_staff(book)
    raised(book, "县级数据", "数值", rows=30)
    assert not [w for w in read(store, saved(book)).warnings if w.sheet == "县级数据" and "上年完全" in w.found]


def test_the_template_says_what_is_asked_about_and_what_is_refused(store: Store) -> None:
    notes = " ".join(str(row[0]) for row in opened(template(store, COUNTY, 2024))["说明"].iter_rows(values_only=True))
    assert "各校在校生与教师全部与上年相同的，不予导入" in notes
    assert "“班级”“县级数据”过半的行与上年相同的，会提示核对" in notes


def test_a_workbook_without_pupils_says_so_and_what_it_would_empty(store: Store) -> None:
    tables = of_year(store) | {"enrolment": [], "classes": []}
    found = said(store, tables)
    assert any("2023 学年 8 所开办学校都没有填报在校生与教师" in w.found for w in found)
    emptied = {w.sheet: w.found for w in found if "一行也没有" in w.found}
    assert set(emptied) == {"在校生与教师", "班级"}
    assert emptied["在校生与教师"] == f"2023 学年一行也没有，现行数据有 {len(of_year(store)['enrolment'])} 行"


def test_schools_left_out_are_named_though_only_attendance_is_reported(store: Store) -> None:
    now = of_year(store)
    tables = {name: rows if name in ("townships", "attendance") else [] for name, rows in now.items()}
    found = [w for w in said(store, tables) if "没有列入" in w.found]
    assert [w.found.split("：")[0] for w in found] == ["2023 学年现有数据的 8 所学校没有列入"]


@pytest.mark.parametrize(("name", "label"), [("premises", "校舍与设备"), ("county_figures", "县级数据")])
def test_a_sheet_emptied_by_oversight_is_named(store: Store, name: str, label: str) -> None:
    found = said(store, of_year(store) | {name: []})
    assert [w.sheet for w in found if "一行也没有" in w.found] == [label]


def test_county_sheets_in_a_townships_workbook_do_not_count_and_it_says_so(store: Store, standard: Standard) -> None:
    now = of_year(store)
    tables = township_tables(now, {TOWNSHIP})
    assert not [w for w in said(store, tables) if "不计入" in w.found]
    figures = [
        Row(r.number, {**r.values, "value": r["value"] if r["figure"] != "vacant_posts" else 1})
        for r in now["county_figures"]
    ]
    tables["county_figures"] = figures
    dataset = check_tables("德化一镇", "y", tables, earlier=partial(current_tables, store))
    found = [w for w in dataset.warnings if "不计入" in w.found]
    assert [w.found for w in found] == ["这份数据只有 1 个乡镇（全县 18 个），县级的表（县级数据）不计入"]
    assert "更正数据" in found[0].advice and "全县乡镇的工作簿" in found[0].advice
    reasons = dict.fromkeys(range(len(dataset.warnings)), "已核对")
    batch_id = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW, warning_reasons=reasons)
    publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, NOW, "一镇")
    assert of_year(store)["county_figures"] == now["county_figures"], "the warning is true"


def test_a_whole_countys_workbook_has_its_own_sheets(store: Store) -> None:
    assert not [w for w in said(store, of_year(store)) if "不计入" in w.found or "一行也没有" in w.found]
    assert not [w for w in read(store, template(store, Part("350526", TOWNSHIP), 2024)).warnings if "不计入" in w.found]
