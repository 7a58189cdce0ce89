"""Letters of supervision: 督导意见书 to a school, 提醒函, 督办单, 约谈通知, 督导通报 to whoever is late.

    read_letters(store, county_code, as_of) -> tuple[Letter, ...]             as each stands, the latest first
    letter_history(store, county_code, letter_id, as_of) -> tuple[Letter, ...]
    keep_letter(store, plan, facts, county_code, draft, actor, now, uploads) -> Letter

The program writes drafts and keeps what people did with them; it issues nothing. A letter counts as issued once
somebody enters its number, who signed it and when. Append-only: a later row of a letter takes the earlier one's place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Literal

import duckdb

from core.access import Action, Actor, Scope, require
from core.audit import keep_action
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import ASSIGNED, StepDraft, read_issues
from core.delivery.ledger.ledger_writing import add_steps
from core.delivery.records.attachments import Upload, attach
from core.delivery.records.persons import check_school
from core.delivery.records.records import Written, add_rows, standing_row, take_numbers
from core.delivery.records.records_writing import (
    check_choice,
    check_day,
    check_term,
    check_township,
    check_unit,
    header,
)
from core.delivery.supervision.visits import school_scope
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

LetterKind = Literal["opinion", "reminder", "order", "talk", "notice"]
LetterState = Literal["draft", "issued", "received", "answered", "withdrawn"]
OPINION: LetterKind = "opinion"
# How a letter may go on from each state.
NEXT_STATES: Mapping[LetterState, tuple[LetterState, ...]] = {
    "draft": ("draft", "issued", "withdrawn"),
    "issued": ("received", "answered", "withdrawn"),
    "received": ("answered", "withdrawn"),
    "answered": (),
    "withdrawn": (),
}
ISSUE = "issue:"
_LONGEST_CONTENT = 6_000
# What a letter that was issued keeps, whatever is entered of it afterwards.
_AS_ISSUED = ("title", "content", "matters", "document_number", "signer", "issued_on", "recipient", "reply_by")
STATE_NAMES: Mapping[LetterState, str] = {
    "draft": "草稿",
    "issued": "已印发",
    "received": "已签收",
    "answered": "已回复",
    "withdrawn": "已作废",
}


@dataclass(frozen=True, kw_only=True)
class LetterDraft:
    """A letter as it reads and stands on a day; a known `letter_id` goes on with that letter.

    `matters` are what it is about: issue:<number>, sub_item:<id>, decision:<id>. An issued one has its number, who
    signed it and when; `reply_by` is by when an answer is due, `recipient` who answers by name.
    """

    kind: LetterKind
    title: str
    content: str
    day: date
    letter_id: str = ""
    unit_id: str | None = None
    township_code: str | None = None
    school_id: str | None = None
    recipient: str = ""
    matters: tuple[str, ...] = ()
    state: LetterState = "draft"
    document_number: str = ""
    signer: str = ""
    issued_on: date | None = None
    reply_by: date | None = None
    received_by: str = ""
    received_on: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter(LetterDraft, Written):
    """A recorded state of a letter; `sent_as` is the number of the row by which it was issued, None before."""

    sent_as: int | None = None

    @property
    def was_sent(self) -> bool:
        """Whether it was issued and stands."""
        return self.state in ("issued", "received", "answered")

    @property
    def issue_numbers(self) -> tuple[int, ...]:
        """The ledger's issues that it is about."""
        return tuple(int(m.removeprefix(ISSUE)) for m in self.matters if m.startswith(ISSUE))


def read_letters(store: Store, county_code: str, as_of: date) -> tuple[Letter, ...]:
    """Every letter as it stood at the end of a day."""
    return tuple(
        _letter(row)
        for row in store.records(
            "select * from (select *, min(number) filter (state = 'issued') over (partition by letter_id) as sent_as"
            " from letters where county_code = $1 and day <= $2 qualify"
            " row_number() over (partition by letter_id order by day desc, number desc) = 1) order by coalesce(issued_on, day) desc, number desc",
            [county_code, as_of],
        )
    )


def letter_history(store: Store, county_code: str, letter_id: str, as_of: date) -> tuple[Letter, ...]:
    """Every state of a letter, the oldest first."""
    return tuple(
        _letter(row)
        for row in store.records(
            "select * from letters where county_code = $1 and letter_id = $2 and day <= $3 order by day, number",
            [county_code, letter_id, as_of],
        )
    )


def _letter(row: Mapping[str, object]) -> Letter:
    matters: Sequence[str] = row["matters"]  # type: ignore[assignment]
    return Letter(**{**row, "matters": tuple(matters)})  # type: ignore[arg-type]


def keep_letter(
    store: Store,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    draft: LetterDraft,
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
) -> Letter:
    """Keep a letter's text or how it now stands.

    A 督导意见书 that is issued assigns the issues it names to its school, due when its answer is. Raises
    RequestInvalid with the first thing missing or out of turn, NotPermitted outside the writer's own schools.
    """
    require(actor, letter_action(draft), letter_scope(draft))
    check_letter(plan, county_code, draft, now.date())
    with store.write() as cursor:
        before = (
            standing_row(cursor, "letters", county_code=county_code, letter_id=draft.letter_id)
            if draft.letter_id
            else None
        )
        _check_turn(draft, before)
        _check_matters(store, cursor, plan, county_code, draft, now)
        if draft.state == "issued":
            _check_number(store, county_code, draft, now)
        if draft.state == "answered" and not draft.note.strip() and not uploads:
            raise RequestInvalid("登记已回复须在说明中写明回复要点，或附上回复的扫描件。")
        if before is not None and draft.state == "withdrawn":
            _check_withdrawal(store, _letter(before), now)
        number = take_numbers(cursor, 1)[0]
        kept = draft if draft.letter_id else replace(draft, letter_id=f"W{number:05d}")
        row = {**asdict(kept), **header(number, county_code, actor, now)}
        keep_action(cursor, actor, letter_action(draft), f"文书 {kept.letter_id}", now, before=before, after=row)
        add_rows(cursor, "letters", [row], longest={"content": _LONGEST_CONTENT})
        attach(store, cursor, "letter", row, uploads)
        letter = replace(_letter(row), sent_as=number if kept.state == "issued" else None)
        if kept.kind == OPINION and kept.state == "issued":
            _assign(store, cursor, plan, facts, letter, actor, now)
    return letter


def _assign(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    plan: Plan,
    facts: FactsByYear,
    letter: Letter,
    actor: Actor,
    now: datetime,
) -> None:
    issues = {issue.number: issue for issue in read_issues(store, letter.county_code, now.date())}
    for number in letter.issue_numbers:
        issue = issues.get(number)
        if issue is None or letter.school_id not in issue.school_ids:
            raise RequestInvalid("意见书所列问题不涉及收文学校；请从该校的问题中选择。")
        held = issue.latest(ASSIGNED)
        elsewhere = issue.school_ids != (letter.school_id,) or (held is not None and held.school_id != letter.school_id)
        if elsewhere and not actor.may("supervise"):
            raise RequestInvalid(f"第 {issue.serial} 号问题还涉及其他学校，或已交给其他单位整改；须由创建办交办。")
        step = StepDraft(
            issue_number=number,
            step_id=ASSIGNED,
            day=letter.day,
            school_id=letter.school_id,
            person=letter.recipient,
            due=letter.reply_by,
            note=_assigned_by(letter),
        )
        add_steps(store, cursor, plan, facts, letter.county_code, [step], actor, now, guarded=False)


def letter_action(draft: LetterDraft) -> Action:
    """What writing a letter is: an inspector writes to a school, the office to a unit."""
    return "visit" if draft.kind == OPINION else "supervise"


def letter_scope(draft: LetterDraft) -> Scope:
    """Whose matter a letter is."""
    if draft.school_id:
        return school_scope(draft.school_id)
    return Scope("督办文书", draft.unit_id, draft.township_code)


def check_letter(plan: Plan, county_code: str, draft: LetterDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing that a letter lacks in its state."""
    check_day(draft.day, today)
    check_choice(draft.kind, LetterKind, "文书种类")
    check_choice(draft.state, LetterState, "文书状态")
    check_township(county_code, draft.township_code)
    if (draft.kind == OPINION and not draft.school_id) or (draft.school_id and draft.unit_id):
        raise RequestInvalid("督导意见书发给学校，其他文书发给一个部门、乡镇或一所学校；请核对收文单位。")
    if not draft.school_id:
        check_unit(plan, draft.unit_id or "")
    if not draft.title.strip() or not draft.content.strip():
        raise RequestInvalid("文书须有标题和正文。")
    if draft.state == "withdrawn" and not draft.note.strip():
        raise RequestInvalid("作废须写明理由。")
    if draft.state not in ("draft", "withdrawn"):
        _check_sent(plan, draft)


def _check_sent(plan: Plan, draft: LetterDraft) -> None:
    asked = (
        ("文号", draft.document_number.strip()),
        ("签发人", draft.signer.strip()),
        ("印发日期", draft.issued_on),
        ("回复期限", draft.reply_by),
        ("收文单位责任人", draft.recipient.strip()),
    )
    missing = [name for name, given in asked if not given]
    if missing or draft.issued_on is None or draft.reply_by is None:
        raise RequestInvalid(f"本平台不代为发文：登记为已印发的，还须填写{'、'.join(missing)}。")
    if draft.issued_on > draft.day:
        raise RequestInvalid(f"印发日期 {draft.issued_on} 晚于登记日期 {draft.day}，请核对。")
    if draft.reply_by < draft.issued_on:
        raise RequestInvalid(f"回复期限 {draft.reply_by} 早于印发日期 {draft.issued_on}，请核对。")
    if draft.state == "issued":
        check_term(plan, draft.issued_on, draft.reply_by, draft.note)
    if draft.state == "received" and (not draft.received_by.strip() or draft.received_on is None):
        raise RequestInvalid("登记签收须填写签收人和签收日期。")
    if draft.received_on is not None and draft.received_on > draft.day:
        raise RequestInvalid(f"签收日期 {draft.received_on} 晚于登记日期 {draft.day}，请核对。")
    if draft.received_on is not None and draft.received_on < draft.issued_on:
        raise RequestInvalid(f"签收日期 {draft.received_on} 早于印发日期 {draft.issued_on}，请核对。")


def _check_turn(draft: LetterDraft, before: Mapping[str, object] | None) -> None:
    if before is None:
        if draft.letter_id:
            raise RequestInvalid("没有这份文书，链接可能不完整；请从文书列表中选择。")
        if draft.state not in ("draft", "issued"):
            raise RequestInvalid("新文书只能登记为草稿或已印发。")
        return
    held = _letter(before)
    if draft.day < held.day:
        raise RequestInvalid(f"登记日期 {draft.day} 早于上一次的 {held.day}，请核对。")
    if draft.state not in NEXT_STATES[held.state]:
        raise RequestInvalid(
            f"文书 {held.letter_id} {STATE_NAMES[held.state]}，不能再登记为{STATE_NAMES[draft.state]}。"
        )
    same = ("kind", "unit_id", "township_code", "school_id")
    if any(getattr(draft, name) != getattr(held, name) for name in same):
        raise RequestInvalid("文书种类和收文单位不能改；请另拟一份。")
    if held.was_sent and any(getattr(draft, name) != getattr(held, name) for name in _AS_ISSUED):
        raise RequestInvalid(
            f"文书 {held.letter_id} 已印发，正文、文号、签发人、责任人和回复期限不能再改；需要更正的，请作废后另拟。"
        )


def _check_matters(
    store: Store, cursor: duckdb.DuckDBPyConnection, plan: Plan, county_code: str, draft: LetterDraft, now: datetime
) -> None:
    """Raises RequestInvalid for a letter about what there is not, or to a school that there is not."""
    known = {f"{ISSUE}{issue.number}" for issue in read_issues(store, county_code, now.date())}
    known |= {f"sub_item:{s.sub_item_id}" for s in plan.sub_items()}
    decided = cursor.execute("select distinct decision_id from decisions where county_code = $1", [county_code])
    known |= {f"decision:{decision_id}" for (decision_id,) in decided.fetchall()}
    if unknown := sorted(set(draft.matters) - known):
        raise RequestInvalid(f"没有事项“{unknown[0]}”；请从逾期事项或学校的问题中选择。")
    if draft.school_id:
        check_school(cursor, draft.school_id)


def _check_number(store: Store, county_code: str, draft: LetterDraft, now: datetime) -> None:
    """Raises RequestInvalid for a number that another letter bears: later ones cite it."""
    for other in read_letters(store, county_code, now.date()):
        same = other.document_number.strip() == draft.document_number.strip()
        if same and other.was_sent and other.letter_id != draft.letter_id:
            raise RequestInvalid(f"文号“{draft.document_number}”已用于“{other.title}”，请核对。")


def _check_withdrawal(store: Store, held: Letter, now: datetime) -> None:
    """Raises RequestInvalid while a school has to put right, by this letter alone, what it is to be withdrawn for."""
    for issue in read_issues(store, held.county_code, now.date()):
        assigned = issue.latest(ASSIGNED)
        by_this = assigned is not None and assigned.school_id and assigned.note == _assigned_by(held)
        if held.was_sent and issue.number in held.issue_numbers and by_this and issue.closing is None:
            raise RequestInvalid(
                f"第 {issue.serial} 号问题是凭这份意见书交给学校的；请先另行交办或另发意见书，再作废。"
            )


def _assigned_by(letter: LetterDraft) -> str:
    return f"督导意见书 {letter.document_number}"
