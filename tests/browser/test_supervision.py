"""From a red triangle on the map to an issue that two typed names cannot close."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.hands import at_rest, choose, press, sees
from tests.support.serving import READY

SCHOOL, NAME = "350526-0007", "远庄小学（演示）"


def take(page: Page, step: str, taker: str, fields: dict[str, str], person: str, due: str = "") -> None:
    """Record a step of the issue on the page, signed by its `taker`; `due` is typed as digits, year first."""
    # While the page is redrawn, the form of the step before stands alone at first, then beside this one.
    for label in (*fields, f"{taker}姓名"):
        expect(page.get_by_role("textbox", name=label)).to_have_count(1)
    at_rest(page)
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="登记")).first
    for label, value in fields.items():
        form.get_by_role("textbox", name=label).fill(value)
    if due:
        form.get_by_test_id("stDateInput").filter(has_text="整改时限").locator("[role=spinbutton]").first.click()
        page.keyboard.type(due)
        page.keyboard.press("Tab")
    form.get_by_role("textbox", name=f"{taker}姓名").fill(person)
    form.get_by_role("button", name="登记").click()
    sees(page, f"已登记“{step}”")


def correct_sports_ground(page: Page, server: str, area: str, reason: str, batch: int) -> None:
    """Correct the school's sports ground, look at the preview, publish."""
    page.goto(f"{server}/batches?data_part=更正数据")
    page.wait_for_selector(READY)
    panel = page.get_by_role("tabpanel").locator("visible=true")
    choose(panel, "工作表", "校舍与设备")
    choose(panel, "学校", SCHOOL)
    choose(panel, "数据项", "运动场地面积")
    at_rest(page)
    panel.get_by_label("更正为").fill(area)
    panel.get_by_label("理由（必填）").fill(reason)
    press(panel, "存为草稿并预览")
    sees(page, f"更正已存为草稿，批次 {batch}")
    at_rest(page)
    page.get_by_role("tab", name="上传与发布").click()
    press(page, "发布", exact=True)
    sees(page, f"批次 {batch} 已发布")


def test_an_issue_is_opened_and_corrected_and_two_typed_names_do_not_close_it(
    start_server: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    server = start_server()
    page = open_page(f"{server}/schools?township=350526100")
    expect(page.get_by_role("heading", level=1).filter(has_text="浔中镇").first).to_be_visible()

    page.get_by_test_id("stSidebarNav").get_by_text("一张图").click()
    frame = page.frame_locator("iframe[title='地图']")
    failing = frame.locator(".leaflet-marker-icon:has(path[d^='M12 1.5'])")
    expect(failing.first).to_be_visible()
    at_rest(page)
    named = frame.locator(".leaflet-tooltip")
    for mark in failing.all():
        mark.hover(force=True)
        # The tooltip of the mark before may still stand, and the new one may still be empty.
        expect(named).to_have_count(1)
        expect(named).to_contain_text("：")
        if NAME in named.inner_text():
            mark.click(force=True)
            break
    expect(page.get_by_role("link", name=NAME).first).to_have_attribute(
        "href", f"profile?township=350526100&school={SCHOOL}"
    )

    page.goto(f"{server}/projects?part=督办台账")
    page.wait_for_selector(READY)
    page.get_by_role("textbox", name="建账人姓名").fill("王五")
    page.get_by_role("textbox", name="建账人姓名").press("Enter")
    page.wait_for_selector(READY)
    page.get_by_text(NAME).locator("visible=true").filter(has_text="体育").first.locator(
        "xpath=ancestor::*[.//button][1]"
    ).get_by_role("button", name="建账").click()
    sees(page, "已建账：第")
    at_rest(page)
    address = page.url

    late = {"责任人": "张三", "说明（时限超出方案期限的，写明理由）": "须等春季施工"}
    take(page, "已交办", "交办人", late, "王五", due="20240301")
    take(page, "整改中", "经办人", {"整改措施": "扩建运动场"}, "张三")
    take(page, "已报佐证", "经办人", {"整改报告、佐证材料的名称或说明": "验收单"}, "张三")
    correct_sports_ground(page, server, "60000", "扩建运动场已交付", 2)

    page.goto(address)
    page.wait_for_selector(READY)
    page.get_by_text("通过", exact=True).click()
    take(page, "待核验", "核验人", {}, "赵六")
    take(page, "已销号", "销号人", {}, "赵六")
    # Nobody logged in: the record of the two names stands, and the issue stays open until verified persons close it.
    expect(page.get_by_text("核验、销号人身份未确认，不作数").first).to_be_visible()
    expect(page.get_by_text("现已达标").first).to_be_visible()
