"""The menu: four sections, one question a page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from core.access import Actor
from ui.access import may_see_drafts

PAGES = Path(__file__).parents[1] / "pages"


def menu(actor: Actor) -> dict[str, list[Page]]:
    """The pages by section that this person may open; the first is where the platform opens."""
    return {
        "看结论": [
            _page("conclusions/overview", "总览", "dashboard", default=True),
            _page("conclusions/schools", "学校", "school"),
            _page("conclusions/profile", "学校画像", "badge", hidden=True),
            _page("conclusions/class_sizes", "班额校额", "groups"),
            _page("conclusions/balance", "校际均衡", "balance"),
            _page("conclusions/items", "保障与质量", "fact_check"),
        ],
        "抓落实": [
            _page("carrying_out/county_map", "一张图", "map"),
            _page("carrying_out/timeline", "时间线", "timeline"),
            _page("carrying_out/plan", "实施方案", "menu_book"),
            _page("carrying_out/units", "部门与乡镇", "account_balance"),
            _page("carrying_out/attendance", "控辍保学", "child_care"),
            _page("carrying_out/projects", "项目与台账", "assignment"),
            _page("carrying_out/supervision", "督导督办", "assignment_ind"),
            _page("carrying_out/evaluation", "模拟评估", "rule"),
            _page("carrying_out/meeting", "领导小组", "groups_3"),
        ],
        "算一算": [
            _page("planning/scenario", "情景推演", "tune"),
            _page("planning/forecast", "生源预测", "trending_up"),
            _page("planning/cheapest", "达标规划", "savings"),
            _page("planning/coming_years", "达标年份", "event_available"),
        ],
        "管数据": [
            _page(
                "datasets/batches", "数据管理", "database", hidden=not (may_see_drafts(actor) or actor.may("backup"))
            ),
            _page("datasets/people", "人员与权限", "manage_accounts", hidden=not actor.may("people")),
            _page("datasets/rules", "标准与口径", "gavel"),
        ],
    }


def page_file(page: str) -> Path:
    """The file of a page, as `conclusions/profile`, for links that the menu does not draw."""
    return PAGES / f"{page}.py"


def menu_paths() -> list[str]:
    """The address of every page, the hidden ones too."""
    return [path.relative_to(PAGES).stem for path in sorted(PAGES.glob("*/*.py"))]


def _page(path: str, title: str, icon: str, *, default: bool = False, hidden: bool = False) -> Page:
    return st.Page(
        page_file(path),
        title=title,
        icon=f":material/{icon}:",
        url_path=path.split("/")[1],
        default=default,
        visibility="hidden" if hidden else "visible",
    )
