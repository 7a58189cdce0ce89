"""在校月报: every school says each month how many stand on its roll and how many attend."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.attendance.cases import case_scope
from core.delivery.attendance.months import MonthDraft, keep_month
from core.delivery.owed.attendance import SchoolMonth, school_months
from core.errors import RequestInvalid
from core.reports.attendance_tables import months_table
from core.wording.school_names import school_names
from ui import draft
from ui.carrying_out.attendance.case_view import homes
from ui.forms import may, send_button
from ui.frame import View
from ui.labels import plain
from ui.tables import downloads, sentence_table

_SHOWN = 40


def months(view: View) -> None:
    """Which schools have said nothing, where absent pupils have no case, and the form of one school."""
    month = view.as_of.replace(day=1)
    found = school_months(view.situation, month)
    if not found:
        st.info("还没有已发布的学校数据。")
        return
    silent = [m for m in found if m.said is None]
    lacking = sum(m.absent_without_case for m in found)
    said = f"{month:%Y 年 %m 月}：{len(found) - len(silent)}/{len(found)} 所学校已报"
    st.markdown(plain(f"{said}，{lacking} 名未到校学生没有个案。" if len(silent) < len(found) else f"{said}。"))
    _form(view, found)
    township = view.township
    shown = [m for m in found if township in (None, m.township_code)]
    names, towns = school_names(view.situation), view.situation.township_names
    shown.sort(key=lambda m: (m.said is not None, -m.absent_without_case - m.cases_beyond))
    every = len(shown) > _SHOWN and st.toggle(f"全部 {len(shown)} 所", key="all_months", bind="query-params")
    listed = shown if every else shown[:_SHOWN]
    sentence_table(
        [
            {
                "学校": plain(names.get(m.school_id, m.school_id)),
                "乡镇": plain(towns.get(m.township_code, m.township_code)),
                "学籍": plain(m.said.on_roll if m.said else "—"),
                "实到": plain(m.said.attending if m.said else "—"),
                "核对": plain(_state(m)),
            }
            for m in listed
        ],
        pressing=[m.said is None or m.absent_without_case + m.cases_beyond > 0 for m in listed],
    )
    downloads(view, [months_table(shown, month, names, towns)], towns.get(township or "", ""), key="attendance_months")


def _state(month: SchoolMonth) -> str:
    if month.said is None:
        return "○ 未报"
    if month.absent_without_case:
        return f"▲ 未到 {month.said.absent} 人，{month.absent_without_case} 人没有个案"
    if month.cases_beyond:
        return f"▲ 未到 {month.said.absent} 人，未了结个案有 {month.open_cases} 件"
    return f"● 未到 {month.said.absent} 人，都有个案" if month.said.absent else "● 全部到校"


def _form(view: View, found: tuple[SchoolMonth, ...]) -> None:
    schools, names = homes(view), school_names(view.situation)
    own = [
        m.school_id
        for m in found
        if view.actor.may("attend", case_scope(view.plan, schools, m.township_code, m.school_id))
    ]
    form = "attendance_month"
    place = f"{form}_{draft.edition(form)}"
    with st.expander("填报一所学校", expanded=len(own) == 1):
        allowed = may(view, "attend")
        with st.form(place, border=False):
            school = st.selectbox(
                "学校", own, index=0 if len(own) == 1 else None, format_func=lambda s: names[s], key=f"{place}_school",
                placeholder="选择学校",
            )  # fmt: skip
            on_roll = st.number_input("学籍人数", 0, 20_000, None, 1, key=f"{place}_roll")
            attending = st.number_input("实到人数（含批准的病事假）", 0, 20_000, None, 1, key=f"{place}_attending")

            def write() -> str:
                if school is None or on_roll is None or attending is None:
                    raise RequestInvalid("没有保存：学校、学籍人数、实到人数都要填；全部到校的，两个数相同。")
                kept = MonthDraft(
                    school_id=school,
                    month=view.as_of.replace(day=1),
                    on_roll=int(on_roll),
                    attending=int(attending),
                    day=view.as_of,
                )
                keep_month(view.store, view.plan, schools, view.county_code, kept, view.actor, datetime.now())
                return f"{names[school]}{kept.month:%Y 年 %m 月}已报：未到校 {kept.on_roll - kept.attending} 人。"

            send_button("保存在校月报", form, allowed, write)
