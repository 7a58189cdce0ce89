"""The content of a what-if: every lever a line, changed where it stands, taken out, or all put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import streamlit as st

from core.errors import PlatformError
from core.outlook.what_if.class_plan import CAP_RANGE
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import RESOURCES, AddResource, ClassCap, Lever, PupilsPercent
from core.wording.numbers import amount_text
from core.wording.planning.scenario import lever_text, place_text
from ui.draft import choose, widget_value
from ui.frame import View
from ui.labels import plain, stage_name
from ui.planning.lever_address import Wishes, edited_scenario, forget_levers, keep_levers, wishes_in_address

# How far a slider goes in a county, and in one school, in the resource's unit; the number beside it goes to the unit.
_REACH = {"L1": (200, 20), "L2": (60, 12), "L3": (60, 12), "L4": (20_000, 4_000), "L5": (40_000, 8_000)}
_REACH |= {"L6": (10_000_000, 2_000_000), "L7": (100, 20)}
_MOST_PERCENT = 30


def lever_list(view: View) -> Wishes:
    """The levers, each with its handle; none where they do not fit together, which is said."""
    try:
        wishes = wishes_in_address(view)
    except PlatformError as refusal:
        st.error(plain(refusal))
        return Wishes()
    levers = wishes.listed
    scenario = edited_scenario(view)
    if scenario is not None:
        st.markdown(f"由方案 {scenario.number} **{plain(scenario.name)}** 打开")
    if wishes.block:
        st.markdown(f"该方案的 {len(wishes.block)} 项调整作为一个整体计入。")
    elif not levers:
        st.markdown("还没有调整。从“可以这样补”选一项，或在下面添加。")
    for number, lever in enumerate(levers):
        _line(view, levers, number, lever)
    if wishes.levers:
        st.button("全部恢复现状", icon=":material/restart_alt:", on_click=forget_levers)
    try:
        # Below the lines: what no longer fits together can still be taken out one by one.
        changes_for(wishes.levers, view.baseline)
    except PlatformError as refusal:
        st.error(plain(f"{refusal}请删去与之有关的调整，其余调整暂不计入结论。"))
        return Wishes()
    return wishes


def _line(view: View, levers: Sequence[Lever], number: int, lever: Lever) -> None:
    with st.container(key=f"lever_line_{number}", gap="small"):
        match lever:
            case AddResource():
                _resource(view, levers, number, lever)
            case PupilsPercent():
                _percent(view, levers, number, lever)
            case ClassCap():
                _cap(view, levers, number, lever)
            case _:
                words, taken = st.columns([8.4, 1.5], vertical_alignment="center")
                words.markdown(plain(lever_text(lever, view.baseline)))
                _take_out(taken, levers, number)


def _resource(view: View, levers: Sequence[Lever], number: int, lever: AddResource) -> None:
    resource = RESOURCES[lever.code]
    where = place_text(lever.place, lever.stage, view.baseline)
    shared = "" if lever.place.scope == "school" else "，按学生数分配" if lever.by == "pupils" else "，先补缺口小的学校"
    held = _held(view, lever)
    now = "" if held is None else f"　:small[:gray[现状 {plain(amount_text(held, resource.unit))}]]"
    st.markdown(f"**{plain(resource.name)}** · {plain(where)}:small[{plain(shared)}]{now}")
    reach = max(_REACH[lever.code][lever.place.scope == "school"], abs(lever.amount))
    name = f"{resource.name} {where}"
    slider, box, taken = st.columns([5, 3.4, 1.5], vertical_alignment="center")
    with slider:
        _moved(levers, number, "amount", lever.amount, f"增减{name}（{resource.unit}）", -reach, reach)
    with box:
        _typed(levers, number, "amount", lever.amount, f"{name}增减数（{resource.unit}）")
    _take_out(taken, levers, number)


def _held(view: View, lever: AddResource) -> float | None:
    try:
        return view.baseline.held(lever.code, lever.place)
    except PlatformError:
        # A school that an earlier lever opens.
        return None


def _percent(view: View, levers: Sequence[Lever], number: int, lever: PupilsPercent) -> None:
    where = place_text(lever.place, lever.stage, view.baseline)
    st.markdown(f"**学生数变化（%）** · {plain(where)}")
    slider, taken = st.columns([8.4, 1.5], vertical_alignment="center")
    with slider:
        most = max(_MOST_PERCENT, int(abs(lever.percent)))
        _moved(levers, number, "percent", int(lever.percent), f"学生数变化 {where}（%）", -most, most)
    _take_out(taken, levers, number)


def _cap(view: View, levers: Sequence[Lever], number: int, lever: ClassCap) -> None:
    where = place_text(lever.place, lever.stage, view.baseline)
    st.markdown(f"**班额上限（人）** · {plain(where)}:small[，超过的年级重新编班]")
    slider, taken = st.columns([8.4, 1.5], vertical_alignment="center")
    with slider:
        least, most = CAP_RANGE.get(lever.stage, (lever.cap, lever.cap + 1))
        label = f"{stage_name(lever.stage)}班额上限 {where}（人）"
        _moved(levers, number, "cap", lever.cap, label, min(least, lever.cap), max(most, lever.cap))
    _take_out(taken, levers, number)


def _moved(levers: Sequence[Lever], number: int, field: str, value: int, label: str, least: int, most: int) -> None:
    """A slider on a lever's number; what the hand does goes into the address before the page is drawn."""
    key = f"slide_{number}_{field}"
    choose(key, value)
    st.slider(
        label,
        least,
        most,
        key=key,
        on_change=_set,
        args=(tuple(levers), number, field, key),
        label_visibility="collapsed",
    )


def _typed(levers: Sequence[Lever], number: int, field: str, value: int, label: str) -> None:
    key = f"type_{number}_{field}"
    choose(key, value)
    st.number_input(
        label,
        key=key,
        step=1,
        on_change=_set,
        args=(tuple(levers), number, field, key),
        label_visibility="collapsed",
    )


def _set(levers: Sequence[Lever], number: int, field: str, key: str) -> None:
    value = widget_value(key)
    if not isinstance(value, int):
        return
    lever = levers[number]
    if isinstance(lever, PupilsPercent):
        changed: Lever = replace(lever, percent=Decimal(value))
    elif isinstance(lever, ClassCap):
        changed = replace(lever, cap=value)
    else:
        assert isinstance(lever, AddResource)
        changed = replace(lever, amount=value)
    keep_levers([*levers[:number], changed, *levers[number + 1 :]])


def _take_out(column: st.delta_generator.DeltaGenerator, levers: Sequence[Lever], number: int) -> None:
    column.button(
        "删去",
        key=f"undo_{number}",
        type="tertiary",
        on_click=_without,
        args=(tuple(levers), number),
    )


def _without(levers: Sequence[Lever], number: int) -> None:
    keep_levers([*levers[:number], *levers[number + 1 :]])
