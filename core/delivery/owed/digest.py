"""What somebody has to know since a day: what fell due, became late, fails anew, was opened again, within their own scope.

digest(then, now, scope) -> Digest
scope_of(person or actor) -> Scope            whole county for those who look at it, else units, townships, schools
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.access import Role
from core.delivery.ledger.ledger import ASSIGNED, Issue
from core.delivery.on_time import DONE
from core.delivery.owed.meeting import since
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses, township_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.method.assessment import BalanceResult, ItemResult, SchoolRow, Verdict
from core.method.comparison import compare
from core.rules.plan import TOWNSHIPS_KIND

# Who looks at the whole county.
_OF_THE_COUNTY: frozenset[Role] = frozenset({"leader", "office", "reviewer", "clerk", "administrator"})


@dataclass(frozen=True)
class Scope:
    """Whose matters count: everybody's, or those of some units, townships and schools."""

    is_whole: bool = True
    units: frozenset[str] = frozenset()
    townships: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Digest:
    """What is new since a day. Sub-items stand with the township that owes them, None for a department's."""

    since: date
    as_of: date
    fell_due: tuple[SubItemStatus, ...]
    became_late: tuple[SubItemStatus, ...]
    still_late: int
    failing_rows: tuple[SchoolRow, ...]
    failing_balance: tuple[BalanceResult, ...]
    failing_items: tuple[ItemResult, ...]
    reopened: tuple[Issue, ...]
    opened: tuple[Issue, ...]
    overdue_issues: tuple[Issue, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that anybody has to do or know."""
        return not (
            self.fell_due
            or self.became_late
            or self.still_late
            or self.failing_rows
            or self.failing_balance
            or self.failing_items
            or self.reopened
            or self.opened
            or self.overdue_issues
        )


def scope_of(
    roles: Collection[Role], units: Collection[str], townships: Collection[str], schools: Collection[str]
) -> Scope:
    """The scope of a person with these roles and places."""
    if _OF_THE_COUNTY & set(roles) or not (units or townships or schools):
        return Scope()
    return Scope(False, frozenset(units), frozenset(townships), frozenset(schools))


def digest(then: Situation, now: Situation, scope: Scope) -> Digest:
    """The digest of a scope between two days."""
    found = since(then, now)
    old = {(s.sub_item.sub_item_id, s.township_code): s for s in _owed(then, scope)}
    owed = [] if now.plan_is_history else _owed(now, scope)
    late = [s for s in owed if s.is_late]
    before, after = then.assessment, now.assessment
    rows: tuple[SchoolRow, ...] = ()
    balance: tuple[BalanceResult, ...] = ()
    items: tuple[ItemResult, ...] = ()
    if before is not None and after is not None:
        changed = compare(before, after)
        rows = tuple(c.after for c in changed.rows if c.after is not None and c.after.verdict is Verdict.NOT_MET)
        balance = tuple(b for _, b in changed.balance if b.verdict is Verdict.NOT_MET)
        items = tuple(i for _, i in changed.items if i.verdict is Verdict.NOT_MET)
    states = now.issue_states
    open_now = [i for i in now.issues if states[i.number].is_open]
    return Digest(
        since=then.as_of,
        as_of=now.as_of,
        fell_due=tuple(s for s in owed if _fell_due(s, then.as_of, now.as_of)),
        became_late=tuple(s for s in late if not _was_late(old.get((s.sub_item.sub_item_id, s.township_code)))),
        still_late=len(late),
        failing_rows=tuple(r for r in rows if _has_row(scope, r)),
        failing_balance=balance if _answers(now, scope, "balance") else (),
        failing_items=tuple(i for i in items if _answers(now, scope, i.code)),
        reopened=tuple(i for i in found.reopened if _has_issue(scope, i)),
        opened=tuple(i for i in found.opened if _has_issue(scope, i) and states[i.number].is_open),
        overdue_issues=tuple(i for i in open_now if _has_issue(scope, i) and states[i.number].standing.days_late > 0),
    )


def _owed(situation: Situation, scope: Scope) -> list[SubItemStatus]:
    """What the scope leads: a department's once, what the townships lead in each of the scope's townships."""
    county = sub_item_statuses(situation).values()
    townships = situation.township_names if scope.is_whole else scope.townships & set(situation.township_names)
    led = [
        s
        for s in county
        if situation.plan.unit(s.obligation.lead_unit_id).kind != TOWNSHIPS_KIND
        and (scope.is_whole or s.obligation.lead_unit_id in scope.units)
    ]
    return [*led, *(s for code in sorted(townships) for s in township_statuses(situation, code).values())]


def _fell_due(status: SubItemStatus, after: date, until: date) -> bool:
    due = status.standing.due
    return due is not None and after < due <= until and status.standing.level != DONE


def _was_late(status: SubItemStatus | None) -> bool:
    return status is not None and status.is_late


def _has_row(scope: Scope, row: SchoolRow) -> bool:
    return scope.is_whole or row.school_id in scope.schools or row.township_code in scope.townships


def _has_issue(scope: Scope, issue: Issue) -> bool:
    if scope.is_whole:
        return True
    step = issue.latest(ASSIGNED)
    return (
        (step is not None and step.unit_id in scope.units)
        or issue.township_code in scope.townships
        or bool(scope.schools & set(issue.school_ids))
    )


def _answers(situation: Situation, scope: Scope, code: str) -> bool:
    """Whether the scope leads what is done about a code."""
    return scope.is_whole or any(r.subject == code and r.lead_unit_id in scope.units for r in situation.plan.routes)
