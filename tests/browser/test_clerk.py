"""A data clerk's year: template, mistakes, corrections, a warning, verdicts, publication, one figure, rollback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from tests.support.hands import at_rest, choose, downloaded, press, sees
from tests.support.uploading import explain_and_save, hand_in

PREMISES, ROLL = "校舍与设备", "在校生与教师"


def row_of(sheet: Worksheet, school_id: str) -> int:
    """The row of a school in a sheet."""
    return next(n for n in range(2, sheet.max_row + 1) if sheet.cell(n, 1).value == school_id)


def column_of(sheet: Worksheet, header: str) -> int:
    """The column under a header."""
    return next(n for n in range(1, sheet.max_column + 1) if str(sheet.cell(1, n).value).startswith(header))


@pytest.mark.daily
def test_a_clerk_loads_corrects_previews_publishes_and_rolls_back(
    start_server: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = start_server()
    page = open_page(f"{server}/batches")
    expect(page.get_by_role("heading", level=1)).to_have_text("2023 学年现用批次 1")

    # The figures that count come out as the workbook that goes in.
    page.get_by_role("tab", name="模板与导出").click()
    assert "填报模板_2024学年" in downloaded(page, "下载填报模板").suggested_filename
    path = tmp_path / "2023.xlsx"
    downloaded(page, "导出现行数据").save_as(path)

    # Three mistakes, each answered at its cell; nothing is loaded.
    book = openpyxl.load_workbook(path)
    premises, roll = book[PREMISES], book[ROLL]
    row, area = row_of(premises, "350526-0007"), column_of(premises, "教学及辅助用房面积")
    good_area = premises.cell(row, area).value
    premises.cell(row, area).value = "很大"
    premises.cell(row, column_of(premises, "运动场地面积")).value = -5
    roll.cell(2, column_of(roll, "在校生数")).value += 1
    book.save(tmp_path / "mistakes.xlsx")
    page.get_by_role("tab", name="上传与发布").click()
    hand_in(page, tmp_path / "mistakes.xlsx")
    sees(page, "发现 3 处错误，数据没有导入")
    assert downloaded(page, "下载问题行").suggested_filename == "问题行_mistakes.xlsx"
    expect(page.get_by_role("heading", level=1)).to_have_text("2023 学年现用批次 1")

    # Corrected: what the school lacked is built; one figure doubles and must be explained.
    premises.cell(row, area).value = float(good_area) + 900
    sports = column_of(premises, "运动场地面积")
    premises.cell(row, sports).value = 60_000
    roll.cell(2, column_of(roll, "在校生数")).value -= 1
    book.save(tmp_path / "corrected.xlsx")
    page.reload()
    hand_in(page, tmp_path / "corrected.xlsx")
    sees(page, "处提示，请逐条核实")
    press(page, "存为草稿并预览")
    sees(page, "处提示没有说明：第 1")
    explain_and_save(page, "新建运动场已交付")

    # Verdicts before it counts, on this page and on every other.
    sees(page, "远庄小学（演示） 未达标→达标")
    at_rest(page)
    page.get_by_text("以草稿查看各页").click()
    sees(page, "正在以草稿查看：批次 2")
    expect(page.get_by_test_id("stMain")).to_contain_text("72 / 75 所")
    press(page, "退出草稿")
    expect(page.get_by_test_id("stMain")).to_contain_text("71 / 75 所")

    # Published, it counts on every page.
    page.goto(f"{server}/batches")
    press(page, "发布", exact=True)
    sees(page, "批次 2 已发布")
    at_rest(page)
    other = open_page(server)
    expect(other.get_by_test_id("stMain")).to_contain_text("72 / 75 所")
    expect(other.get_by_test_id("stMain")).to_contain_text("11 / 15 项")

    # One figure is corrected with a reason, counts, and is taken back alone; the list says who did so and why.
    page.get_by_role("tab", name="更正数据").click()
    panel = page.get_by_role("tabpanel").locator("visible=true")
    choose(panel, "工作表", "县级数据")
    choose(panel, "县级数据", "交流轮岗骨干教师数")
    sees(panel, "现行数：未报")
    at_rest(page)
    panel.get_by_label("更正为").fill("40")
    panel.get_by_label("理由（必填）").fill("补报")
    press(panel, "存为草稿并预览")
    sees(page, "（十一）交流轮岗 无法判定→达标")
    press(page, "发布", exact=True)
    sees(page, "批次 3 已发布")
    at_rest(page)
    other.reload()
    expect(other.get_by_test_id("stMain")).to_contain_text("12 / 15 项")
    page.get_by_role("tab", name="批次", exact=True).click()
    expect(page.get_by_role("button", name="撤回这个批次")).to_have_count(1)
    at_rest(page)
    page.get_by_label("理由（必填）").locator("visible=true").fill("尚无文件依据")
    press(page, "撤回这个批次")
    sees(page, "批次 3 已撤回")
    sees(page, "：尚无文件依据")
    other.reload()
    expect(other.get_by_test_id("stMain")).to_contain_text("11 / 15 项")
    expect(other.get_by_test_id("stMain")).to_contain_text("72 / 75 所")


def test_a_class_is_corrected_in_the_grid_with_its_schools_roll(server: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server}/batches?data_part=更正数据")
    panel = page.get_by_role("tabpanel").locator("visible=true")
    choose(panel, "工作表", "班级（连同在校生数）")
    choose(panel, "学校", "远庄小学")
    grid = panel.get_by_test_id("stDataFrame").first
    # The grid draws itself: it stands once its cells can be read.
    pupils = grid.get_by_test_id("glide-cell-3-0")
    expect(pupils).to_have_text("47")
    grid.scroll_into_view_if_needed()
    at_rest(page)
    box = grid.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] * 0.8, box["y"] + 52)
    editor = page.locator("textarea.gdg-input")
    expect(editor).to_be_visible()
    editor.fill("57")
    editor.press("Enter")
    expect(pupils).to_have_text("57")
    sees(panel, "按各班合计一并更正为")
    at_rest(page)
    panel.get_by_label("理由（必填）").fill("核对班级名册")
    panel.get_by_label("理由（必填）").press("Enter")
    press(panel, "存为草稿并预览")
    sees(page, "更正已存为草稿，批次 ")
    sees(page, "改变的数 2 处")
