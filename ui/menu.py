"""The menu: four sections, one question a page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from core.access import Actor
from core.lake.results import results_folder
from ui.access import may_see_drafts

PAGES = Path(__file__).parents[1] / "pages"
_OPENING = "conclusions/overview"
# In the menu only where the verdicts of many counties are at hand.
OF_MANY_COUNTIES = "conclusions/region"


# By section: the place of a page in `pages/`, its name and icon. The first is where the platform opens.
_SECTIONS = {
    "看结论": (
        ("conclusions/overview", "总览", "dashboard"),
        ("conclusions/schools", "学校", "school"),
        ("conclusions/profile", "学校画像", "badge"),
        ("conclusions/class_sizes", "班额校额", "groups"),
        ("conclusions/balance", "校际均衡", "balance"),
        ("conclusions/items", "保障与质量", "fact_check"),
        ("conclusions/search", "查找", "search"),
        ("conclusions/wall", "大屏", "tv"),
        (OF_MANY_COUNTIES, "省市汇总", "public"),
        ("conclusions/pinned", "固定链接", "push_pin"),
    ),
    "抓落实": (
        ("carrying_out/county_map", "一张图", "map"),
        ("carrying_out/timeline", "时间线", "timeline"),
        ("carrying_out/plan", "实施方案", "menu_book"),
        ("carrying_out/units", "部门与乡镇", "account_balance"),
        ("carrying_out/digest", "近期提醒", "notifications"),
        ("carrying_out/attendance", "控辍保学", "child_care"),
        ("carrying_out/projects", "项目与台账", "assignment"),
        ("carrying_out/supervision", "督导督办", "assignment_ind"),
        ("carrying_out/evaluation", "模拟评估", "rule"),
        ("carrying_out/papers", "申报材料", "folder_copy"),
        ("carrying_out/meeting", "领导小组", "groups_3"),
    ),
    "测算分析": (
        ("planning/scenario", "情景推演", "tune"),
        ("planning/forecast", "生源预测", "trending_up"),
        ("planning/cheapest", "补短板测算", "savings"),
        ("planning/coming_years", "达标年份", "event_available"),
    ),
    "管数据": (
        ("datasets/batches", "数据管理", "database"),
        ("datasets/people", "人员与权限", "manage_accounts"),
        ("datasets/rules", "标准与口径", "gavel"),
    ),
}
# Opened from where they are named, not from the menu.
UNLISTED = frozenset({"conclusions/profile", "conclusions/search", "conclusions/wall", "conclusions/pinned"})


def menu(actor: Actor) -> dict[str, list[Page]]:
    """The pages by section, those hidden that this person does not open from the menu."""
    hidden = set(UNLISTED)
    if results_folder() is None:
        hidden.add(OF_MANY_COUNTIES)
    if not (may_see_drafts(actor) or actor.may("backup")):
        hidden.add("datasets/batches")
    if not actor.may("people"):
        hidden.add("datasets/people")
    return {
        section: [
            st.Page(
                page_file(path),
                title=title,
                icon=f":material/{icon}:",
                url_path=path.split("/")[1],
                default=path == _OPENING,
                visibility="hidden" if path in hidden else "visible",
            )
            for path, title, icon in pages
        ]
        for section, pages in _SECTIONS.items()
    }


def title_of(path: str) -> str:
    """What the menu calls a page."""
    return next(title for pages in _SECTIONS.values() for at, title, _ in pages if at == path)


def page_file(page: str) -> Path:
    """The file of a page, as `conclusions/profile`, for links that the menu does not draw."""
    return PAGES / f"{page}.py"


def menu_paths() -> list[str]:
    """The address of every page, the hidden ones too."""
    return [path.relative_to(PAGES).stem for path in sorted(PAGES.glob("*/*.py"))]
