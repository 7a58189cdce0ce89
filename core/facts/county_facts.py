"""The county's own facts that count now: figures, judgements with their documents, survey, monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.store.database import Store


@dataclass(frozen=True)
class Judgement:
    """What people judged of an item on which document."""

    item: str
    status: str | None
    document: str | None
    document_date: date | None
    note: str | None


def judgements(store: Store, county_code: str, year: int) -> dict[str, Judgement]:
    """The judgements of a year by item."""
    found = _rows(store, county_code, year, "judgements", "item, status, document, document_date, note")
    return {row["item"]: Judgement(**row) for row in found}


def evidence_day(store: Store, county_code: str, year: int, as_of: date) -> date | None:
    """The latest document of the year's judgements, of schools too, on or before a day, None where every document was there by then.

    Whoever keeps judgements by day needs one for every such day only; `date.min` where no document was there yet. Documents
    of batches that no longer count are among them: they tell more days apart than need be, never fewer.
    """
    by_year = store.once(f"document days {county_code}", lambda: _document_days(store, county_code))
    days = by_year.get(year, [])
    if all(day <= as_of for day in days):
        return None
    return max((day for day in days if day <= as_of), default=date.min)


def _document_days(store: Store, county_code: str) -> dict[int, list[date]]:
    """The days of all documents by year, asked for all years at once."""
    days: dict[int, list[date]] = {}
    for year, day in store.rows(
        " union ".join(
            f"select j.year, j.document_date from {store.schema}.{table} as j"
            f" join {store.schema}.batches as b on b.batch_id = j.batch_id"
            " where b.county_code = $1 and j.document_date is not null"
            for table in ("judgements", "school_judgements")
        ),
        [county_code],
    ):
        days.setdefault(year, []).append(day)
    return days


def figures(store: Store, county_code: str, year: int) -> dict[str, Decimal | None]:
    """The county figures of a year by name; None where the cell was left empty."""
    found = _rows(store, county_code, year, "county_figures", "figure, value")
    return {row["figure"]: row["value"] for row in found}


def survey(store: Store, county_code: str, year: int) -> list[dict[str, Any]]:
    """The satisfaction survey of a year, one row a group."""
    columns = '"group" as survey_group, issued, valid, satisfied, visited, visited_satisfied'
    return _rows(store, county_code, year, "survey", columns)


def monitoring(store: Store, county_code: str, year: int) -> list[dict[str, Any]]:
    """The national monitoring results of a year, one row a grade and subject."""
    return _rows(store, county_code, year, "monitoring", "year, grade, subject, level, between_school_rate")


def _rows(store: Store, county_code: str, year: int, sheet: str, columns: str) -> list[dict[str, Any]]:
    """The rows of one county sheet; sheet and columns are this module's own words. A page asks for the same ones often."""
    select = f"""
        select {columns}
        from current_county_sheets as v
        join {sheet} as t using (batch_id, year)
        where v.county_code = $1 and year = $2
        order by all
        """
    return store.once(f"{county_code} {year} {select}", lambda: store.records(select, [county_code, year]))
