"""Every page answers in a sentence, at every time of the plan, and says that the figures are synthetic."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
import streamlit as st

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.batches.workbook import Part, template
from core.delivery.figures.facts_by_year import snapshot
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_workbook
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.pages.conftest import COUNTY, ROOT, Open, press, title, words
from tests.support.moved_standard import standard_with
from ui import cache

# A profile without a school asks for one instead of answering; 省市汇总 is about other counties (test_region_page.py).
ANSWERING = [
    str(page.relative_to(ROOT / "pages").with_suffix(""))
    for page in sorted((ROOT / "pages").glob("*/*.py"))
    if page.stem not in ("profile", "region")
]


# The overview stands open before the address is set; a browser test moves its day.
MOVED = [path for path in ANSWERING if path != "conclusions/overview"]


@pytest.mark.parametrize(
    ("path", "as_of"), [*((path, "2023-11-30") for path in ANSWERING), *((path, "2019-10-01") for path in MOVED)]
)
def test_a_page_answers_and_names_its_source(open_page: Open, path: str, as_of: str) -> None:
    app = open_page(path, as_of=as_of)
    assert not app.exception
    assert len(app.title) == 1 and app.title[0].value
    assert "演示数据" in words(app)
    assert f"数据截至 {as_of}" in words(app)


def test_a_school_that_is_left_out_is_shown_with_its_reason(open_page: Open) -> None:
    app = open_page("conclusions/schools", as_of="2023-11-30")
    assert any("不足 50 人教学点" in caption.value for caption in app.caption)


def test_the_profile_of_a_school_that_is_left_out_says_so_first(open_page: Open) -> None:
    app = open_page("conclusions/profile", school="350526-0059")
    assert title(app) == "雷峰镇丹林教学点（演示）未参评"
    assert "不足 50 人教学点" in words(app)


def test_an_unknown_school_in_a_link_asks_for_one_that_is_known(open_page: Open) -> None:
    app = open_page("conclusions/profile", school="nobody")
    assert not app.exception
    assert any("请选择一所学校" in info.value for info in app.info)


@pytest.mark.parametrize("path", ["items", "class_sizes"])
def test_what_depends_on_a_relief_is_shown_with_and_without_it(open_page: Open, path: str) -> None:
    said = [caption.value.replace("\\", "") for caption in open_page(f"conclusions/{path}", year="2020").caption]
    [line] = [s for s in said if s.startswith("学校规模减免：")]
    assert "按特例 （四）学校规模达标（0 所不符合）" in line and "不计特例 （四）学校规模未达标（1 所不符合）" in line
    assert "按特例" not in words(open_page(f"conclusions/{path}", year="2023"))


def test_a_relief_claimed_in_a_year_it_was_not_written_for_warns_in_headline_page_and_files(
    store: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    claimed = standard_with("options.relief_school_size.default", "on", tmp_path)
    monkeypatch.setattr(cache, "load_standard", lambda: claimed)
    st.cache_resource.clear()
    try:
        app = open_page("conclusions/overview", as_of="2023-11-30", year="2023")
        assert "按不适用于本学年的减免判定" in title(app)
        assert any("只适用于 2019 至 2022 学年的数据，2023 学年按此判定没有依据" in w.value for w in app.warning)
        assert "按减免：学校规模减免（不适用于 2023 学年）" in words(app), (
            "the line of sources, which every file carries"
        )
        within = open_page("conclusions/overview", as_of="2023-11-30", year="2022")
        assert "减免判定" not in title(within) and "按减免：学校规模减免" in words(within)
    finally:
        st.cache_resource.clear()


def test_a_reader_may_look_but_sees_no_way_to_write(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTY_LAN", "1")
    monkeypatch.setenv("COUNTY_OPEN_READING", "1")
    app = open_page("datasets/batches")
    assert not app.exception
    assert any("只读" in told.value for told in app.info)


def test_a_filter_that_matches_nothing_says_so_and_offers_the_way_back(open_page: Open) -> None:
    app = open_page("conclusions/schools", name="没有这所", township="350526100", verdict="未达标")
    assert title(app) == "没有符合条件的学校"
    assert "筛选条件：浔中镇·未达标·校名含“没有这所”。" in words(app) and "参评学校 0 个" not in words(app)
    everything = press(app, "清除筛选")
    assert title(everything).startswith("全县 71/75 所学校（分学段计）达标")
    assert "township" not in everything.query_params


def test_the_schools_left_out_follow_the_filter(open_page: Open) -> None:
    point, school = "雷峰镇丹林教学点（演示）", "星坪职业技术学校（演示）"
    shown = {
        code: words(open_page("conclusions/schools", **address))
        for code, address in {"county": {}, "there": {"township": "350526104"}, "named": {"name": "丹林"}}.items()
    }
    assert all(point in said for said in shown.values())
    assert [school in said for said in shown.values()] == [True, False, False]
    assert "另有 1 所未参评的学校符合" in shown["named"]


def test_an_item_counts_from_the_day_of_its_document(open_page: Open) -> None:
    after, before = (open_page("conclusions/items", as_of=day) for day in ("2023-11-21", "2023-11-20"))
    evidence = "招生入学专项检查记录》（演示）（2023-11-21）"
    assert f"{evidence}，晚于截至日，不计入" not in words(after) and evidence in words(after)
    assert f"{evidence}，晚于截至日，不计入" in words(before)
    assert title(after) != title(before)


def test_a_school_year_that_has_begun_without_figures_is_named(open_page: Open) -> None:
    said = "◆ 2024 学年的数据尚未发布，现按 2023 学年判定。"
    shown = {day: words(open_page("conclusions/balance", as_of=day)) for day in ("2024-08-31", "2024-09-01")}
    assert [said in text for text in shown.values()] == [False, True]
    assert "尚未发布" not in words(open_page("conclusions/balance", as_of="2024-09-01", year="2022"))


@pytest.fixture
def partial_year(store: Store) -> Store:
    """One township has handed in the next school year; the others have not."""
    content = template(store, Part(COUNTY, township_code="350526100"), 2024)
    handed_in, now = check(open_workbook("浔中镇.xlsx", content)), datetime(2024, 10, 8)
    number = loading.load(store, handed_in, load_standard(), LOCAL_ADMINISTRATOR, now)
    publishing.publish(store, number, LOCAL_ADMINISTRATOR, now, "先报的乡镇")
    return store


def test_a_year_that_some_townships_have_not_handed_in_is_no_pass(open_page: Open, partial_year: Store) -> None:
    for path in ANSWERING:
        app = open_page(path, as_of="2024-11-30")
        assert not app.exception, path
        assert "龙浔镇、三班镇、龙门滩镇等 17 个乡镇还没有 2024 学年的数据，所属学校无法判定" in words(app), path


def test_schools_of_townships_that_have_not_handed_in_stay_on_the_map(open_page: Open, partial_year: Store) -> None:
    said = words(open_page("carrying_out/county_map", as_of="2024-11-30"))
    assert "**全县 68 所**" in said and re.search("无法判定 5\\d 所", said)


def test_a_real_county_opens_today(open_page: Open, real_store: Store) -> None:
    said, today = words(open_page("conclusions/balance")), date.today()
    assert f"数据截至 {today}" in said and "演示数据" not in said
    begun = today.year if today >= snapshot(today.year) else today.year - 1
    assert f"{begun} 学年的数据尚未发布，现按 2023 学年判定" in said
