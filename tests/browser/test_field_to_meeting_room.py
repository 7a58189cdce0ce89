"""From a visit with a photograph on a phone to the leading group's table: everybody logged in, each with their own rights."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.support.desks import Desk, desk, lan, links_at_the_machine
from tests.support.hands import at_rest, downloaded, form_of, sees
from tests.support.papers import PHOTO, SCAN
from tests.support.rights import OWN_SCHOOL
from tests.support.serving import Server

__all__ = ["desk", "lan"]

# As wide as a phone, and high enough for a whole form: scrolling to an option closes its list.
LONG_PHONE = {"width": 390, "height": 3000}


def handed_in(form: Locator, name: str, content: bytes, media_type: str) -> None:
    """Choose a file and wait until it is there."""
    form.locator("input[type=file]").set_input_files({"name": name, "mimeType": media_type, "buffer": content})
    expect(form.get_by_test_id("stFileChipName")).to_have_text(name)
    expect(form.get_by_test_id("stFileChipIconSpinner")).to_have_count(0)


def test_a_visit_opens_an_issue_the_school_corrects_it_and_the_leaders_see_it_all(
    lan: Server, desk: Callable[..., Desk]
) -> None:
    inspector, school, office, leader, viewer = people = [desk(LONG_PHONE) for _ in range(5)]
    roles = ("inspector", "school", "office", "leader", "viewer")
    for who, link in zip(people, links_at_the_machine(lan, *roles), strict=True):
        who.come_in(link)

    page = inspector.open(f"/supervision?supervision_part=督导记录&visit_school={OWN_SCHOOL}")
    # An open list hides what is behind it from whoever asks by role.
    form = page.get_by_test_id("stForm").filter(has_text="督导事项")
    topics = form.get_by_test_id("stMultiSelect").locator("input")
    topics.fill("食堂")
    page.get_by_role("option", name="食堂").first.click()
    topics.press("Tab")
    for label, text in (("看到的情况", "留样柜缺两餐"), ("发现的问题", "食堂留样不全"), ("校方意见", "立即整改")):
        form.get_by_role("textbox", name=label).fill(text)
    handed_in(form, "程序.jpg", b"MZ" + bytes(200), "image/jpeg")
    form.get_by_role("button", name="登记督导").click()
    sees(page, "“程序.jpg”不是可以识别的文件")
    at_rest(page)
    form.get_by_test_id("stFileChipDeleteBtn").locator("button").click()
    expect(form.get_by_test_id("stFileChipName")).to_have_count(0)
    handed_in(form, PHOTO.name, PHOTO.content, "image/jpeg")
    form.get_by_role("button", name="登记督导").click()
    sees(page, "发现的问题已建账：第")
    photo = page.locator("img[src*='/small']").first
    expect(photo).to_be_visible()
    at_rest(page)
    page.wait_for_function("picture => picture.naturalWidth > 0", arg=photo.element_handle())

    page.get_by_role("link", name="拟督导意见书").click()
    sees(page, "新的督导意见书")
    at_rest(page)
    page.get_by_text("已印发，交学校整改").click()
    # The form of a draft has most of the same fields.
    expect(page.get_by_role("textbox", name="文号").first).to_be_visible()
    form = form_of(page, "登记")
    for label, text in (("收文单位责任人", "演示校长"), ("文号", "意见 9 号"), ("签发人", "测试督学")):
        form.get_by_role("textbox", name=label).fill(text)
    form.get_by_test_id("stDateInput").filter(has_text="回复期限").locator("[role=spinbutton]").first.click()
    page.keyboard.type("20231220")
    page.keyboard.press("Escape")
    form.get_by_role("button", name="登记").click()
    sees(page, "已登记：已印发。")

    page = inspector.open("/projects?part=督办台账&ledger_state=未销号")
    at_rest(page)
    # A phone shows the first rows of a long table until the others are asked for.
    page.locator(".unfold.on-a-phone").first.click()
    page.get_by_role("link", name="食堂留样不全").locator("visible=true").first.click()
    expect(page.get_by_text("来源").first).to_be_visible()
    at_rest(page)
    issue = page.url.removeprefix(lan.address)

    page = school.open(issue)
    form = form_of(page, "登记")
    form.get_by_role("textbox", name="整改措施").fill("专人负责留样，逐餐登记")
    handed_in(form, SCAN.name, SCAN.content, "application/pdf")
    form.get_by_role("button", name="登记").click()
    sees(page, "已登记“已报佐证”")
    report = page.get_by_role("link", name=SCAN.name).locator("visible=true").first
    expect(report).to_be_visible()
    address = f"{lan.address}/{report.get_attribute('href')}"
    assert school.page.request.get(address).body() == SCAN.content

    page = inspector.open(issue)
    form = form_of(page, "登记")
    form.get_by_text("通过", exact=True).click()
    form.get_by_role("button", name="登记").click()
    sees(page, "已登记“待核验”")
    sees(page, "数据尚不达标或没有指标，凭理由销号")
    form = form_of(page, "登记")
    form.get_by_text("数据尚不达标或没有指标，凭理由销号").click()
    form.get_by_label("销号理由和依据").fill("到校复查属实")
    form.get_by_role("button", name="登记").click()
    sees(page, "已登记“已销号”")

    page = office.open("/supervision?supervision_part=督办文书")
    page.locator(".st-key-draft_notice_finance button").click()
    sees(page, "已拟督导通报草稿，请核对正文后印发。")
    expect(page.get_by_test_id("stCode").filter(has_text="德化县").first).to_be_visible()

    page = leader.open("/meeting")
    for said in ("新建账 2 件，销号 10 件", "责任督学随访 85 次", "印发督办文书 3 份"):
        sees(page, said)
    expect(page.get_by_role("link", name="看草稿").locator("visible=true")).to_have_count(2)
    assert downloaded(page, "下载会议材料 PDF").path().read_bytes().startswith(b"%PDF-")
    leader.open(issue)
    assert leader.page.request.get(address).status == 200
    refused = viewer.page.request.get(address)
    assert refused.status == 403 and "不能打开附件" in refused.text()
    assert viewer.page.request.get(f"{lan.address}/attachments/99999999999999999999").status == 404
    assert desk().page.request.get(address).status == 401, "who is not logged in gets nothing"
