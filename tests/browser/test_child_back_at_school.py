"""A child who stays away, from the notice to the return: the township on a phone, another person's check, the count."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support.desks import Desk, desk, lan, links_at_the_machine
from tests.support.hands import choose, form_of, press, sees
from tests.support.serving import PHONE, Server

__all__ = ["desk", "lan"]

LEDGER = "/attendance?attendance_part=疑似辍学"


def day_in(page: Page, label: str, digits: str) -> None:
    """Type a day into a field, digit by digit, as a telephone's keyboard does."""
    page.get_by_test_id("stDateInput").filter(has_text=label).locator("[role=spinbutton]").first.click()
    page.keyboard.type(digits)
    page.keyboard.press("Escape")


def test_a_child_is_notified_comes_back_and_counts_once_another_person_has_seen_it(
    lan: Server, desk: Callable[..., Desk]
) -> None:
    liaison, reviewer = desk(PHONE), desk()
    for person, link in zip((liaison, reviewer), links_at_the_machine(lan, "liaison", "reviewer"), strict=True):
        person.set_password(link)

    page = liaison.open(LEDGER)
    page.get_by_text("登记一件个案").click()
    form = form_of(page, "登记个案")
    choose(form, "乡镇（未在学校的填）", "浔中镇")
    choose(form, "年级（未入学的填应读年级）", "一年级")
    press(form, "登记个案")
    sees(page, "已登记个案 K")
    sees(page, "尚未送达通知")
    case = page.url.removeprefix(lan.address)
    form = form_of(page, "登记进展")
    form.get_by_label("通知书序号").fill("88")
    day_in(page, "送达日期", "20231130")
    press(form, "登记进展")
    sees(page, "已送达通知，限期内")

    form = form_of(page, "登记进展")
    choose(form, "去向", "入学、复学")
    day_in(page, "去向日期", "20231130")
    choose(form, "凭据", "到校考勤记录")
    press(form, "登记进展")
    sees(page, "入学、复学，待核查")

    before = reviewer.open("/attendance")
    sees(before, "11,097 人，已入学 11,090 人，差 7 人")
    checking = reviewer.open(case)
    checking.get_by_text("属实", exact=True).click()
    press(checking, "登记核查")
    sees(checking, "已核查：属实。")
    sees(reviewer.open("/attendance"), "11,097 人，已入学 11,091 人，差 6 人")
