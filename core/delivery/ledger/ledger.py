"""The supervision ledger (督办台账): issues and what was done about them, step by step, append-only.

    read_issues(store, county_code, as_of) -> tuple[Issue, ...]
    issue_state(issue, plan, facts, as_of) -> IssueState          derived; re-opening is never written
    allowed_steps(issue, plan, state) -> tuple[LedgerStep, ...]   what may be recorded next
    correctors(issue) -> frozenset[str]                           whose names may not re-check or close

Writing: core.delivery.ledger.ledger_writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from core.dataset.characters import as_compared
from core.delivery.figures.facts_by_year import FactsByYear, snapshot
from core.delivery.ledger.issue_subjects import Finding, finding, township_of
from core.delivery.on_time import Standing, standing
from core.delivery.records.records import Written
from core.method.assessment import Verdict
from core.rules.plan import LedgerStep, Plan
from core.store.database import Store

OPEN, ASSIGNED, CORRECTING, EVIDENCE, RECHECK, CLOSED = (
    "open",
    "assigned",
    "correcting",
    "evidence",
    "recheck",
    "closed",
)
REOPENED = "reopened"


IssueSource = Literal["figures", "inspection", "visit", "mock_evaluation", "complaint", "overdue", "unknown", "other"]


@dataclass(frozen=True, kw_only=True)
class IssueDraft:
    """A problem to put on the ledger; without a subject it is one that no figure decides.

    `source` is where it was found; `source_id` names the visit (its number), the overdue sub-item, or the item that
    cannot be judged.
    """

    title: str
    basis: str
    day: date
    subject: str = ""
    source: IssueSource = "other"
    source_id: str = ""
    township_code: str | None = None
    school_ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StepDraft:
    """What is done about an issue at one step.

    assigned: unit_id or school_id, person, due · correcting: measures, progress · evidence: evidence · recheck: passed ·
    closed: without_metric with the reason in `note`, when it is closed although no figure meets the rule.
    """

    issue_number: int
    step_id: str
    day: date
    unit_id: str | None = None
    person: str = ""
    due: date | None = None
    measures: str = ""
    progress: str = ""
    evidence: str = ""
    passed: bool | None = None
    without_metric: bool = False
    school_id: str | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Step(StepDraft, Written):
    """A recorded step."""


@dataclass(frozen=True, kw_only=True)
class Issue(IssueDraft, Written):
    """A recorded issue with its steps, the oldest first; `serial` is its number on the county's ledger, from 1."""

    serial: int
    steps: tuple[Step, ...] = ()

    @property
    def round(self) -> tuple[Step, ...]:
        """The steps since the issue was last closed; while it is closed, none."""
        closings = [n for n in range(len(self.steps)) if self._closes(n)]
        return self.steps[closings[-1] + 1 :] if closings else self.steps

    @property
    def closing(self) -> Step | None:
        """The last closing, None while the issue was never closed or a new round has begun."""
        return self.steps[-1] if self.steps and self._closes(len(self.steps) - 1) else None

    @property
    def closed_by_a_name_only(self) -> bool:
        """Whether its last step closes it by a name, or after a re-check by one, that no login vouches for."""
        return bool(self.steps) and self.steps[-1].step_id == CLOSED and self.closing is None

    def _closes(self, place: int) -> bool:
        """Whether a step closes the issue: so does the word of verified persons, who re-checked it and closed it."""
        step = self.steps[place]
        rechecks = [s for s in self.steps[:place] if s.step_id == RECHECK]
        return step.step_id == CLOSED and step.verified and bool(rechecks) and rechecks[-1].verified

    def latest(self, step_id: str) -> Step | None:
        """The last recorded step of a kind, in any round."""
        return next((step for step in reversed(self.steps) if step.step_id == step_id), None)

    def latest_text(self, field: str) -> str:
        """The last filled-in measures, progress or evidence."""
        texts: list[str] = [getattr(step, field) for step in self.steps if getattr(step, field)]
        return texts[-1] if texts else ""


@dataclass(frozen=True)
class IssueState:
    """How an issue stands: a step's id or `reopened`, whether it is open, by when it is due, what figures say.

    `reopened_on` is the day from which the failing facts count.
    """

    step_id: str
    is_open: bool
    finding: Finding
    standing: Standing
    reopened_on: date | None


def read_issues(store: Store, county_code: str, as_of: date) -> tuple[Issue, ...]:
    """Every issue opened by the end of a day with the steps taken by then, in the order of opening."""
    chosen = "where county_code = $1 and day <= $2"
    steps = store.records(
        f"select * from ledger_steps {chosen} order by issue_number, day, number", [county_code, as_of]
    )
    by_issue: dict[int, tuple[Step, ...]] = {
        number: tuple(Step(**row) for row in rows) for number, rows in groupby(steps, lambda s: s["issue_number"])
    }
    issues = store.records(
        f"select * from (select *, row_number() over (order by number) as serial from ledger_issues "
        f"where county_code = $1) {chosen} order by day, number",
        [county_code, as_of],
    )
    return tuple(issue_of(row, by_issue.get(row["number"], ())) for row in issues)


def issue_of(row: dict[str, Any], steps: tuple[Step, ...] = ()) -> Issue:
    """An issue from its row with its serial, and its steps."""
    return Issue(**{**row, "school_ids": tuple(row["school_ids"])}, steps=steps)


def issue_state(issue: Issue, plan: Plan, facts: FactsByYear, as_of: date) -> IssueState:
    """A closed issue whose metric fails at the facts that count on the day is open again.

    One closed for a documented reason stays closed.
    """
    year = facts.year_at(as_of)
    found = finding(issue.subject, facts, year)
    closing = issue.closing
    reopened_on = None
    if closing is not None and not closing.without_metric and found.verdict is Verdict.NOT_MET and year is not None:
        counted = facts.counted_from(year, township_of(issue.subject, facts, year))
        if counted is None or counted > as_of:
            # Figures entered after the day looked at: they describe the snapshot of their school year.
            counted = snapshot(year)
        reopened_on = max(counted, closing.day)
    assigned = issue.latest(ASSIGNED)
    due = None if assigned is None or reopened_on is not None else assigned.due
    closed_on = closing.day if closing is not None and reopened_on is None else None
    current = issue.steps[-1].step_id if issue.steps else OPEN
    return IssueState(
        step_id=current if reopened_on is None else REOPENED,
        is_open=closed_on is None,
        finding=found,
        standing=standing(plan.warnings, as_of, due=due, completed_on=closed_on),
        reopened_on=reopened_on,
    )


def allowed_steps(issue: Issue, plan: Plan, state: IssueState) -> tuple[LedgerStep, ...]:
    """What may be recorded next; nothing while the issue is closed."""
    return next_steps(issue, plan) if state.is_open else ()


def next_steps(issue: Issue, plan: Plan) -> tuple[LedgerStep, ...]:
    """The next step of the round, the same again, or an earlier one; closing needs a re-check that was passed."""
    order = [step.step_id for step in plan.ledger_steps]
    reached = order.index(issue.round[-1].step_id) if issue.round else 0
    allowed = plan.ledger_steps[1 : reached + 2]
    passed = bool(issue.round) and issue.round[-1].step_id == RECHECK and issue.round[-1].passed is True
    return tuple(step for step in allowed if step.step_id != CLOSED or passed)


def steps_by_others(seen: Issue, kept: Issue, own: int) -> tuple[Step, ...]:
    """What others recorded of an issue between its being seen and the last `own` steps."""
    known = {step.number for step in seen.steps}
    return tuple(step for step in kept.steps[: len(kept.steps) - own] if step.number not in known)


def correctors(issue: Issue) -> frozenset[str]:
    """Those who answer for the correction in this round, as compared: the responsible person, who wrote of it."""
    assigned = issue.latest(ASSIGNED)
    names = {as_compared(step.actor) for step in issue.round if step.step_id in (CORRECTING, EVIDENCE)}
    if assigned is not None:
        # A post in brackets behind a name makes no other person.
        names |= {as_compared(assigned.person), as_compared(re.split("[（(]", assigned.person)[0])}
    return frozenset(names)
