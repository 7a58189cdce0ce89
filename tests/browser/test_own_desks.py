"""Everybody at their own desk: invited, logged in on a phone, reporting; the second person closes; who is out is out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.desks import PASSWORD, Desk, desk, first_link, lan, link_for, links_at_the_machine
from tests.support.hands import at_rest, choose, form_of, press, sees
from tests.support.serving import PHONE, READY, Server

__all__ = ["desk", "lan"]


@pytest.mark.daily
def test_from_the_first_link_to_a_report_from_a_phone_a_closed_issue_and_out(
    lan: Server, desk: Callable[..., Desk]
) -> None:
    admin = desk()
    admin.set_password(first_link(lan))
    expect(admin.page).to_have_url(re.compile("/people"))
    page = admin.page
    at_rest(page)
    for label, text in (("账号（必填", "wang.wu"), ("姓名（必填）", "王五"), ("电话", "0595-23520001")):
        page.get_by_role("textbox", name=label).fill(text)
    for label, choice in (("岗位（必填）", "联络员"), ("负责的部门", "民政局")):
        field = page.get_by_test_id("stMultiSelect").filter(has_text=label).locator("input")
        field.click()
        field.press_sequentially(choice)
        page.get_by_role("option", name=choice).first.click()
        field.press("Tab")
        expect(page.get_by_role("option")).to_have_count(0)
    press(page, "登记", exact=True)
    sees(page, "王五（wang.wu）已保存。")

    liaison, link = desk(PHONE), link_for(admin, "wang.wu")
    liaison.set_password(link)
    mine = liaison.page
    expect(mine).to_have_url(re.compile("/units.*unit=civil_affairs"))
    expect(mine.get_by_role("heading", level=1).filter(has_text="民政局").first).to_be_visible()
    choose(mine.get_by_test_id("stMain"), "填报哪一项", "T13-2")
    form = form_of(mine, "保存这一项")
    form.get_by_text("正常推进", exact=True).click()
    form.get_by_text("进度、预计完成、说明").click()
    form.get_by_label("说明", exact=True).fill("已走访留守儿童")
    expect(form.get_by_role("textbox", name="报送人姓名")).to_have_count(0)
    form.get_by_role("button", name="保存这一项").click()
    expect(mine.get_by_text("民政局已报送").first).to_be_visible()
    liaison.open("/units?unit=finance&unit_part=月报")
    expect(mine.get_by_text("财政局不在您负责的范围内").first).to_be_visible()
    mine.goto(link)
    expect(mine.get_by_role("heading", name="链接已失效")).to_be_visible()
    liaison.open("/units?unit=civil_affairs&unit_part=月报")

    reviewer = desk()
    reviewer.set_password(link_for(admin, "reviewer"))
    checking = reviewer.open("/projects?part=督办台账&issue=29")
    form = checking.get_by_test_id("stForm").filter(has=checking.get_by_role("button", name="登记")).first
    form.get_by_text("通过", exact=True).click()
    form.get_by_role("button", name="登记").click()
    sees(checking, "第 29 号问题已登记“待核验”")
    sees(checking, "凭理由销号")
    at_rest(checking)
    form.get_by_text("数据尚不达标或没有指标，凭理由销号").click()
    form.get_by_label("销号理由和依据").fill("现场核对")
    form.get_by_role("button", name="登记").click()
    sees(checking, "第 29 号问题已登记“已销号”")

    page = admin.open("/people")
    choose(page, "登记或修改", "（wang.wu）")
    press(page, "停用账号")
    sees(page, "王五的账号已停用")
    liaison.open_is_over()
    admin.open("/people?people_part=操作记录")
    for said in ("登录", "核验、销号", "填报进展和佐证", "王五（wang.wu）", "记录链完整"):
        expect(admin.page.get_by_test_id("stMain").get_by_text(said).first).to_be_visible()


def test_a_deep_link_survives_the_login_and_a_stranger_gets_no_further(lan: Server, desk: Callable[..., Desk]) -> None:
    desk().come_in(*links_at_the_machine(lan, "reviewer"))
    stranger = desk()
    # That every page leads here is asked by tests/serving/test_accounts.py, without a browser.
    stranger.page.goto(f"{lan.address}/schools?township=350526100&year=2022")
    expect(stranger.page.get_by_role("heading", name="登录")).to_be_visible()
    assert stranger.page.get_by_text("德化").count() == 0
    for account in ("reviewer", "nobody"):
        # The same words for a wrong password and for no account at all.
        stranger.log_in(account, "wrong-password")
        expect(stranger.page.get_by_text("您提供的用户名或密码不正确。")).to_be_visible()
    stranger.log_in("reviewer")
    stranger.page.wait_for_selector(READY)
    expect(stranger.page).to_have_url(f"{lan.address}/schools?township=350526100&year=2022")
    expect(stranger.page.get_by_role("heading", level=1).filter(has_text="浔中镇").first).to_be_visible()
    stranger.page.get_by_role("link", name="修改密码").click()
    for label, text in (("现在的密码", PASSWORD), ("新密码", PASSWORD + "-b"), ("再输一次", PASSWORD + "-b")):
        stranger.page.get_by_label(label, exact=True).fill(text)
    stranger.page.get_by_role("button", name="修改").click()
    expect(stranger.page.get_by_role("heading", name="密码已修改")).to_be_visible()
    stranger.page.get_by_role("link", name="返回平台").click()
    stranger.page.wait_for_selector(READY)
    stranger.page.get_by_role("link", name="退出登录").click()
    stranger.page.get_by_role("button", name="退出").click()
    expect(stranger.page.get_by_role("heading", name="登录")).to_be_visible()
    stranger.page.goto(f"{lan.address}/schools")
    expect(stranger.page.get_by_role("heading", name="登录")).to_be_visible()
