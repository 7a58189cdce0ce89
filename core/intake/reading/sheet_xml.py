"""A sheet's XML seen as a stream: how far it reaches, how much text it lays out, which formulas lost their result."""

from __future__ import annotations

import re
from array import array

from core.intake.reading.bounds import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_MERGED,
    MOST_ROWS,
    Room,
    far_away,
    refused_sheet,
)

Place = tuple[int, int]

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", re.ASCII)
_ROW = re.compile(r"\d{1,7}", re.ASCII)
_CONTENT = frozenset({"v", "is", "f"})
_SHOWN_LENGTH = 20


class TextLengths:
    """How long each text of the shared table is; the texts themselves are not kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lengths = array("H")
        self._length = -1
        self._beginning = ""
        self._is_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "si":
            self._length, self._beginning = 0, ""
        self._is_text = tag == "t"

    def text(self, piece: str) -> None:
        """A piece of text."""
        if not self._is_text or self._length < 0:
            return
        if not self._length:
            self._beginning = piece
        self._length += len(piece)
        if self._length > LONGEST_CELL:
            raise too_long("", self._beginning)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._is_text = False
        if tag == "si":
            self.lengths.append(self._length)
            self._length = -1


class SheetScan:
    """One sheet, an event at a time; raises InputRejected as soon as it cannot be a county's table.

    `broken` holds the places (row, column from 0) of errors and of formulas without a result, in words.
    """

    def __init__(self, label: str, lengths: array[int], room: Room) -> None:
        self.label = label
        self.broken: dict[Place, str] = {}
        self._lengths = lengths
        self._room = room
        self._row, self._column = -1, -1
        self._rows = self._columns = self._filled = 0
        self._farthest = ""
        self._kind = ""
        self._is_cell = self._is_filled = self._has_formula = self._is_text = False
        self._texts: list[str] = []
        self._length = 0
        self._merged = self._merged_cells = 0
        self._is_body_read = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._is_cell:
            self._is_text = tag in ("v", "t")
            self._is_filled = self._is_filled or tag in _CONTENT
            self._has_formula = self._has_formula or tag == "f"
        elif tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._row = self._row_number(attributes.get("r"))
            self._column = -1
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _row_number(self, stated: str | None) -> int:
        if stated is None:
            return self._row + 1
        if not _ROW.fullmatch(stated) or not int(stated):
            raise self._crooked(stated)
        return int(stated) - 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            found = _CELL.fullmatch(reference)
            if not found or not int(found[2]):
                raise self._crooked(reference)
            self._row, self._column = int(found[2]) - 1, column_index(found[1])
        self._kind = attributes.get("t", "n")
        self._is_cell, self._is_filled, self._has_formula, self._is_text = True, False, False, False
        self._texts, self._length = [], 0

    def _crooked(self, place: str) -> Exception:
        found = f"单元格位置“{place[:_SHOWN_LENGTH]}”不存在"
        return refused_sheet(self.label, found, "形如 A1 的位置", "请在表格软件中另存为 .xlsx 后重新上传")

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        ends = [_CELL.fullmatch(end) for end in (first, last or first)]
        if ends[0] is None or ends[1] is None:
            raise self._crooked(reference)
        (top, left), (bottom, right) = ((int(end[2]), column_index(end[1])) for end in ends if end)
        height = max(1, min(bottom, self._rows) - top + 1)
        width = max(1, min(right, self._columns - 1) - left + 1)
        self._merged_cells += height * width
        self._merged += 1
        # Ranges of a sound sheet come behind its cells and do not overlap, so that they cover no more than there is;
        # those beside the table count as one cell each.
        is_sound = self._is_body_read and self._merged_cells <= self._rows * self._columns + MOST_COLUMNS
        if not is_sound or self._merged > MOST_MERGED:
            raise refused_sheet(self.label, "合并单元格过多或相互重叠", "不重叠的合并单元格", "请取消合并后重新上传")

    def text(self, piece: str) -> None:
        """A piece of text."""
        if self._is_text:
            self._texts.append(piece)
            self._length += len(piece)
            if self._length > LONGEST_CELL:
                raise too_long(self.label, self._texts[0], self._row + 1)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._is_text = False
        if tag == "sheetData":
            self._is_body_read = True
        elif tag == "c" and self._is_cell:
            self._is_cell = False
            if self._is_filled:
                self._take(self._row, self._column, "".join(self._texts))

    def _take(self, row: int, column: int, text: str) -> None:
        self._filled += 1
        if row >= self._rows or column >= self._columns:
            self._farthest = f"{column_letters(column)}{row + 1}"
            if row >= MOST_ROWS or column >= MOST_COLUMNS:
                raise far_away(self.label, self._farthest)
            before = self._rows * self._columns
            self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
            area = self._rows * self._columns
            # A table is mostly filled; a cell far from it makes a rectangle that is mostly empty.
            self._room.take_cells(self.label, area - before, self._farthest, are_filled=self._filled * 4 > area)
        length = len(text)
        if self._kind == "s":
            index = int(text) if _ROW.fullmatch(text) else -1
            length = self._lengths[index] if 0 <= index < len(self._lengths) else 0
        self._room.take_text(self.label, length)
        if self._kind == "e":
            self.broken[row, column] = f"错误值“{text[:_SHOWN_LENGTH]}”"
        # A text formula that gives an empty text says so with t="str".
        elif self._has_formula and not text and self._kind != "str":
            self.broken[row, column] = "公式没有计算结果"


def too_long(label: str, beginning: str, row: int | None = None) -> Exception:
    """The refusal of a text that no cell of a spreadsheet can hold."""
    found = f"以“{beginning[:_SHOWN_LENGTH]}”开头的文字超过 {LONGEST_CELL:,} 个字符"
    return refused_sheet(label, found, "一个单元格能容纳的文字", "请核对并缩短该单元格", row=row)


def column_index(letters: str) -> int:
    """The place of a column from 0."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """How a spreadsheet names the column at a place from 0."""
    letters, rest = "", index + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(65 + last) + letters
    return letters
