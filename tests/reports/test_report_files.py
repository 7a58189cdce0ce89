"""Files made from a screen say what they show and where it comes from."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from core.reports.tables import (
    COEFFICIENT,
    PER_PUPIL,
    SHARE,
    WAN_YUAN,
    WHOLE,
    Origin,
    ReportColumn,
    ReportTable,
    csv_of,
    file_name,
    workbook_of,
)

ORIGIN = Origin(
    source="county.duckdb",
    batch="批次 3",
    data_as_of="2023-11-30",
    filter="乡镇：浔中镇",
    standard="教督〔2017〕6号",
    made_at=datetime(2023, 11, 30, 9, 0),
    is_demo=True,
)
TABLE = ReportTable(
    "学校达标情况/一览",
    (
        ReportColumn("学校"),
        ReportColumn("结论"),
        ReportColumn("生均面积", "㎡", PER_PUPIL),
        ReportColumn("满意率", number_format=SHARE),
        ReportColumn("日期"),
    ),
    (
        ("=SUM(A1:A9)", "▲ 未达标", Decimal("4.259"), 0.853, date(2023, 9, 1)),
        ("@浔中小学", "● 达标", -1.5, None, None),
    ),
    ("注：生均按 9 月 1 日在校生计算。",),
)


def loaded(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_workbook_keeps_numbers_as_numbers_and_dangerous_text_as_text() -> None:
    sheet = loaded(workbook_of([TABLE], ORIGIN))["学校达标情况 一览"]
    assert [c.value for c in sheet[2]] == ["学校", "结论", "生均面积（㎡）", "满意率", "日期"]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=SUM(A1:A9)", "s")
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("@浔中小学", "s")
    assert (sheet["C3"].value, sheet["C3"].number_format) == (4.259, "#,##0.00")
    assert (sheet["D3"].value, sheet["D3"].number_format) == (0.853, "0.0%")
    assert sheet["E3"].value == datetime(2023, 9, 1)
    assert sheet["D4"].value == "…"
    assert sheet["A6"].value == "注：生均按 9 月 1 日在校生计算。"


def test_a_workbook_is_styled_as_on_screen() -> None:
    sheet = loaded(workbook_of([TABLE], ORIGIN))["学校达标情况 一览"]
    assert sheet.freeze_panes == "B3"
    assert sheet["A2"].fill.fgColor.rgb == "FFE3EAF4"
    assert sheet["B3"].font.color.rgb == "FFC62828"
    assert sheet["B4"].font.color.rgb == "FF1B7F3B"
    assert sheet.auto_filter.ref == "A2:E4"
    assert sheet.column_dimensions["A"].width > 12


def test_a_workbook_names_its_source_batch_filter_and_the_demonstration() -> None:
    book = loaded(workbook_of([TABLE, TABLE], ORIGIN))
    assert book.sheetnames == ["学校达标情况 一览", "学校达标情况 一览(2)", "来源"]
    lines = {row[0].value: row[1].value for row in book["来源"].iter_rows()}
    assert lines["数据来源"] == "county.duckdb"
    assert lines["批次"] == "批次 3"
    assert lines["数据截至"] == "2023-11-30"
    assert lines["筛选"] == "乡镇：浔中镇"
    assert "演示数据" in lines["数据性质"]
    assert "演示数据" in book.worksheets[0]["A1"].value


def test_the_same_table_gives_the_same_bytes() -> None:
    assert workbook_of([TABLE], ORIGIN) == workbook_of([TABLE], ORIGIN)


def test_csv_has_a_bom_and_marks_every_row_of_a_demonstration() -> None:
    content = csv_of(TABLE, ORIGIN)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["学校", "结论", "生均面积（㎡）", "满意率", "日期", "数据性质"]
    assert rows[1] == ["'=SUM(A1:A9)", "▲ 未达标", "4.259", "0.853", "2023-09-01", "演示数据"]
    assert rows[2] == ["'@浔中小学", "● 达标", "-1.50", "…", "…", "演示数据"]


def test_a_long_title_and_forbidden_characters_still_make_a_sheet() -> None:
    table = ReportTable("一" * 40 + "[]", (ReportColumn("甲"),), ())
    assert loaded(workbook_of([table, table], ORIGIN)).sheetnames[0] == "一" * 31


def test_a_file_name_carries_report_batch_and_filter() -> None:
    assert (
        file_name("学校达标情况", "批次3", "乡镇：浔中镇/小学", ".xlsx") == "学校达标情况_批次3_乡镇：浔中镇-小学.xlsx"
    )
    assert file_name("班额", "批次3", "", "csv", is_demo=True) == "班额_批次3_演示数据.csv"
    assert "/" not in file_name("../a", "b", '"<>|', "csv")


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        ReportTable("表", (ReportColumn("甲"), ReportColumn("乙")), (("一",),))


def test_csv_writes_what_the_screen_shows_and_no_noise_of_binary_fractions() -> None:
    formats = (WHOLE, PER_PUPIL, COEFFICIENT, SHARE, WAN_YUAN, "General", "General")
    columns = tuple(ReportColumn(str(n), number_format=one) for n, one in enumerate(formats))
    noisy = (2.5, 4.3250000000000002, 0.50049000000000003, 0.92345678901234567, 12.349999999999998, 0.1 + 0.2, 1e-7)
    exact = tuple(Decimal("0.5004") for _ in formats)
    rows = list(csv.reader(io.StringIO(csv_of(ReportTable("数", columns, (noisy, exact)), ORIGIN).decode("utf-8-sig"))))
    assert rows[1][:-1] == ["3", "4.33", "0.500", "0.923", "12.3", "0.3", "0.0000001"]
    assert set(rows[2][:-1]) == {"0.5004"}
