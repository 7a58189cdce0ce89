"""The office adds a sub-item to the plan, names who answers for it, moves a missed target; the timeline shows both dates."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.support.hands import follow, form_of, sees
from tests.support.serving import PHONE, READY

GROUND, WRITER = "德化县领导小组会议纪要 12 号", "张三"
PAST = "as_of=2024-01-31"
# High enough for the whole form: scrolling to an option closes its list.
TALL = {"width": 1440, "height": 2600}


def day_typed(page: Page, form: Locator, label: str, digits: str) -> None:
    """Type a day, year first."""
    form.get_by_test_id("stDateInput").filter(has_text=label).locator("[role=spinbutton]").first.click()
    page.keyboard.type(digits)
    page.keyboard.press("Escape")


def grounded(page: Page, form: Locator, reason: str) -> None:
    """Say on what the change rests and why, and sign it."""
    form.get_by_test_id("stSelectbox").filter(has_text="依据：").locator("input").fill(GROUND)
    page.keyboard.press("Enter")
    form.get_by_role("textbox", name="理由").fill(reason)
    form.get_by_role("textbox", name="登记人姓名").fill(WRITER)


def test_the_office_adds_a_sub_item_names_a_person_and_moves_a_missed_target(
    start_server: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    server = start_server()
    page = open_page(f"{server}/plan?plan_part=方案调整&section=sub_items&entry=new&{PAST}", TALL)
    form = form_of(page, "保存调整")
    form.get_by_role("textbox", name="编号").fill("T06-9")
    form.get_by_role("textbox", name="条款或文件依据").fill("三(二)3")
    form.get_by_role("textbox", name="具体措施名称").fill("智慧教育平台移动端上线")
    form.get_by_test_id("stSelectbox").filter(has_text="牵头单位").locator("input").fill("教育局")
    page.get_by_role("option").filter(has_text="教育局").first.click()
    day_typed(page, form, "开始", "20231201")
    day_typed(page, form, "完成期限", "20231231")
    form.get_by_role("textbox", name="成果").fill("上线通知")
    form.get_by_role("textbox", name="应有佐证").fill("上线通知")
    grounded(page, form, "会议要求补充")
    form.get_by_role("button", name="保存调整").click()
    sees(page, "方案已调整：具体措施 T06-9")
    sees(page, "具体措施：T06-9 智慧教育平台移动端上线")
    expect(page.get_by_role("heading", level=1).filter(has_text="责任人未明确 4 项").first).to_be_visible()

    page.goto(f"{server}/timeline?task=T06&{PAST}")
    page.wait_for_selector(READY)
    follow(page.get_by_role("link", name="明确").locator("visible=true").last)
    expect(page.get_by_role("heading", level=1).filter(has_text="教育局").first).to_be_visible()
    form = form_of(page, "保存责任人")
    form.get_by_role("textbox", name="姓名", exact=True).fill("李四")
    form.get_by_role("textbox", name="职务").fill("电教站站长")
    form.get_by_role("textbox", name="登记人姓名").fill(WRITER)
    form.get_by_role("button", name="保存责任人").click()
    sees(page, "已明确 1 项的责任人")

    page.goto(f"{server}/timeline?{PAST}")
    page.wait_for_selector(READY)
    follow(page.get_by_role("link", name="重新安排期限").locator("visible=true").last)
    expect(page.get_by_role("heading", level=1).filter(has_text="责任人未明确 3 项").first).to_be_visible()
    form = form_of(page, "保存调整")
    for label, year in (("目标年份", "2025"), ("判定数据年份", "2024")):
        form.get_by_role("spinbutton", name=label).fill(year)
        form.get_by_role("spinbutton", name=label).press("Tab")
    grounded(page, form, "2023 年未通过，重新安排")
    form.get_by_role("button", name="保存调整").click()
    sees(page, "方案已调整：限期目标 acceptance_2023")

    page.goto(f"{server}/timeline?{PAST}")
    page.wait_for_selector(READY)
    sees(page, f"期限 2025-12-31（原期限 2023-12-31 未达到，2024-01-31 改期（{GROUND}））")
    page.goto(f"{server}/timeline?task=T06&{PAST}")
    page.wait_for_selector(READY)
    sees(page, "智慧教育平台移动端上线")
    sees(page, "李四 电教站站长")

    phone = open_page(f"{server}/plan?task=T06&{PAST}", PHONE)
    sees(phone, "智慧教育平台移动端上线")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
