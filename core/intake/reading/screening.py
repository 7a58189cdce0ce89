"""Looks through every cell of a sheet for what must not come in, and for what a spreadsheet hid or broke."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.dataset.cells import Cell, cell_text, is_reference
from core.dataset.characters import folded
from core.dataset.dictionary import Column, HeaderMatch
from core.dataset.personal import SHORTEST, personal_number
from core.errors import Problem

_BARE_NUMBER = re.compile(r"^-?[\d,]*\.?\d+$", re.ASCII)
_IDENTITY_LENGTH = 18
_SMALLEST_MOBILE = 10**10


def personal_data(
    sheet_name: str, rows: Sequence[Sequence[Cell]], matches: Sequence[HeaderMatch | None] = ()
) -> Iterator[Problem]:
    """A FAIL for every cell with an identity card or telephone number; the sentence masks the number."""
    columns = [m.column if m else None for m in matches]
    for number, cells in enumerate(rows, 1):
        for place, cell in enumerate(cells):
            if not _is_long_enough(cell):
                continue
            column = columns[place] if place < len(columns) else None
            text = folded(cell_text(cell))
            if _BARE_NUMBER.match(text) and _may_stand(text, column):
                continue
            found = personal_number(text)
            if found:
                yield Problem(
                    "FAIL",
                    sheet_name,
                    number,
                    column.name if column else f"第 {place + 1} 列",
                    found,
                    "不含个人信息的数据",
                    "请删除个人信息后重新上传",
                )


def _is_long_enough(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) >= SHORTEST
    return isinstance(cell, int | float) and abs(cell) >= _SMALLEST_MOBILE


def _may_stand(digits: str, column: Column | None) -> bool:
    """Whether plain digits may be a school's number or a sum of money."""
    if column and is_reference(column):
        return True
    # Where no column says what stands in it, round sums are more likely than telephone numbers.
    is_amount = digits.endswith("000") if column is None else column.type != "text"
    return is_amount and len(digits) < _IDENTITY_LENGTH
