"""The workbook that goes out comes back with the same figures."""

import io
from decimal import Decimal
from functools import partial

import openpyxl
import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing, register
from core.batches.changed_figures import figure_changes
from core.batches.corrections import only_listed_schools
from core.batches.workbook import Part, export, layout, template
from core.dataset.dictionary import sheets
from core.dataset.rows import Row
from core.errors import InputRejected, RequestInvalid
from core.facts.current import current_tables
from core.intake.checkup.checking import Dataset, check, check_tables
from core.intake.reading.parsing import parse
from core.intake.reading.sources import open_uploads
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.published_store import NOW

COUNTY = Part("350526")
SCHOOL = "350526-0001"


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(store: Store, content: bytes) -> Dataset:
    return check(open_uploads([("回传.xlsx", content)]), earlier=partial(current_tables, store))


def published(store: Store, standard: Standard, dataset: Dataset) -> int:
    reasons = dict.fromkeys(range(len(dataset.warnings)), "已核对")
    batch_id = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW, warning_reasons=reasons)
    publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, NOW, "年度更新")
    return batch_id


def test_an_export_loaded_again_changes_nothing(store: Store) -> None:
    dataset = read(store, export(store, COUNTY))
    assert not dataset.warnings
    assert figure_changes(current_tables(store, "350526"), dataset.tables).is_empty


def test_template_filled_loaded_and_exported_gives_the_same_figures(store: Store, standard: Standard) -> None:
    book = opened(template(store, COUNTY, 2024))
    sheet = book["校舍与设备"]
    headers = [cell.value for cell in sheet[1]]
    place = headers.index("教学仪器设备资产值（元）") + 1
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, place)
        if cell.value is not None:
            cell.value = float(str(cell.value)) + 1000.5
    more_staff(book)
    filled = read(store, saved(book))
    assert {r["year"] for r in filled.tables["premises"]} == {2024}
    published(store, standard, filled)
    again = read(store, export(store, COUNTY, year=2024))
    assert figure_changes(filled.tables, again.tables).is_empty
    first = filled.tables["premises"][0]
    before = next(
        r for r in current_tables(store, "350526", year=2023)["premises"] if r["school_id"] == first["school_id"]
    )
    assert float(str(first["equipment_value_yuan"])) == float(str(before["equipment_value_yuan"])) + 1000.5


def test_a_template_left_as_it_is_is_refused(store: Store) -> None:
    for part in (COUNTY, Part("350526", school_id="350526-0001")):
        with pytest.raises(InputRejected) as rejected:
            read(store, template(store, part, 2024))
        failures = [p for p in rejected.value.problems if p.level == "FAIL"]
        assert [p.sheet for p in failures] == ["在校生与教师", "校舍与设备"]
        assert all("2024 学年全部" in p.found and "与上年完全相同" in p.found for p in failures)


def test_some_rows_left_as_they_are_are_noticed(store: Store) -> None:
    book = opened(template(store, COUNTY, 2024))
    more_staff(book, rows=1)
    warnings = read(store, saved(book)).warnings
    rows = book["在校生与教师"].max_row - 2
    assert any(w.sheet == "在校生与教师" and f"{rows} 行的数字与上年完全相同" in w.found for w in warnings)
    assert any(w.sheet == "校舍与设备" and "8 行的数字与上年完全相同" in w.found for w in warnings)


def test_one_small_school_may_keep_its_figures(store: Store) -> None:
    dataset = read(store, template(store, Part("350526", school_id="350526-0040"), 2024))
    assert {w.sheet for w in dataset.warnings if "1 行的数字与上年完全相同" in w.found} == {
        "在校生与教师",
        "校舍与设备",
    }


def test_years_that_come_together_may_be_alike(store: Store) -> None:
    tables = {name: list(rows) for name, rows in current_tables(store, "350526").items()}
    for name, rows in tables.items():
        same = [Row(9999, {**row.values, "year": 2024}) for row in rows if row["year"] == 2023]
        tables[name] = [*rows, *same] if name in ("enrolment", "premises", "classes") else rows
    dataset = check_tables("两年", "x", tables, earlier=partial(current_tables, store))
    assert any("8 行的数字与上年完全相同" in w.found for w in dataset.warnings)


def more_staff(book: openpyxl.Workbook, rows: int = 0) -> None:
    """One more on the staff of the first schools, of all without a number."""
    sheet = book["在校生与教师"]
    place = [cell.value for cell in sheet[1]].index("教职工数（名）") + 1
    for row in range(2, 2 + rows if rows else sheet.max_row + 1):
        cell = sheet.cell(row, place)
        cell.value = int(str(cell.value or 0)) + 1


def test_the_template_names_units_forms_codes_and_last_years_figures(store: Store) -> None:
    book = opened(template(store, COUNTY, 2024))
    assert book.sheetnames == [*(s.name for s in sheets()), "说明", "代码"]
    assert book["代码"].sheet_state == "hidden"
    premises = book["校舍与设备"]
    header = next(c for c in premises[1] if c.value == "教学及辅助用房面积（㎡）")
    assert header.comment is not None and "教基5170" in header.comment.text
    before = current_tables(store, "350526", year=2023)["premises"][0]
    assert premises.cell(2, header.column).value == before["teaching_area_m2"]
    assert premises.cell(2, header.column).font.italic
    lists = [v for v in book["在校生与教师"].data_validations.dataValidation if v.type == "list"]
    assert lists and all("代码" in str(v.formula1) for v in lists)
    notes = [row for row in book["说明"].iter_rows(values_only=True)]
    assert "演示数据" in str(notes[0][0])
    assert any("空格表示未报" in str(row[0]) for row in notes)
    assert ("校舍与设备", "教学及辅助用房面积（㎡）", "", "教基5170", "含室内体育用房", "0 至 1,000,000", "3800") in [
        tuple(cell or "" for cell in row[:7]) for row in notes
    ]
    judged = [row[2] for row in book["判定"].iter_rows(min_row=2, values_only=True)]
    assert set(judged) == {None}, "last year's conclusions are not filled in"


def test_every_example_of_the_template_is_a_good_cell() -> None:
    book = opened(layout({s.identifier: [] for s in sheets()}, title="空"))
    for known in sheets():
        book[known.name].append([column.example or None for column in known.columns])
    tables, problems = parse(open_uploads([("示例.xlsx", saved(book))]))
    assert not problems
    assert tables["county_figures"][0]["figure"] == "quota_primary_yuan"
    assert all(len(rows) == 1 for rows in tables.values())


def test_a_township_workbook_leaves_the_rest_untouched(store: Store, standard: Standard) -> None:
    before = current_tables(store, "350526")
    book = opened(export(store, Part("350526", "350526104")))
    assert book["县级数据"].max_row == 1
    sheet = book["校舍与设备"]
    sheet["C2"] = 9999
    dataset = read(store, saved(book))
    assert [r["school_id"] for r in dataset.tables["schools"]] == ["350526-0034"]
    batch_id = published(store, standard, dataset)
    changes = figure_changes(before, current_tables(store, "350526"))
    assert [(c.sheet, c.column, float(str(c.new))) for c in changes.figures] == [("premises", "teaching_area_m2", 9999)]
    assert not register.batch(store, batch_id).whole_county
    publishing.withdraw(store, batch_id, LOCAL_ADMINISTRATOR, NOW, "填报有误")
    assert figure_changes(before, current_tables(store, "350526")).is_empty


def test_one_schools_workbook_can_leave_the_township_as_it_is(store: Store, standard: Standard) -> None:
    before = current_tables(store, "350526")
    dataset = read(store, export(store, Part("350526", school_id=SCHOOL), year=2023))
    left_out = [w for w in dataset.warnings if "没有列入" in w.found]
    assert left_out and "只更新所列学校" in left_out[0].advice
    whole = only_listed_schools(store, dataset)
    assert not whole.warnings
    published(store, standard, whole)
    assert figure_changes(before, current_tables(store, "350526")).is_empty


@pytest.mark.parametrize("part", [Part("350526", "350526999"), Part("350526", school_id="无")])
def test_an_unknown_township_or_school_has_no_template(store: Store, part: Part) -> None:
    with pytest.raises(RequestInvalid, match=r"没有(乡镇|学校)"):
        template(store, part, 2024)


def test_text_that_looks_like_a_formula_stays_text(store: Store) -> None:
    tables = current_tables(store, "350526")
    first = tables["schools"][0]
    tables["schools"][0] = Row(2, {**first.values, "name": "=HYPERLINK(1)"})
    content = layout(tables, title="导出")
    cell = opened(content)["学校"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert read(store, content).tables["schools"][0]["name"] == "=HYPERLINK(1)"


def test_figures_too_long_for_a_spreadsheets_number_stay_exact(store: Store) -> None:
    tables = current_tables(store, "350526")
    exact = tables["county_figures"][0]
    tables["county_figures"][0] = Row(2, {**exact.values, "value": Decimal("98765432109.1234")})
    again = read(store, layout(tables, title="导出"))
    assert again.tables["county_figures"][0]["value"] == Decimal("98765432109.1234")
