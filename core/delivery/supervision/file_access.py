"""Who may open an attached file: whoever works on what it belongs to, and those who look at the whole county.

open_attachment(store, plan, county_code, number, actor) -> Opened
attachment_scope(store, plan, county_code, held) -> Scope
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.access import Actor, Scope, require
from core.delivery.ledger.ledger import read_issues
from core.delivery.ledger.ledger_writing import opening_scope
from core.delivery.records.attachments import Attachment, attachment, content
from core.delivery.records.records_writing import unit_scope
from core.delivery.supervision.letters import LetterDraft, letter_scope
from core.delivery.supervision.visits import school_scope
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

_TABLES = {"step": "ledger_steps", "document": "evidence_documents", "visit": "visits", "letter": "letters"}


@dataclass(frozen=True)
class Opened:
    """An attached file with its bytes."""

    attachment: Attachment
    content: bytes


def open_attachment(store: Store, plan: Plan, county_code: str, number: int, actor: Actor) -> Opened:
    """The file with this number.

    Raises RequestInvalid where there is none, NotPermitted for whoever may not open it, StoreUnavailable where its
    content is lost.
    """
    held = attachment(store, number)
    if held is None or held.county_code != county_code:
        raise RequestInvalid(f"没有第 {number} 号附件；链接可能不完整，请回到原页面重新打开。")
    require(actor, "open", attachment_scope(store, plan, county_code, held))
    return Opened(held, content(store, held))


def attachment_scope(store: Store, plan: Plan, county_code: str, held: Attachment) -> Scope:
    """Whose matter the record is to which a file belongs."""
    issue_number = held.record_number if held.record_kind == "issue" else None
    row = None
    if held.record_kind != "issue":
        [row] = store.records(f"select * from {_TABLES[held.record_kind]} where number = $1", [held.record_number])
    if row is not None and held.record_kind == "step":
        issue_number = row["issue_number"]
    if issue_number is not None:
        issue = next(i for i in read_issues(store, county_code, date.max) if i.number == issue_number)
        return opening_scope(plan, issue)
    assert row is not None
    if held.record_kind == "visit":
        return school_scope(row["school_id"])
    if held.record_kind == "letter":
        fields = LetterDraft.__dataclass_fields__
        return letter_scope(LetterDraft(**{name: value for name, value in row.items() if name in fields}))
    return unit_scope(plan, row["holder_unit_id"], row["township_code"])
