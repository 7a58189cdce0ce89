"""A link that was pinned shows what it stated, what counts now, and what happened in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import publishing
from core.delivery.records.pins import PinDraft, keep_pin
from core.facts.published import facts_version
from core.store.database import Store
from core.wording.stated import figures_about
from tests.pages.conftest import COUNTY, Open, press, title, typed, unescaped, words
from tests.store.test_upgrades import smaller_ground
from tests.support.demo_county import STANDARD, Demo, demo
from tests.support.html_tables import tables
from ui.forwarding import root_and_page

__all__ = ["demo"]

DAY, NOW = date(2023, 11, 30), datetime(2023, 12, 1, 9)
SCHOOL = "350526-0007"


@pytest.mark.parametrize(
    ("url", "root", "page"),
    [
        ("http://10.0.0.8:8501", "http://10.0.0.8:8501", ""),
        ("http://10.0.0.8:8501/", "http://10.0.0.8:8501", ""),
        ("http://10.0.0.8:8501/?year=2023", "http://10.0.0.8:8501", ""),
        ("http://10.0.0.8:8501/schools?year=2023", "http://10.0.0.8:8501", "schools"),
        ("https://jyj.example/jczd/", "https://jyj.example/jczd", ""),
        ("https://jyj.example/jczd/units?unit=education", "https://jyj.example/jczd", "units"),
        ("http://10.0.0.8:8501/javascript:alert(1)", "http://10.0.0.8:8501/javascript:alert(1)", ""),
    ],
)
def test_the_platform_knows_where_it_begins(url: str, root: str, page: str) -> None:
    assert root_and_page(url) == (root, page)


def pinned(store: Store, demo: Demo, kind: str, identifier: str, **changed: object) -> int:
    """A pin of the demonstration county's figures on a day; its number."""
    now = demo.on(DAY)
    assert now.assessment is not None
    draft = PinDraft(
        day=DAY, year=2023, address="./?", about_kind=kind, about_id=identifier, facts_version=facts_version(store),
        batches="批次 1", standard_id=STANDARD.standard_id, figures=figures_about(now, now.assessment, kind, identifier),
    )  # fmt: skip
    return keep_pin(store, COUNTY, replace(draft, **changed), LOCAL_ADMINISTRATOR, NOW).number  # type: ignore[arg-type]


def test_a_link_is_pinned_where_the_figures_are_and_opens_unchanged(open_page: Open, store: Store) -> None:
    app = open_page("conclusions/overview", as_of="2023-11-30")
    typed(app, "生成人姓名", "张三")
    press(app, "生成链接")
    link = next(c.value for c in app.code if "pinned?pin=" in c.value)
    opened = open_page("conclusions/pinned", as_of="2023-11-30", pin=link.split("=")[-1])
    assert title(opened) == "德化县：2023 年 11 月 30 日固定的数字没有变化"
    assert "没有发布、撤回数据" in words(opened) and "张三（身份未确认）" in unescaped(words(opened))


def test_another_day_is_told_with_both_sides(open_page: Open, store: Store, demo: Demo) -> None:
    number = pinned(store, demo, "county", COUNTY)
    app = open_page("conclusions/pinned", as_of="2022-11-30", pin=str(number))
    [sides] = tables(app)
    line = sides.loc["学校（分学段计）"]
    assert list(line) == ["71/75 所达标", "◆ 73/76 所达标"]
    said = unescaped(words(app))
    assert "判定的学年由 2023 变为 2022" in said and "截至日由 2023-11-30 变为 2022-11-30" in said


def test_a_new_batch_its_withdrawal_and_other_rules_are_named(open_page: Open, store: Store, demo: Demo) -> None:
    number = pinned(store, demo, "school", SCHOOL)
    older = pinned(store, demo, "school", SCHOOL, standard_id="quality-balance-2016.1")
    batch = smaller_ground(store, STANDARD)
    publishing.publish(store, batch, LOCAL_ADMINISTRATOR, NOW, "更正操场面积")
    app = open_page("conclusions/pinned", as_of="2023-11-30", pin=str(number))
    said = unescaped(words(app))
    assert f"发布批次 {batch}（更正操场面积）" in said and "判定规则由" not in said
    publishing.withdraw(store, batch, LOCAL_ADMINISTRATOR, NOW, "报错了")
    app = open_page("conclusions/pinned", as_of="2023-11-30", pin=str(older))
    said = unescaped(words(app))
    assert f"撤回批次 {batch}（报错了）" in said
    assert f"判定规则由 quality-balance-2016.1 改为 {STANDARD.standard_id}" in said


def test_a_pin_of_a_school_a_township_and_a_unit_names_whom_it_is_about(
    open_page: Open, store: Store, demo: Demo
) -> None:
    for kind, identifier, name in (
        ("school", SCHOOL, "（演示）"), ("township", "350526100", "浔中镇"), ("unit", "education", "教育局"),
        ("school", "gone", "gone"),
    ):  # fmt: skip
        figures = (
            {}
            if identifier != "gone"
            else {"figures": figures_about(demo.on(DAY), demo.assessments[2023], "county", "")}
        )
        app = open_page("conclusions/pinned", pin=str(pinned(store, demo, kind, identifier, **figures)))
        assert name in title(app)


def test_a_link_that_names_no_pin_says_so(open_page: Open, read_store: Store) -> None:
    for pin in ("999999", "", "²"):
        app = open_page("conclusions/pinned", pin=pin)
        assert title(app) == "没有这个固定链接"
