"""Looks through every cell of a sheet for what must not come in, and for what a spreadsheet hid or broke."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.dataset.cells import Cell, cell_text, half_width, is_reference
from core.dataset.dictionary import Column, HeaderMatch
from core.dataset.personal import SHORTEST, personal_number
from core.errors import Problem

_BARE_NUMBER = re.compile(r"^[+-]?[\d,]*\.?\d+$", re.ASCII)
_IDENTITY_LENGTH = 18


def personal_data(
    sheet_name: str, rows: Sequence[Sequence[Cell]], matches: Sequence[HeaderMatch | None] = ()
) -> Iterator[Problem]:
    """A FAIL for every cell with an identity card or mobile phone number; the sentence masks the number."""
    columns = [m.column if m else None for m in matches]
    for number, cells in enumerate(rows, 1):
        for place, cell in enumerate(cells):
            if not isinstance(cell, str | float | int) or (isinstance(cell, str) and len(cell) < SHORTEST):
                continue
            column = columns[place] if place < len(columns) else None
            text = half_width(cell_text(cell))
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


def _may_stand(digits: str, column: Column | None) -> bool:
    """Whether plain digits may be a school's number or a sum of money."""
    if column and is_reference(column):
        return True
    is_amount = digits.endswith("000") or (column is not None and column.type != "text")
    return is_amount and len(digits) < _IDENTITY_LENGTH
