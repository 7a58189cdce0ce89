"""A mock evaluation: drawn, verified on a phone, signed by both sides, corrected, judged anew; its papers open as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.support.desks import Desk, desk, lan, links_at_the_machine
from tests.support.hands import at_rest, downloaded, form_of, press, sees
from tests.support.rights import OWN_SCHOOL
from tests.support.serving import PHONE, Server

__all__ = ["desk", "lan"]

# Draws the inspector's own school among three.
SEED, SCHOOL = "21", "兰屏小学（演示）"


def test_a_difference_found_on_a_phone_is_signed_corrected_and_judged_anew(
    lan: Server, desk: Callable[..., Desk], tmp_path: Path
) -> None:
    office, inspector, school, clerk = people = [desk(), desk(PHONE), desk(PHONE), desk()]
    for who, link in zip(people, links_at_the_machine(lan, "office", "inspector", "school", "clerk"), strict=True):
        who.come_in(link)

    page = office.open("/evaluation")
    sees(page, "还没有做过模拟评估")
    form = form_of(page, "抽取学校并开始")
    form.get_by_label("抽取学校数").fill("3")
    form.get_by_role("textbox", name="抽样种子").fill(SEED)
    press(form, "抽取学校并开始")
    sees(page, "已抽取 3 所学校")
    at_rest(page)
    expect(page.get_by_role("link", name=SCHOOL)).to_have_count(1)
    table = f"{page.url.removeprefix(lan.address)}&site={OWN_SCHOOL}"

    page = inspector.open(table)
    page.get_by_text("校舍与设备（待核查 5）").click()
    sees(page, "网络多媒体教室数")
    at_rest(page)
    form = form_of(page, "登记核查数")
    form.get_by_label("核查数", exact=True).last.fill("30")
    press(form, "登记核查数")
    sees(page, "“网络多媒体教室数”的核查数与填报数不同，须写明原因")
    form.get_by_text("差异原因、年报数").last.click()
    form.get_by_role("textbox", name="差异原因").last.fill("31 间设备已报废")
    form.get_by_text("其余还没有核查的，核查数与填报数相同").click()
    form.get_by_role("textbox", name="发现的问题").fill("多媒体设备报废后未补充")
    press(form, "登记核查数")
    sees(page, "已登记校舍与设备的核查数，问题已建账：第")
    press(page, "核查人签字确认")
    sees(page, "核查人已签字。")

    page = school.open(table)
    sees(page, "31 间设备已报废")
    press(page, "学校签字确认")
    sees(page, "学校已签字。")
    sees(page, "双方已签字")

    page = clerk.open(table)
    press(page, "把 1 项差异存为更正草稿")
    sees(page, "更正已存为草稿，批次 2")
    before = office.open("/")
    expect(before.get_by_test_id("stMain")).to_contain_text("71 / 75 所")
    page = clerk.open("/batches")
    sees(page, f"{SCHOOL} 达标→未达标")
    press(page, "发布", exact=True)
    sees(page, "批次 2 已发布")
    expect(office.open("/").get_by_test_id("stMain")).to_contain_text("70 / 75 所")

    page = office.open(table.partition("&site")[0])
    sees(page, "不同 1 项，还有 58 项未核查，双方已签字")
    report = tmp_path / "报告.docx"
    downloaded(page, "下载模拟评估报告（Word）").save_as(report)
    text = "\n".join(cell.text for grid in Document(str(report)).tables for row in grid.rows for cell in row.cells)
    assert "31 间设备已报废" in text and "资格审查" in text and SCHOOL in text
    page = office.open(table)
    sees(page, "已存为更正草稿，批次 2")
    sheet = tmp_path / "核查表.docx"
    downloaded(page, "下载实地核查表（A4，Word）").save_as(sheet)
    assert Document(str(sheet)).sections[0].page_width.cm == pytest.approx(21, abs=0.01)
