"""实地核查表 as it stands: every figure as it counted and as it was found, who signed, what became of the differences.

read_site_tables(store, county_code, evaluation_id, as_of) -> dict[str, SiteTable]        by school
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from core.delivery.evaluation.site_fields import SiteField
from core.delivery.records.records import Written
from core.store.database import Store

Side = Literal["evaluator", "school"]


@dataclass(frozen=True)
class Finding:
    """One figure of a table: of the yearbook, as it counted then, as found."""

    field: str
    name: str
    yearbook: Decimal | None
    filled: Decimal | None
    found: Decimal
    reason: str

    @property
    def differs(self) -> bool:
        """Whether it was found otherwise than it counted then."""
        return self.found != self.filled

    @property
    def difference(self) -> Decimal | None:
        """Found less filled in; None where nothing was filled in."""
        return None if self.filled is None else self.found - self.filled


@dataclass(frozen=True, kw_only=True)
class Signature(Written):
    """A recorded signature, up to the number of the last row that it covers."""

    evaluation_id: str
    school_id: str
    side: Side
    day: date
    on_paper: str
    note: str
    up_to: int


@dataclass(frozen=True)
class SiteTable:
    """A school's table as it stands: the last finding of every field, the number of the last row, the signatures.

    `batch_id` is the draft of corrections that its differences became, None while they became none.
    """

    findings: Mapping[str, Finding] = field(default_factory=dict)
    last: int = 0
    written_on: date | None = None
    signatures: Mapping[Side, Signature] = field(default_factory=dict)
    batch_id: int | None = None

    def signed_by(self, side: Side) -> Signature | None:
        """The signature of a side that covers all that stands in the table."""
        signature = self.signatures.get(side)
        return signature if signature is not None and signature.verified and signature.up_to >= self.last > 0 else None

    @property
    def accepted(self) -> bool:
        """Whether both sides have signed all of it."""
        return self.signed_by("evaluator") is not None and self.signed_by("school") is not None

    @property
    def differences(self) -> tuple[Finding, ...]:
        """What was found otherwise than it counted then."""
        return tuple(f for f in self.findings.values() if f.differs)

    def changed_since(self, fields: Sequence[SiteField]) -> tuple[Finding, ...]:
        """What counts otherwise now than both as filled in then and as found; rooms, which have no number, left out."""
        now = {f.field: f.filled for f in fields}
        kept = (f for f in self.findings.values() if not f.field.startswith("room."))
        return tuple(f for f in kept if f.field not in now or now[f.field] not in (f.filled, f.found))


def read_site_tables(store: Store, county_code: str, evaluation_id: str, as_of: date) -> dict[str, SiteTable]:
    """The tables of an evaluation's schools by the end of a day."""
    key = [county_code, evaluation_id, as_of]
    where = "where county_code = $1 and evaluation_id = $2 and day <= $3 order by number"
    findings: dict[str, dict[str, Finding]] = {}
    last: dict[str, tuple[int, date]] = {}
    for row in store.records(f"select * from site_checks {where}", key):
        found = Finding(row["field"], row["name"], row["yearbook"], row["filled"], row["found"], row["note"])
        findings.setdefault(row["school_id"], {})[row["field"]] = found
        last[row["school_id"]] = row["number"], row["day"]
    signatures: dict[str, dict[Side, Signature]] = {}
    for row in store.records(f"select * from site_signatures {where}", key):
        held = signatures.setdefault(row["school_id"], {})
        before = held.get(row["side"])
        # A name that no login vouches for takes no signature away.
        if row["verified"] or before is None or not before.verified:
            held[row["side"]] = Signature(**row)
    batches = {
        row["school_id"]: (row["up_to"], row["batch_id"])
        for row in store.records(f"select * from site_acceptances {where}", key)
    }
    tables = {}
    for school, of_school in findings.items():
        number, day = last[school]
        up_to, batch = batches.get(school, (0, None))
        tables[school] = SiteTable(
            of_school, number, day, signatures.get(school, {}), batch if up_to >= number else None
        )
    return tables
