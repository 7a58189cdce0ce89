"""Which batches there are, how each stands, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import RequestInvalid
from core.store.county_files import county_name
from core.store.database import Store


@dataclass(frozen=True)
class Batch:
    """One load of figures: where from, by whom, what it covers, whether it counts."""

    batch_id: int
    county_code: str
    source_name: str
    sha256: str
    actor: str
    loaded_at: datetime
    note: str
    is_demo: bool
    whole_county: bool
    base_facts_version: int | None
    state: str
    years: tuple[int, ...]
    townships: int


def batches(store: Store) -> list[Batch]:
    """Every batch, the newest first."""
    return [
        _batch(store, row)
        for row in store.records(
            """
            select
                b.*,
                coalesce((select arg_max(action, number) from publications as p where p.batch_id = b.batch_id), 'draft')
                    as action,
                (select list(distinct year order by year) from batch_coverage as c where c.batch_id = b.batch_id)
                    as years,
                (select count(distinct township_code) from batch_coverage as c where c.batch_id = b.batch_id)
                    as townships
            from batches as b
            order by b.batch_id desc
            """
        )
    ]


def _batch(store: Store, row: dict[str, Any]) -> Batch:
    state = {"publish": "published", "withdraw": "withdrawn", "draft": "draft"}[row.pop("action")]
    years = tuple(row.pop("years") or ())
    if Path(row["source_name"]).stem == row["county_code"]:
        # A folder or file called by the county's code tells people nothing.
        row["source_name"] = f"{county_name(store, row['county_code'])} {row['source_name']}"
    return Batch(**row, state=state, years=years)


def batch(store: Store, batch_id: int) -> Batch:
    """One batch. Raises RequestInvalid when there is none of this number."""
    for found in batches(store):
        if found.batch_id == batch_id:
            return found
    raise RequestInvalid(f"没有批次 {batch_id}。")


@dataclass(frozen=True)
class ConfirmedWarning:
    """A warning of the check-up with the reason for which it was let pass."""

    sentence: str
    reason: str


def confirmed_warnings(store: Store, batch_id: int) -> list[ConfirmedWarning]:
    """The warnings of a batch, in the order of the check-up."""
    return [
        ConfirmedWarning(*row)
        for row in store.rows(
            "select sentence, reason from batch_warnings where batch_id = $1 order by position", [batch_id]
        )
    ]


@dataclass(frozen=True)
class Publication:
    """One step of the history: a batch began to count, or was taken out."""

    number: int
    batch_id: int
    action: str
    actor: str
    recorded_at: datetime
    reason: str


def publications(store: Store) -> list[Publication]:
    """Everything that was published and withdrawn, the latest first."""
    return [
        Publication(*row)
        for row in store.rows(
            "select number, batch_id, action, actor, recorded_at, reason from publications order by number desc"
        )
    ]
