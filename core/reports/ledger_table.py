"""The supervision ledger in the columns that officials expect, one row an issue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.access import Actor
from core.delivery.ledger.ledger import ASSIGNED, CLOSED, RECHECK, Issue, IssueState
from core.delivery.status.situation import Situation
from core.rules.plan import Plan
from core.wording.carrying_out.ledger import issue_now, issue_state_text
from core.wording.delivery import person_text, signature
from core.wording.school_names import school_names

LEDGER_COLUMNS = (
    "序号",
    "问题",
    "建账时依据",
    "现状",
    "涉及学校",
    "责任单位",
    "责任人",
    "整改措施",
    "时限",
    "进展",
    "佐证",
    "状态",
    "核验人",
    "销号日期",
)
LedgerCell = str | int | date | None


def ledger_rows(
    situation: Situation, reader: Actor, issues: Iterable[Issue] | None = None
) -> list[dict[str, LedgerCell]]:
    """The ledger, or the given issues of it, by LEDGER_COLUMNS; a cell not yet filled is None.

    A re-opened issue has no closing date; names that no login vouches for are marked.
    """
    names = school_names(situation)
    states = situation.issue_states
    chosen = situation.issues if issues is None else issues
    return [_row(issue, states[issue.number], situation.plan, names, reader) for issue in chosen]


def _row(issue: Issue, state: IssueState, plan: Plan, names: dict[str, str], reader: Actor) -> dict[str, LedgerCell]:
    assigned, rechecked, closed = issue.latest(ASSIGNED), issue.latest(RECHECK), issue.latest(CLOSED)
    unit_id = None if assigned is None else assigned.unit_id
    cells: tuple[LedgerCell, ...] = (
        issue.serial,
        issue.title,
        issue.basis,
        issue_now(issue, state) or None,
        "、".join(names.get(school_id, school_id) for school_id in issue.school_ids) or None,
        None if unit_id is None else plan.unit(unit_id).name,
        None if assigned is None else person_text(assigned.person, reader),
        issue.latest_text("measures") or None,
        None if assigned is None else assigned.due,
        issue.latest_text("progress") or None,
        issue.latest_text("evidence") or None,
        issue_state_text(state, plan),
        None if rechecked is None else signature(rechecked.actor, rechecked.verified, reader),
        None if closed is None or state.is_open else closed.day,
    )
    return dict(zip(LEDGER_COLUMNS, cells, strict=True))
