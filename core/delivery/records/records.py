"""What people write about the plan, append-only; what stands on a day is read from the rows up to that day.

    read_records(store, county_code, as_of) -> Records
    records_version(store) -> int                      changes with every row written; for caches
    update_history(store, county_code, sub_item_id, as_of) -> tuple[SubItemUpdate, ...]
    reported_in_month(store, county_code, month, as_of) -> frozenset[UpdateKey]

Records count from the day they happened; of one day the row written last counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

import duckdb
from propcache.api import cached_property

from core.dataset.cells import LONGEST_NOTE
from core.dataset.typed_texts import check_typed
from core.store.database import Store

ReportedStatus = Literal["not_started", "on_track", "risk", "late", "done"]
DecisionStatus = Literal["open", "in_progress", "done", "cancelled"]
EvidenceState = Literal["filed", "missing"]
TABLES = (
    "sub_item_updates",
    "confirmations",
    "decisions",
    "evidence_documents",
    "evidence_reviews",
    "responsible_persons",
    "plan_amendments",
    "county_stages",
    "projects",
    "project_funds",
    "register_entries",
    "ledger_issues",
    "ledger_steps",
    "visits",
    "letters",
    "attachments",
    "attendance_cases",
    "attendance_checks",
    "attendance_months",
    "evaluations",
    "evaluation_stages",
    "site_checks",
    "site_signatures",
    "site_acceptances",
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """Who wrote a row and when; `verified` is False while no login vouches for the name."""

    number: int
    county_code: str
    actor: str
    verified: bool
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class UpdateDraft:
    """What a unit says of a sub-item on a day; `risk` and `late` need a path back to green."""

    sub_item_id: str
    unit_id: str
    day: date
    status: ReportedStatus
    township_code: str | None = None
    progress: int | None = None
    forecast_date: date | None = None
    note: str = ""
    evidence_link: str = ""
    path_to_green: str = ""

    @property
    def key(self) -> UpdateKey:
        """Whose word on which sub-item this is."""
        return UpdateKey(self.sub_item_id, self.unit_id, self.township_code)


@dataclass(frozen=True)
class UpdateKey:
    """A reporting unit (for the townships, one of them) and a sub-item."""

    sub_item_id: str
    unit_id: str
    township_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class SubItemUpdate(UpdateDraft, Written):
    """A recorded update."""


@dataclass(frozen=True, kw_only=True)
class ConfirmationDraft:
    """Who leads a sub-item and by when, as confirmed on a day; `rests_on` names the decision behind a change."""

    sub_item_id: str
    lead_unit_id: str
    due: date
    day: date
    note: str = ""
    rests_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class Confirmation(ConfirmationDraft, Written):
    """A recorded confirmation."""


@dataclass(frozen=True, kw_only=True)
class DecisionDraft:
    """A decision of the leading group and how it stands; a known `decision_id` continues that decision."""

    decision: str
    owner_unit_id: str
    day: date
    decision_id: str = ""
    due: date | None = None
    status: DecisionStatus = "open"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision(DecisionDraft, Written):
    """A recorded state of a decision; `decided_on` is the day of its first row."""

    decided_on: date


@dataclass(frozen=True, kw_only=True)
class EvidenceDraft:
    """A required document: `subject` is an item code (G5) or a sub-item id (T01-1).

    A filed one has its own number and date; that of a monthly duty the month. `pages` is None where nobody counted.
    """

    subject: str
    title: str
    year: int
    holder_unit_id: str
    state: EvidenceState
    day: date
    township_code: str | None = None
    note: str = ""
    month: int | None = None
    document_number: str | None = None
    document_date: date | None = None
    pages: int | None = None

    @property
    def is_filed(self) -> bool:
        """Whether there is a document and not only its title: with a number, a date and a holder."""
        return self.state == "filed" and bool(self.document_number) and self.document_date is not None


@dataclass(frozen=True, kw_only=True)
class EvidenceDocument(EvidenceDraft, Written):
    """A recorded entry of the evidence catalogue."""


@dataclass(frozen=True, kw_only=True)
class ReviewDraft:
    """What a second person found of a filed document; `note` says why."""

    evidence_number: int
    confirmed: bool
    day: date
    note: str


@dataclass(frozen=True, kw_only=True)
class EvidenceReview(ReviewDraft, Written):
    """A recorded review."""

    @property
    def proves(self) -> bool:
        """Whether it confirms the document: the word of a name that no login vouches for does not."""
        return self.confirmed and self.verified


@dataclass(frozen=True)
class Records:
    """What stands on a day: the latest row of everything; `reviews` by the number of the document's entry.

    `confirmations` hold every confirmation of a sub-item in order, the last of which binds; `registered` the number under
    which a document was first registered, by that of its latest entry.
    """

    county_code: str
    as_of: date
    updates: Mapping[UpdateKey, SubItemUpdate]
    confirmations: Mapping[str, tuple[Confirmation, ...]]
    decisions: tuple[Decision, ...]
    evidence: tuple[EvidenceDocument, ...]
    reviews: Mapping[int, EvidenceReview]
    registered: Mapping[int, int] = field(default_factory=dict)

    def since(self, day: date | None, sub_item_ids: Set[str]) -> Records:
        """The same without what was said of these sub-items before a day: another plan may have had the same numbers."""
        if day is None:
            return self
        return replace(
            self,
            updates={k: u for k, u in self.updates.items() if u.day >= day or k.sub_item_id not in sub_item_ids},
            confirmations={
                i: held for i, cs in self.confirmations.items() if (held := tuple(c for c in cs if c.day >= day))
            },
            evidence=tuple(e for e in self.evidence if e.day >= day or e.subject not in sub_item_ids),
        )

    @cached_property
    def evidence_by_subject(self) -> Mapping[tuple[str, str | None], tuple[EvidenceDocument, ...]]:
        """The catalogue by item code or sub-item id, and township (None for the county's)."""
        found: dict[tuple[str, str | None], list[EvidenceDocument]] = {}
        for document in self.evidence:
            found.setdefault((document.subject, document.township_code), []).append(document)
        return {key: tuple(documents) for key, documents in found.items()}


def read_records(store: Store, county_code: str, as_of: date) -> Records:
    """Everything but projects and the ledger as it stood at the end of a day."""
    updates = _latest(store, "sub_item_updates", "sub_item_id, unit_id, township_code", county_code, as_of)
    recorded = [SubItemUpdate(**row) for row in updates]
    confirmed: dict[str, tuple[Confirmation, ...]] = {}
    for row in store.records(
        "select * from confirmations where county_code = $1 and day <= $2 order by day, number", [county_code, as_of]
    ):
        confirmed[row["sub_item_id"]] = (*confirmed.get(row["sub_item_id"], ()), Confirmation(**row))
    decisions = _latest(store, "decisions", "decision_id", county_code, as_of, ", min(day) over w as decided_on")
    key = "subject, township_code, title, year, month"
    documents = _latest(store, "evidence_documents", key, county_code, as_of, ", min(number) over w as registered")
    registered = {row["number"]: int(row.pop("registered")) for row in documents}
    reviews = _latest(store, "evidence_reviews", "evidence_number", county_code, as_of)
    return Records(
        county_code=county_code,
        as_of=as_of,
        updates={update.key: update for update in recorded},
        confirmations=confirmed,
        decisions=tuple(Decision(**row) for row in sorted(decisions, key=lambda d: (d["decided_on"], d["number"]))),
        evidence=tuple(EvidenceDocument(**row) for row in documents),
        reviews={row["evidence_number"]: EvidenceReview(**row) for row in reviews},
        registered=registered,
    )


def _latest(store: Store, table: str, key: str, county_code: str, as_of: date, extra: str = "") -> list[dict[str, Any]]:
    return store.records(
        f"select *{extra} from {table} where county_code = $1 and day <= $2"
        f" window w as (partition by {key}) qualify row_number() over (w order by day desc, number desc) = 1"
        " order by number",
        [county_code, as_of],
    )


def records_version(store: Store) -> int:
    """The number of the last row written; 0 while nothing was."""
    union = " union all ".join(f"select max(number) as number from {table}" for table in TABLES)
    return int(store.rows(f"select coalesce(max(number), 0) from ({union})")[0][0])


def update_history(store: Store, county_code: str, sub_item_id: str, as_of: date) -> tuple[SubItemUpdate, ...]:
    """Every update of a sub-item up to a day, the oldest first."""
    return tuple(
        SubItemUpdate(**row)
        for row in store.records(
            "select * from sub_item_updates where county_code = $1 and sub_item_id = $2 and day <= $3"
            " order by day, number",
            [county_code, sub_item_id, as_of],
        )
    )


def reported_in_month(store: Store, county_code: str, month: date, as_of: date) -> frozenset[UpdateKey]:
    """Who reported on what in the month that holds a day, up to as-of."""
    return frozenset(
        UpdateKey(*row)
        for row in store.rows(
            "select distinct sub_item_id, unit_id, township_code from sub_item_updates where county_code = $1"
            " and date_trunc('month', day) = date_trunc('month', $2::date) and day <= $3",
            [county_code, month, as_of],
        )
    )


def take_numbers(cursor: duckdb.DuckDBPyConnection, count: int) -> list[int]:
    """The next numbers of records, in order."""
    taken = cursor.execute("select nextval('record_numbers') from range($1)", [count]).fetchall()
    return [int(number) for (number,) in taken]


def add_rows(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    longest: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Insert rows that all have the same columns; lists stay lists. Raises RequestInvalid for a text out of bounds.

    `longest` gives the columns that may hold more characters than a note.
    """
    if not rows:
        return
    for column, text in ((c, value) for row in rows for c, value in row.items() if isinstance(value, str)):
        check_typed(text, longest.get(column, LONGEST_NOTE))
    columns = list(rows[0])
    kinds = ["varchar[][]" if isinstance(rows[0][c], list | tuple) else "varchar[]" for c in columns]
    unnested = ", ".join(f"unnest(${n}::{kind})" for n, kind in enumerate(kinds, 1))
    cells = [_as_text(row[column] for row in rows) for column in columns]
    cursor.execute(f"insert into {table} ({', '.join(columns)}) select {unnested}", cells)


def standing_row(cursor: duckdb.DuckDBPyConnection, table: str, **key: object) -> dict[str, Any] | None:
    """The latest row of a key as it stands before a write, for the record of actions; None where there is none."""
    where = " and ".join(f"{column} is not distinct from ${n}" for n, column in enumerate(key, 1))
    result = cursor.execute(
        f"select * from {table} where {where} order by day desc, number desc limit 1", [*key.values()]
    )
    names = [column[0] for column in result.description or []]
    found = result.fetchall()
    return dict(zip(names, found[0], strict=True)) if found else None


def _as_text(values: Iterable[Any]) -> list[Any]:
    return [None if v is None else list(v) if isinstance(v, list | tuple) else str(v) for v in values]
