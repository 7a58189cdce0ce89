"""挂牌督导: every school with its responsible inspector and visits, who is named, what was seen, the form of a visit."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.ledger.ledger import Issue
from core.delivery.owed.inspections import SchoolInspection, inspections
from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, name_persons
from core.delivery.supervision.visits import TOPICS, Visit, VisitDraft, keep_visit, school_scope
from core.people.people import read_people
from core.wording.carrying_out.ledger import issue_name
from core.wording.carrying_out.supervision import inspection_headline, visits_owed
from core.wording.delivery import NOBODY_NAMED, responsible_text, signature
from core.wording.school_names import school_names
from ui import draft
from ui.carrying_out.supervision.attachments_view import attachment_links, pictures, upload_field, uploads_of
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import address, linked_choice, school_address
from ui.status_view import back_link, day_text, issue_address, issue_mark
from ui.tables import sentence_table

_SHOWN = 30


def headline(view: View) -> str:
    """How many schools have an inspector, and how many were visited as often as the county asks."""
    return view.of_township(inspection_headline(_of_township(view), view.situation))


def _own(view: View) -> list[SchoolInspection]:
    """The schools that this person inspects, or all of them for everybody else."""
    found = inspections(view.situation)
    own = view.actor.schools if view.actor.roles & {"inspector", "school"} else frozenset()
    return [s for s in found if not own or s.school_id in own]


def _of_township(view: View) -> list[SchoolInspection]:
    return [s for s in _own(view) if view.within(s.township_code)]


def schools(view: View) -> None:
    """The schools, those not yet visited first, and the form that names an inspector."""
    rules = view.plan.supervision
    if rules is None:
        st.info("方案没有写明随访次数，只列随访记录；可在“实施方案 → 方案调整”中补写 supervision 一节。")
    listed = _of_township(view)
    everybody = [s.school_id for s in listed]
    names = school_names(view.situation)
    if any(visits_owed(s, view.situation) for s in listed) and st.toggle(
        "只看本月还须随访的", key="unvisited", bind="query-params"
    ):
        listed = [s for s in listed if visits_owed(s, view.situation)]
    if not listed:
        st.info("没有符合条件的学校。")
        return
    sentence_table(
        [
            {
                "学校": f"**[{plain(names[s.school_id])}]({school_address(s.school_id)})**",
                "乡镇": plain(view.situation.township_names.get(s.township_code, s.township_code)),
                "责任督学": plain(responsible_text(s.inspector, view.actor))
                if s.inspector
                else f":red[▲ {NOBODY_NAMED}]",
                "本月随访": _visited(view, s),
                "最近一次": f"[{s.last.day}]({address('supervision', supervision_part='督导记录', visit=str(s.last.number))})"
                if s.last
                else "—",
                "未销号问题": plain(f"{s.open_issues} 件") if s.open_issues else "—",
                "办理": _to_visit(view, s),
            }
            for s in listed
        ],
        pressing=[s.inspector is None or visits_owed(s, view.situation) > 0 for s in listed],
        fold="其余 {n} 所有责任督学、本月随访次数已够",
    )
    _naming(view, everybody)
    if rules is not None:
        st.caption(plain(rules.assumption))


def _visited(view: View, school: SchoolInspection) -> str:
    owed = visits_owed(school, view.situation)
    words = plain(f"{school.this_month} 次")
    return f":orange[◇ {words}，还差 {owed} 次]" if owed else f":green[● {words}]"


def _to_visit(view: View, school: SchoolInspection) -> str:
    if not view.actor.may("visit", school_scope(school.school_id)):
        return "—"
    return f"[登记随访]({address('supervision', supervision_part='督导记录', visit_school=school.school_id)})"


def _naming(view: View, listed: list[str]) -> None:
    """Name the inspector of some schools at once."""
    with st.expander("明确责任督学"):
        allowed = may(view, "supervise")
        form = "inspector"
        place = f"{form}_{draft.edition(form)}"
        names = school_names(view.situation)
        known = {p.person_id: p for p in read_people(view.store) if "inspector" in p.roles and p.is_active}
        with st.form(place, border=False):
            chosen = st.multiselect("学校（可选几所）", listed, format_func=lambda s: names[s], key=f"{place}_schools")
            account = st.selectbox(
                "责任督学的账号（有账号的选账号）",
                list(known),
                index=None,
                format_func=lambda i: f"{known[i].name}（{i}）",
                key=f"{place}_account",
                placeholder="没有账号的，在下面填姓名",
            )
            name = st.text_input("姓名", key=f"{place}_person", max_chars=20)
            phone = st.text_input("电话（校门公示的）", key=f"{place}_phone", max_chars=20)
            day = day_field(view, "自", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_writer")

            def write() -> str:
                person = known.get(account or "")
                drafts = [
                    ResponsiblePersonDraft(
                        key=PersonKey("school", school_id),
                        person=person.name if person else name or "",
                        day=day,
                        post="责任督学",
                        phone=phone or (person.phone if person else ""),
                        person_id=person.person_id if person else "",
                    )
                    for school_id in chosen
                ]
                name_persons(view.store, view.plan, view.county_code, drafts, actor, datetime.now())
                return f"已明确 {len(drafts)} 所学校的责任督学。"

            send_button("保存", form, allowed, write)


def visits(view: View) -> None:
    """One visit in full, the form of a new one, the list."""
    now = view.situation
    own = {s.school_id for s in _own(view)}
    held = [v for v in now.visits if v.school_id in own]
    names = school_names(now)
    titles = {str(v.number): f"{v.day} {names.get(v.school_id, v.school_id)}" for v in held}
    number = linked_choice("督导记录", list(titles), "visit", titles, placeholder="选一次看详情")
    if number is not None:
        _one_visit(view, next(v for v in held if str(v.number) == number))
        back_link(view, "supervision", "回到全部记录", supervision_part="督导记录")
    visit_form(view)
    if not held:
        st.info("还没有督导记录；到校后请在上面登记，发现的问题会同时建账。")
        return
    opened = _issues_by_visit(view)
    with_problems = st.toggle("只看发现问题的", key="with_problems", bind="query-params")
    schools_there = {s.school_id for s in _of_township(view)}
    held = [v for v in held if v.school_id in schools_there and (not with_problems or v.number in opened)]
    st.header(plain(f"督导记录 {len(held)} 次"), anchor=False)
    every = len(held) > _SHOWN and st.toggle(f"全部 {len(held)} 次", key="all_visits", bind="query-params")
    sentence_table(
        [
            {
                "学校": f"**[{plain(names.get(v.school_id, v.school_id))}]({_visit_address(v)})**",
                "日期": day_text(v.day),
                "事项": plain("；".join(TOPICS.get(t, t) for t in v.topics)),
                "情况": plain(v.observed),
                "建账": "　".join(f"[第 {i.serial} 号]({issue_address(i.serial)})" for i in opened.get(v.number, ()))
                or "—",
                "督学": plain(signature(v.actor, v.verified, view.actor)),
            }
            for v in (held if every else held[:_SHOWN])
        ]
    )


def _visit_address(visit: Visit) -> str:
    return address("supervision", supervision_part="督导记录", visit=str(visit.number))


def _issues_by_visit(view: View) -> dict[int, list[Issue]]:
    found: dict[int, list[Issue]] = {}
    for issue in view.situation.issues:
        if issue.source == "visit" and issue.source_id.isdecimal():
            found.setdefault(int(issue.source_id), []).append(issue)
    return found


def _one_visit(view: View, visit: Visit) -> None:
    """What was seen, by whom, what the school says, what it opened, and the way to the 督导意见书."""
    name = school_names(view.situation).get(visit.school_id, visit.school_id)
    issues = _issues_by_visit(view).get(visit.number, [])
    with st.container(border=True):
        st.markdown(
            f"**{plain(name)}**　{plain(visit.day)}　{plain(signature(visit.actor, visit.verified, view.actor))}  \n"
            f":gray[事项]　{plain('；'.join(TOPICS.get(t, t) for t in visit.topics))}  \n"
            f":gray[情况]　{plain(visit.observed)}  \n:gray[校方意见]　{plain(visit.response or '—')}"
            + (f"  \n:gray[附件]　{links}" if (links := attachment_links(view, visit.number)) else "")
        )
        pictures(view, [visit.number])
        states = view.situation.issue_states
        for issue in issues:
            st.markdown(
                f"[{plain(issue_name(issue))}]({issue_address(issue.serial)})　{issue_mark(states[issue.number], view.plan)}"
            )
        if issues and view.actor.may("visit", school_scope(visit.school_id)):
            link = address("supervision", supervision_part="督办文书", opinion=str(visit.number))
            st.markdown(f"[拟督导意见书]({link})")


def visit_form(view: View) -> None:
    """A visit as it is written down at the school: on a phone, with photographs."""
    asked = "visit_school" in st.query_params
    with st.expander(
        "登记一次督导", expanded=asked or ("inspector" in view.actor.roles and not view.actor.may("supervise"))
    ):
        allowed = may(view, "visit")
        form = "visit"
        place = f"{form}_{draft.edition(form)}"
        names = school_names(view.situation)
        own = [s.school_id for s in _own(view)]
        linked = st.query_params.get("visit_school")
        with st.form(place, border=False):
            school = st.selectbox(
                "学校",
                own,
                index=own.index(linked) if linked in own else None,
                format_func=lambda s: names[s],
                key=f"{place}_school",
                placeholder="选择学校",
            )
            topics = st.multiselect("督导事项", list(TOPICS), format_func=lambda t: TOPICS[t], key=f"{place}_topics")
            observed = st.text_area("看到的情况", key=f"{place}_observed", max_chars=1000)
            problems = st.text_area(
                "发现的问题（每行一个，逐个建账；没有的不填）", key=f"{place}_problems", max_chars=600
            )
            response = st.text_area("校方意见", key=f"{place}_response", max_chars=500)
            files = upload_field("照片或扫描件", f"{place}_files")
            day = day_field(view, "督导日期", f"{place}_day")
            actor = writer(view, "督学", f"{place}_writer")

            def write() -> str:
                kept = keep_visit(
                    view.store,
                    view.plan,
                    view.situation.facts,
                    view.county_code,
                    VisitDraft(
                        school_id=school or "",
                        topics=tuple(topics),
                        observed=observed or "",
                        day=day,
                        response=response or "",
                        problems=tuple(line.strip() for line in (problems or "").splitlines() if line.strip()),
                    ),
                    actor,
                    datetime.now(),
                    uploads_of(files),
                )
                st.query_params["visit"] = str(kept.visit.number)
                serials = "、".join(f"第 {issue.serial} 号" for issue in kept.issues)
                return "已登记督导记录" + (
                    f"，发现的问题已建账：{serials}。请拟督导意见书。" if serials else "，没有发现问题。"
                )

            send_button("登记督导", form, allowed, write)
