"""领导小组: the pack of its next meeting on one page: what changed, what to decide, what of its own is late, who owes what."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.delivery.owed.escalation import due_letters
from core.delivery.owed.meeting import Since, meeting_days, overdue_decisions, since
from core.delivery.owed.scoreboard import Score, scoreboard
from core.delivery.records.persons import PersonKey
from core.delivery.records.records import Decision, reported_in_month
from core.reports.briefing.page import Briefing, briefing_pdf
from core.reports.meeting_pack import meeting_pack
from core.reports.tables import file_name
from core.wording.carrying_out.letters import due_lines
from core.wording.carrying_out.meeting import Question, as_of_line, meeting_headline, questions, since_texts
from core.wording.delivery import NOBODY_NAMED, responsible_text
from core.wording.positions import county_parts, overdue_by_unit, part_change
from ui import cache
from ui.access import while_permitted
from ui.forwarding import checked, pin_here
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address, linked_choice, unit_address
from ui.status_view import day_text, unit_link
from ui.tables import sentence_table


def headline(view: View) -> str:
    """Verdict, own decisions late, letters due."""
    return meeting_headline(view.situation, view.assessment)


def choose_since(view: View) -> Since | None:
    """What changed since the last day on which something was decided, or since another such day; None without any."""
    days = meeting_days(view.situation)
    if not days:
        return None
    names = {day.isoformat(): f"{day} 会议" for day in days}
    with st.container(key="choices_meeting"):
        chosen = linked_choice("与哪次会议相比", list(names), "since", names, placeholder=f"上次会议（{days[0]}）")
    day = days[0] if chosen is None else date.fromisoformat(chosen)
    return since(cache.situation(view.key, day), view.situation)


def pack(view: View, found: Since | None) -> None:
    """The whole pack, in the order in which a meeting takes it."""
    st.caption(plain(as_of_line(view.situation, found)))
    _parts(view)
    st.header("会议以来的变化", anchor=False)
    if found is None:
        st.info("还没有登记过领导小组的议定事项；登记后，这里列出上次会议以来的变化。")
    else:
        sentence_table(
            [{"方面": f"**{topic}**", "变化": plain(text)} for topic, text in since_texts(found, view.situation)]
        )
    st.header("提请决定", anchor=False)
    _questions(view)
    st.header("本组议定、已逾期的事项", anchor=False)
    _own(view)
    st.header("应发未发的督办文书", anchor=False)
    _letters(view)
    with st.expander("各单位逾期"):
        _by_unit(view)


def _parts(view: View) -> None:
    before = view.situation.facts.assessments.get(view.year - 1)
    sentence_table(
        [
            {
                "部分": f"**{plain(part.title)}**",
                "达标": plain(f"{part.now.met}/{part.now.total} {part.unit}"),
                "结论": verdict_mark(part.now.verdict),
                "变化": plain(part_change(part.now, part.before, part.unit)),
            }
            for part in county_parts(view.assessment, before)
        ]
    )


def _asked(view: View) -> list[Question]:
    return questions(view.situation, view.assessment, view.with_changes)


def _questions(view: View) -> None:
    found = _asked(view)
    if not found:
        st.success("没有需要提请决定的事项。")
        return
    sentence_table(
        [
            {
                "事项": f"**[{plain(f'{number}. {q.title}')}]({address(q.page, **dict([q.choice] if q.choice else []))})**",
                "依据的数字": plain(q.figures),
                "建议": plain(q.ask),
                "责任单位": plain(q.units or "—"),
            }
            for number, q in enumerate(found, 1)
        ],
        pressing=[True] * len(found),
    )


def _own(view: View) -> None:
    late = overdue_decisions(view.situation)
    if not view.situation.records.decisions:
        st.info("还没有登记过议定事项；登记后，逾期的列在这里。")
        return
    if not late:
        st.success("没有逾期的议定事项。")
        return
    sentence_table(
        [
            {
                "议定事项": f"**[{plain(d.decision)}]({address('projects', part='议定事项')})**",
                "责任单位": unit_link(view.plan, d.owner_unit_id),
                "责任人": _answering(view, d),
                "时限": day_text(standing.due),
                "逾期": f":red[▲ {standing.days_late} 天]",
            }
            for d, standing in late
        ]
    )


def _answering(view: View, decision: Decision) -> str:
    person = view.situation.persons.get(PersonKey("decision", decision.decision_id))
    if person is not None:
        return plain(responsible_text(person, view.actor))
    link = unit_address(decision.owner_unit_id, answering=f"decision:{decision.decision_id}")
    return f":red[▲ {NOBODY_NAMED}]" + (f" [明确]({link})" if view.actor.may("report") else "")


def _letters(view: View) -> None:
    due = due_letters(view.situation)
    if view.plan.supervision is None:
        st.info("方案没有规定逐级督办的天数。")
    elif not due:
        st.success("没有应发未发的文书。")
    else:
        link = address("supervision", supervision_part="督办文书")
        sentence_table(
            [
                {
                    "收文单位": f"**[{plain(line.to)}]({link})**",
                    "文书": plain(line.kind),
                    "逾期事项": plain(line.matters),
                    "最长": f":red[▲ {line.days_late} 天]",
                    "草稿": "　".join(f"[看草稿]({_letter(letter_id)})" for letter_id in line.drafts) or "—",
                }
                for line in due_lines(view.situation)
            ]
        )


def _letter(letter_id: str) -> str:
    return address("supervision", supervision_part="督办文书", letter=letter_id)


def _scores(view: View) -> tuple[Score, ...]:
    return scoreboard(view.situation, reported_in_month(view.store, view.county_code, view.as_of, view.as_of))


def _by_unit(view: View) -> None:
    listed = overdue_by_unit(view.situation, _scores(view))
    if not listed:
        st.success("没有逾期事项。")
        return
    sentence_table(
        [
            {
                "责任单位": f"**[{plain(o.name)}]({address('units')})**",
                "按期/到期": plain(o.in_time_text),
                "逾期": f":red[▲ {o.late} 项]" if o.late else "0 项",
                "逾期台账": plain(f"{o.issues_overdue} 件"),
            }
            for o in listed
        ]
    )


def pack_file(view: View, found: Since | None) -> None:
    """The pack as one A4 page."""

    def made() -> Briefing:
        return meeting_pack(
            view.situation,
            view.assessment,
            found,
            _scores(view),
            view.with_changes,
            view.source_line(),
            view.is_demo,
        )

    pin = pin_here(view, "county", view.county_code)
    st.download_button(
        "下载会议材料 PDF",
        while_permitted("view", lambda: briefing_pdf(checked(view, made(), pin))),
        file_name("领导小组会议材料", f"截至{view.as_of:%Y%m%d}", view.county_name, "pdf", is_demo=view.is_demo),
        "application/pdf",
        key="meeting_pack",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )
