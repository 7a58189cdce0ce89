"""What of a dataset is stored and judges nothing yet: said, so that nobody takes it for a figure that counts."""

from __future__ import annotations

from core.dataset.dictionary import sheet
from core.dataset.rows import Row, Tables

KEPT_ONLY = "已存，暂不参与判定"
_COLUMNS = (("schools", "predecessor_id"),)


def kept_only(tables: Tables) -> list[str]:
    """What is stored only, each with how many rows of it there are; empty when everything counts."""
    found = [
        (f"{sheet(name).name}·{sheet(name).column(column).name}", _with(tables[name], column))
        for name, column in _COLUMNS
    ]
    return [f"{what} {len(rows)} 行" for what, rows in found if rows]


def _with(rows: list[Row], column: str) -> list[Row]:
    return [row for row in rows if row[column] is not None]
