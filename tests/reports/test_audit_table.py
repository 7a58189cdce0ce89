"""The record of actions is taken away whole and opens as a workbook in which nothing becomes a formula."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl

from core.access import Actor
from core.audit import keep_action, read_entries
from core.reports.audit_table import audit_table
from core.reports.tables import Origin, workbook_of
from core.rules.standard_loading import load_standard
from core.store.database import Store

DAY = date(2026, 3, 2)


def test_the_export_opens_and_holds_every_entry() -> None:
    store = Store.open(None, load_standard())
    someone = Actor("=cmd()", frozenset({"clerk"}), verified=True, person_id="zhang.san", origin="10.0.0.8")
    with store.write() as cursor:
        for number in range(3):
            keep_action(cursor, someone, "publish", f"批次 {number}", datetime(2026, 3, 2, 9), after="@理由")
        entries = read_entries(cursor, first=DAY, last=DAY)
    content = workbook_of(
        [audit_table(entries)], Origin("本县", "", "", "", "", datetime(2026, 3, 2, 10), is_demo=False)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [row[0] for row in rows] == [3, 2, 1]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert {row[2] for row in rows} == {"zhang.san"} and {len(str(row[10])) for row in rows} == {64}
