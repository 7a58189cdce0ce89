"""A CSV file as rows of cells, read a line at a time so that no line or row is larger than a table's."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from core.dataset.cells import Cell
from core.errors import InputRejected
from core.intake.reading.bounds import (
    LONGEST_CELL,
    LONGEST_LINE,
    MOST_COLUMNS,
    MOST_LINES_OF_A_ROW,
    MOST_ROWS,
    Room,
    refused_sheet,
)

_SAVE_AS = "请另存为“CSV UTF-8（逗号分隔）”"
_CHECK_QUOTES = "请核对引号是否成对"
_ENCODINGS = "UTF-8、UTF-16 或 GB18030 编码的 CSV"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def csv_rows(label: str, content: bytes, room: Room) -> list[list[Cell]]:
    """The rows of a file in UTF-8, UTF-16 or GB18030, parted by commas or, where its first line has none, by tabs.

    Raises InputRejected when it is no such file, or larger than a county's table.
    """
    encoding = _encoding(label, content)
    lines = _Lines(label, content, encoding)
    reader = csv.reader(lines, strict=True, delimiter=_delimiter(content, encoding))
    rows: list[list[Cell]] = []
    try:
        for cells in reader:
            _refuse_beyond_bounds(label, len(rows) + 1, cells, room)
            rows.append(list(cells))
            lines.of_row = 0
    except csv.Error as fault:
        too_long = len(fault.args) > 0 and "limit" in str(fault.args[0])
        found = "有一格过长" if too_long else "引号或换行不成对，不是有效的 CSV"
        expected = f"每格不超过 {LONGEST_CELL:,} 个字符" if too_long else "逗号分隔的 CSV"
        raise refused_sheet(label, found, expected, _CHECK_QUOTES, row=reader.line_num) from None
    return rows


def _encoding(label: str, content: bytes) -> str:
    """What a file is written in: what its mark says, else UTF-8 where that can be, else GB18030."""
    encodings = [next((name for mark, name in _MARKS if content.startswith(mark)), "")]
    if not encodings[0]:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as fault:
            row = content.count(b"\n", 0, fault.start) + 1
            continue
        if "\0" in text:
            raise refused_sheet(label, "文件中有空字符，不是文本", _ENCODINGS, _SAVE_AS)
        return encoding
    raise refused_sheet(label, "文件编码认不出来", _ENCODINGS, _SAVE_AS, row=row)


def _delimiter(content: bytes, encoding: str) -> str:
    # A file in UTF-16 is what spreadsheets call Unicode text, which tabs part.
    first, _, _ = content[:LONGEST_LINE].decode(encoding, "ignore").partition("\n")
    return "\t" if "\t" in first and "," not in first else ","


def _refuse_beyond_bounds(label: str, number: int, row: list[str], room: Room) -> None:
    if len(row) > MOST_COLUMNS:
        raise refused_sheet(label, f"这一行有 {len(row):,} 格", f"不超过 {MOST_COLUMNS} 列", _SAVE_AS, row=number)
    if number > MOST_ROWS:
        advice = "请核对是否选错文件；数据确有这么多时请分几次导入"
        raise refused_sheet(label, f"超过 {MOST_ROWS:,} 行", "一个县的数据", advice)
    longest = max(map(len, row), default=0)
    if longest > LONGEST_CELL:
        expected = f"每格不超过 {LONGEST_CELL:,} 个字符"
        raise refused_sheet(label, f"有一格有 {longest:,} 个字符", expected, _CHECK_QUOTES, row=number)
    room.take_cells(label, len(row), f"第 {number} 行", are_filled=True)
    room.take_text(label, sum(map(len, row)))


class _Lines:
    """The lines of a file; `of_row` counts those of the row that is being read."""

    def __init__(self, label: str, content: bytes, encoding: str) -> None:
        self.of_row = 0
        self._label = label
        self._text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self.of_row += 1
        if len(line) > LONGEST_LINE:
            raise self._refused(f"这一行超过 {LONGEST_LINE:,} 个字符", "每行一条记录的 CSV")
        if self.of_row > MOST_LINES_OF_A_ROW:
            raise self._refused(f"一条记录占了 {self.of_row:,} 行", "每行一条记录的 CSV")
        return line

    def _refused(self, found: str, expected: str) -> InputRejected:
        return refused_sheet(self._label, found, expected, _CHECK_QUOTES, row=self._number)
