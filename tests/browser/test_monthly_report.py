"""A month of the education bureau: answered by division with clicks alone, and a workbook that finishes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from core.reports.month_workbook import SHEET, TITLES
from tests.support.desks import Desk, desk, lan, links_at_the_machine
from tests.support.hands import at_rest, downloaded, press, sees
from tests.support.serving import Server

__all__ = ["desk", "lan"]

MONTH = "/units?unit=education&unit_part=月报&as_of=2023-11-10"
COUNT = """
window.pressed = {clicks: 0, keys: 0};
addEventListener('click', event => { if (event.isTrusted) window.pressed.clicks += 1; }, true);
addEventListener('keydown', event => { if (event.isTrusted) window.pressed.keys += 1; }, true);
"""


def waiting(page: Page) -> int:
    """How many questions the page says are still to be answered."""
    said = page.get_by_text(re.compile("^本月待答|^本月已报齐")).first.inner_text()
    found = re.match(r"本月待答 (\d+) 项", said)
    return int(found[1]) if found else 0


def test_the_bureau_answers_by_division_with_two_clicks_a_question_at_most(
    lan: Server, desk: Callable[..., Desk], tmp_path: Path
) -> None:
    liaison = desk()
    liaison.set_password(links_at_the_machine(lan, "liaison")[0])
    liaison.page.add_init_script(COUNT)
    page = liaison.open(MONTH)
    asked = left = waiting(page)
    assert asked == 22
    # Only a card with a status pressed is reported: one is left, and stays.
    cards = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="保存月报"))
    for _ in range(3):
        shown = cards.get_by_text("正常推进", exact=True)
        number = cards.get_by_text("进度、预计完成、说明").count()
        assert 1 <= number <= 10
        expect(shown).to_have_count(number)
        for place in range(number):
            shown.nth(place).click()
        cards.get_by_role("button", name="保存月报").click()
        left -= number
        expect(page.get_by_text(f"本月待答 {left} 项")).to_be_visible()
        at_rest(page)
    pressed = page.evaluate("window.pressed")
    assert pressed == {"clicks": asked - left + 3, "keys": 0}

    # The rest by workbook: a mistake is told at its cell, then what will be reported is confirmed.
    path = tmp_path / "月报.xlsx"
    downloaded(page, "下载本月填报表").save_as(path)
    book = openpyxl.load_workbook(path)
    sheet, status = book[SHEET], TITLES.index("状态") + 1
    # What was answered on the page says why it is there and needs no second answer.
    why = TITLES.index("为何要报") + 1
    rows = [
        n for n in range(2, sheet.max_row + 1) if not re.search("本月已报|可不报|有情况", str(sheet.cell(n, why).value))
    ]
    book_rows = [n for n in rows if not str(sheet.cell(n, TITLES.index("上次填报") + 1).value).startswith("2023-11-10")]
    assert len(book_rows) == left
    for number, row in enumerate(book_rows):
        sheet.cell(row, status, "还行" if number == 0 else "正常推进")
    book.save(path)
    upload = page.get_by_test_id("stFileUploader").locator("input[type=file]")
    upload.set_input_files(path)
    sees(page, "体检发现 1 处错误，没有报送")
    sees(page, "“还行”不是可选的状态")
    page.get_by_test_id("stFileChipDeleteBtn").locator("button").click()
    expect(page.get_by_text("体检发现 1 处错误")).to_have_count(0)
    at_rest(page)
    sheet.cell(book_rows[0], status, "正常推进")
    book.save(path)
    upload.set_input_files(path)
    press(page, f"确认报送 {left} 项")
    sees(page, f"教育局已按表报送 {left} 项。")
    sees(page, "本月已报齐 22 项")
    assert waiting(page) == 0
