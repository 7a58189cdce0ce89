"""The rows with mistakes go back with their reasons, are corrected, and take the place of the old ones."""

import io

import openpyxl
import pytest

from core.errors import InputRejected
from core.intake.checkup.checking import check
from core.intake.checkup.corrected_rows import with_corrections
from core.intake.checkup.fault_rows import fault_workbook
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from tests.support.books import Book, csv_files, small_tables

ENROLMENT = "在校生与教师"


def spoiled() -> Source:
    book = Book(small_tables())
    book.put(ENROLMENT, 3, "专任教师数", "九十八")
    book.put(ENROLMENT, 5, "教职工数", -1)
    book.put("班级", 9, "年级", 12)
    return open_uploads([("上报.xlsx", book.content())])


def handed_back(source: Source) -> openpyxl.Workbook:
    with pytest.raises(InputRejected) as rejected:
        check(source)
    return openpyxl.load_workbook(io.BytesIO(fault_workbook(source, rejected.value.problems)))


def taken_in(source: Source, book: openpyxl.Workbook) -> Source:
    buffer = io.BytesIO()
    book.save(buffer)
    return with_corrections(source, [open_uploads([("更正.xlsx", buffer.getvalue())])])


def test_only_the_rows_with_findings_are_handed_back_with_number_and_reason() -> None:
    book = handed_back(spoiled())
    assert book.sheetnames == [ENROLMENT, "班级", "说明"]
    header, *rows = book[ENROLMENT].iter_rows(values_only=True)
    assert header[-4:] == ("原行号", "更正轮次", "发出时内容", "问题")
    assert [row[-4] for row in rows] == ["3", "5"]
    assert "“九十八”不是数字" in str(rows[0][-1])
    assert rows[0][4] == "九十八"
    assert "专任教师数" in str(book["说明"]["A3"].value)


def test_corrected_rows_take_the_place_of_the_old_ones() -> None:
    source, good = spoiled(), check(open_uploads([("好.xlsx", Book(small_tables()).content())]))
    book = handed_back(source)
    book[ENROLMENT]["E2"] = 98
    book[ENROLMENT]["M3"] = 93
    book["班级"]["D2"] = good.tables["classes"][7]["grade"]
    dataset = check(taken_in(source, book))
    assert dataset.tables == good.tables
    assert not dataset.warnings
    assert dataset.sha256 != source.sha256


def test_the_same_works_for_csv_files() -> None:
    files = csv_files(small_tables())
    source = open_uploads([*(files | {"premises.csv": files["premises.csv"].replace(b",2022,", b",two,", 1)}).items()])
    book = handed_back(source)
    book["校舍与设备"]["B2"] = 2022
    assert check(taken_in(source, book)).tables == check(open_uploads([*files.items()])).tables


def test_an_emptied_row_is_left_out_and_a_row_without_number_is_added() -> None:
    source = spoiled()
    book = handed_back(source)
    sheet = book["班级"]
    for place in range(1, 7):
        sheet.cell(2, place).value = None
    old = next(c for c in source.sheets if c.label == "班级").rows[8]
    sheet.append([old[0], old[1], old[2], 1, "补", old[5]])
    book[ENROLMENT]["E2"], book[ENROLMENT]["M3"] = 98, 93
    classes = check(taken_in(source, book)).tables["classes"]
    assert len(classes) == len(small_tables()["classes"]) - 1
    assert classes[-1]["class_no"] == "补"


@pytest.mark.parametrize("number", [1, 9999, "三"])
def test_a_number_that_fits_no_row_is_named(number: object) -> None:
    source = spoiled()
    book = handed_back(source)
    book[ENROLMENT]["O2"] = number
    with pytest.raises(InputRejected, match="不是原文件的行号"):
        taken_in(source, book)


def test_a_sheet_without_numbers_is_named() -> None:
    source = spoiled()
    with pytest.raises(InputRejected, match="缺少这一列"):
        with_corrections(source, [open_uploads([("上报.xlsx", Book(small_tables()).content())])])
