"""Where things stand, in one manner on every page: the level with its shape, sub-items, issues, projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.on_time import DONE, NO_DATE, NOT_STARTED, ON_COURSE, UNKNOWN, Standing
from core.delivery.owed.units import project_standing
from core.delivery.projects import Project
from core.delivery.status.sub_item_status import Basis, SubItemStatus
from core.naming import named
from core.rules.plan import Plan
from core.wording.delivery import (
    BASIS_LABELS,
    BASIS_SENTENCES,
    DIVERGENCE_SENTENCES,
    REPORTED_LABELS,
    issue_name,
    issue_state_text,
    level_label,
    metric_text,
    standing_sentence,
)
from ui.frame import View
from ui.labels import plain
from ui.links import address, carried
from ui.menu import page_file
from ui.tables import sentence_table

_TONES = {DONE: "green", ON_COURSE: "blue", NOT_STARTED: "gray", NO_DATE: "gray", UNKNOWN: "gray"}
_WARNING_TONES = {"yellow": "yellow", "orange": "orange", "red": "red"}


def unit_link(plan: Plan, unit_id: str | None) -> str:
    """A unit's name, a link to its page; — while there is none."""
    return "—" if not unit_id else f"[{plain(plan.unit(unit_id).name)}]({address('units', unit=unit_id)})"


def back_link(view: View, page: str, label: str, **more: str) -> None:
    """A link to the same page without its choices."""
    # Without any parameter the browser would keep showing the old address.
    kept = {**carried(**more), "as_of": view.as_of.isoformat()}
    st.page_link(page_file(f"carrying_out/{page}"), label=label, icon=":material/arrow_back:", query_params=kept)


def day_text(day: date | None, otherwise: str = "—") -> str:
    """A date that a narrow column does not break."""
    return f":gray[{plain(day or otherwise)}]"


def level_mark(standing: Standing, plan: Plan) -> str:
    """The coloured level, for Markdown places."""
    return f":{level_tone(standing.level)}[{plain(level_label(standing, plan))}]"


def level_tone(level: str) -> str:
    """A level's colour as Markdown names it."""
    return _TONES.get(level) or _WARNING_TONES.get(level, "red")


def status_table(view: View, statuses: Sequence[SubItemStatus], empty: str, *, with_unit: bool = False) -> None:
    """Sub-items, the computed status beside the reported one; a difference is shown."""
    if not statuses:
        st.info(empty)
        return
    sentence_table([_line(view, status, with_unit) for status in statuses])


def _line(view: View, status: SubItemStatus, with_unit: bool) -> dict[str, str]:
    plan, owed = view.plan, status.obligation
    unit = {"责任单位": unit_link(plan, owed.lead_unit_id)} if with_unit else {}
    return {
        "子项": f"**{plain(status.sub_item.sub_item_id)}** {plain(status.sub_item.title)}",
        **unit,
        "核算": f"{level_mark(status.standing, plan)}  \n{plain(_grounds(view, status))}",
        "填报": _reported(status),
        "期限": day_text(status.standing.due or owed.due),
        "责任": plain(f"{BASIS_LABELS[owed.lead_basis]}；方案{status.sub_item.clause}"),
    }


def _grounds(view: View, status: SubItemStatus) -> str:
    words = BASIS_SENTENCES[status.basis]
    if status.standing.level in (UNKNOWN, NO_DATE):
        words = standing_sentence(status.standing)
    elif status.basis is Basis.EVIDENCE:
        words += f"（{status.evidence_filed}/{status.evidence_required} 份已归档）"
    elif status.metric is not None:
        words += f"（{metric_text(status)}）"
    if status.behind:
        names = view.situation.township_names
        words += f"；{len(status.behind)} 个乡镇未完成：{named([names.get(c, c) for c in status.behind])}"
    return words


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


def issue_table(view: View, issues: Iterable[tuple[Issue, IssueState]], empty: str) -> None:
    """Ledger issues, each a link to its steps."""
    rows = [
        {
            "问题": f"**[{plain(issue_name(issue))}]({issue_address(issue.serial)})**",
            "依据": plain(issue.basis),
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
