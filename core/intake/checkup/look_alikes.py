"""Schools and townships that a reader takes for the same: names or codes that differ only in how they are written."""

from __future__ import annotations

from collections.abc import Iterator

from core.dataset.cells import quoted
from core.dataset.characters import likeness
from core.dataset.dictionary import sheet
from core.dataset.rows import Row, Tables
from core.errors import Level, Problem

# A second code is a second school in every sheet; two schools may well bear one name.
_COLUMNS: tuple[tuple[str, str, Level], ...] = (
    ("townships", "code", "FAIL"),
    ("townships", "name", "WARN"),
    ("schools", "school_id", "FAIL"),
    ("schools", "name", "WARN"),
)


def look_alikes(tables: Tables) -> Iterator[Problem]:
    """A finding for every code or name that looks like one in a row before, naming both."""
    for sheet_id, column, level in _COLUMNS:
        first: dict[str, Row] = {}
        for row in tables[sheet_id]:
            text = row[column]
            like = likeness(str(text)) if text is not None else ""
            before = first.setdefault(like, row) if like else row
            if before is not row:
                yield _finding(sheet_id, column, level, row, before)


def _finding(sheet_id: str, column: str, level: Level, row: Row, before: Row) -> Problem:
    known = sheet(sheet_id)
    ours, theirs = quoted(row[column]), quoted(before[column])
    how = "相同" if row[column] == before[column] else "只差写法（全角半角、大小写、标点或空格）"
    return Problem(
        level,
        known.name,
        row.number,
        known.column(column).name,
        f"{ours}与第 {before.number} 行的{theirs}{how}",
        f"每个{known.name}各有{known.column(column).name}",
        "是同一个时请只保留一行；确是两个时请在名称中区分，或写明情况",
    )
