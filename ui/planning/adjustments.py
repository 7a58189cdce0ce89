"""Single adjustments of a what-if: teachers and pupils who move, schools that open, close or merge, projects done.

They stand in the address one after the other, as they are applied, and each can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import count

import streamlit as st

from core.dataset.dictionary import name_of
from core.delivery.project_effects import completion_day, project_lever
from core.errors import PlatformError, RequestInvalid
from core.method.changes import ROOM_FACTS, Change, CloseSchool, MergeSchool, OpenSchool
from core.method.overlay import fact_name
from core.outlook.baseline import Place
from core.outlook.forecast.cohorts import GRADES, stage_of_grade
from core.outlook.what_if.codec import levers_from, to_text
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import RESOURCES, AddResource, Lever, MovePupils, MoveTeachers, OpenClasses
from core.outlook.what_if.scenario import Scenario, load_scenario
from core.rules.standard import STAGES
from core.wording.scenario import COMMITTED, completion_text, delivered_text, lever_text
from ui.frame import View
from ui.labels import plain, stage_name

_ADDRESS, OPENED = "also", "opened"
# Each is drawn, and laid over all figures again at every move of a slider.
_MOST = 40
_NEW_KINDS = ("primary", "junior", "nine_year")
_YUAN_PER_WAN = 10_000


def adjustments(view: View) -> tuple[Lever, ...]:
    """The adjustments in the address, each with a button that takes it back."""
    now = view.baseline
    try:
        opened = _opened(view)
        levers = levers_from(st.query_params.get(_ADDRESS, "[]"))
        if len(levers) > _MOST:
            raise RequestInvalid(f"链接中有 {len(levers)} 项单项调整，最多 {_MOST} 项；请分成几个方案保存。")
    except PlatformError as refusal:
        st.error(plain(refusal))
        return ()
    for place, lever in enumerate(levers):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"{place + 1}. {plain(lever_text(lever, now))}")
            if st.button("撤销", key=f"undo_{place}", icon=":material/undo:"):
                _keep([*levers[:place], *levers[place + 1 :]])
                st.rerun()
    try:
        # Below the lines: what no longer fits together can still be taken back one by one.
        changes_for([*opened, *levers], now)
    except PlatformError as refusal:
        st.error(plain(f"{refusal}请撤销与之有关的调整，其余调整暂不计入结论。"))
        return ()
    return (*opened, *levers)


def opened_number(view: View) -> int | None:
    """The saved scenario from which the what-if starts, None for none or one that cannot be opened."""
    try:
        scenario = _asked(view)
    except PlatformError:
        return None
    return None if scenario is None else scenario.number


def _asked(view: View) -> Scenario | None:
    number = st.query_params.get(OPENED)
    if not number:
        return None
    scenario = load_scenario(view.store, int(number))
    if (scenario.county_code, scenario.year) != (view.county_code, view.year):
        raise RequestInvalid(f"第 {number} 号方案属于 {scenario.year} 学年，请先在页面上方选择该学年。")
    return scenario


def _opened(view: View) -> tuple[Lever, ...]:
    """The levers of the saved scenario that the address opens. Raises RequestInvalid for one of another year."""
    scenario = _asked(view)
    if scenario is None:
        return ()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**方案 {scenario.number} {plain(scenario.name)}**（{len(scenario.levers)} 项调整）")
        if st.button("关闭方案", icon=":material/close:"):
            st.query_params.pop(OPENED, None)
            st.rerun()
    return scenario.levers


def add_adjustment(view: View, so_far: Sequence[Lever]) -> None:
    """Choose a kind of adjustment and its particulars; one that cannot be is refused with its reason."""
    kinds: dict[str, Callable[[View, Sequence[Lever]], list[Lever] | None]] = {
        "调动教师": _move_teachers,
        "转移学生": _move_pupils,
        "增开班级": _open_classes,
        "音美教室": _add_rooms,
        "项目完工": _finish_project,
        "新设学校": _open_school,
        "学校并入": _merge_school,
        "停办学校": _close_school,
    }
    with st.expander(
        "调动、增班、并校与项目", icon=":material/add_circle:", expanded=bool(so_far), key="adjustment_box"
    ):
        first = next(iter(kinds))
        kind = str(st.pills("添加一项调整", list(kinds), default=first, required=True, key="adjustment_kind") or first)
        with st.form("adjustment", border=False):
            wished = kinds[kind](view, so_far)
            sent = st.form_submit_button("加入方案", disabled=wished is None)
        if sent and wished:
            _add(view, so_far, wished)


def forget_adjustments() -> None:
    """Take every adjustment back, and close the scenario that was opened."""
    st.query_params.pop(_ADDRESS, None)
    st.query_params.pop(OPENED, None)


def _add(view: View, so_far: Sequence[Lever], wished: Sequence[Lever]) -> None:
    now = view.baseline
    try:
        # Judged before it is taken in: what only the figures can refuse is refused here.
        view.judged(changes=changes_for([*so_far, *wished], now))
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    _keep([*levers_from(st.query_params.get(_ADDRESS, "[]")), *wished])
    st.rerun()


def _keep(levers: Sequence[Lever]) -> None:
    if levers:
        st.query_params[_ADDRESS] = to_text(levers)
    else:
        st.query_params.pop(_ADDRESS, None)


def _school(label: str, view: View, so_far: Sequence[Lever], key: str, *, first: int = 0) -> str:
    """A school of the year, or one opened by an adjustment before; at first the one at this place in the list."""
    schools = view.baseline.facts.schools
    names = {i: s.name for i, s in schools.items() if s.is_open}
    names |= {lever.school_id: f"{lever.name}（新设）" for lever in so_far if isinstance(lever, OpenSchool)}
    index = min(first, len(names) - 1)
    return str(st.selectbox(label, list(names), index, format_func=lambda i: names[i], key=key))


def _stage(key: str) -> str:
    return str(st.selectbox("学段", STAGES, format_func=stage_name, key=key))


def _move_teachers(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    kinds = {code: r.name for code, r in RESOURCES.items() if r.is_teacher}
    code = str(st.selectbox("哪类教师", list(kinds), format_func=lambda c: kinds[c], key="move_kind"))
    stage = _stage("move_stage")
    giver, taker = _school("调出学校", view, so_far, "move_from"), _school("调入学校", view, so_far, "move_to", first=1)
    count = int(st.number_input("人数", value=1, key="move_count"))
    return [MoveTeachers(code, count, giver, taker, stage)]


def _move_pupils(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    stage = _stage("pupils_stage")
    giver, taker = (
        _school("转出学校", view, so_far, "pupils_from"),
        _school("转入学校", view, so_far, "pupils_to", first=1),
    )
    count = int(st.number_input("人数", value=50, key="pupils_count"))
    return [MovePupils(count, giver, taker, stage)]


def _open_classes(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    school_id = _school("学校", view, so_far, "classes_school")
    grade = int(st.selectbox("年级", range(1, GRADES + 1), format_func="{} 年级".format, key="classes_grade"))
    count = int(st.number_input("增开班级（个）", value=1, key="classes_count"))
    st.caption("该年级学生均分到现有和新增的各班；新增教室按单价计入费用，所需教师另用“教师”滑块计入。")
    return [OpenClasses(count, school_id, stage_of_grade(grade), grade)]


def _add_rooms(view: View, so_far: Sequence[Lever]) -> list[Lever] | None:
    school_id = _school("学校", view, so_far, "rooms_school")
    rooms = {fact: fact_name(fact) for fact in ROOM_FACTS}
    fact = str(st.selectbox("哪类教室", list(rooms), format_func=lambda f: rooms[f], key="rooms_kind"))
    count = int(st.number_input("增加（间）", value=1, key="rooms_count"))
    st.caption("按标准面积计；只计入 G3 音美教室，不另计教学及辅助用房面积。")
    return [Change(school_id, None, fact, "add", Decimal(count))]


def _finish_project(view: View, so_far: Sequence[Lever]) -> list[Lever] | None:
    schools = view.baseline.facts.schools
    open_ones = {
        p.project_id: p
        for p in view.situation.projects
        if p.actual_completion is None
        and p.school_id is not None
        and p.school_id in schools
        and schools[p.school_id].is_open
        and (p.teaching_area_m2 or p.sports_area_m2)
    }
    if not open_ones:
        st.caption("没有未完工且有交付面积的项目。")
        return None
    levers = {i: project_lever(p, completion_day(p, view.as_of)) for i, p in open_ones.items()}
    names = {i: f"{lever.name}（{delivered_text(lever)}，{completion_text(lever)}）" for i, lever in levers.items()}
    chosen = str(st.selectbox("项目", list(levers), format_func=lambda i: names[i], key="project_done"))
    st.caption(plain(f"交付的面积计入所在学校，完工日期按项目登记的预计日期；{COMMITTED}。"))
    return [levers[chosen]]


def _open_school(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    townships = view.assessment.township_names
    name = st.text_input("校名（必填）", key="new_name", max_chars=40).strip()
    kind = str(st.selectbox("类别", _NEW_KINDS, format_func=lambda k: name_of("kind", k), key="new_kind"))
    township = str(st.selectbox("乡镇", list(townships), format_func=lambda t: townships[t], key="new_township"))
    teaching = int(st.number_input("教学及辅助用房（㎡）", value=0, step=100, key="new_teaching"))
    sports = int(st.number_input("体育运动场地（㎡）", value=0, step=100, key="new_sports"))
    equipment = int(st.number_input("教学仪器设备（万元）", value=0, step=10, key="new_equipment"))
    rooms = int(st.number_input("网络多媒体教室（间）", value=0, key="new_rooms"))
    st.caption("先新设学校，再用“转移学生”“调动教师”把师生调入。")
    school_id = _unused(so_far)
    amounts = {"L4": teaching, "L5": sports, "L6": equipment * _YUAN_PER_WAN, "L7": rooms}
    added = [AddResource(code, n, Place("school", school_id)) for code, n in amounts.items() if n]
    return [OpenSchool(school_id, name, kind, township), *added]


def _unused(so_far: Sequence[Lever]) -> str:
    """An identifier that no school opened so far has."""
    taken = {lever.school_id for lever in so_far if isinstance(lever, OpenSchool)}
    return next(name for number in count(1) if (name := f"NEW-{number}") not in taken)


def _merge_school(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    left, into = (
        _school("并出学校", view, so_far, "merge_from"),
        _school("并入学校", view, so_far, "merge_into", first=1),
    )
    kept = st.checkbox("校舍设备由并入学校继续使用", key="merge_premises")
    reason = st.text_input("理由（永久性保留学校必填）", key="merge_reason", max_chars=100)
    return [MergeSchool(left, into, kept, reason)]


def _close_school(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    school_id = _school("停办学校", view, so_far, "close_school")
    reason = st.text_input("理由（永久性保留学校必填）", key="close_reason", max_chars=100)
    st.caption("有学生的学校须先转移学生，或改用“学校并入”。")
    return [CloseSchool(school_id, reason)]
