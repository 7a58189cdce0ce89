"""What is overdue and which letter its days call for: 提醒函, 督办单, 约谈通知, 督导通报, as the plan sets the days.

overdue_matters(situation) -> tuple[Matter, ...]          the longest overdue first
due_letters(situation) -> tuple[DueLetter, ...]           what no letter sent so far covers, the harshest first
unmoved(situation) -> tuple[Matter, ...]                  what is overdue although its letters were sent
letter_standing(situation, letter) -> Standing            whether its answer has come, and in time
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from core.delivery.ledger.ledger import ASSIGNED, EVIDENCE, RECHECK, Issue
from core.delivery.on_time import Reason, Standing, standing
from core.delivery.owed.month import reporters
from core.delivery.owed.units import decision_standing
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses, township_statuses
from core.delivery.supervision.letters import ISSUE, Letter
from core.rules.plan import TOWNSHIPS_KIND, LetterRule


@dataclass(frozen=True)
class Addressee:
    """Who owes something: a department, one township under the unit standing for all, or a school."""

    unit_id: str | None = None
    township_code: str | None = None
    school_id: str | None = None

    @property
    def key(self) -> str:
        """The most particular of its codes, as an address names it."""
        return self.school_id or self.township_code or self.unit_id or ""


@dataclass(frozen=True)
class Matter:
    """Something overdue: its key as letters name it (issue:<number>, sub_item:<id>, decision:<id>), its own words, and
    what a letter cites beside them for whoever knows no number of ours.
    """

    key: str
    title: str
    cited: str
    addressee: Addressee
    due: date
    days_late: int


@dataclass(frozen=True)
class DueLetter:
    """A letter that is due to somebody and was not sent; `draft` is one that lies ready."""

    rule: LetterRule
    addressee: Addressee
    matters: tuple[Matter, ...]
    draft: Letter | None

    @property
    def days_late(self) -> int:
        """Of the matter longest overdue."""
        return max(matter.days_late for matter in self.matters)


def overdue_matters(situation: Situation) -> tuple[Matter, ...]:
    """Issues, sub-items and decisions past their day, each where it is owed."""
    found = [*_issues(situation), *_sub_items(situation), *_decisions(situation)]
    return tuple(sorted(found, key=lambda m: (-m.days_late, m.key)))


def _issues(situation: Situation) -> Iterator[Matter]:
    for issue in situation.issues:
        state, assigned = situation.issue_states[issue.number], issue.latest(ASSIGNED)
        late = state.standing
        if issue.round and issue.round[-1].step_id in (EVIDENCE, RECHECK):
            # Handed in: what is awaited now is the re-check, not the one who corrects.
            continue
        if not state.is_open or late.reason is not Reason.OVERDUE or late.due is None or assigned is None:
            continue
        by_township = bool(assigned.unit_id) and situation.plan.unit(assigned.unit_id or "").kind == TOWNSHIPS_KIND
        yield Matter(
            f"{ISSUE}{issue.number}",
            issue.title,
            issue.title,
            Addressee(assigned.unit_id, issue.township_code if by_township else None, assigned.school_id),
            late.due,
            late.days_late,
        )


def _sub_items(situation: Situation) -> Iterator[Matter]:
    for unit_id, township_code in reporters(situation):
        statuses = (
            sub_item_statuses(situation) if township_code is None else township_statuses(situation, township_code)
        )
        for status in statuses.values():
            due = status.standing.due
            if status.is_late and due is not None and status.obligation.lead_unit_id == unit_id:
                yield Matter(
                    f"sub_item:{status.sub_item.sub_item_id}",
                    f"{status.sub_item.sub_item_id} {status.sub_item.title}",
                    f"{status.sub_item.title}（方案{status.sub_item.clause}）",
                    Addressee(unit_id, township_code),
                    due,
                    status.standing.days_late,
                )


def _decisions(situation: Situation) -> Iterator[Matter]:
    for decision in situation.records.decisions:
        late = decision_standing(situation, decision)
        if late.reason is Reason.OVERDUE and late.due is not None and not situation.plan_is_history:
            yield Matter(
                f"decision:{decision.decision_id}",
                decision.decision,
                f"{decision.decision}（领导小组 {decision.decided_on} 议定）",
                Addressee(decision.owner_unit_id),
                late.due,
                late.days_late,
            )


def due_letters(situation: Situation) -> tuple[DueLetter, ...]:
    """By addressee and kind what is to be written now; nothing where the plan sets no days."""
    rules = situation.plan.supervision
    if rules is None:
        return ()
    rank: dict[str, int] = {rule.kind: place for place, rule in enumerate(rules.letters)}
    calling = [
        (rule, matter)
        for matter in overdue_matters(situation)
        if (rule := rules.due(matter.days_late)) is not None and not _covered(situation, matter, rank, rule)
    ]
    calling.sort(key=lambda pair: (-rank[pair[0].kind], pair[1].addressee.key))
    found = []
    for (kind, addressee), pairs in groupby(calling, key=lambda pair: (pair[0].kind, pair[1].addressee)):
        listed = list(pairs)
        draft = next(
            (x for x in situation.letters if x.state == "draft" and x.kind == kind and addressee_of(x) == addressee),
            None,
        )
        found.append(DueLetter(listed[0][0], addressee, tuple(matter for _, matter in listed), draft))
    return tuple(sorted(found, key=lambda d: (-rank[d.rule.kind], -d.days_late, d.addressee.key)))


def awaiting_recheck(situation: Situation) -> int:
    """How many open issues wait for the re-check or the closing, not for whoever corrects."""
    states = situation.issue_states
    return sum(
        states[i.number].is_open and bool(i.round) and i.round[-1].step_id in (EVIDENCE, RECHECK)
        for i in situation.issues
    )


def unmoved(situation: Situation) -> tuple[Matter, ...]:
    """What is overdue although the letters due were sent."""
    called = {(m.key, m.addressee) for due in due_letters(situation) for m in due.matters}
    return tuple(m for m in overdue_matters(situation) if (m.key, m.addressee) not in called)


def _covered(situation: Situation, matter: Matter, rank: dict[str, int], rule: LetterRule) -> bool:
    """Whether a letter of this kind or a harsher one was sent about it since it became overdue."""
    return any(
        letter.was_sent
        and matter.key in letter.matters
        and addressee_of(letter) == matter.addressee
        and rank.get(letter.kind, -1) >= rank[rule.kind]
        and letter.issued_on is not None
        and letter.issued_on > matter.due
        for letter in situation.letters
    )


def addressee_of(letter: Letter) -> Addressee:
    """To whom a letter goes."""
    return Addressee(letter.unit_id, letter.township_code, letter.school_id)


def letter_standing(situation: Situation, letter: Letter) -> Standing:
    """On time or late, by the day until which an answer is due and the day it came; a draft is due nothing yet."""
    sent = letter.was_sent
    return standing(
        situation.plan.warnings,
        situation.as_of,
        due=letter.reply_by if sent else None,
        completed_on=_answered_on(situation, letter) if sent else None,
    )


def _answered_on(situation: Situation, letter: Letter) -> date | None:
    """When it was answered: as entered, or once every issue it names has a report filed since."""
    if letter.state == "answered":
        return letter.day
    if letter.sent_as is None or letter.issued_on is None or len(letter.issue_numbers) < len(letter.matters):
        return None
    issues = {issue.number: issue for issue in situation.issues}
    days = [_reported_on(issues[n], letter) for n in letter.issue_numbers if n in issues]
    reported = [day for day in days if day is not None]
    return max(reported) if reported and len(reported) == len(letter.issue_numbers) else None


def _reported_on(issue: Issue, letter: Letter) -> date | None:
    """When the letter's addressee handed in, after it was issued, what no re-check has sent back."""
    sent = (letter.issued_on, letter.sent_as)
    to, found = Addressee(), None
    for step in issue.steps:
        if step.step_id == ASSIGNED:
            to = Addressee(step.unit_id, letter.township_code, step.school_id)
        elif step.step_id == EVIDENCE and to == addressee_of(letter) and (step.day, step.number) > sent:
            found = step.day
        elif step.step_id == RECHECK and step.passed is False:
            found = None
    return found
