"""Three tasks as they are put to a stranger, each within two minutes, and what a keyboard and a magnified page reach.

1. 哪所学校最差，谁牵头，最迟什么时候启动？把看到的这一页发给同事。
2. 您是浔中镇的干部：找出本镇的学校，打印出来。
3. 保存三个补法，并排比较，把比较发给同事。
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.hands import at_rest, follow, press, sees
from tests.support.serving import DESK, PHONE

Open = Callable[..., Page]
HEADING = "h1"


def copied_link(page: Page) -> str:
    """What the button that copies the address puts aside."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    at_rest(page)
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    return str(page.evaluate("() => navigator.clipboard.readText()"))


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_worst_school_its_lead_and_date_are_found_and_sent(
    server: str, open_page: Open, viewport: dict[str, int]
) -> None:
    page = open_page(server, viewport)
    first = page.locator(".rows tbody tr").first
    expect(first).to_contain_text("远庄小学（演示）")
    expect(first).to_contain_text("教育局")
    expect(first).to_contain_text("现在启动 2025-02 见效")
    follow(first.get_by_role("link"))
    expect(page.locator(HEADING).filter(has_text="远庄小学（演示）")).to_be_visible()
    sees(page, "缺 2 名")
    colleague = open_page(copied_link(page))
    expect(colleague.locator(HEADING).filter(has_text="远庄小学（演示）")).to_be_visible()


def test_a_township_official_finds_the_schools_of_the_township_and_prints_them(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/?township=350526100")
    expect(page.locator(HEADING).filter(has_text="浔中镇16/19 所学校（分学段计）达标")).to_be_visible()
    follow(page.get_by_role("link", name="本乡镇学校"))
    expect(page.locator(HEADING).filter(has_text="浔中镇 16/19")).to_be_visible()
    expect(page).to_have_url(re.compile("township=350526100"))
    at_rest(page)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="下载")).to_be_hidden()
    expect(page.get_by_text("溪塘初级中学（演示）").first).to_be_visible()


def test_three_scenarios_are_compared_and_shared(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/scenario")
    for number, school in enumerate(("远庄小学", "溪塘初级中学", "霞坂学校"), 1):
        press(page, school)
        expect(page.locator(HEADING).filter(has_text="71→72/75")).to_be_visible()
        page.get_by_label("方案名称").fill(f"比较 {number}")
        press(page, "保存", exact=True)
        sees(page, f"号方案“比较 {number}”")
        press(page, "全部恢复现状")
        expect(page.locator(HEADING).filter(has_text="学校达标 71/75")).to_be_visible()
    page.get_by_role("tab", name="已保存的方案").click()
    for number in (1, 2, 3):
        field = page.get_by_test_id("stMultiSelect").filter(has_text="比较哪几个").locator("input")
        at_rest(page)
        field.fill(f"比较 {number}")
        page.get_by_role("option", name=f"比较 {number}").first.click()
        # The list stays open for more than one choice.
        page.keyboard.press("Escape")
        at_rest(page)
    different = page.locator(".rows").filter(has_text="结论不同之处")
    expect(different.get_by_role("row").filter(has_text="霞坂学校")).to_be_visible()
    colleague = open_page(copied_link(page))
    shown = colleague.locator(".rows").filter(has_text="结论不同之处").get_by_role("row")
    expect(shown.filter(has_text="远庄小学")).to_be_visible()


def test_a_keyboard_reaches_a_school_in_ten_stops(server: str, open_page: Open) -> None:
    for path in ("", "schools"):
        page = open_page(f"{server}/{path}")
        expect(page.locator(".rows a").first).to_be_visible()
        at_rest(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        for _ in range(9):
            page.keyboard.press("Tab")
            if "profile?" in (page.evaluate("() => document.activeElement.getAttribute('href')") or ""):
                break
        else:
            raise AssertionError(f"{path or 'overview'}: no school within ten stops")
        page.keyboard.press("Enter")
        expect(page.locator(HEADING).filter(has_text="远庄小学（演示）")).to_be_visible()


def test_at_twice_the_size_the_answer_comes_first_and_nothing_scrolls_sideways(server: str, open_page: Open) -> None:
    # A page at 200 % has half as many pixels.
    page = open_page(server, {"width": 720, "height": 450})
    for path in ("", "schools", "county_map", "units", "scenario"):
        page.goto(f"{server}/{path}")
        expect(page.locator(HEADING)).to_be_in_viewport()
        at_rest(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path


def test_what_is_looked_for_is_found_from_every_page(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/rules")
    at_rest(page)
    field = page.get_by_label("查找")
    field.fill("yzxx")
    field.press("Enter")
    expect(page.locator(HEADING).filter(has_text="“yzxx”找到")).to_be_visible()
    follow(page.locator(".lines").get_by_role("link", name="远庄小学（演示）", exact=True))
    expect(page.locator(HEADING).filter(has_text="远庄小学（演示）")).to_be_visible()


def test_a_wall_display_turns_by_itself_and_by_the_arrows(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/wall?seconds=5", {"width": 1920, "height": 1080})
    expect(page.locator(".st-key-wall_3 table").first).to_be_attached()
    at_rest(page)
    for picture in (1, 2, 3, 0):
        expect(page.locator(f".st-key-wall_{picture}")).to_be_visible()
        assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight <= innerHeight")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".wall-foot")).to_contain_text("演示数据")
