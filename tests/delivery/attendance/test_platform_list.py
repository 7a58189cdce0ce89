"""The national platform's list: read for counts, its personal columns named and left, nothing of a row repeated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from core.delivery.attendance.platform_list import ListedSchool, PlatformList, gone_cases, new_cases, read_list
from core.intake.reading.sources import open_uploads
from tests.delivery.attendance.test_counts import case

TODAY = date(2023, 11, 30)
SCHOOLS = (
    ListedSchool("A1", "第一小学", "浔中镇"),
    ListedSchool("A2", "第二中学", "浔中镇", is_junior_only=True),
    ListedSchool("B1", "中心小学", "三班镇"),
    ListedSchool("B2", "中心小学", "上涌镇"),
)
TITLES = ("姓名", "身份证件号", "学籍号", "学校名称", "年级", "疑似辍学时间", "监护人电话", "备注")
ROW = (
    "王小明",
    "350526201501011234",
    "G3505260001",
    "浔中镇第一小学",
    "三年级",
    "2023-10-08",
    "13800000000",
    "随父外出",
)


def read(*rows: Sequence[object], titles: Sequence[str] = TITLES) -> PlatformList:
    """The list of a workbook with these rows below a title."""
    return read_book({"王小明": [["全县学校各年级疑似辍学学生名单"], titles, *rows]})


def read_book(sheets: dict[str, list[Sequence[object]]]) -> PlatformList:
    """The list of a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return read_list(open_uploads([("名单.xlsx", out.getvalue())]), SCHOOLS, TODAY)


def row(**changed: object) -> tuple[object, ...]:
    """A row with some cells changed."""
    places = {"school": 3, "grade": 4, "found": 5}
    return tuple(
        next((value for name, value in changed.items() if places[name] == n), cell) for n, cell in enumerate(ROW)
    )


def test_only_school_grade_and_day_are_read_and_the_rest_is_said_to_be_left() -> None:
    found = read(ROW)
    [entry] = found.entries
    assert (entry.school_id, entry.grade, entry.found_on) == ("A1", 3, date(2023, 10, 8))
    assert found.personal == ("姓名", "身份证", "证件", "学籍号", "监护人", "电话") and found.others == 1
    assert not any(str(cell) in repr(found) for cell in (ROW[0], ROW[1], ROW[2], ROW[6], ROW[7]))


@pytest.mark.parametrize(
    ("cell", "grade"),
    [("初二", 8), ("八年级", 8), ("3", 3), (9, 9), ("三（2）班", None), ("2021级", 3), ("初2022级", 8), ("2010级", None), ("", None)],
)  # fmt: skip
def test_a_grade_is_read_as_platforms_write_it(cell: object, grade: int | None) -> None:
    found = read(row(grade=cell))
    assert [e.grade for e in found.entries] == ([] if grade is None else [grade])
    assert len(found.problems) == (grade is None)


def test_a_junior_school_counts_its_years_from_the_seventh_grade() -> None:
    assert [e.grade for e in read(row(school="第二中学", grade="2022级")).entries] == [8]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"school": "王小明"}, "第 3 行“学校”列：认不出是哪所学校"),
        ({"school": "中心小学"}, "第 3 行“学校”列：认不出是哪所学校"),
        ({"grade": "王小明"}, "第 3 行“年级”列：认不出年级"),
        ({"found": "王小明"}, "第 3 行“日期”列：日期不能识别"),
        ({"found": "2024-01-01"}, "第 3 行“日期”列：日期不能识别、在今天之后或早于三年前"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_by_its_number_and_never_by_its_content(
    changed: dict[str, str], said: str
) -> None:
    found = read(row(**changed), ROW)
    [problem] = found.problems
    assert said in problem.sentence() and "王小明" not in problem.sentence() and found.entries == ()


def test_columns_in_the_wrong_place_repeat_no_name() -> None:
    found = read(ROW, titles=("王小明", "350526201501011234", "x", "学校", "年级", "日期", "y", "z"))
    assert found.personal == () and found.others == 5 and "王小明" not in repr(found)
    [problem] = read(ROW, titles=("a",) * 8).problems
    assert "找不到表头" in problem.sentence()


def test_a_list_opens_what_the_ledger_lacks_and_the_same_list_twice_opens_nothing() -> None:
    townships = {"A1": "350526100", "B1": "350526102"}
    entries = read(ROW, ROW, row(school="三班镇中心小学")).entries
    assert len(entries) == 3
    drafts = new_cases(entries, (), townships, TODAY)
    assert [(d.school_id, d.grade, d.source) for d in drafts] == [("A1", 3, "platform")] * 2 + [("B1", 3, "platform")]
    held = tuple(replace(case(), source="platform", school_id=d.school_id, grade=d.grade) for d in drafts)
    assert new_cases(entries, held, townships, TODAY) == ()
    assert len(new_cases(entries, held[:1], townships, TODAY)) == 2
    # What stands on the ledger and no longer on the list is asked about.
    assert len(gone_cases(entries[:1], held, TODAY)) == 2
    settled = tuple(replace(c, outcome="returned", checked=True) for c in held)
    assert len(new_cases(entries, settled, townships, TODAY)) == 3 and gone_cases((), settled, TODAY) == ()


def test_every_sheet_is_read_and_called_by_its_place_for_it_may_be_called_after_a_child() -> None:
    found = read_book({"王小明": [TITLES, ROW], "李小红": [TITLES, row(school="三班镇中心小学")]})
    assert [e.school_id for e in found.entries] == ["A1", "B1"]
    [problem] = read_book({"王小明": [TITLES, ROW], "李小红": [["王小明", "李小红"]]}).problems
    assert "工作表“第 2 张表”：找不到表头" in problem.sentence() and "李小红" not in problem.sentence()


def test_a_list_of_nobody_is_no_list_and_a_birthday_is_not_the_day_of_finding() -> None:
    [problem] = read().problems
    assert "没有学生" in problem.sentence()
    titles = (*TITLES[:5], "疑似辍学学生出生日期", *TITLES[6:])
    found = read(row(found="2013-05-06"), titles=titles)
    assert [e.found_on for e in found.entries] == [TODAY] and "出生" in found.personal
    [problem] = read(row(found="2013-05-06")).problems
    assert "早于三年前" in problem.sentence() and "2013" not in problem.sentence()


def test_a_child_found_last_year_is_known_again_a_grade_higher() -> None:
    held = replace(case(), source="platform", school_id="A1", grade=2, found_on=date(2023, 3, 1))
    entries = read(ROW).entries
    assert new_cases(entries, [held], {"A1": "350526100"}, TODAY) == () and gone_cases(entries, [held], TODAY) == ()


def test_more_than_can_be_kept_at_once_are_told_before_they_are_confirmed() -> None:
    [problem] = read(*[ROW] * 501).problems
    assert "共 501 人；应为：一次不超过 500 人" in problem.sentence()
