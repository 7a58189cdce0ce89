"""Every mistake that offices make in a workbook is answered at its cell, and nothing of it gets in."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from openpyxl.styles import Font

from tests.support.books import Book, Spoil, checked, sentences, small_tables

ENROLMENT, PREMISES, CLASSES, SCHOOLS = "在校生与教师", "校舍与设备", "班级", "学校"


@dataclass(frozen=True)
class Case:
    """One spoiled workbook and the finding that it must meet; `says` are parts of the sentence."""

    name: str
    spoil: Spoil
    level: str
    sheet: str
    row: int | None
    column: str | None
    says: tuple[str, ...]


def put(sheet: str, row: int, column: str, value: object) -> Spoil:
    """Write one cell."""
    return lambda book: book.put(sheet, row, column, value)


def rename(sheet: str, column: str, header: str) -> Spoil:
    """Write another header over a column's."""
    return lambda book: book.put(sheet, 1, column, header)


def append(sheet: str, *cells: object) -> Spoil:
    """Add a row at the end of a sheet."""
    return lambda book: book.sheet(sheet).append(cells)


def repeat(sheet: str, row: int) -> Spoil:
    """Add a copy of a row at the end of a sheet."""
    return lambda book: book.sheet(sheet).append([c.value for c in book.sheet(sheet)[row]])


def drop_column(sheet: str, column: str) -> Spoil:
    """Delete a column."""
    return lambda book: book.sheet(sheet).delete_cols(book.place(sheet, column))


def merge(sheet: str, ranges: str) -> Spoil:
    """Merge cells, as a spreadsheet does: only the first keeps its content."""
    return lambda book: book.sheet(sheet).merge_cells(ranges)


def add_sheet(name: str, *rows: tuple[object, ...]) -> Spoil:
    """Add a sheet with these rows."""

    def spoil(book: Book) -> None:
        sheet = book.workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)

    return spoil


def hide(sheet: str) -> Spoil:
    """Hide a sheet."""

    def spoil(book: Book) -> None:
        book.sheet(sheet).sheet_state = "hidden"

    return spoil


def rename_sheet(sheet: str, title: str) -> Spoil:
    """Give a sheet another name."""

    def spoil(book: Book) -> None:
        book.sheet(sheet).title = title

    return spoil


def fill_beside(sheet: str, row: int, value: object) -> Spoil:
    """Write into the first column that has no header."""
    return lambda book: book.sheet(sheet).cell(row, book.sheet(sheet).max_column + 1, value)


def header_only(sheet: str) -> Spoil:
    """Delete every row but the header."""
    return lambda book: book.sheet(sheet).delete_rows(2, book.sheet(sheet).max_row)


def error_cell(sheet: str, row: int, column: str) -> Spoil:
    """A cell that shows a spreadsheet error."""

    def spoil(book: Book) -> None:
        cell = book.cell(sheet, row, column)
        cell.value, cell.data_type = "#DIV/0!", "e"

    return spoil


def as_date(sheet: str, row: int, column: str) -> Spoil:
    """A number whose cell is formatted as a date."""

    def spoil(book: Book) -> None:
        book.cell(sheet, row, column).number_format = "yyyy-mm-dd"

    return spoil


def same_place(book: Book, one: int, other: int) -> None:
    """Give a school the coordinates of another."""
    for column in ("经度", "纬度"):
        book.put(SCHOOLS, other, column, book.cell(SCHOOLS, one, column).value)


def in_ten_thousands(book: Book) -> None:
    """Put the teachers' pay in the place of the first figure, in 万元."""
    book.put("县级数据", 2, "数据项", "teacher_pay_yuan")
    book.put("县级数据", 2, "年度", 2021)
    book.put("县级数据", 2, "数值", 9.8)


def fail(name: str, sheet: str, row: int | None, column: str | None, says: str | tuple[str, ...], spoil: Spoil) -> Case:
    """A case that is refused."""
    return Case(name, spoil, "FAIL", sheet, row, column, (says,) if isinstance(says, str) else says)


def warn(name: str, sheet: str, row: int | None, column: str | None, says: str | tuple[str, ...], spoil: Spoil) -> Case:
    """A case that somebody must confirm."""
    return Case(name, spoil, "WARN", sheet, row, column, (says,) if isinstance(says, str) else says)


def bad_cell(name: str, sheet: str, row: int, column: str, value: object, *says: str) -> Case:
    """A cell that is refused where it stands."""
    return fail(name, sheet, row, column, says, put(sheet, row, column, value))


CASES = (
    # Numbers.
    bad_cell("a word for a number", ENROLMENT, 3, "在校生数", "约八百", "“约八百”不是数字"),
    bad_cell("a dash for nothing", ENROLMENT, 3, "专任教师数", "—", "未报请留空，没有请填 0"),
    bad_cell("a number with a person's unit", ENROLMENT, 3, "在校生数", "812人", "单位写在表头", "812"),
    bad_cell("square metres in the cell", PREMISES, 4, "教学及辅助用房面积", "5444㎡", "单位写在表头", "5444"),
    bad_cell("万元 in the cell", PREMISES, 4, "教学仪器设备资产值", "218.78万元", "按元填写时为 2187800"),
    bad_cell("an unknown unit in the cell", PREMISES, 4, "运动场地面积", "3亩", "“亩”请不要写在单元格里"),
    bad_cell("a negative count", ENROLMENT, 5, "专任教师数", -3, "“-3”超出范围", "负号"),
    bad_cell("a negative area", PREMISES, 5, "运动场地面积", -0.5, "超出范围"),
    bad_cell("an absurd count", ENROLMENT, 6, "在校生数", 19390, "合计"),
    bad_cell("a count beyond every school", ENROLMENT, 6, "在校生数", 99999, "超出范围", "20000"),
    bad_cell("an absurd area", PREMISES, 6, "教学及辅助用房面积", 1e9, "超出范围"),
    bad_cell("a number without end", PREMISES, 6, "教学仪器设备资产值", "9" * 300, "……”过大"),
    bad_cell("an endless exponent", PREMISES, 6, "教学仪器设备资产值", "1e999999999", "不是数字"),
    bad_cell("half a person", ENROLMENT, 7, "县级以上骨干教师数", 3.5, "“3.5”不是整数"),
    bad_cell("a decimal comma", PREMISES, 7, "运动场地面积", "3,5", "“3,5”不是数字"),
    bad_cell("misplaced thousands", ENROLMENT, 7, "在校生数", "1,93,9", "不是数字"),
    bad_cell("two numbers in a cell", ENROLMENT, 7, "专任教师数", "80+7", "不是数字"),
    bad_cell("a truth value", ENROLMENT, 7, "教职工数", True, "逻辑值"),
    bad_cell("an underscore in a number", ENROLMENT, 7, "教职工数", "1_00", "不是数字"),
    bad_cell("not a number", PREMISES, 7, "公用经费", "NaN", "不是数字"),
    fail("a number formatted as a date", ENROLMENT, 8, "专任教师数", ("日期", "常规"), as_date(ENROLMENT, 8, "专任教师数")),
    fail("a spreadsheet error", ENROLMENT, 8, "专任教师数", "错误值“#DIV/0!”", error_cell(ENROLMENT, 8, "专任教师数")),
    bad_cell("a formula never calculated", ENROLMENT, 8, "教职工数", "=1+1", "公式没有计算结果"),
    bad_cell("a rate above one", "质量监测", 2, "校际差异率", 13.8, "超出范围", "0 至 1"),
    bad_cell("a rate as per cent", "质量监测", 2, "校际差异率", "13.8%", "0.138"),
    # Years and dates.
    bad_cell("a year of two digits", ENROLMENT, 9, "学年", 22, "不是学年", "四位年份"),
    bad_cell("years that do not follow", ENROLMENT, 9, "学年", "2022-2024", "不是相邻的两年"),
    bad_cell("a year long past", ENROLMENT, 9, "学年", 1922, "超出范围"),
    bad_cell("a day for a year", ENROLMENT, 9, "学年", date(2022, 9, 1), "是日期"),
    bad_cell("a day that does not exist", "判定", 2, "文件日期", "2023-02-30", "不是存在的日期"),
    bad_cell("half a date", "判定", 2, "文件日期", "2023年9月", "不是日期", "年、月、日"),
    # Codes and references.
    bad_cell("an unknown kind", SCHOOLS, 2, "学校类别", "高级中学", "不在代码表中", "请按模板的下拉列表填写"),
    bad_cell("an unknown stage", ENROLMENT, 2, "学段", "大学", "不在代码表中"),
    bad_cell("a flag in words", SCHOOLS, 2, "寄宿制", "部分", "1（是）或 0（否）"),
    bad_cell("an unknown township", SCHOOLS, 3, "所在乡镇代码", "350526999", "不在“乡镇”表中"),
    bad_cell("a township mistyped", SCHOOLS, 3, "所在乡镇代码", "35052610", "不在“乡镇”表中", "请在“乡镇”表中补上"),
    bad_cell("a township code too short", "乡镇", 2, "乡镇代码", "350526", "九位数字"),
    bad_cell("another county's township", "乡镇", 3, "乡镇代码", "350525101", "多个县"),
    bad_cell("an unknown school", PREMISES, 3, "学校标识码", "350526-9999", "不在“学校”表中"),
    bad_cell("a key left empty", ENROLMENT, 3, "学校标识码", None, "没有填写", "必填"),
    bad_cell("a class without a roll", CLASSES, 3, "班级人数", None, "没有填写"),
    fail("a row twice", ENROLMENT, 18, "学校标识码、学年、学段", ("与第 2 行重复",), repeat(ENROLMENT, 2)),
    fail("a school twice", SCHOOLS, 10, "学校标识码", "与第 3 行重复", repeat(SCHOOLS, 3)),
    # What must agree.
    bad_cell("more qualified teachers than teachers", ENROLMENT, 4, "高于规定学历专任教师数", 77, "大于专任教师数 76"),
    bad_cell("more certified teachers than teachers", ENROLMENT, 4, "持教师资格证专任教师数", 99, "大于专任教师数"),
    bad_cell("more indoor sports than building", PREMISES, 4, "室内体育用房面积", 99999, "大于教学及辅助用房面积"),
    bad_cell("a roll that does not add up", ENROLMENT, 4, "在校生数", 1853, "“班级”表合计 1852 人"),
    bad_cell("a grade of the other stage", CLASSES, 2, "年级", 7, "7 年级不属于小学"),
    fail("figures of a school not yet open", ENROLMENT, 2, "学年", "没有开办", put(SCHOOLS, 2, "启用学年", 2023)),
    fail("figures of a closed school", ENROLMENT, 2, "学年", "没有开办", put(SCHOOLS, 2, "停办学年", 2022)),
    # Headers.
    fail("a wrong header", ENROLMENT, 1, "在校生数", ("缺少这一列", "是否写成了“在校的学生”"), rename(ENROLMENT, "在校生数", "在校的学生")),
    warn("a wrong header, at its place", ENROLMENT, 1, "在校的学生", "是否应为“在校生数（人）”", rename(ENROLMENT, "在校生数", "在校的学生")),
    fail("a missing column", PREMISES, 1, "运动场地面积", "缺少这一列", drop_column(PREMISES, "运动场地面积")),
    fail("two languages", ENROLMENT, 1, None, ("中英文混用", "teachers"), rename(ENROLMENT, "专任教师数", "teachers")),
    fail("a unit that nobody can convert", PREMISES, 1, "运动场地面积（亩）", "单位“亩”无法换算", rename(PREMISES, "运动场地面积", "运动场地面积（亩）")),
    fail("a column twice", ENROLMENT, 1, "在校生数（人）", "同一列出现两次", rename(ENROLMENT, "随迁子女数", "在校生数（人）")),
    fail("no header row", ENROLMENT, 1, None, "没有找到表头行", lambda book: book.sheet(ENROLMENT).delete_rows(1)),
    fail("an empty sheet", CLASSES, 1, None, "这张表是空的", lambda book: book.sheet(CLASSES).delete_rows(1, 999)),
    warn("an unknown column", SCHOOLS, 1, "校长签名", "不认识的列", lambda book: book.sheet(SCHOOLS).cell(1, 20, "校长签名")),
    warn("a note beside the table", ENROLMENT, 5, None, ("没有列名，但有内容“已核对”",), fill_beside(ENROLMENT, 5, "已核对")),
    # Sheets.
    fail("a missing sheet", PREMISES, None, None, "缺少这张表", lambda book: book.workbook.remove(book.sheet(PREMISES))),
    fail("a sheet misnamed", PREMISES, None, None, "缺少这张表", rename_sheet(PREMISES, "校舍设备")),
    warn("a sheet misnamed, at its place", "校舍设备", None, None, "是否应为“校舍与设备”", rename_sheet(PREMISES, "校舍设备")),
    warn("a sheet too many", "草稿", None, None, "不认识的工作表", add_sheet("草稿", ("测算分析", 1))),
    fail("a sheet in both languages", "premises", None, None, "同一张表出现两次", add_sheet("premises", ("school_id",))),
    warn("a hidden sheet", PREMISES, None, None, "隐藏", hide(PREMISES)),
    fail("no township", "乡镇", None, None, "没有任何乡镇", header_only("乡镇")),
    # Layout.
    warn("a total row", ENROLMENT, 18, None, "“合计”一行不是数据", append(ENROLMENT, "合计", None, None, 9999)),
    warn("a signature row", ENROLMENT, 18, None, "不是数据", append(ENROLMENT, "填表人：某某")),
    warn("merged keys", ENROLMENT, 3, "学校标识码", "合并单元格，按“350526-0001”理解", lambda book: merge_equal_keys(book)),
    fail("merged figures", ENROLMENT, 3, "专任教师数", "合并为一个单元格“107”", merge(ENROLMENT, "E2:E3")),
    fail("figures merged across columns", ENROLMENT, 2, "高于规定学历专任教师数", "合并为一个单元格", merge(ENROLMENT, "E2:F2")),
    warn("a class number turned into a date", CLASSES, 2, "班号", "是日期", put(CLASSES, 2, "班号", date(2023, 1, 2))),
    fail("a cell far away", SCHOOLS, None, None, "单元格 XFD9 离表格太远", lambda book: book.sheet(SCHOOLS).cell(9, 16384, 1)),
    fail("a row far away", SCHOOLS, None, None, "单元格 A1048576 离表格太远", lambda book: book.sheet(SCHOOLS).cell(1048576, 1, 1)),
    # Personal data.
    bad_cell("an identity number", "判定", 2, "说明", "经办 350526199003071234", "身份证号（350526****"),
    bad_cell("an identity number with X", "判定", 2, "佐证文件", "35052619900307123X", "身份证号"),
    bad_cell("a mobile phone", "判定", 3, "说明", "联系13859700000", "手机号码（138****"),
    bad_cell("a full-width mobile phone", SCHOOLS, 3, "学校名称", "某校１３８５９７１２３４５", "手机号码"),
    fail("a phone in a signature row", ENROLMENT, 18, "学校标识码", "手机号码", append(ENROLMENT, "填表人：某某 138-5971-2345")),
    fail("a phone in an unknown column", SCHOOLS, 2, "第 20 列", "手机号码", fill_beside(SCHOOLS, 2, 13859712345)),
    fail("a phone in an unknown sheet", "通讯录", 2, "第 2 列", "手机号码", add_sheet("通讯录", ("姓名", "电话"), ("某", "13859712345"))),
    # What looks unlikely.
    warn("ten times the money", PREMISES, 11, "教学仪器设备资产值", "由上年", lambda book: tenfold(book, 11, "教学仪器设备资产值")),
    warn("twice the teachers", ENROLMENT, 10, "专任教师数", "由上年 107 变为 260", put(ENROLMENT, 10, "专任教师数", 260)),
    # What hardly can be on first use: the first year of the workbook has none before it.
    warn("money in 万元 under 元", PREMISES, 2, "教学仪器设备资产值", ("合每名学生", "疑似以万元填报"),
        put(PREMISES, 2, "教学仪器设备资产值", 491.03)),
    warn("an area in hectares", PREMISES, 2, "运动场地面积", ("不合常理", "疑似以万㎡填报"), put(PREMISES, 2, "运动场地面积", 1.7)),
    warn("fewer staff than teachers", ENROLMENT, 2, "专任教师数", "大于教职工数 3", put(ENROLMENT, 2, "教职工数", 3)),
    warn("machines for rooms", PREMISES, 2, "网络多媒体教室数", "是否把设备台数填成教室间数", put(PREMISES, 2, "网络多媒体教室数", 900)),
    warn("training above running funds", PREMISES, 2, "教师培训经费", "大于公用经费", put(PREMISES, 2, "教师培训经费", 9_999_999)),
    warn("a place twice", SCHOOLS, 3, "经度", "完全相同", lambda book: same_place(book, 2, 3)),
    warn("yearly pay in 万元", "县级数据", 2, "数值", "不合常理", lambda book: in_ten_thousands(book)),
    warn("a school in the sea", SCHOOLS, 2, "经度", "县域以外", put(SCHOOLS, 2, "纬度", 24.1)),
    warn("an open school that says nothing", SCHOOLS, 3, None, "没有填报在校生与教师", lambda book: silence(book, "350526-0002")),
    warn("an unknown county figure", "县级数据", 98, "数据项", "不认识的数据项“猜测数”", append("县级数据", 2023, "猜测数", 1)),
    warn("an unknown parent school", SCHOOLS, 2, "所属学校标识码", "不在“学校”表中", put(SCHOOLS, 2, "所属学校标识码", "无")),
    warn("a stage of another kind", ENROLMENT, 8, "学段", "按附设班处理", put(SCHOOLS, 8, "学校类别", "小学")),
)  # fmt: skip


def merge_equal_keys(book: Book) -> None:
    """The school's id merged over its two years' rows, moved next to each other."""
    sheet = book.sheet(ENROLMENT)
    cells = [c.value for c in sheet[10]]
    assert cells[0] == sheet["A2"].value
    sheet.delete_rows(10)
    sheet.insert_rows(3)
    for place, value in enumerate(cells, 1):
        sheet.cell(3, place, value)
    sheet.merge_cells("A2:A3")


def tenfold(book: Book, row: int, column: str) -> None:
    """A figure with one digit too many."""
    cell = book.cell(PREMISES, row, column)
    cell.value = float(str(cell.value)) * 10


def silence(book: Book, school_id: str) -> None:
    """Delete every figure of a school."""
    for name in (ENROLMENT, CLASSES, PREMISES):
        sheet = book.sheet(name)
        for row in range(sheet.max_row, 1, -1):
            if sheet.cell(row, 1).value == school_id:
                sheet.delete_rows(row)


def spoiled(*cases: Case) -> bytes:
    book = Book(small_tables())
    for case in cases:
        case.spoil(book)
    return book.content()


def met(case: Case, content: bytes) -> None:
    dataset, problems = checked(("上报.xlsx", content))
    at_place = [
        p
        for p in problems
        if (p.level, p.sheet, p.row) == (case.level, case.sheet, case.row)
        and (case.column is None or p.column == case.column)
        and all(part in p.sentence() for part in case.says)
    ]
    assert at_place, f"{case.name} was answered with:\n{sentences(problems)}"
    assert (dataset is None) == any(p.level == "FAIL" for p in problems)


def test_the_workbook_that_the_cases_spoil_is_good() -> None:
    dataset, problems = checked(("上报.xlsx", spoiled()))
    assert dataset is not None and not problems, sentences(problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: re.sub(r"\W+", "-", case.name))
def test_each_mistake_is_answered_at_its_cell(case: Case) -> None:
    met(case, spoiled(case))


COMBINATIONS = (
    ("a word for a number", "万元 in the cell", "an unknown unit in the cell"),
    ("a roll that does not add up", "a total row", "a hidden sheet", "a phone in an unknown sheet"),
    ("an identity number", "a negative count", "a sheet too many"),
    ("a wrong header", "an unknown column", "a rate above one", "a unit that nobody can convert"),
    ("merged figures", "half a person", "a spreadsheet error", "an unknown school"),
)


@pytest.mark.parametrize("names", COMBINATIONS, ids=lambda names: names[0])
def test_all_mistakes_of_a_workbook_are_named_at_once(names: tuple[str, ...]) -> None:
    cases = [next(case for case in CASES if case.name == name) for name in names]
    content = spoiled(*cases)
    for case in cases:
        met(case, content)


def bold_title(book: Book) -> None:
    """A title row above the header of a sheet, merged over its columns."""
    sheet = book.sheet(ENROLMENT)
    sheet.insert_rows(1, 2)
    sheet["A1"] = "德化县 2022 学年在校生与教师情况"
    sheet["A1"].font = Font(bold=True)
    sheet.merge_cells("A1:N1")


@pytest.mark.parametrize(
    ("spoil", "sheet", "place", "column", "value"),
    [
        (put(ENROLMENT, 2, "专任教师数", "１０７"), "enrolment", 0, "teachers", 107),
        (put(ENROLMENT, 2, "在校生数", "1,939"), "enrolment", 0, "pupils", 1939),
        (put(ENROLMENT, 2, "在校生数", "１，９３９"), "enrolment", 0, "pupils", 1939),
        (put(ENROLMENT, 2, "在校生数", "　1939 "), "enrolment", 0, "pupils", 1939),
        (put(ENROLMENT, 2, "学年", "2022-2023学年"), "enrolment", 0, "year", 2022),
        (put(ENROLMENT, 2, "学年", "2022/23"), "enrolment", 0, "year", 2022),
        (put(ENROLMENT, 2, "学段", "Primary"), "enrolment", 0, "stage", "primary"),
        (put(SCHOOLS, 2, "所在乡镇代码", "３５０５２６１００"), "schools", 0, "township_code", "350526100"),
        (put(SCHOOLS, 2, "所在乡镇代码", 350526100), "schools", 0, "township_code", "350526100"),
        (put(SCHOOLS, 2, "寄宿制", "是"), "schools", 0, "boarding", 1),
        (put(SCHOOLS, 2, "学校名称", "兰屏\n小学\u200b"), "schools", 0, "name", "兰屏 小学"),
        (put("判定", 2, "文件日期", "2022年9月10日"), "judgements", 0, "document_date", date(2022, 9, 10)),
        (put("判定", 2, "文件日期", "2022.9.10"), "judgements", 0, "document_date", date(2022, 9, 10)),
        (put("判定", 2, "文件日期", "20220910"), "judgements", 0, "document_date", date(2022, 9, 10)),
        (put("判定", 2, "文件日期", 44814), "judgements", 0, "document_date", date(2022, 9, 10)),
        (put("判定", 2, "文件日期", datetime(2022, 9, 10, 8)), "judgements", 0, "document_date", date(2022, 9, 10)),
        (bold_title, "enrolment", 0, "pupils", 1939),
        (rename(ENROLMENT, "在校生数", " 在校生数 (名)*"), "enrolment", 0, "pupils", 1939),
        (rename(ENROLMENT, "学年", "学年（起始年份）"), "enrolment", 0, "year", 2022),
        (add_sheet("Sheet1"), "enrolment", 0, "pupils", 1939),
        (add_sheet("说明", ("填表须知",)), "enrolment", 0, "pupils", 1939),
        (lambda book: book.sheet(ENROLMENT).insert_rows(2, 3), "enrolment", 0, "pupils", 1939),
    ],
)  # fmt: skip
def test_what_is_unmistakable_is_understood(spoil: Spoil, sheet: str, place: int, column: str, value: object) -> None:
    book = Book(small_tables())
    spoil(book)
    dataset, problems = checked(("上报.xlsx", book.content()))
    assert dataset is not None and not problems, sentences(problems)
    assert dataset.tables[sheet][place][column] == value


def test_a_unit_in_the_header_converts_the_column() -> None:
    book = Book(small_tables())
    header = "教学仪器设备资产值"
    before = [float(str(book.cell(PREMISES, row, header).value)) for row in range(2, 18)]
    for row, amount in zip(range(2, 18), before, strict=True):
        book.put(PREMISES, row, header, amount / 10_000)
    book.put(PREMISES, 1, header, "教学仪器设备资产值（万元）")
    dataset, problems = checked(("上报.xlsx", book.content()))
    assert dataset is not None and not problems, sentences(problems)
    assert [float(str(r["equipment_value_yuan"])) for r in dataset.tables["premises"]] == before
