"""A link opens what it names; what it names in vain is said, with what is shown instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages.conftest import ROOT, Open, seen, unescaped, words
from ui.links import BOUND

OVERVIEW, SCHOOLS, BALANCE, PROFILE = (f"conclusions/{name}" for name in ("overview", "schools", "balance", "profile"))
TIMELINE, UNITS, PROJECTS = (f"carrying_out/{name}" for name in ("timeline", "units", "projects"))
SCENARIO, FORECAST = "planning/scenario", "planning/forecast"


def refused(name: str, asked: str, shown: str) -> str:
    """The sentence under which a link is not followed."""
    return f"链接中的{name}“{asked}”不存在或不在可选范围内，现{shown}。请在本页重新选择{name}，或向发来链接的人核对。"


@pytest.mark.parametrize(
    ("page", "key", "asked", "name", "shown"),
    [
        (PROFILE, "school", "nobody", "学校", "未选定"),
        (UNITS, "unit", "nobody", "部门", "未选定"),
        (TIMELINE, "task", "T99", "任务", "未选定"),
        (PROJECTS, "project", "nothing", "项目", "未选定"),
        (SCHOOLS, "township", "999999", "乡镇", "按“全县”显示"),
        (SCHOOLS, "verdict", "好", "结论", "按“全部”显示"),
        (BALANCE, "stage", "senior", "学段", "按“小学”显示"),
        (BALANCE, "indicator", "L9", "指标", "按“生均体育运动场馆面积”显示"),
        (SCHOOLS, "as_of", "abc", "截至日期", "按“2023-11-30”显示"),
        (SCHOOLS, "as_of", "1999-01-01", "截至日期", "按“2018-09-01”显示"),
        (SCHOOLS, "year", "1999", "学年", "按“2023 学年”显示"),
        (SCENARIO, "coefficients", "maybe", "十四项差异系数", "按“否”显示"),
        (FORECAST, "migration", "99", "每年额外进城比例", "按“0”显示"),
    ],
)
def test_what_a_link_asks_in_vain_is_said_with_what_is_shown_instead(
    open_page: Open, page: str, key: str, asked: str, name: str, shown: str
) -> None:
    app = open_page(page, **{key: asked})
    said = refused(name, asked, shown)
    assert [unescaped(w.value) for w in app.warning if "链接中的" in w.value] == [said]
    assert said in words(seen(app.run())), "a rerun of the page keeps it"


def test_the_sentence_goes_when_a_choice_is_made(open_page: Open) -> None:
    app = open_page(SCHOOLS, year="1999", verdict="好")
    assert "链接中的学年" in words(app) and "链接中的结论" in words(app)
    app.selectbox(key="verdict").set_value("未达标")
    said = words(seen(app.run()))
    assert "链接中的学年" in said and "链接中的结论" not in said
    app.selectbox(key="year_choice").set_value("2022")
    assert "链接中的" not in words(seen(app.run()))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (BALANCE, {"indicator": "L5", "stage": "junior", "year": "2022", "as_of": "2023-11-30"}),
        (SCENARIO, {"lever_cap_primary": "45", "lever_L2": "6", "lever_regroup": "TRUE", "lever_pupils": "0"}),
        (PROFILE, {"school": "350526-0007", "township": "350526101", "origin": "微信"}),
        (PROJECTS, {"part": "督办台账", "ledger_state": "已销号"}),
    ],
)
def test_a_good_link_is_followed_without_a_word(open_page: Open, page: str, address: dict[str, str]) -> None:
    assert "链接中的" not in words(open_page(page, **address))


def test_a_link_to_a_coefficient_opens_its_indicator(open_page: Open) -> None:
    app = open_page(BALANCE, indicator="L5", stage="junior")
    assert app.selectbox(key="indicator_choice").value == "L5"
    assert "初中生均体育运动场馆面积：" in words(app)


def test_a_hostile_link_shows_as_plain_text(open_page: Open) -> None:
    [warning] = open_page(SCHOOLS, year="[x](http://evil)" + "9" * 99).warning
    assert r"\[x\]\(http\:" in warning.value and "9" * 30 not in warning.value


def test_every_choice_kept_by_a_widget_has_a_name() -> None:
    bound = re.compile(r'key=f?"([^"]+)",\s*(?:on_change="rerun",\s*)?bind=|key=f?"([^"]+)", bind=')
    for path in sorted(Path(ROOT / "ui").glob("*.py")) + sorted(Path(ROOT / "pages").glob("*/*.py")):
        for key in (a or b for a, b in bound.findall(path.read_text("utf-8"))):
            pattern = re.compile(re.sub(r"\{[^}]+\}", ".+", key.replace("{_PREFIX}", "lever_")))
            assert any(pattern.fullmatch(known) for known in BOUND), f"{path.name}: {key}"
