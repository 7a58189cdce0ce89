"""The levers of a what-if: 现状 → 方案, grouped, each resettable, all in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import streamlit as st

from core.outlook.baseline import WHOLE_COUNTY, Place
from core.outlook.what_if.class_plan import CAP_RANGE
from core.outlook.what_if.levers import GROUP_NAMES, RESOURCES, AddResource, ClassCap, Lever, PupilsPercent, Resource
from core.rules.standard import STAGES
from core.wording.numbers import amount_text
from ui.draft import put_back
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain, stage_name

_PREFIX = "lever_"
# How far a slider goes and in which steps, in the resource's unit; equipment is shown in 万元.
_REACH = {
    "L1": (200, 1),
    "L2": (60, 1),
    "L3": (60, 1),
    "L4": (20_000, 100),
    "L5": (40_000, 100),
    "L6": (1_000, 5),
    "L7": (100, 1),
}
_YUAN_PER_WAN = 10_000
_MOST_PERCENT = 30


@dataclass(frozen=True)
class Wishes:
    """What the planner asks for: the levers to judge, and the caps and pupils of the class plan."""

    levers: tuple[Lever, ...]
    caps: dict[str, int]
    pupils_percent: Decimal

    def with_also(self, levers: Sequence[Lever]) -> Wishes:
        """These wishes and further levers after them."""
        return replace(self, levers=(*self.levers, *levers))


def choose_levers(view: View) -> Wishes:
    """The levers by group for one school, a township or the whole county."""
    place = _choose_place(view)
    levers: list[Lever] = []

    st.markdown(f"**{GROUP_NAMES['classes']}与{GROUP_NAMES['pupils']}**")
    caps: dict[str, int] = {
        stage: st.slider(
            f"{stage_name(stage)}班额上限（人）",
            *CAP_RANGE[stage],
            CAP_RANGE[stage][1],
            key=f"{_PREFIX}cap_{stage}",
            bind="query-params",
        )
        for stage in STAGES
    }
    percent = Decimal(
        st.slider(
            "学生数变化（%）",
            -_MOST_PERCENT,
            _MOST_PERCENT,
            0,
            key=f"{_PREFIX}pupils",
            bind="query-params",
            format="%+d%%",
        )
    )
    regroup = st.toggle("按班额上限重新编班并计入结论", key=f"{_PREFIX}regroup", bind="query-params")
    if percent:
        levers.append(PupilsPercent(percent, place))
    if regroup:
        levers += [ClassCap(stage, caps[stage], place) for stage in STAGES if _teaches(view, place, stage)]

    for group in ("teachers", "premises", "equipment"):
        with st.expander(GROUP_NAMES[group], expanded=group == "teachers"):
            for resource in (r for r in RESOURCES.values() if r.group == group):
                reach, step = _REACH[resource.code]
                in_wan = resource.unit == "元"
                unit = "万元" if in_wan else resource.unit
                key = f"{_PREFIX}{resource.code}"
                more = st.slider(
                    f"{resource.name}：增加（{unit}）",
                    0,
                    reach,
                    0,
                    step,
                    key=key,
                    bind="query-params",
                )
                if more:
                    amount = more * _YUAN_PER_WAN if in_wan else more
                    levers.append(AddResource(resource.code, amount, place))
                    held = view.baseline.held(resource.code, place)
                    _now_and_then(resource, held, amount, key)
    return Wishes(tuple(levers), caps, percent)


def _now_and_then(resource: Resource, held: float, amount: int, key: str) -> None:
    """What the place holds today and under the plan, and the way back."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        now, then = amount_text(held, resource.unit), amount_text(held + amount, resource.unit)
        st.caption(plain(f"现状 {now} → 方案 {then}"))
        st.button("恢复", key=f"back_{key}", type="tertiary", on_click=put_back, args=({key: 0},))


def _teaches(view: View, place: Place, stage: str) -> bool:
    return any(
        row.stage == stage
        and (place.scope != "school" or row.school_id == place.code)
        and (place.scope != "township" or row.township_code == place.code)
        for row in view.assessment.rows
    )


def _choose_place(view: View) -> Place:
    assessment = view.assessment
    with_rows = {row.township_code for row in assessment.rows}
    places = {COUNTY_WIDE: WHOLE_COUNTY}
    for code, name in assessment.township_names.items():
        if code in with_rows:
            places[name] = Place("township", code)
    for row in assessment.rows:
        places[f"{row.name} {row.school_id}"] = Place("school", row.school_id)
    chosen = st.selectbox(
        "范围",
        list(places),
        key=f"{_PREFIX}place",
        bind="query-params",
        help="全县、一个乡镇或一所学校；总量先补差得少的学校",
    )
    return places[str(chosen)]


def reset_button(also: Callable[[], None]) -> None:
    """Put every lever back to the present; `also` takes back what is no slider."""
    present: dict[str, object] = {f"{_PREFIX}cap_{stage}": CAP_RANGE[stage][1] for stage in STAGES}
    present |= {f"{_PREFIX}pupils": 0, f"{_PREFIX}regroup": False, f"{_PREFIX}place": COUNTY_WIDE}
    present |= {f"{_PREFIX}{code}": 0 for code in RESOURCES}

    def reset() -> None:
        put_back(present)
        also()

    st.button("全部恢复现状", icon=":material/restart_alt:", on_click=reset, width="stretch")
