"""An OpenDocument spreadsheet (.ods) looked through as a stream, before the reader lays it out.

A row or cell of such a sheet can say how often it is repeated, and a line of text stand for a million cells.
"""

from __future__ import annotations

from core.intake.reading.bounds import (
    LONGEST_CELL,
    LONGEST_SHEET_NAME,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    Room,
    far_away,
    refused_sheet,
    rejected,
)
from core.intake.reading.raw_sheets import Place
from core.intake.reading.sheet_xml import column_letters, too_long
from core.intake.reading.workbook_package import CountedPackage, Start

OPEN_DOCUMENT_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_LARGEST_REPEAT_DIGITS = 7
_SAVE_AS = "请在表格软件中另存为 .xlsx 后重新上传"


def looked_through_open_document(name: str, content: bytes) -> tuple[bytes, dict[str, dict[Place, str]]]:
    """The package of the parts that were looked through, and by sheet the places that hold an error.

    Raises InputRejected for a document that is encrypted or cannot be a county's, and what a torn package raises.
    """
    with CountedPackage(name, content) as package:
        package.add("mimetype", _TYPE)
        package.read(_MANIFEST, _refuse_encrypted(name))
        scan = _DocumentScan(name)
        package.read(OPEN_DOCUMENT_CONTENT, scan.start, scan.end, scan.text)
        return package.checked(), scan.broken


def _refuse_encrypted(name: str) -> Start:
    def start(tag: str, _attributes: dict[str, str]) -> None:
        if tag == "encryption-data":
            raise rejected(name, "设有打开密码", "未加密的工作簿", "请取消密码后重新上传")

    return start


class _DocumentScan:
    """All sheets, an event at a time; raises InputRejected as soon as one cannot be a county's table."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.broken: dict[str, dict[Place, str]] = {}
        self._room = Room()
        self._label = ""
        self._row = self._column = 0
        self._row_repeats = self._cell_repeats = 1
        self._rows = self._columns = self._filled = 0
        self._is_cell = self._is_filled = False
        self._beginning, self._length = "", 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if tag == "table":
            self._start_sheet(plain.get("name", ""))
        elif tag == "table-row":
            self._row_repeats, self._column = self._repeats(plain.get("number-rows-repeated")), 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell_repeats = self._repeats(plain.get("number-columns-repeated"))
            self._is_cell, self._is_filled = True, "value-type" in plain
            self._beginning, self._length = "", len(plain.get("string-value", ""))

    def _start_sheet(self, label: str) -> None:
        if len(label) > LONGEST_SHEET_NAME:
            shown = f"有工作表的名称有 {len(label):,} 个字符（“{label[:20]}……”）"
            raise rejected(self.name, shown, f"不超过 {LONGEST_SHEET_NAME} 个字符", "请改短工作表的名称")
        if label in self.broken:
            raise rejected(self.name, f"有两张名为“{label}”的工作表", "每张工作表各有名称", "请改名或删除其中一张")
        if len(self.broken) >= MOST_SHEETS:
            raise rejected(self.name, f"有超过 {MOST_SHEETS} 张工作表", "一个县的工作簿", "请删除无关的工作表")
        self._label = label
        self.broken[label] = {}
        self._row = self._rows = self._columns = self._filled = 0

    def _repeats(self, stated: str | None) -> int:
        if stated is None:
            return 1
        if not (stated.isascii() and stated.isdigit()) or len(stated) > _LARGEST_REPEAT_DIGITS or not int(stated):
            raise refused_sheet(self._label, "单元格的重复次数不是有效的数字", "表格软件存出的工作簿", _SAVE_AS)
        return int(stated)

    def text(self, piece: str) -> None:
        """A piece of text."""
        if self._is_cell and piece.strip():
            self._beginning = self._beginning or piece
            self._length += len(piece)
            if self._length > LONGEST_CELL:
                raise too_long(self._label, self._beginning, self._row + 1)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in ("table-cell", "covered-table-cell") and self._is_cell:
            self._is_cell = False
            if self._is_filled or self._length:
                self._take()
            self._column += self._cell_repeats
        elif tag == "table-row":
            self._row += self._row_repeats

    def _take(self) -> None:
        row, column = self._row + self._row_repeats, self._column + self._cell_repeats
        farthest = f"{column_letters(column - 1)}{row}"
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise far_away(self._label, farthest)
        repeats = self._row_repeats * self._cell_repeats
        self._filled += repeats
        before = self._rows * self._columns
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        area = self._rows * self._columns
        if area > before:
            self._room.take_cells(self._label, area - before, farthest, are_filled=self._filled * 4 > area)
        self._room.take_text(self._label, self._length * repeats)
        if self._beginning.startswith(("#", "Err:")):
            places = self.broken[self._label]
            for index in range(self._row, row):
                for place in range(self._column, column):
                    places[index, place] = f"错误值“{self._beginning[:20]}”"
