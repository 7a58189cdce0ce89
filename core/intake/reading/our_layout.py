"""Recognises the layout of our own workbook: the names of its sheets, the row that holds its headers."""

from __future__ import annotations

from collections.abc import Sequence

from core.dataset.cells import Cell, cell_text, is_empty
from core.dataset.dictionary import Sheet, match_header, sheets
from core.intake.reading.raw_sheets import Source

_HEADER_SEARCH_ROWS = 10


def sheet_called(label: str) -> Sheet | None:
    """The sheet with this name or identifier, None when there is none."""
    wanted = label.strip().lower()
    return next((s for s in sheets() if wanted in (s.identifier, s.name)), None)


def header_index(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row that names at least half of the sheet's obligatory columns; None when there is none."""
    needed = [c for c in sheet.columns if not c.optional]
    for index, cells in enumerate(rows[:_HEADER_SEARCH_ROWS]):
        matched = [match_header(sheet, cell_text(c)) for c in cells if not is_empty(c)]
        if sum(m is not None for m in matched) * 2 >= len(needed):
            return index
    return None


def is_in_our_layout(source: Source) -> bool:
    """Whether any sheet of an input bears a name of ours and our headers; else it is another form's export."""
    known = ((sheet_called(raw.label), raw) for raw in source.sheets)
    return any(sheet is not None and header_index(sheet, raw.rows) is not None for sheet, raw in known)
