"""Where things stand, in one manner on every page: the level with its shape, sub-items, issues, projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.on_time import (
    AT_RISK,
    CLAIMED,
    DONE,
    HISTORY,
    NO_DATE,
    NOT_REACHED,
    NOT_STARTED,
    ON_COURSE,
    UNKNOWN,
    Standing,
)
from core.delivery.owed.units import project_standing
from core.delivery.projects import Project
from core.delivery.records.persons import ResponsiblePerson
from core.delivery.records.records import SubItemUpdate
from core.delivery.status.obligation import Obligation
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.sub_item_status import Basis, SubItemStatus
from core.naming import named
from core.rules.plan import Plan
from core.wording.carrying_out.ledger import issue_name, issue_now, issue_state_text
from core.wording.carrying_out.targets import pace_text
from core.wording.delivery import (
    BASIS_LABELS,
    BASIS_SENTENCES,
    DIVERGENCE_SENTENCES,
    NOBODY_NAMED,
    REPORTED_LABELS,
    evidence_text,
    level_label,
    metric_text,
    missed_text,
    responsible_text,
    standing_sentence,
)
from ui.frame import View
from ui.labels import plain
from ui.links import address, carried, unit_address
from ui.menu import page_file
from ui.tables import sentence_table

_TONES = {
    DONE: "green",
    ON_COURSE: "blue",
    CLAIMED: "gray",
    AT_RISK: "orange",
    NOT_REACHED: "red",
    NOT_STARTED: "gray",
    NO_DATE: "gray",
    UNKNOWN: "gray",
    HISTORY: "gray",
}
_PACE_TONES = {
    PaceVerdict.REACHED: "green",
    PaceVerdict.HELD: "blue",
    PaceVerdict.ON_PACE: "blue",
    PaceVerdict.BEHIND: "orange",
    PaceVerdict.SHORT: "red",
    PaceVerdict.MISSED: "red",
    PaceVerdict.LATE: "green",
    PaceVerdict.UNDECIDED: "gray",
    PaceVerdict.HISTORY: "gray",
}
_WARNING_TONES = {"yellow": "yellow", "orange": "orange", "red": "red"}


def unit_link(plan: Plan, unit_id: str | None) -> str:
    """A unit's name, a link to its page; — while there is none."""
    return "—" if not unit_id else f"[{plain(plan.unit(unit_id).name)}]({unit_address(unit_id)})"


def back_link(view: View, page: str, label: str, **more: str) -> None:
    """A link to the same page without its choices."""
    # Without any parameter the browser would keep showing the old address.
    kept = {**carried(**more), "as_of": view.as_of.isoformat()}
    st.page_link(page_file(f"carrying_out/{page}"), label=label, icon=":material/arrow_back:", query_params=kept)


def day_text(day: date | None, otherwise: str = "—") -> str:
    """A date that a narrow column does not break."""
    return f":gray[{plain(day or otherwise)}]"


def days_mark(days: int, number: int) -> str:
    """How many days late, of several the longest."""
    return f":red[▲ {'最长 ' if number > 1 else ''}{days} 天]"


def level_mark(standing: Standing, plan: Plan) -> str:
    """The coloured level, for Markdown places."""
    return f":{level_tone(standing.level)}[{plain(level_label(standing, plan))}]"


def level_tone(level: str) -> str:
    """A level's colour as Markdown names it."""
    return _TONES.get(level) or _WARNING_TONES.get(level, "red")


def pace_mark(pace: PaceVerdict) -> str:
    """The sign and word of a pace in its colour, for Markdown places."""
    return f":{_PACE_TONES[pace]}[{pace_text(pace)}]"


def status_table(view: View, statuses: Sequence[SubItemStatus], empty: str, *, with_unit: bool = False) -> None:
    """Sub-items, the computed status beside the reported one; a difference is shown."""
    if not statuses:
        st.info(empty)
        return
    sentence_table([_line(view, status, with_unit) for status in statuses])


def _line(view: View, status: SubItemStatus, with_unit: bool) -> dict[str, str]:
    plan, owed = view.plan, status.obligation
    unit = {"责任单位": f"{unit_link(plan, owed.lead_unit_id)}{_sharing(plan, owed)}"} if with_unit else {}
    answering = view.situation.person(status.sub_item.sub_item_id, status.township_code)
    return {
        "具体措施": f"**{plain(status.sub_item.sub_item_id)}** {plain(status.sub_item.title)}",
        **unit,
        "核算": f"{level_mark(status.standing, plan)}  \n{plain(_grounds(view, status))}",
        "填报": _reported(status) + "".join(_shared(plan, update) for update in status.shared),
        "期限": day_text(status.standing.due or owed.due),
        "责任": f"{_answering(view, answering, status)}  \n"
        f":small[{plain(f'{BASIS_LABELS[owed.lead_basis]}；方案{status.sub_item.clause}')}]"
        + ("" if with_unit else _sharing(plan, owed)),
    }


def _sharing(plan: Plan, owed: Obligation) -> str:
    names = [plan.unit(r.unit_id).name for r in owed.sub_item.co_units if r.unit_id != owed.lead_unit_id]
    return f"  \n:small[配合：{plain('、'.join(names))}]" if names else ""


def _answering(view: View, person: ResponsiblePerson | None, status: SubItemStatus) -> str:
    """Who answers by name; of what each township leads, in how many somebody does."""
    places = view.situation.places(status.sub_item)
    if status.township_code is None and places != (None,):
        known = sum(view.situation.person(status.sub_item.sub_item_id, place) is not None for place in places)
        return plain(f"{known}/{len(places)} 个乡镇已明确")
    if person is None:
        link = unit_address(
            status.obligation.lead_unit_id,
            status.township_code,
            answering=f"sub_item:{status.sub_item.sub_item_id}",
        )
        return f":red[▲ {NOBODY_NAMED}]" + (f" [明确]({link})" if view.actor.may("report") else "")
    return plain(responsible_text(person, view.actor))


def _grounds(view: View, status: SubItemStatus) -> str:
    words = BASIS_SENTENCES[status.basis]
    if status.standing.level in (UNKNOWN, NO_DATE, AT_RISK, NOT_REACHED):
        words = standing_sentence(status.standing)
    elif status.basis is Basis.EVIDENCE:
        words += f"（{evidence_text(status)}）"
    elif status.metric is not None:
        words += f"（{metric_text(status)}）"
    if status.behind:
        names = view.situation.township_names
        words += f"；{len(status.behind)} 个乡镇未完成：{named([names.get(c, c) for c in status.behind])}"
    missed = missed_text(status)
    return f"{words}；{missed}" if missed else words


def _reported(status: SubItemStatus) -> str:
    reported = status.reported
    if reported is None:
        return "… 未填报"
    words = f"{REPORTED_LABELS[reported.status]}（{reported.day}）"
    if reported.progress is not None:
        words += f"，{reported.progress}%"
    if reported.forecast_date is not None and reported.status != "done":
        words += f"，预计 {reported.forecast_date} 完成"
    if reported.path_to_green:
        words += f"；{reported.path_to_green}"
    mark = f"  \n:orange[◆ {plain(DIVERGENCE_SENTENCES[status.divergence])}]" if status.divergence else ""
    return plain(words) + mark


def _shared(plan: Plan, update: SubItemUpdate) -> str:
    words = f"配合 {plan.unit(update.unit_id).name}：{REPORTED_LABELS[update.status]}（{update.day}）"
    if update.path_to_green:
        words += f"；{update.path_to_green}"
    return f"  \n:small[{plain(words)}]"


def issue_table(view: View, issues: Iterable[tuple[Issue, IssueState]], empty: str) -> None:
    """Ledger issues, each a link to its steps."""
    rows = [
        {
            "问题": f"**[{plain(issue_name(issue))}]({issue_address(issue.serial)})**",
            "建账时依据": plain(issue.basis),
            "现状": plain(issue_now(issue, state) or "—"),
            "状态": issue_mark(state, view.plan),
            "时限": day_text(state.standing.due, "未定"),
        }
        for issue, state in issues
    ]
    if rows:
        sentence_table(rows)
    else:
        st.info(empty)


def issue_address(serial: int) -> str:
    """The address of a ledger issue."""
    return address("projects", part="督办台账", issue=str(serial))


def issue_mark(state: IssueState, plan: Plan) -> str:
    """How an issue stands, coloured where it is late, open again or closed."""
    text = plain(issue_state_text(state, plan))
    if not state.is_open:
        return f":green[● {text}]"
    if state.reopened_on is not None:
        return f":red[▲ {text}]"
    return f":{_WARNING_TONES.get(state.standing.level, 'blue')}[{text}]"


def project_table(view: View, projects: Sequence[Project], empty: str) -> None:
    """Projects with their dates, each a link to its card."""
    if not projects:
        st.info(empty)
        return
    sentence_table(
        [
            {
                "项目": f"**[{plain(p.name)}]({address('projects', part='项目六个一', project=p.project_id)})**",
                "状态": level_mark(project_standing(view.situation, p), view.plan),
                "计划完工": day_text(p.planned_completion, "未定"),
                "预计完工": day_text(p.actual_completion or p.forecast_completion, "…"),
                "进度": "…" if p.progress is None else plain(f"{p.progress}%"),
            }
            for p in projects
        ]
    )
