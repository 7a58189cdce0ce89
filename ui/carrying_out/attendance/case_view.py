"""疑似辍学 and 辍学: the cases, one in full, the form that says how it stands, the check of its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from core.delivery.attendance.cases import (
    PROOF_OF,
    AttendanceCase,
    CaseDraft,
    case_scope,
    check_outcome,
    keep_cases,
)
from core.delivery.owed.attendance import cases_of_year
from core.errors import RequestInvalid
from core.reports.attendance_tables import cases_table
from core.wording.carrying_out.attendance import (
    GRADE_NAMES,
    KIND_NAMES,
    NOTHING_PERSONAL,
    OUTCOME_NAMES,
    PROOF_NAMES,
    SOURCE_NAMES,
    case_state,
    case_title,
    notice_text,
    quarter_text,
)
from core.wording.delivery import signature
from core.wording.school_names import school_names
from ui import draft
from ui.forms import day_field, may, optional_day, send_button
from ui.frame import View
from ui.labels import plain
from ui.links import address, linked_choice
from ui.status_view import back_link
from ui.tables import downloads, sentence_table

_NO_SCHOOL = "未在学校（应入学未入学）"
_TERM_DAYS = 10


def homes(view: View) -> dict[str, str]:
    """The townships by school, of the year looked at and of those before."""
    of_years = view.situation.facts.schools
    return {s.school_id: s.township_code for year in sorted(of_years) for s in of_years[year]}


def suspected(view: View) -> None:
    """Cases that nobody has confirmed as dropped out, those whose term is over first, and a new one."""
    _ledger(view, "疑似辍学", [c for c in cases_of_year(view.situation) if c.confirmed_on is None])


def dropouts(view: View) -> None:
    """Cases confirmed as dropped out."""
    _ledger(view, "辍学", [c for c in cases_of_year(view.situation) if c.confirmed_on is not None])


def _ledger(view: View, name: str, cases: Sequence[AttendanceCase]) -> None:
    st.caption(NOTHING_PERSONAL)
    schools, towns = school_names(view.situation), view.situation.township_names
    by_id = {c.case_id: c for c in cases}
    titles = {c.case_id: case_title(c, schools, towns) for c in cases}
    chosen = linked_choice("个案", list(by_id), "case", titles, placeholder="选一件看详情、登记进展")
    if chosen is not None:
        _one(view, by_id[chosen])
        back_link(view, "attendance", "回到台账", attendance_part=name)
        return
    st.markdown(plain(f"{quarter_text(cases, view.as_of)}。"))
    _new_case(view, name)
    township = view.township
    shown = [c for c in cases if township in (None, c.township_code)]
    shown.sort(key=lambda c: (not c.is_open, not c.is_late(view.as_of), c.found_on))
    if not shown:
        st.info(f"没有{name}个案；发现有学生离校、未入学的，请在上面登记。")
        return
    sentence_table(
        [
            {
                "个案": f"**[{plain(titles[c.case_id])}]"
                f"({address('attendance', attendance_part=name, case=c.case_id)})**",
                "类别": plain(KIND_NAMES[c.kind]),
                "发现": plain(f"{c.found_on}（{SOURCE_NAMES[c.source]}）"),
                "通知书": plain(notice_text(c)),
                "现状": plain(case_state(c, view.as_of)),
            }
            for c in shown
        ],
        pressing=[c.is_open for c in shown],
    )
    table = cases_table(shown, f"{view.year}学年{name}台账", schools, towns, view.as_of)
    downloads(view, [table], towns.get(township or "", ""), key=f"attendance_{name}")


def _one(view: View, case: AttendanceCase) -> None:
    schools, towns = school_names(view.situation), view.situation.township_names
    with st.container(border=True):
        st.markdown(
            f"**{plain(case_title(case, schools, towns))}**　{plain(case_state(case, view.as_of))}  \n"
            f":gray[类别]　{plain(KIND_NAMES[case.kind])}　:gray[乡镇]　{plain(towns.get(case.township_code, ''))}  \n"
            f":gray[发现]　{plain(case.found_on)}，{plain(SOURCE_NAMES[case.source])}　:gray[认定辍学]　{plain(case.confirmed_on or '—')}  \n"
            f":gray[通知书]　{plain(notice_text(case))}  \n"
            f":gray[去向]　{plain(_outcome_text(case))}  \n"
            f":gray[最近登记]　{plain(case.day)}　{plain(signature(case.actor, case.verified, view.actor))}"
        )
    if case.outcome is not None and case.checked is None:
        _check(view, case)
    _form(view, case, f"case_{case.case_id}", "登记进展")


def _outcome_text(case: AttendanceCase) -> str:
    if case.outcome is None or case.proof is None:
        return "—"
    return f"{OUTCOME_NAMES[case.outcome]}，{case.outcome_on}，凭{PROOF_NAMES[case.proof]}"


def _new_case(view: View, name: str) -> None:
    with st.expander("登记一件个案"):
        _form(view, None, f"new_case_{name}", "登记个案")


def _form(view: View, case: AttendanceCase | None, form: str, label: str) -> None:
    """How a case stands, from found to outcome: all of it dates, numbers and words of a list."""
    schools = homes(view)
    scope = None if case is None else case_scope(view.plan, schools, case.township_code, case.school_id)
    allowed = may(view, "attend", scope)
    place = f"{form}_{draft.edition(form)}"
    with st.form(place, border=False):
        where = _where(view, place) if case is None else _same_place(case)
        fields = _notice_fields(case, place) | _outcome_fields(case, place)
        day = day_field(view, "登记日期", f"{place}_day")

        def write() -> str:
            kept = CaseDraft(
                **where,
                **fields,
                day=day,
                case_id=case.case_id if case else "",
                seen=draft.opened(form, lambda: case.number) if case else 0,
            )
            [case_id] = keep_cases(view.store, view.plan, schools, view.county_code, [kept], view.actor, datetime.now())
            st.query_params["case"] = case_id
            return f"已登记个案 {case_id}。" + ("去向经另一人核查后计算。" if kept.outcome else "")

        if case is not None:
            draft.opened(form, lambda: case.number)
        send_button(label, form, allowed, write)


def _same_place(case: AttendanceCase) -> dict[str, Any]:
    kept = ("kind", "source", "township_code", "school_id", "grade", "found_on")
    return {name: getattr(case, name) for name in kept}


def _where(view: View, place: str) -> dict[str, Any]:
    """What stays as it is found: whose child in which grade, since when, how it came to light."""
    schools, names, towns = homes(view), school_names(view.situation), view.situation.township_names
    own = [s for s in schools if view.actor.may("attend", case_scope(view.plan, schools, schools[s], s))] or list(
        schools
    )
    school = st.selectbox(
        "学校", ["", *own], index=None, format_func=lambda s: names[s] if s else _NO_SCHOOL, key=f"{place}_school",
        placeholder="选择学校",
    )  # fmt: skip
    town = st.selectbox(
        "乡镇（未在学校的填）", list(towns), index=None, format_func=lambda t: towns[t], key=f"{place}_town",
        placeholder="选了学校的不用选",
    )  # fmt: skip
    grade = st.selectbox(
        "年级（未入学的填应读年级）", list(GRADE_NAMES), index=None, format_func=lambda g: GRADE_NAMES[g],
        key=f"{place}_grade", placeholder="选择年级",
    )  # fmt: skip
    source = st.selectbox(
        "怎样发现的", list(SOURCE_NAMES), format_func=lambda s: SOURCE_NAMES[s], key=f"{place}_source"
    )
    found = day_field(view, "发现日期", f"{place}_found")
    return {
        "kind": "left" if school else "not_enrolled",
        "source": source,
        "township_code": schools.get(school or "", "") or town or "",
        "school_id": school or None,
        "grade": grade or 0,
        "found_on": found,
    }


def _notice_fields(case: AttendanceCase | None, place: str) -> dict[str, Any]:
    with st.expander("限期入学、复学通知书", expanded=case is not None and case.notice_on is None):
        number = st.number_input(
            "通知书序号（年份取送达日期）", 1, 99_999, case.notice_number if case else None, 1, key=f"{place}_number"
        )
        served = optional_day("送达日期", case.notice_on if case else None, f"{place}_served")
        term = optional_day(f"限期（一般 {_TERM_DAYS} 日内）", case.term if case else None, f"{place}_term")
    return {"notice_number": number, "notice_on": served, "term": term or _usual_term(served)}


def _usual_term(served: date | None) -> date | None:
    return None if served is None else served + timedelta(days=_TERM_DAYS)


def _outcome_fields(case: AttendanceCase | None, place: str) -> dict[str, Any]:
    with st.expander("认定和去向", expanded=case is not None and case.notice_on is not None):
        confirmed = optional_day(
            "认定为辍学的日期（疑似的不填）", case.confirmed_on if case else None, f"{place}_confirmed"
        )
        outcomes, proofs = list(OUTCOME_NAMES), list(PROOF_NAMES)
        outcome = st.selectbox(
            "去向", outcomes, index=outcomes.index(case.outcome) if case and case.outcome else None,
            format_func=lambda o: OUTCOME_NAMES[o], key=f"{place}_outcome", placeholder="还没有去向的不选",
        )  # fmt: skip
        outcome_on = optional_day("去向日期", case.outcome_on if case else None, f"{place}_outcome_on")
        proof = st.selectbox(
            "凭据", proofs, index=proofs.index(case.proof) if case and case.proof else None,
            format_func=lambda p: PROOF_NAMES[p], key=f"{place}_proof", placeholder="选择凭据",
            help="；".join(f"{OUTCOME_NAMES[o]}：{'或'.join(PROOF_NAMES[p] for p in PROOF_OF[o])}" for o in OUTCOME_NAMES),
        )  # fmt: skip
    return {"confirmed_on": confirmed, "outcome": outcome, "outcome_on": outcome_on, "proof": proof}


def _check(view: View, case: AttendanceCase) -> None:
    """A second person looks at the paper and says whether the outcome is true."""
    schools = homes(view)
    form = f"check_{case.case_id}"
    allowed = may(view, "check", case_scope(view.plan, schools, case.township_code, case.school_id))
    with st.form(f"{form}_{draft.edition(form)}"):
        found = st.segmented_control("核查去向和凭据", ["属实", "不属实"], key=f"{form}_found_{draft.edition(form)}")
        day = day_field(view, "核查日期", f"{form}_day_{draft.edition(form)}")

        def write() -> str:
            if found is None:
                raise RequestInvalid("没有登记：请选“属实”或“不属实”。")
            check_outcome(
                view.store, view.plan, schools, view.county_code, case.number, found == "属实", day, view.actor,
                datetime.now(),
            )  # fmt: skip
            return f"个案 {case.case_id} 已核查：{found}。"

        send_button("登记核查", form, allowed, write)
