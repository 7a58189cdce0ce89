"""The titles of a sheet's columns where the header takes several lines: merged cells, numbering lines, repeated words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from core.dataset.cells import Cell, cell_text, is_empty
from core.dataset.characters import half_width
from core.intake.reading.raw_sheets import RawSheet

SEPARATOR = "·"
_BLANKS = re.compile(r"[\s*＊]+")
_ORDINALS = frozenset("甲乙丙丁戊己庚辛")
_COUNT = re.compile(r"[0-9]{1,4}")
_SEARCHED_ROWS = 30
_FEWEST_WORDS = 2
_SIGNS = str.maketrans("():,", "（）：，")
# Lines above a header that say whose form it is, for which year and in which unit.
_ABOVE_HEADER = re.compile(r"填报单位|填表单位|单位负责人|学年初|学年度?$|表号|制表机关|批准文号|计量单位|^单位[:：]")


def titles(raw: RawSheet, first: int, last: int) -> list[str]:
    """The title of every column, the lines from top to bottom joined; rows count from 1. Columns without are empty.

    A merged cell speaks for all the columns and lines it covers; a title that comes again says how often before.
    """
    width = max((len(row) for row in raw.rows[first - 1 : last]), default=0)
    lines = [_line(raw, number - 1, width) for number in range(first, last + 1)]
    seen: Counter[str] = Counter()
    found = []
    for place in range(width):
        parts = [line[place] for line in lines if line[place]]
        title = SEPARATOR.join(part for n, part in enumerate(parts) if n == 0 or part != parts[n - 1])
        seen[title] += bool(title)
        found.append(f"{title}（{seen[title]}）" if seen[title] > 1 else title)
    return found


def _line(raw: RawSheet, index: int, width: int) -> list[str]:
    cells = raw.rows[index] if index < len(raw.rows) else []
    if is_numbering(cells):
        return [""] * width
    line = [_plain(cells[place]) if place < len(cells) else "" for place in range(width)]
    for (top, left), (bottom, right) in raw.merged:
        if top <= index <= bottom and top < len(raw.rows) and left < len(raw.rows[top]):
            for place in range(left, min(right + 1, width)):
                line[place] = _plain(raw.rows[top][left])
    if raw.is_csv:
        # A CSV file knows no merged cells: the word of an upper line speaks until the next one.
        below = raw.rows[index + 1] if index + 1 < len(raw.rows) else []
        for place in range(1, width):
            if not line[place] and place < len(below) and not is_empty(below[place]) and not is_numbering(below):
                line[place] = line[place - 1] if _is_figureless(below) else ""
    return line


def _plain(cell: Cell) -> str:
    return "" if is_empty(cell) else _BLANKS.sub("", half_width(cell_text(cell))).translate(_SIGNS)


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Whether a line only numbers the columns, as official forms do: 甲, 乙, 1, 2, 3."""
    words = [cell_text(cell) for cell in cells if not is_empty(cell)]
    numbers = [int(word) for word in words if _COUNT.fullmatch(word)]
    is_ordinal = all(word in _ORDINALS for word in words if not _COUNT.fullmatch(word))
    counted = numbers == list(range(1, len(numbers) + 1))
    return len(words) >= _FEWEST_WORDS and is_ordinal and counted


def _figures(cells: Sequence[Cell]) -> int:
    return sum(
        isinstance(cell, int | float) or (isinstance(cell, str) and cell.strip().replace(".", "", 1).isdigit())
        for cell in cells
    )


def _is_figureless(cells: Sequence[Cell]) -> bool:
    return _figures(cells) == 0


def guessed_header(raw: RawSheet) -> tuple[int, int]:
    """Where the header probably stands: the filled lines right above the first line of figures. Rows count from 1."""
    width = max((len(row) for row in raw.rows[:_SEARCHED_ROWS]), default=0)
    body = next(
        (index for index, cells in enumerate(raw.rows[:_SEARCHED_ROWS]) if _is_body(cells, width)),
        min(1, len(raw.rows)),
    )
    last = body
    while last > 1 and (is_numbering(raw.rows[last - 1]) or all(is_empty(cell) for cell in raw.rows[last - 1])):
        last -= 1
    first = last
    while first > 1 and _is_header_line(raw, first - 2, width):
        first -= 1
    return max(first, 1), max(last, 1)


def _is_body(cells: Sequence[Cell], width: int) -> bool:
    filled = sum(not is_empty(cell) for cell in cells)
    return _figures(cells) > 0 and filled >= _FEWEST_WORDS and filled * 2 >= width and not is_numbering(cells)


def _is_header_line(raw: RawSheet, index: int, width: int) -> bool:
    words = [word for word in _line(raw, index, width) if word]
    return len(set(words)) > 1 and len(words) * 2 >= width and not any(_ABOVE_HEADER.search(word) for word in words)


def header_found(raw: RawSheet, wanted: Sequence[str], header_rows: tuple[int, int]) -> tuple[int, int] | None:
    """The header rows under which every wanted title stands: where it is said to be, else lines up or down."""
    height = header_rows[1] - header_rows[0]
    others = [first for first in range(1, min(len(raw.rows), _SEARCHED_ROWS) + 1) if first != header_rows[0]]
    for first in (header_rows[0], *others):
        if set(wanted) <= set(titles(raw, first, first + height)):
            return first, first + height
    return None
