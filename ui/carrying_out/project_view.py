"""Building projects as cards: the six slots (六个一), what they deliver, how they stand; and their form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import streamlit as st

from core.delivery.on_time import DONE, Reason, Standing, severity
from core.delivery.owed.units import project_standing
from core.delivery.projects import (
    Project,
    ProjectDraft,
    append_project,
    blank_slots,
    project_history,
)
from core.delivery.records.owners import RESPONSIBLE_UNIT
from core.delivery.records.persons import PersonKey
from core.reports.delivery_tables import projects_table
from core.rules.plan import Plan, ProjectSlot
from core.wording.carrying_out.funds import funds_sentence
from core.wording.delivery import person_text, responsible_text, signature, standing_sentence
from core.wording.numbers import whole_text
from core.wording.school_names import is_open, school_in_year
from ui import draft
from ui.carrying_out.funds_view import funds_form, money
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import linked_choice, school_address
from ui.status_view import day_text, level_mark, unit_link
from ui.tables import downloads, sentence_table

_BLANK = ":red[▲ 空缺]"
_NEW = "new"


def headline(view: View) -> str:
    """How many projects there are, finished, late, with blank slots."""
    projects = [p for p in view.situation.projects if view.within(p.township_code)]
    if not projects:
        return view.of_township("还没有登记项目")
    standings = [project_standing(view.situation, p) for p in projects]
    done = sum(p.actual_completion is not None for p in projects)
    late = sum(s.reason is Reason.OVERDUE for s in standings)
    blank = sum(bool(blank_slots(view.plan, p)) for p in projects)
    expected = sum(s.reason is Reason.FORECAST_AFTER_DUE for s in standings)
    foreseen = f"，预计逾期 {expected} 个" if expected else ""
    counts = f"{len(projects)} 个项目，已完工 {done} 个，逾期 {late} 个{foreseen}，“六个一”有空缺 {blank} 个"
    return view.of_township(counts)


def project_cards(view: View) -> None:
    """The projects of a township or of all, those behind first."""
    if not view.situation.projects:
        st.info("还没有登记项目，请在下面登记。")
        return
    linked = st.query_params.get("project")
    projects = [p for p in view.situation.projects if view.within(p.township_code)]
    if not projects:
        st.info("该乡镇没有项目。")
    done = [p for p in projects if project_standing(view.situation, p).level == DONE and p.project_id != linked]
    for project in sorted(
        (p for p in projects if p not in done), key=lambda p: (p.project_id != linked, *_rank(view, p))
    ):
        with st.container(border=True):
            _card(view, project)
    if done:
        with st.expander(f"已完工 {len(done)} 个"):
            for project in done:
                with st.container(border=True):
                    _card(view, project)
    st.markdown(plain(funds_sentence(view.situation)))
    if projects:
        listed = projects_table(view.situation, projects, view.year, view.actor)
        downloads(view, [listed], view.township_name, key="projects")


def _rank(view: View, project: Project) -> tuple[bool, int, int, str]:
    standing = project_standing(view.situation, project)
    rank = severity(view.plan.warnings, standing.level) or 0
    late = 0 if standing.level == DONE else standing.days_late
    return (standing.level == DONE, -rank, -late, project.project_id)


def _card(view: View, project: Project) -> None:
    place = view.situation.township_names.get(project.township_code or "", "")
    stands = project_standing(view.situation, project)
    st.markdown(heading(view.plan, project, stands, place, f"**{plain(project.name)}**"))
    sentence_table([{slot.name: _slot(view, project, slot) for slot in view.plan.project_slots}])
    st.markdown(deliverables(project, _school_link(view, project.school_id)))
    person = view.situation.persons.get(PersonKey("project", project.project_id))
    st.markdown(f":gray[责任人]　{plain(responsible_text(person, view.actor))}")
    money(view, project)
    if project.note:
        st.caption(plain(f"{project.day} {signature(project.actor, project.verified, view.actor)}：{project.note}"))


def heading(plan: Plan, project: Project, stands: Standing, place: str, name: str) -> str:
    """How a project stands, after its name (in Markdown) and beside its township, in two lines of Markdown."""
    return (
        f"{name}　{level_mark(stands, plan)}　:gray[{plain(place)}]  \n"
        f"{plain(standing_sentence(stands))}；进度 {plain(_percent(project.progress))}"
    )


def _slot(view: View, project: Project, slot: ProjectSlot) -> str:
    content = project.slots.get(slot.slot_id, "").strip()
    if not content:
        return _BLANK
    if slot.slot_id == RESPONSIBLE_UNIT:
        return unit_link(view.plan, content)
    return plain(person_text(content, view.actor) if slot.is_person else content)


def _percent(progress: int | None) -> str:
    return "…" if progress is None else f"{progress}%"


def deliverables(project: Project, school: str) -> str:
    """What a project delivers, to which school (in Markdown), and when; what was not stated is left out."""
    figures = (
        ("新增学位", project.places, "个"),
        ("教学及辅助用房", project.teaching_area_m2, "㎡"),
        ("体育运动场馆", project.sports_area_m2, "㎡"),
        ("教室", project.rooms, "间"),
    )
    parts = [plain(f"{name} {whole_text(value)} {unit}") for name, value, unit in figures if value is not None]
    if school:
        parts.append(school)
    parts.append(plain(f"计划 {project.planned_start or '…'} 至 {project.planned_completion or '…'}"))
    if project.actual_completion:
        parts.append(plain(f"{project.actual_completion} 完工"))
    elif project.forecast_completion:
        parts.append(plain(f"预计 {project.forecast_completion} 完工"))
    return "　".join(parts)


def _school_link(view: View, school_id: str | None) -> str:
    if not school_id:
        return ""
    name = plain(school_in_year(view.situation, school_id, view.year))
    return f"[{name}]({school_address(school_id)})" if is_open(view.situation, school_id, view.year) else name


def _schools(view: View, chosen: str | None) -> dict[str, str]:
    """The schools of the year, and the one that a project already names."""
    held = {s.school_id for s in view.situation.facts.schools.get(view.year, ())}
    return {i: school_in_year(view.situation, i, view.year) for i in sorted(held | ({chosen} if chosen else set()))}


def project_form(view: View) -> None:
    """Register a project, or say how a known one now stands; earlier versions are kept."""
    projects = {p.project_id: p for p in view.situation.projects}
    with st.expander("登记或更新项目", expanded=not projects or st.query_params.get("project") == _NEW):
        names = {_NEW: "登记新项目", **{i: p.name for i, p in projects.items()}}
        chosen = linked_choice("项目", list(names), "project", names, placeholder="选择项目或登记新项目")
        if chosen is None:
            return
        known = projects.get(chosen)
        form = f"project_{chosen}"
        seen = draft.opened(form, lambda: known.number if known else 0)
        _fields(view, known, seen, form)
        if known is not None:
            _history(view, known)
    if known is not None:
        funds_form(view, known)


def _fields(view: View, known: Project | None, seen: int, form: str) -> None:
    allowed = may(view, "report")
    place = f"{form}_{draft.edition(form)}"
    before = known or ProjectDraft(day=view.as_of)
    townships, plan = view.situation.township_names, view.plan
    schools = _schools(view, before.school_id)
    with st.form(place, border=False):
        left, right = st.columns(2)
        with left:
            slots = {s.slot_id: _slot_field(view, before, s, place) for s in plan.project_slots}
            township = _pick("乡镇", townships, before.township_code, f"{place}_township")
            school = _pick("学校", schools, before.school_id, f"{place}_school")
        with right:
            places = _number("新增学位（个）", before.places, f"{place}_places")
            rooms = _number("新增教室（间）", before.rooms, f"{place}_rooms")
            teaching = _number("教学及辅助用房（㎡）", before.teaching_area_m2, f"{place}_teaching")
            sports = _number("体育运动场馆（㎡）", before.sports_area_m2, f"{place}_sports")
            progress = _number("进度（%）", before.progress, f"{place}_progress")
            planned_start = optional_day("计划开工", before.planned_start, f"{place}_start")
            planned = optional_day("计划完工", before.planned_completion, f"{place}_planned")
            forecast = optional_day("预计完工", before.forecast_completion, f"{place}_forecast")
            actual = optional_day("实际完工", before.actual_completion, f"{place}_actual")
            tendered = optional_day("招标", before.tendered_on, f"{place}_tendered")
            contract = optional_day("签订合同", before.contract_on, f"{place}_contract")
            contract_yuan = _number("合同金额（元）", before.contract_yuan, f"{place}_contract_yuan")
            accepted = optional_day("竣工验收", before.accepted_on, f"{place}_accepted")
        note = st.text_input("说明", key=f"{place}_note", max_chars=300)
        day = day_field(view, "填报日期", f"{place}_day")
        actor = writer(view, "填报人", f"{place}_name")

        def write() -> str:
            kept = ProjectDraft(
                day=day,
                project_id=known.project_id if known else "",
                slots=slots,
                township_code=township,
                school_id=school,
                places=places,
                rooms=rooms,
                teaching_area_m2=None if teaching is None else Decimal(teaching),
                sports_area_m2=None if sports is None else Decimal(sports),
                progress=progress,
                planned_start=planned_start,
                planned_completion=planned,
                forecast_completion=forecast,
                actual_completion=actual,
                tendered_on=tendered,
                contract_on=contract,
                contract_yuan=None if contract_yuan is None else Decimal(contract_yuan),
                accepted_on=accepted,
                lon=before.lon,
                lat=before.lat,
                note=note,
            )
            receipt = append_project(view.store, plan, view.county_code, kept, seen, actor, datetime.now())
            for other in receipt.intervening:
                draft.announce(
                    f"填报期间，{other.actor}已于 {other.recorded_at:%Y-%m-%d %H:%M} 更新了同一项目；两次填报都已保留，请核对。",
                    warning=True,
                )
            return f"已保存项目“{receipt.record.name}”。"

        send_button("保存项目", form, allowed, write)


def _slot_field(view: View, before: ProjectDraft, slot: ProjectSlot, place: str) -> str:
    content = before.slots.get(slot.slot_id, "")
    if slot.slot_id == RESPONSIBLE_UNIT:
        units = {u.unit_id: u.name for u in view.plan.units}
        return _pick(slot.name, units, content or None, f"{place}_{slot.slot_id}") or ""
    return st.text_input(slot.name, value=content, key=f"{place}_{slot.slot_id}", max_chars=200) or ""


def _pick(label: str, names: Mapping[str, str], before: str | None, key: str) -> str | None:
    options = list(names)
    index = options.index(before) if before is not None and before in names else None
    return st.selectbox(label, options, index=index, format_func=lambda o: names[o], key=key, placeholder="未填")


def _number(label: str, before: int | Decimal | None, key: str) -> int | None:
    value = None if before is None else int(before)
    return st.number_input(label, min_value=0, value=value, step=1, key=key, placeholder="未填")


def _history(view: View, project: Project) -> None:
    versions: Sequence[Project] = project_history(view.store, view.county_code, project.project_id, view.as_of)
    st.caption(f"共 {len(versions)} 次填报，旧的都保留。")
    sentence_table(
        [
            {
                "日期": day_text(v.day),
                "进度": plain(_percent(v.progress)),
                "预计完工": day_text(v.actual_completion or v.forecast_completion, "…"),
                "说明": plain(v.note),
                "填报人": plain(signature(v.actor, v.verified, view.actor)),
            }
            for v in reversed(versions)
        ]
    )
