"""Thirty-seven mistakes of a county's first workbook, worked down to none: proposed, typed, and in two files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page, expect

from tests.support.books import Book, demo_tables
from tests.support.hands import at_rest, downloaded, press, sees
from tests.support.uploading import hand_in

PREMISES, ROLL = "校舍与设备", "在校生与教师"
IN_TEN_THOUSANDS, NO_NUMBER, NEGATIVE = range(2, 26), range(50, 57), range(40, 46)


def spoilt() -> tuple[Book, dict[tuple[str, int, str], object]]:
    """The latest year with 24 units, 7 texts and 6 signs wrong, and what should stand there."""
    header_and_rows = demo_tables().items()
    latest = {
        sheet: [header, *(row for row in rows if "year" not in header or row[header.index("year")] == "2023")]
        for sheet, (header, *rows) in header_and_rows
    }
    book, true = Book(latest), dict[tuple[str, int, str], object]()
    for sheet, rows, column, wrong in (
        (PREMISES, IN_TEN_THOUSANDS, "教学仪器设备资产值", lambda value: round(float(value) / 10_000, 4)),
        (ROLL, NO_NUMBER, "专任教师数", lambda value: f"{value}名左右"),
        (PREMISES, NEGATIVE, "运动场地面积", lambda value: -1),
    ):
        for row in rows:
            cell = book.cell(sheet, row, column)
            true[sheet, row, column] = cell.value
            cell.value = wrong(cell.value)
    return book, true


def type_in(grid: Locator, line: int, text: str) -> None:
    """Type what is to stand in the cell of a finding."""
    page, cell = grid.page, grid.get_by_test_id(f"glide-cell-7-{line}")
    header = grid.locator("[role=columnheader]")
    expect(cell).to_be_attached()
    at_rest(page)
    grid.scroll_into_view_if_needed()
    assert header.all_inner_texts()[7] == "更正为"
    box = grid.bounding_box()
    assert box is not None
    # The first click takes the keyboard to the grid, the arrows to the cell, Enter opens it.
    page.mouse.click(box["x"] + 30, box["y"] + 52)
    for _ in range(line):
        page.keyboard.press("ArrowDown")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    editor = page.locator("textarea.gdg-input")
    expect(editor).to_be_visible()
    editor.fill(text)
    editor.press("Enter")
    expect(cell).to_have_text(text)


def apply_corrections(page: Page) -> None:
    """Press the button until it has what was typed: the grid sends an edit a moment after it shows it."""
    button, unheard = "应用更正并重新体检", page.get_by_text("没有填写更正")
    press(page, button)
    expect(unheard.or_(page.get_by_text("发现 12 处错误")).first).to_be_visible()
    at_rest(page)
    if unheard.count():
        press(page, button)


def corrected(path: Path, true: dict[tuple[str, int, str], object], most: int) -> int:
    """Correct so many rows of a file of faults; returns how many were."""
    book, done = openpyxl.load_workbook(path), 0
    for (sheet, row, column), value in true.items():
        page = book[sheet] if sheet in book.sheetnames else None
        if page is None:
            continue
        titles = [str(cell.value) for cell in page[1]]
        numbered = titles.index("原行号") + 1
        for line in range(2, page.max_row + 1):
            place = next(n for n, title in enumerate(titles, 1) if title.startswith(column))
            if (
                str(page.cell(line, numbered).value) == str(row)
                and page.cell(line, place).value != value
                and done < most
            ):
                page.cell(line, place).value = value  # type: ignore[assignment]
                done += 1
    book.save(path)
    return done


def faults(page: Page, path: Path) -> Path:
    """The rows with findings, as the page hands them out now."""
    downloaded(page, "下载问题行").save_as(path)
    return path


def test_thirty_seven_mistakes_are_worked_down_to_none(
    start_fresh_server: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    book, true = spoilt()
    assert len(true) == 37
    (tmp_path / "上报.xlsx").write_bytes(book.content())
    page = open_page(f"{start_fresh_server(COUNTY_DEMO='0')}/batches")
    hand_in(page, tmp_path / "上报.xlsx")
    sees(page, "发现 13 处错误")

    # All units at once, and a mistake taken back.
    adopt, typed = "采用建议的单位换算 24 处", page.get_by_text("本页已更正 24 格")
    press(page, adopt)
    sees(page, "本页已更正 24 格")
    press(page, "撤销最近一次更正")
    expect(typed).to_have_count(0)
    press(page, adopt)
    sees(page, "本页已更正 24 格")
    expect(page.get_by_role("button", name=adopt)).to_have_count(0)
    at_rest(page)

    # One is typed beside its finding.
    (sheet, row, column) = (ROLL, NO_NUMBER[0], "专任教师数")
    grid = page.get_by_test_id("stDataFrame").first
    type_in(grid, 0, str(true[sheet, row, column]))
    apply_corrections(page)
    sees(page, "发现 12 处错误")

    # The rest comes back in two files, the second made after the first; both are handed in together.
    files = [faults(page, tmp_path / "第一份.xlsx")]
    assert corrected(files[0], true, 6) == 6
    returned = page.get_by_test_id("stFileUploader").filter(has_text="更正后的问题行").locator("input[type=file]")
    returned.set_input_files(files[0])
    sees(page, "发现 6 处错误")
    files.append(faults(page, tmp_path / "第二份.xlsx"))
    assert corrected(files[1], true, 99) == 6
    returned.set_input_files(files[1])
    sees(page, "体检通过：没有错误")
    press(page, "存为草稿并预览")
    sees(page, "已存为草稿，批次 1")
