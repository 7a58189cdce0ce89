"""Corrections add up: in any number of files and typed on the page, whatever comes first; two that differ are named."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest

from core.errors import InputRejected, Problem
from core.intake.checkup.checking import check
from core.intake.checkup.corrected_rows import SourceCells, TypedCell, with_corrections
from core.intake.checkup.fault_rows import fault_workbook
from core.intake.reading.raw_sheets import RawSheet, Source
from core.intake.reading.sources import open_uploads
from tests.support.books import Book, small_tables
from tests.support.samples import seeds

SHEET = "在校生与教师"
COLUMNS = ("专任教师数", "教职工数", "县级以上骨干教师数")
ROWS = range(2, 8)


def spoilt(cells: dict[tuple[int, str], object]) -> Source:
    """The small county with these cells of one sheet spoilt."""
    book = Book(small_tables())
    for (row, column), value in cells.items():
        book.put(SHEET, row, column, value)
    return open_uploads([("上报.xlsx", book.content())])


def problems(source: Source) -> list[Problem]:
    """What is wrong."""
    try:
        return list(check(source).warnings)
    except InputRejected as rejected:
        return rejected.problems


def returned(source: Source, corrections: dict[tuple[int, str], object], name: str) -> Source:
    """The rows with findings, handed out for this source, with some cells corrected."""
    book = openpyxl.load_workbook(io.BytesIO(fault_workbook(source, problems(source))))
    sheet = book[SHEET]
    titles = [str(cell.value) for cell in sheet[1]]
    numbered = titles.index("原行号") + 1
    lines = {int(str(sheet.cell(line, numbered).value)): line for line in range(2, sheet.max_row + 1)}
    for (row, column), value in corrections.items():
        place = next(n for n, title in enumerate(titles, 1) if title.startswith(column))
        sheet.cell(lines[row], place).value = value  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    return open_uploads([(name, buffer.getvalue())])


GOOD = open_uploads([("好.xlsx", Book(small_tables()).content())])
TRUE = {
    (row, column): SourceCells(GOOD).text(Problem("FAIL", SHEET, row, column, "", ""))
    for row in ROWS
    for column in COLUMNS
}


def figures(source: Source) -> list[object]:
    """What the sheet says, as it would count."""
    return [row.values for row in check(source).tables["enrolment"]]


def test_a_second_round_leaves_the_first_in_place() -> None:
    bad = {(2, "专任教师数"): "很多", (3, "专任教师数"): "不少", (4, "教职工数"): -1}
    source = spoilt(bad)
    first = returned(source, {(2, "专任教师数"): TRUE[2, "专任教师数"], (3, "专任教师数"): "还是不少"}, "一.xlsx")
    after = with_corrections(source, [first])
    second = returned(
        after, {(3, "专任教师数"): TRUE[3, "专任教师数"], (4, "教职工数"): TRUE[4, "教职工数"]}, "二.xlsx"
    )
    for files in ([first, second], [second, first], [second, first, second]):
        assert figures(with_corrections(source, files)) == figures(GOOD)


@pytest.mark.parametrize("seed", seeds(5, 60))
def test_corrections_add_up_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    bad = {place: f"第{n}处" for n, place in enumerate(rng.sample(sorted(TRUE), 9))}
    source = spoilt(bad)
    left, files, typed, now = dict(bad), list[Source](), list[TypedCell](), source
    while left:
        places = rng.sample(sorted(left), min(len(left), rng.randint(1, 4)))
        # Some are corrected rightly, some wrongly once more, and two people may share a round.
        right = {place: rng.random() < 0.7 for place in places}
        text = {p: TRUE[p] if right[p] else f"又错{rng.random()}" for p in places}
        cut = rng.randint(0, len(places))
        for number, some in enumerate((places[:cut], places[cut:])):
            if some and rng.random() < 0.5:
                files.append(returned(now, {p: text[p] for p in some}, f"{len(files)}-{number}.xlsx"))
            else:
                typed += [
                    TypedCell(SHEET, str(row), column, str(text[row, column]), now.rounds + 1) for row, column in some
                ]
        left = {p: cell for p, cell in left.items() if not right.get(p)}
        now = with_corrections(source, files, typed)
    assert figures(now) == figures(GOOD)
    for _ in range(3):
        rng.shuffle(files)
        rng.shuffle(typed)
        again = with_corrections(source, files, typed)
        assert figures(again) == figures(GOOD) and again.sheets == now.sheets


def test_two_corrections_of_a_round_that_differ_are_named_and_nothing_is_taken() -> None:
    source = spoilt({(2, "专任教师数"): "很多"})
    files = [returned(source, {(2, "专任教师数"): text}, name) for text, name in (("90", "甲.xlsx"), ("91", "乙.xlsx"))]
    with pytest.raises(
        InputRejected, match=r"“甲\.xlsx”更正为“90”，“乙\.xlsx”更正为“91”|“乙\.xlsx”更正为“91”，“甲\.xlsx”更正为“90”"
    ):
        with_corrections(source, files)
    assert figures(with_corrections(spoilt({}), [])) == figures(GOOD)


def test_a_late_file_of_the_first_round_is_not_undone_by_the_second() -> None:
    bad = {(2, "专任教师数"): "很多", (2, "教职工数"): "不少", (3, "教职工数"): -1}
    source = spoilt(bad)
    first = returned(source, {(2, "专任教师数"): "又错"}, "甲.xlsx")
    late = returned(source, {(2, "教职工数"): TRUE[2, "教职工数"], (3, "教职工数"): TRUE[3, "教职工数"]}, "乙.xlsx")
    second = returned(with_corrections(source, [first]), {(2, "专任教师数"): TRUE[2, "专任教师数"]}, "二.xlsx")
    for files in ([first, second, late], [late, second, first]):
        assert figures(with_corrections(source, files)) == figures(GOOD)


def test_a_row_that_was_added_is_corrected_in_the_file_that_names_it() -> None:
    source = spoilt({(2, "专任教师数"): "很多"})
    old = next(raw for raw in GOOD.sheets if raw.label == "专用教室").rows[1]

    def adding(name: str, area: object) -> Source:
        book = openpyxl.load_workbook(io.BytesIO(fault_workbook(source, [*problems(source), ROOM])))
        book["专用教室"].append([*old[:3], area])
        buffer = io.BytesIO()
        book.save(buffer)
        return open_uploads([(name, buffer.getvalue())])

    one, other = adding("甲.xlsx", "不知道"), adding("乙.xlsx", 81)
    after = with_corrections(source, [one, returned(source, {(2, "专任教师数"): TRUE[2, "专任教师数"]}, "三.xlsx")])
    [wrong] = [p for p in problems(after) if p.level == "FAIL"]
    typed = [SourceCells(after).typed(wrong, "82")]
    right = returned(source, {(2, "专任教师数"): TRUE[2, "专任教师数"]}, "三.xlsx")
    for files in ([one, other, right], [right, other, one]):
        areas = [row["area_m2"] for row in check(with_corrections(source, files, typed)).tables["special_rooms"]]
        assert {*areas[-2:]} == {81, 82}
    with pytest.raises(InputRejected, match="那一份没有上传"):
        with_corrections(source, [other, right], typed)


ROOM = Problem("FAIL", "专用教室", 2, None, "另有一间没有填", "每间一行")


def marked(raw_of: Callable[[RawSheet], RawSheet]) -> Source:
    """The small county with marks that only a file knows of on one sheet."""
    return replace(GOOD, sheets=[raw_of(raw) if raw.label == SHEET else raw for raw in GOOD.sheets])


def test_a_formula_without_result_stays_a_fault_while_another_cell_is_corrected() -> None:
    place = next(n for n, cell in enumerate(sheet_of(GOOD).rows[0]) if str(cell).startswith("专任教师数"))
    source = marked(lambda raw: replace(raw, broken={(1, place): "公式没有结果"}))
    other = [TypedCell(SHEET, "2", "教职工数", TRUE[2, "教职工数"], 1)]
    assert "公式没有结果" in "".join(p.found for p in problems(with_corrections(source, [], other)))
    own = [*other, TypedCell(SHEET, "2", "专任教师数", TRUE[2, "专任教师数"], 1)]
    assert figures(with_corrections(source, [], own)) == figures(GOOD)


def test_what_a_merged_cell_covered_stays_a_fault_until_it_is_filled_in() -> None:
    place = next(n for n, cell in enumerate(sheet_of(GOOD).rows[0]) if str(cell).startswith("县级以上骨干教师数"))
    source = marked(lambda raw: replace(raw, merged=(((1, place), (3, place)),)))
    column = "县级以上骨干教师数"

    def faults(*rows: int) -> list[int | None]:
        typed = [TypedCell(SHEET, str(row), column, TRUE[row, column], 1) for row in rows]
        return [p.row for p in problems(with_corrections(source, [], typed)) if "合并为一个单元格" in p.found]

    assert faults() == [3, 4]
    assert faults(3) == [4] and faults(3, 4) == []
    elsewhere = [TypedCell(SHEET, "3", "教职工数", TRUE[3, "教职工数"], 1)]
    assert [p.row for p in problems(with_corrections(source, [], elsewhere)) if "合并" in p.found] == [3, 4]


def sheet_of(source: Source) -> RawSheet:
    """The sheet that these tests spoil."""
    return next(raw for raw in source.sheets if raw.label == SHEET)


def test_a_column_taken_out_of_a_returned_file_changes_nothing() -> None:
    source = spoilt({(2, "教职工数"): "很多"})
    book = openpyxl.load_workbook(io.BytesIO(fault_workbook(source, problems(source))))
    titles = [str(cell.value) for cell in book[SHEET][1]]
    staff = next(n for n, title in enumerate(titles, 1) if title.startswith("教职工数"))
    book[SHEET].cell(2, staff).value = TRUE[2, "教职工数"]
    book[SHEET].delete_cols(next(n for n, title in enumerate(titles, 1) if title.startswith("县级以上骨干教师数")))
    buffer = io.BytesIO()
    book.save(buffer)
    assert figures(with_corrections(source, [open_uploads([("更正.xlsx", buffer.getvalue())])])) == figures(GOOD)


def test_a_file_without_any_correction_is_refused_by_name() -> None:
    with pytest.raises(InputRejected, match=r"“别的\.csv”中没有可以取用的更正"):
        with_corrections(spoilt({}), [open_uploads([("别的.csv", b"a,b\n1,2\n")])])


def test_a_cell_typed_empty_is_not_reported() -> None:
    source = spoilt({(2, "教职工数"): "很多"})
    typed = [TypedCell(SHEET, "2", "教职工数", "", 1)]
    assert figures(with_corrections(source, [], typed))[0]["staff"] is None  # type: ignore[index]


def test_a_wrong_unit_is_proposed_in_the_unit_of_the_files_own_header() -> None:
    book = Book(small_tables())
    column = "教学仪器设备资产值"
    true = SourceCells(GOOD).text(Problem("FAIL", "校舍与设备", 2, column, "", ""))
    book.put("校舍与设备", 2, column, float(true) / 10_000)
    source = open_uploads([("上报.xlsx", book.content())])
    [found] = [p for p in problems(source) if p.times]
    assert float(SourceCells(source).proposed(found)) == pytest.approx(float(true), abs=0.01)
    corrected = with_corrections(source, [], [TypedCell("校舍与设备", "2", column, true, 1)])
    assert [p for p in problems(corrected) if p.times] == []


def test_what_stands_in_no_cell_cannot_be_typed() -> None:
    found = problems(spoilt({(2, "专任教师数"): "很多"}))
    [wrong] = [p for p in found if p.level == "FAIL"]
    assert SourceCells(GOOD).has(wrong) and wrong.school
    for nowhere in (
        Problem("FAIL", SHEET, None, "专任教师数", "", ""),
        Problem("FAIL", SHEET, 1, "专任教师数", "", ""),
        Problem("FAIL", SHEET, 2, "学校标识码、学年", "", ""),
        Problem("FAIL", "没有的表", 2, "专任教师数", "", ""),
    ):
        assert not SourceCells(GOOD).has(nowhere)
