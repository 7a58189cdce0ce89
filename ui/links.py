"""Links within the platform: what was chosen travels along, and a link opens the very thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from core.outlook.what_if.levers import RESOURCES
from core.rules.standard import STAGES
from ui.draft import Refusal, refuse
from ui.labels import plain, stage_name
from ui.shared import carried_choice

_SHARED = ("as_of", "year", "stage", "township", "draft")
# The names of the choices that widgets keep in the address by themselves.
BOUND = {
    "school_stage": "学段",
    "kind": "学校类别",
    "verdict": "结论",
    "name": "校名",
    "region_verdict": "结论",
    "region_name": "县名",
    "area": "范围",
    "class_stage": "学段",
    "map_view": "地图范围",
    "layer": "图层",
    "list": "学校列表",
    "needing": "需要增班的学校",
    "beside": "并排比较",
    "pairs": "结对与小片区",
    "projects": "地图上的项目",
    "map_year": "地图学年",
    "unit_part": "栏目",
    "part": "栏目",
    "plan_part": "栏目",
    "papers_part": "栏目",
    "supervision_part": "栏目",
    "attendance_part": "栏目",
    "all_months": "全部学校的在校月报",
    "all_visits": "全部督导记录",
    "unvisited": "只看本月还须随访的",
    "with_problems": "只看发现问题的",
    "data_part": "栏目",
    "people_part": "栏目",
    "ledger_state": "台账状态",
    "all_proposals": "全部应建账",
    "migration": "每年额外进城比例",
    "budget": "预算",
    "pupils_of": "学生数",
    "moves": "教师跨校交流",
    "moves_km": "交流距离",
    "frontier": "测算不同投入的效果",
    "target_year": "目标学年",
    "chance": "估算把握",
    "late_months": "推迟月数",
    "class_pupils": "学生数变化",
    **{f"class_cap_{stage}": f"{stage_name(stage)}班额上限" for stage in STAGES},
    "cv_years": "历年走势图",
    "scenario_part": "栏目",
    "coefficients": "十四项差异系数",
    **{f"most_{r.code}": f"{r.name}上限" for r in RESOURCES.values()},
}
_SWITCH = {"True": "是", "False": "否"}
_LONGEST_QUOTE = 30


def carried(**more: str) -> dict[str, str]:
    """The shared choices, of this page or of one before it, and what the link itself points at."""
    shared = {key: chosen for key in _SHARED if (chosen := carried_choice(key))}
    return {**shared, **more}


def address(page: str, **more: str) -> str:
    """The address of a page at the same choices, for links inside tables."""
    return f"{page or './'}?{urlencode(carried(**more))}"


def school_address(school_id: str) -> str:
    """The address of a school's profile."""
    return address("profile", school=school_id)


def unit_address(unit_id: str, township_code: str | None = None, **more: str) -> str:
    """The address of a department's page, or of the township's that answers in its place."""
    place = {"unit": unit_id} if township_code is None else {"township": township_code}
    return address("units", **place, **more)


def linked_choice(
    label: str,
    options: Sequence[str],
    key: str,
    names: Mapping[str, str],
    *,
    placeholder: str | None = None,
    labelled: bool = True,
) -> str | None:
    """A choice whose identifier, not its name, stands in the address; None until something is chosen.

    One whose placeholder says what is chosen is not `labelled`, except for those who hear the page.
    """
    linked = st.query_params.get(key)
    if linked not in options:
        refuse(key, label, None)
    chosen = st.selectbox(
        label,
        options,
        index=options.index(linked) if linked in options else None,
        format_func=lambda option: names[option],
        placeholder=placeholder,
        label_visibility="visible" if labelled else "collapsed",
    )
    if chosen is not None and chosen != linked:
        st.query_params[key] = chosen
    return chosen


def refusal_sentence(refusal: Refusal) -> str:
    """Where a link could not be followed, what it asked, what is shown instead and what to do; for Markdown."""
    name = refusal.name or BOUND.get(refusal.key, refusal.key)
    asked = refusal.asked if len(refusal.asked) <= _LONGEST_QUOTE else refusal.asked[:_LONGEST_QUOTE] + "…"
    shown = "未选定" if refusal.shown is None else f"按“{_SWITCH.get(refusal.shown, refusal.shown)}”显示"
    return plain(
        f"链接中的{name}“{asked}”不存在或不在可选范围内，现{shown}。请在本页重新选择{name}，或向发来链接的人核对。"
    )
