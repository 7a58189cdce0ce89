"""The month by workbook: what is handed out, what comes back counted, and every way in which it can be wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from core.delivery.owed.month import Month, month_of
from core.delivery.status.situation import Situation
from core.intake.reading.sources import open_uploads
from core.reports.month_workbook import SHEET, TITLES, ReturnedMonth, month_workbook, returned_month
from tests.support.demo_county import Demo, demo, filled

__all__ = ["demo", "filled"]

BEGUN, TODAY = date(2023, 11, 10), date(2024, 1, 3)


@pytest.fixture(scope="module")
def begun(demo: Demo) -> tuple[Situation, Month]:
    """The education bureau in a month's first days."""
    situation = demo.on(BEGUN)
    return situation, month_of(situation, "education", frozenset())


def column(title: str) -> int:
    """The column of a title, from 1."""
    return TITLES.index(title) + 1


def row_of(sheet: Worksheet, sub_item_id: str) -> int:
    """The row of a sub-item."""
    return next(n for n in range(2, sheet.max_row + 1) if sheet.cell(n, column("编号")).value == sub_item_id)


def returned(begun: tuple[Situation, Month], change: Callable[[Worksheet], None]) -> ReturnedMonth:
    """What the workbook says once somebody has filled it in."""
    book = openpyxl.load_workbook(io.BytesIO(month_workbook(*begun, is_demo=True)))
    change(book[SHEET])
    out = io.BytesIO()
    book.save(out)
    return returned_month(open_uploads([("月报.xlsx", out.getvalue())]), *begun, TODAY)


def test_what_is_asked_stands_first_and_nothing_is_answered(begun: tuple[Situation, Month]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(month_workbook(*begun, is_demo=True)))[SHEET]
    assert [cell.value for cell in sheet[1]] == list(TITLES)
    ids = [sheet.cell(n, column("编号")).value for n in range(2, sheet.max_row + 1)]
    assert ids[:21] == [q.sub_item_id for q in begun[1].asked] and len(ids) == len(set(ids)) > 64
    assert {sheet.cell(n, column("状态")).value for n in range(2, sheet.max_row + 1)} == {None}
    assert {sheet.cell(n, column("单位")).value for n in range(2, sheet.max_row + 1)} == {"教育局"}
    assert sheet.cell(row_of(sheet, "T05-2"), column("为何要报")).value == "已逾期、上次报有风险或滞后"
    assert "滞后（红） 95%" in str(sheet.cell(row_of(sheet, "T05-2"), column("上次填报")).value)


def test_a_returned_workbook_reports_the_rows_with_a_status_and_only_these(begun: tuple[Situation, Month]) -> None:
    def fill(sheet: Worksheet) -> None:
        row = row_of(sheet, "T05-2")
        sheet.cell(row, column("状态"), "滞后")
        sheet.cell(row, column("进度%"), "97%")
        sheet.cell(row, column("预计完成"), "2023年12月20日")
        sheet.cell(row, column("恢复正常的措施和时间"), "年底前验收")
        sheet.cell(row_of(sheet, "T16-5"), column("状态"), "正常推进")

    found = returned(begun, fill)
    assert found.problems == ()
    late, on_track = (kept for kept, _ in found.drafts)
    assert (late.sub_item_id, late.status, late.progress) == ("T05-2", "late", 97)
    assert (late.forecast_date, late.path_to_green, late.day) == (date(2023, 12, 20), "年底前验收", BEGUN)
    assert (on_track.sub_item_id, on_track.status, on_track.unit_id) == ("T16-5", "on_track", "education")
    seen = {q.sub_item_id: q.status.reported.number for q in begun[1].asked if q.status.reported}
    assert found.drafts[0][1] == seen["T05-2"] > 0, "who reports in between is told of"


@pytest.mark.parametrize(
    ("title", "value", "said"),
    [
        ("单位", "财政局", "“单位”列：是“财政局”的表；应为：“教育局”；请核对是否传错文件"),
        ("月份", "2023-10", "“月份”列：是“2023-10”的表；应为：“2023-11”；请下载本月的表"),
        ("编号", "T99-1", "“编号”列：“T99-1”不是本单位本月可报的具体措施"),
        ("状态", "差不多", "“状态”列：“差不多”不是可选的状态；应为：未启动、正常推进"),
        ("进度%", "一半", "“进度%”列：“一半”不是进度；应为：0 至 100 的整数"),
        ("进度%", 101, "“进度%”列：“101”不是进度"),
        ("进度%", 0.6, "“进度%”列：“0.6”不是进度；应为：0 至 100 的整数；百分之六十填 60"),
        ("预计完成", "年底", "“预计完成”列：“年底”不是日期"),
        ("预计完成", "2023-02-30", "“预计完成”列：“2023-02-30”不是存在的日期"),
        ("说明", "长" * 2001, "“说明”列：“长长长长"),
        ("状态", "有风险（黄）", "报有风险或滞后的，须写明如何、何时恢复正常"),
    ],
)
def test_each_mistake_is_told_at_its_cell_and_nothing_is_reported(
    begun: tuple[Situation, Month], title: str, value: object, said: str
) -> None:
    def spoil(sheet: Worksheet) -> None:
        row = row_of(sheet, "T16-4")
        sheet.cell(row, column("状态"), "正常推进")
        sheet.cell(row_of(sheet, "T16-5"), column("状态"), "正常推进")
        sheet.cell(row, column(title), value)

    found = returned(begun, spoil)
    [problem] = found.problems
    assert said in problem.sentence() and "工作表“月报”第 " in problem.sentence()
    assert found.drafts == ()


def test_a_row_twice_no_row_at_all_and_another_table_are_told(begun: tuple[Situation, Month]) -> None:
    def twice(sheet: Worksheet) -> None:
        row = row_of(sheet, "T16-4")
        for line in (row, sheet.max_row + 1):
            for title in TITLES:
                sheet.cell(line, column(title), sheet.cell(row, column(title)).value)
            sheet.cell(line, column("状态"), "正常推进")

    [problem] = returned(begun, twice).problems
    assert "T16-4 填了两行；应为：一项具体措施一行" in problem.sentence()
    [problem] = returned(begun, lambda sheet: None).problems
    assert "没有一行填了状态" in problem.sentence()
    [problem] = returned(begun, lambda sheet: sheet.delete_cols(column("状态"))).problems
    assert "不是本平台下载的月报表" in problem.sentence()
    [problem] = returned(begun, lambda sheet: sheet.delete_cols(column("说明"))).problems
    assert "缺少列：说明" in problem.sentence()


def test_a_formula_without_a_result_is_no_answer(begun: tuple[Situation, Month]) -> None:
    found = returned(begun, lambda sheet: sheet.cell(row_of(sheet, "T16-4"), column("状态"), "=A1") and None)
    assert any("公式没有结果" in problem.sentence() for problem in found.problems) and found.drafts == ()
