"""A clerk with nothing but the schools' official cards: an empty store, all cards at once, the board, published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.card_county import demo_cards
from tests.support.hands import at_rest, press, sees
from tests.support.uploading import explain_and_save


def test_a_county_comes_in_by_its_schools_cards(
    start_fresh_server: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    paths = []
    for name, content in demo_cards():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    missing = next(path for path in paths if path.name.startswith("远庄小学"))
    page = open_page(f"{start_fresh_server(COUNTY_DEMO='0')}/batches")
    expect(page.get_by_role("heading", level=1)).to_have_text("还没有已发布的数据")
    field = page.get_by_test_id("stFileUploader").filter(has_text="年度数据").locator("input[type=file]")

    # One school's workbook is missing: the board names it, and what it owes.
    field.set_input_files([path for path in paths if path != missing])
    expect(page.get_by_text("还缺的学校：").first).to_contain_text("远庄小学（演示）")
    expect(page.get_by_label("这些卡片是哪个学年（起始年份）")).to_have_value("2023")

    # With it, all are there.
    at_rest(page)
    field.set_input_files([missing])
    expect(page.get_by_text("所学校交来").filter(has_text="全部交齐").first).to_be_visible()
    sees(page, "体检通过：没有错误")
    explain_and_save(page, "已核对原表")
    sees(page, "已存为草稿，批次 1")
    press(page, "发布", exact=True)
    expect(page.get_by_role("heading", name="2023 学年现用批次 1").first).to_be_visible()

    sizes = open_page(page.url.replace("/batches", "/class_sizes"))
    expect(sizes.get_by_role("heading", level=1).filter(has_text="个班中").first).to_be_visible()
