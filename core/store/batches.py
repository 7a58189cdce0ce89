"""Batches: a dataset comes in whole or not at all; publishing says that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from core.access import Actor, require
from core.errors import RequestInvalid
from core.rules.standard import Standard
from core.store.batch_bases import why_held, why_no_whole_county, why_outdated
from core.store.batch_rows import insert_rows
from core.store.checking import Dataset, check
from core.store.counties import county_name
from core.store.coverage import Coverage, coverage_of
from core.store.database import Store, derive_class_counts
from core.store.dictionary import sheets
from core.store.sources import open_source

UNCONFIRMED = "未经人工核实"


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


def load(
    store: Store,
    dataset: Dataset,
    standard: Standard,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    is_demo: bool = False,
    also_year: int | None = None,
    warning_reasons: Mapping[int, str] | None = None,
    coverage: Coverage | None = None,
) -> int:
    """Store a checked dataset as a draft batch and return its number.

    `also_year` is covered even when no sheet carries a row of it: nothing was reported for it. `coverage` is
    what the dataset carries unless it is given. `warning_reasons` confirm the warnings by their place; without
    any, the record says that nobody confirmed them.
    Raises RequestInvalid when the same input is already stored or a warning lacks its reason, NotPermitted for readers.
    """
    require(actor, "load", dataset.county_code)
    _refuse_known(store, dataset)
    reasons = _reasons(dataset, warning_reasons)
    covered = coverage or coverage_of(store, dataset, also_year)
    with store.write() as cursor:
        batch_id = int(
            cursor.execute(
                "insert into batches (county_code, source_name, sha256, actor, loaded_at, note, is_demo, whole_county,"
                " base_facts_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning batch_id",
                [
                    dataset.county_code,
                    dataset.source_name,
                    dataset.sha256,
                    actor.name,
                    now,
                    note,
                    is_demo,
                    covered.whole_county,
                    dataset.base_facts_version,
                ],
            ).fetchall()[0][0]
        )
        cursor.execute(
            "insert into batch_coverage select $1, t.code, y.year from (select unnest($2) as code) as t"
            " cross join (select unnest($3) as year) as y",
            [batch_id, covered.townships, covered.years],
        )
        cursor.execute("insert into batch_county_years select $1, unnest($2)", [batch_id, covered.county_years])
        for position, (warning, reason) in enumerate(zip(dataset.warnings, reasons, strict=True)):
            cursor.execute(
                "insert into batch_warnings values ($1, $2, $3, $4)", [batch_id, position, warning.sentence(), reason]
            )
        # Parents before children, as the dictionary lists them: the foreign keys hold at every row.
        for sheet in sheets():
            insert_rows(cursor, batch_id, sheet, dataset.tables[sheet.identifier])
        derive_class_counts(cursor, batch_id, standard)
    return batch_id


def _refuse_known(store: Store, dataset: Dataset) -> None:
    for batch_id, action in store.rows(
        "select batch_id, (select arg_max(action, number) from publications as p where p.batch_id = b.batch_id)"
        " from batches as b where sha256 = $1 and county_code = $2",
        [dataset.sha256, dataset.county_code],
    ):
        if action != "withdraw":
            raise RequestInvalid(f"这份数据与批次 {batch_id} 完全相同，没有重复导入。")


def _reasons(dataset: Dataset, given: Mapping[int, str] | None) -> list[str]:
    if given is None:
        return [UNCONFIRMED] * len(dataset.warnings)
    reasons = [given.get(position, "").strip() for position in range(len(dataset.warnings))]
    missing = reasons.count("")
    if missing:
        raise RequestInvalid(f"还有 {missing} 处提示没有写明理由，请逐条核实后填写。")
    return reasons


def publish(store: Store, batch_id: int, actor: Actor, now: datetime, reason: str) -> int:
    """Let a batch count from now on; returns the publication's number.

    Raises RequestInvalid for one that counts already, was copied from figures that have changed since, or was loaded
    as the whole county's before other townships came in.
    """
    # Nobody else decides between the look at what counts and the entry.
    with store.write() as cursor:
        found = batch(store, batch_id)
        require(actor, "publish", found.county_code)
        if found.state == "published":
            raise RequestInvalid(f"批次 {batch_id} 已经发布。")
        is_draft = found.state == "draft"
        refusal = why_outdated(store, batch_id, is_draft=is_draft)
        refusal = refusal or (why_no_whole_county(store, batch_id) if is_draft else "")
        if refusal:
            raise RequestInvalid(refusal)
        return _append(cursor, batch_id, "publish", actor, now, reason)


def withdraw(store: Store, batch_id: int, actor: Actor, now: datetime, reason: str) -> int:
    """Take a batch out again: where it counted, the batch published before it counts; a draft waits no longer.

    It stays on record and can be published again. Raises RequestInvalid without a reason, for one that is out
    already, and for one whose figures live on in later batches, naming these in the order to withdraw them.
    """
    if not reason.strip():
        raise RequestInvalid("请写明撤回的理由。")
    with store.write() as cursor:
        found = batch(store, batch_id)
        require(actor, "publish", found.county_code)
        if found.state == "withdrawn":
            raise RequestInvalid(f"批次 {batch_id} 已经撤回，不需要再撤回。")
        refusal = why_held(store, batch_id)
        if refusal:
            raise RequestInvalid(refusal)
        return _append(cursor, batch_id, "withdraw", actor, now, reason)


def _append(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, action: str, actor: Actor, now: datetime, reason: str
) -> int:
    return int(
        cursor.execute(
            "insert into publications (batch_id, action, actor, recorded_at, reason) values ($1, $2, $3, $4, $5)"
            " returning number",
            [batch_id, action, actor.name, now, reason],
        ).fetchall()[0][0]
    )


def batches(store: Store) -> list[Batch]:
    """Every batch, the newest first."""
    return [
        _batch(row)
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


def _batch(row: dict[str, Any]) -> Batch:
    state = {"publish": "published", "withdraw": "withdrawn", "draft": "draft"}[row.pop("action")]
    years = tuple(row.pop("years") or ())
    if Path(row["source_name"]).stem == row["county_code"]:
        # A folder or file called by the county's code tells people nothing.
        row["source_name"] = f"{county_name(row['county_code'])} {row['source_name']}"
    return Batch(**row, state=state, years=years)


def batch(store: Store, batch_id: int) -> Batch:
    """One batch. Raises RequestInvalid when there is none of this number."""
    for found in batches(store):
        if found.batch_id == batch_id:
            return found
    raise RequestInvalid(f"没有批次 {batch_id}。")


def is_demo(store: Store, county_code: str) -> bool:
    """Whether synthetic figures ever came into this store: their records stay in it, so everything made from it says so."""
    return bool(store.rows("select bool_or(is_demo) from batches where county_code = $1", [county_code])[0][0])


def facts_version(store: Store) -> int:
    """The number of the last publication; 0 while nothing was published."""
    return int(store.rows("select coalesce(max(number), 0) from publications")[0][0])


def published_counties(store: Store) -> list[str]:
    """The codes of the counties whose figures count."""
    return [c for (c,) in store.rows("select distinct county_code from live_batches order by 1")]


def published_years(store: Store, county_code: str) -> list[int]:
    """The school years of a county for which figures count, in order."""
    return [
        y
        for (y,) in store.rows(
            "select distinct year from current_coverage where county_code = $1 order by 1",
            [county_code],
        )
    ]


def import_folder_or_workbook(
    store: Store,
    path: Path,
    standard: Standard,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    is_demo: bool = False,
) -> int:
    """Check, load and publish an input in one go. Raises InputRejected with every problem."""
    dataset = check(open_source(path))
    batch_id = load(store, dataset, standard, actor, now, note=note, is_demo=is_demo)
    publish(store, batch_id, actor, now, note)
    return batch_id


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
