"""Kept drafts of the self-evaluation report: which figures each stated, so that the next one says what changed.

    keep_draft(store, county_code, draft, actor, now) -> KeptDraft
    read_drafts(store, county_code) -> tuple[KeptDraft, ...]            the oldest first; `serial` counts from 1

A draft is what was said, not a fact: no result depends on it.
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


@dataclass(frozen=True, kw_only=True)
class ReportDraft:
    """The figures of a draft, of which school year, as of which day, from which batches by which rules."""

    day: date
    year: int
    batches: str
    standard_id: str
    figures: tuple[StatedFigure, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptDraft(ReportDraft, Written):
    """A recorded draft; `serial` is its place among the county's."""

    serial: int


def read_drafts(store: Store, county_code: str) -> tuple[KeptDraft, ...]:
    """Every kept draft of a county."""
    rows = store.records("select * from report_drafts where county_code = $1 order by number", [county_code])
    return tuple(_draft(row, serial) for serial, row in enumerate(rows, 1))


def keep_draft(store: Store, county_code: str, draft: ReportDraft, actor: Actor, now: datetime) -> KeptDraft:
    """Keep what a draft states. Raises NotPermitted, RequestInvalid for a day to come or a draft without figures."""
    require(actor, "plan", county_code)
    check_day(draft.day, now.date())
    if not draft.figures:
        raise RequestInvalid("没有可以留存的数字；请先发布数据。")
    with store.write() as cursor:
        row = {
            **{name: value for name, value in vars(draft).items() if name != "figures"},
            "figures": as_text(draft.figures),
            **header(take_numbers(cursor, 1)[0], county_code, actor, now),
        }
        add_rows(cursor, "report_drafts", [row], {"figures": LONGEST_TEXT})
        [(earlier,)] = cursor.execute(
            "select count(*) from report_drafts where county_code = $1 and number <= $2", [county_code, row["number"]]
        ).fetchall()
        keep_action(
            cursor, actor, "plan", f"自评报告第 {earlier} 稿", now, after={"note": draft.note, "year": draft.year}
        )
    return _draft(row, int(earlier))


def _draft(row: dict[str, Any], serial: int) -> KeptDraft:
    return KeptDraft(**{**row, "figures": from_text(row["figures"]), "serial": serial})
