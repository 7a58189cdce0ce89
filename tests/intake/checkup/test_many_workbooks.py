"""The workbooks of all townships in one upload: one dataset, every finding in its file, who has handed in and who not."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from core.batches.collecting import template_package
from core.batches.workbook import Part, export
from core.dataset.rows import Row
from core.errors import InputRejected
from core.facts.current import current_tables
from core.intake.checkup.checking import check, home_of
from core.intake.checkup.many_workbooks import CheckedWorkbooks, check_many, sources_of
from core.intake.reading.sources import open_uploads
from core.intake.reading.workbooks import open_workbooks
from core.store.database import Store
from tests.support.books import small_tables

COUNTY = "350526"


def townships() -> list[str]:
    """The codes of the small county's townships that have schools."""
    header, *rows = small_tables()["schools"]
    return sorted({row[header.index("township_code")] for row in rows})


def files(store: Store) -> list[tuple[str, bytes]]:
    """What counts now as a workbook for each township, and one for the county."""
    return [(f"{code}.xlsx", export(store, Part(COUNTY, township_code=code))) for code in townships()]


def checked(store: Store, handed_in: list[tuple[str, bytes]]) -> CheckedWorkbooks:
    """The files checked against what counts."""
    sources = sources_of(open_workbooks(handed_in))
    return check_many(sources, earlier=partial(current_tables, store), home=home_of(store))


def test_townships_together_are_what_they_are_in_one_workbook(store: Store) -> None:
    together = checked(store, files(store)).taken()
    counting = current_tables(store, COUNTY)
    for sheet in ("schools", "enrolment", "premises", "classes", "special_rooms"):
        assert sorted(repr(row.values) for row in together.tables[sheet]) == sorted(
            repr(row.values) for row in counting[sheet]
        ), sheet


def test_all_townships_together_leave_the_countys_own_sheets_as_they_count(store: Store) -> None:
    counting = current_tables(store, COUNTY)
    everybody = [str(row["code"]) for row in counting["townships"]]
    found = checked(store, [(f"{c}.xlsx", export(store, Part(COUNTY, township_code=c))) for c in everybody])
    assert found.keeps and not [p.sentence() for p in found.problems]
    for sheet in ("county_figures", "judgements", "survey", "monitoring"):
        assert [row.values for row in found.taken().tables[sheet]] == [
            row.values for row in counting[sheet] if row["year"] in found.taken().school_years
        ]
    whole = ("全县.xlsx", export(store, Part(COUNTY)))
    alone = checked(store, [whole])
    assert not alone.keeps and alone.board[0].schools == sum(line.schools for line in found.board)


def test_a_finding_in_what_counts_already_is_in_no_file_and_no_files_row(store: Store) -> None:
    counting = current_tables(store, COUNTY)
    surveyed = counting["survey"][0]
    odd = Row(surveyed.number, {**surveyed.values, "valid": 90, "issued": 80})
    everybody = [str(row["code"]) for row in counting["townships"]]
    handed_in = [(f"{c}.xlsx", export(store, Part(COUNTY, township_code=c))) for c in everybody]
    found = check_many(
        sources_of(open_workbooks(handed_in)),
        earlier=lambda _: {**counting, "survey": [odd, *counting["survey"][1:]]},
        home=home_of(store),
    )
    said = [p for p in found.problems if p.sheet == "满意度调查"]
    assert said and {(p.file, p.row) for p in said} == {("现行数据", 1), ("现行数据", 2)}
    assert all(line.warnings == 0 for line in found.board), "no township is told of what is not its own"


def test_the_board_names_who_has_handed_in_and_who_has_not(store: Store) -> None:
    first, *others = files(store)
    found = checked(store, others)
    assert [line.file for line in found.board] == [name for name, _ in others]
    assert all(line.schools and not line.failures for line in found.board)
    names = {row["code"]: row["name"] for row in current_tables(store, COUNTY)["townships"]}
    assert names[first[0].removesuffix(".xlsx")] in found.missing


def spoilt(store: Store, sheet: str, row: int, column: str, value: object) -> list[tuple[str, bytes]]:
    """The files, one cell of the last spoilt."""
    *others, (name, content) = files(store)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet]
    place = next(n for n, cell in enumerate(page[1], 1) if str(cell.value).startswith(column))
    page.cell(row, place).value = value  # type: ignore[assignment]
    buffer = io.BytesIO()
    book.save(buffer)
    return [*others, (name, buffer.getvalue())]


@pytest.mark.parametrize(
    ("sheet", "column", "value", "says"),
    [
        ("在校生与教师", "专任教师数", "很多", "“很多”不是数字"),
        ("在校生与教师", "在校生数", 7, "“班级”表合计"),
        ("校舍与设备", "学校标识码", "350526-0001x", "不在“学校”表中"),
    ],
)
def test_a_fault_is_named_in_its_file_and_row(store: Store, sheet: str, column: str, value: object, says: str) -> None:
    found = checked(store, spoilt(store, sheet, 2, column, value))
    with pytest.raises(InputRejected):
        found.taken()
    file = f"{townships()[-1]}.xlsx"
    faults = [p for p in found.problems if p.level == "FAIL" and says in p.found]
    assert [(p.file, p.row) for p in faults] == [(file, 2)]
    assert faults[0].sentence().startswith(f"“{file}”工作表“{sheet}”第 2 行")
    assert {line.file: line.failures > 0 for line in found.board}[file]
    assert sum(line.failures > 0 for line in found.board) == 1


def test_a_school_in_two_files_is_named_with_both(store: Store) -> None:
    listed = files(store)
    found = checked(store, [*listed, ("又一份.xlsx", listed[0][1])])
    said = [p.sentence() for p in found.problems if p.level == "FAIL"]
    assert said and all("又一份.xlsx" in sentence or listed[0][0] in sentence for sentence in said)
    assert any("重复" in sentence and "又一份.xlsx" in sentence and listed[0][0] in sentence for sentence in said)


def test_a_row_said_of_another_file_is_named_with_it(store: Store) -> None:
    first, last = townships()[0], townships()[-1]
    name = next(row["name"] for row in current_tables(store, COUNTY)["schools"] if row["township_code"] == first)
    found = checked(store, spoilt(store, "学校", 2, "学校名称", name))
    [said] = [p.sentence() for p in found.problems if "相同" in p.found]
    assert f"“{last}.xlsx”" in said and f"“{first}.xlsx”" in said
    assert not any(len(word) > 7 and word.isdigit() for word in said.split()), said


def test_another_form_among_them_is_named() -> None:
    with pytest.raises(InputRejected, match=r"“统计\.xlsx”不是本平台的模板工作簿"):
        sources_of(open_workbooks([("统计.xlsx", _other_form())]))


def _other_form() -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["校名", "人数"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_package_holds_a_template_for_every_part(store: Store, tmp_path: Path) -> None:
    parts = {f"{code}.xlsx": Part(COUNTY, township_code=code) for code in townships()}
    path = tmp_path / "各乡镇.zip"
    path.write_bytes(template_package(store, parts, 2024))
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == list(parts)
        content = archive.read(next(iter(parts)))
    [opened] = open_workbooks([("一.xlsx", content)])
    header, *rows = next(sheet for sheet in opened.sheets if sheet.label == "在校生与教师").rows
    year = next(place for place, title in enumerate(header) if str(title).startswith("学年"))
    assert rows and {row[year] for row in rows if row[year]} == {2024}


def test_one_archive_is_read_as_its_files(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "全县.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files(store):
            archive.writestr(name, content)
    found = checked(store, [("全县.zip", path.read_bytes())])
    assert {line.file for line in found.board} == {name for name, _ in files(store)}
    alone = check(open_uploads([("全县.xlsx", export(store, Part(COUNTY)))]), earlier=partial(current_tables, store))
    assert len(found.taken().tables["enrolment"]) == len(alone.tables["enrolment"])
