"""The card of what was clicked on the map: a school, a project or a township, each with the way to its page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.delivery.owed.units import project_standing_on
from core.delivery.projects import Project
from core.wording.numbers import whole_text
from core.wording.remedies import row_remedy
from core.wording.school_names import NOT_YET
from core.wording.verdicts import row_reason
from ui.carrying_out.map_marks import SchoolMark, TownshipFill, mark_words
from ui.carrying_out.map_text import identifier_text, label_text
from ui.carrying_out.map_view import MapContent
from ui.carrying_out.project_view import deliverables, heading
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.links import address, school_address


def card(view: View, shown: MapContent, clicked: dict[str, Any] | None, *, key: str) -> None:
    """What was clicked as it stands in the map's year; what that year does not have is said."""
    kind, identifier = (clicked or {}).get("kind"), identifier_text((clicked or {}).get("id"))
    if kind is None:
        st.caption("点击地图上的学校、项目或乡镇查看情况。")
        return
    with st.container(border=True, key=key, gap="small"):
        school = next((m for m in shown.marks if kind == "school" and m.place.school_id == identifier), None)
        project = next((p for p in shown.projects if kind == "project" and p.project_id == identifier), None)
        township = next((f for f in shown.fills if kind == "township" and f.code == identifier), None)
        if school:
            _school(view, school)
        elif project:
            _project(view, shown, project)
        elif township:
            _township(township)
        elif kind == "pair":
            st.markdown(plain(label_text((clicked or {}).get("label"))))
        else:
            st.markdown(f"{shown.year} 学年的地图上没有点选的这一处。")


def _school(view: View, mark: SchoolMark) -> None:
    st.markdown(f"**[{plain(mark.place.name)}]({school_address(mark.place.school_id)})**")
    if mark.left_out:
        st.markdown(plain(mark_words(mark)))
    for row in mark.rows:
        reason = row_reason(row, view.standard) or f"{row.met_count}/{len(row.indicators)} 项达标"
        st.markdown(f"{stage_name(row.stage)} {verdict_mark(row.verdict, row.borderline)}　{plain(reason)}")
        remedy = row_remedy(row, view.standard)
        if remedy:
            st.markdown(f"**怎么补**　{plain(remedy)}")


def _project(view: View, shown: MapContent, project: Project) -> None:
    stands = project_standing_on(view.plan, shown.day, project)
    place = shown.assessment.township_names.get(project.township_code or "", "")
    link = address("projects", part="项目六个一", project=project.project_id)
    st.markdown(heading(view.plan, project, stands, place, f"**[{plain(project.name)}]({link})**"))
    names = {m.place.school_id: m.place.name for m in shown.marks}
    school = plain(NOT_YET) if project.school_id else ""
    if project.school_id in names:
        school = f"[{plain(names[project.school_id])}]({school_address(project.school_id)})"
    st.markdown(deliverables(project, school))


def _township(fill: TownshipFill) -> None:
    link = address("schools", township=fill.code)
    st.markdown(f"**[{plain(fill.name)}]({link})**　{plain(fill.words())}，在校生 {whole_text(fill.pupils)} 人")
