"""适龄儿童: every township's children of school age, how many are at school, how far the cases account for the rest."""

from __future__ import annotations

import streamlit as st

from core.delivery.owed.attendance import TownshipAttendance, cases_of_year, townships_explained
from core.facts.county_series import Attendance
from core.reports.attendance_tables import townships_table
from core.wording.carrying_out.attendance import HOW_IT_COUNTS, attendance_headline, explained_text
from ui.frame import View
from ui.labels import plain
from ui.links import address
from ui.tables import downloads, sentence_table


def headline(view: View) -> str:
    """How many cases there are, and how many children that are not at school have none."""
    cases = [c for c in cases_of_year(view.situation) if view.within(c.township_code)]
    explained = [t for t in townships_explained(view.situation) if view.within(t.township_code)]
    return view.of_township(attendance_headline(cases, explained))


def townships(view: View) -> None:
    """The table of the townships, those with something unexplained first."""
    found = townships_explained(view.situation)
    if not found:
        st.info("还没有已发布的入学与控辍保学数据；请数据管理员在“数据管理”中上传。")
        return
    order = sorted(found, key=lambda t: -_unexplained(t))
    sentence_table(
        [
            {
                "乡镇": f"**[{plain(t.name)}]({address('units', township=t.township_code)})**",
                "应入学": plain(_with_cases(_share(t.reported), _share(t.followed))),
                "通知与返校": plain(_with_cases(_notices(t.reported), _notices(t.followed))),
                "个案": plain(f"{t.explained.cases} 件，未了结 {t.explained.open} 件" if t.explained.cases else "—"),
                "核对": plain(explained_text(t.explained)),
            }
            for t in order
        ],
        pressing=[_unexplained(t) > 0 for t in order],
    )
    st.caption(HOW_IT_COUNTS)
    downloads(view, [townships_table(found, view.year)], "", key="attendance_townships")


def _unexplained(township: TownshipAttendance) -> int:
    found = township.explained
    return (found.without_case or 0) + (found.notices_without_case or 0) + found.beyond


def _with_cases(reported: str, counted: str) -> str:
    """What was reported, and what the cases make of it where that is something else."""
    return reported if counted == reported else f"{reported}；按个案计 {counted}"


def _share(of: Attendance | None) -> str:
    if of is None or of.school_age is None or of.enrolled is None:
        return "未填报"
    missing = of.school_age - of.enrolled
    return f"{of.school_age:,} 人，已入学 {of.enrolled:,} 人" + (f"，差 {missing} 人" if missing > 0 else "")


def _notices(of: Attendance | None) -> str:
    if of is None or of.notices_served is None or of.notices_returned is None:
        return "未填报"
    return f"送达 {of.notices_served} 份，返校 {of.notices_returned} 人" if of.notices_served else "没有送达"
