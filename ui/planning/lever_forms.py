"""The forms that add a lever: resources, pupils and class sizes, moves, schools that open, close or merge, projects."""

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
from core.outlook.baseline import WHOLE_COUNTY, Place
from core.outlook.forecast.cohorts import GRADES, stage_of_grade
from core.outlook.what_if.class_plan import CAP_RANGE
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import (
    RESOURCES,
    AddResource,
    ClassCap,
    Lever,
    MovePupils,
    MoveTeachers,
    OpenClasses,
    PupilsPercent,
)
from core.rules.standard import STAGES
from core.wording.planning.scenario import COMMITTED, completion_text, delivered_text
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain, stage_name
from ui.planning.lever_address import MOST_LEVERS, Wishes, keep_levers

_NEW_KINDS = ("primary", "junior", "nine_year")
_YUAN_PER_WAN = 10_000
_SHARED = {"need": "先补缺口小的学校", "pupils": "按学生数"}


def add_lever(view: View, wishes: Wishes) -> None:
    """Choose a kind of lever and its particulars; one that cannot be is refused with its reason."""
    kinds: dict[str, Callable[[View, Sequence[Lever]], list[Lever] | None]] = {
        "教师、校舍、设备": _add_resource,
        "学生数": _pupils_percent,
        "班额上限": _class_cap,
        "调动教师": _move_teachers,
        "转移学生": _move_pupils,
        "增开班级": _open_classes,
        "音美教室": _add_rooms,
        "项目完工": _finish_project,
        "新设学校": _open_school,
        "学校并入": _merge_school,
        "停办学校": _close_school,
    }
    with st.expander("再加一项", icon=":material/add_circle:", key="adjustment_box", expanded=not wishes.levers):
        first = next(iter(kinds))
        kind = str(st.pills("添加一项调整", list(kinds), default=first, required=True, key="adjustment_kind") or first)
        with st.form("adjustment", border=False):
            wished = kinds[kind](view, wishes.levers)
            sent = st.form_submit_button("加入方案", disabled=wished is None)
        if sent and wished:
            add_levers(view, wishes, wished)


def add_levers(view: View, wishes: Wishes, wished: Sequence[Lever]) -> None:
    """Take levers into the address, once they have been judged: what only the figures can refuse is refused here."""
    try:
        if len(wishes.listed) + len(wished) > MOST_LEVERS:
            raise RequestInvalid(f"一个方案最多 {MOST_LEVERS} 项调整，请分成几个方案保存。")
        view.judged(changes=changes_for([*wishes.levers, *wished], view.baseline))
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    keep_levers([*wishes.listed, *wished])
    st.rerun()


def _add_resource(view: View, so_far: Sequence[Lever]) -> list[Lever] | None:
    kinds = {code: f"{r.name}（{'万元' if r.unit == '元' else r.unit}）" for code, r in RESOURCES.items()}
    code = str(st.selectbox("增减什么", list(kinds), format_func=lambda c: kinds[c], key="add_code"))
    place = _place("在哪里", view, so_far, "add_place")
    more = int(st.number_input("增加数（减少填负数）", value=1, step=1, key="add_amount"))
    by = st.radio("几所学校怎么分", list(_SHARED), format_func=lambda b: _SHARED[b], horizontal=True, key="add_by")
    if not more:
        return None
    amount = more * _YUAN_PER_WAN if RESOURCES[code].unit == "元" else more
    return [AddResource(code, amount, place, by="pupils" if by == "pupils" else "need")]


def _pupils_percent(view: View, so_far: Sequence[Lever]) -> list[Lever] | None:
    place = _place("在哪里", view, so_far, "percent_place")
    percent = int(st.number_input("学生数变化（%，减少填负数）", value=5, step=1, key="percent_amount"))
    return [PupilsPercent(Decimal(percent), place)] if percent else None


def _class_cap(view: View, so_far: Sequence[Lever]) -> list[Lever]:
    stage = _stage("cap_stage")
    least, most = CAP_RANGE[stage]
    place = _place("在哪里", view, so_far, "cap_place")
    cap = int(st.number_input("每班至多（人）", value=most, key="cap_amount"))
    st.caption(f"可填 {least}–{most} 人；超过的年级按上限重新编班。")
    return [ClassCap(stage, cap, place)]


def _place(label: str, view: View, so_far: Sequence[Lever], key: str) -> Place:
    """The county, a township or a school; at first what the bar of the page names."""
    now = view.baseline
    places = {COUNTY_WIDE: WHOLE_COUNTY}
    with_rows = {row.township_code for row in now.assessment.rows}
    places |= {name: Place("township", code) for code, name in now.facts.township_names.items() if code in with_rows}
    first = list(places).index(view.township_name) if view.township_name in places else 0
    for row in now.assessment.rows:
        places.setdefault(f"{row.name}（{row.school_id}）", Place("school", row.school_id))
    for lever in so_far:
        if isinstance(lever, OpenSchool):
            places[f"{lever.name}（新设）"] = Place("school", lever.school_id)
    return places[str(st.selectbox(label, list(places), first, key=key))]


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
    st.caption("该年级学生均分到现有和新增的各班；新增教室按单价计入费用，所需教师另加一项“教师”计入。")
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
