"""Pinned links: which figures a page stated, on what day, from which batches and by which rules, kept as they were.

    keep_pin(store, county_code, draft, actor, now) -> Pin          the same statement of a page again is the same pin
    read_pin(store, county_code, number) -> Pin | None

Opened later, what it stated stands beside what counts then. A pin is what was said, not a fact: no result depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_day, header
from core.delivery.records.stated import LONGEST_TEXT, StatedFigure, as_text, from_text
from core.errors import RequestInvalid
from core.store.database import Store

# Whose figures a pin states: a school's, a township's, a department's, else the county's.
ABOUT = ("school", "township", "unit")


@dataclass(frozen=True, kw_only=True)
class PinDraft:
    """What a page stated: its address without pins, whose figures, the day and year, the batches, the rules."""

    day: date
    year: int
    address: str
    about_kind: str
    about_id: str
    facts_version: int
    batches: str
    standard_id: str
    figures: tuple[StatedFigure, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Pin(PinDraft, Written):
    """A recorded pin."""


def read_pin(store: Store, county_code: str, number: int) -> Pin | None:
    """The pin with this number."""
    rows = store.records("select * from pins where county_code = $1 and number = $2", [county_code, number])
    return _pin(rows[0]) if rows else None


def keep_pin(store: Store, county_code: str, draft: PinDraft, actor: Actor, now: datetime) -> Pin:
    """Keep what a page states. Raises NotPermitted, RequestInvalid for a day to come or a page without figures."""
    require(actor, "pin", county_code)
    check_day(draft.day, now.date())
    if not draft.figures:
        raise RequestInvalid("这一页没有可以固定的数字。")
    kept = {name: value for name, value in vars(draft).items() if name != "figures"}
    kept["figures"] = as_text(draft.figures)
    with store.write() as cursor:
        known = cursor.execute(
            "select number from pins where county_code = $1 and address = $2 and day = $3 and year = $4"
            " and facts_version = $5 and standard_id = $6 and figures = $7 order by number limit 1",
            [
                county_code,
                draft.address,
                draft.day,
                draft.year,
                draft.facts_version,
                draft.standard_id,
                kept["figures"],
            ],
        ).fetchall()
        if not known:
            row = {**kept, **header(take_numbers(cursor, 1)[0], county_code, actor, now)}
            add_rows(cursor, "pins", [row], {"figures": LONGEST_TEXT, "address": LONGEST_TEXT})
            keep_action(cursor, actor, "pin", f"固定链接 {row['number']}", now, after={"address": draft.address})
            return _pin(row)
    found = read_pin(store, county_code, int(known[0][0]))
    assert found is not None
    return found


def _pin(row: dict[str, Any]) -> Pin:
    return Pin(**{**row, "figures": from_text(row["figures"])})
