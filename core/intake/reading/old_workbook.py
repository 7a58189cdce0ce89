"""A workbook of the older kind (.xls) as sheets of raw cells; only cells that stand in the file take memory."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from core.dataset.cells import Cell
from core.intake.reading.bounds import (
    LONGEST_CELL,
    LONGEST_SHEET_NAME,
    MOST_COLUMNS,
    MOST_MERGED,
    MOST_SHEETS,
    Room,
    far_away,
    refused_sheet,
    rejected,
)
from core.intake.reading.raw_sheets import Place, RawSheet, merged_within
from core.intake.reading.sheet_xml import column_letters, too_long

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell as OldCell
    from xlrd.sheet import Sheet

# What an office hands in has some hundred kilobytes; reading takes some seconds for each ten megabytes.
_LARGEST_BYTES = 30_000_000
# What the reader of a damaged or foreign file stumbles over.
_TORN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
_SAVE_AS = "请在表格软件中另存为 .xlsx 后重新上传"


def old_workbook_sheets(name: str, content: bytes) -> list[RawSheet]:
    """The sheets of a workbook in their order. Raises InputRejected when it cannot be opened or cannot be a county's."""
    import xlrd
    import xlrd.compdoc

    if len(content) > _LARGEST_BYTES:
        raise rejected(name, "文件过大", f"不超过 {_LARGEST_BYTES // 1_000_000} MB 的 .xls 工作簿", _SAVE_AS)
    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=_Silence(), formatting_info=True, ragged_rows=True, on_demand=False
        )
        room = Room()
        if book.nsheets > MOST_SHEETS:
            raise rejected(name, f"有超过 {MOST_SHEETS} 张工作表", "一个县的工作簿", "请删除无关的工作表")
        return [_raw_sheet(name, book, sheet, room) for sheet in book.sheets()]
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, *_TORN) as fault:
        if "password" in str(fault).lower() or "encrypt" in str(fault).lower():
            raise rejected(name, "设有打开密码", "未加密的工作簿", "请取消密码后重新上传") from None
        raise rejected(name, "打不开，可能已经损坏", "未损坏的工作簿", _SAVE_AS) from None


class _Silence:
    """Where the reader's remarks on a crooked file go."""

    def write(self, _text: str) -> None:
        """Take a remark."""


def _raw_sheet(name: str, book: Book, sheet: Sheet, room: Room) -> RawSheet:
    import xlrd

    label = str(sheet.name)
    if len(label) > LONGEST_SHEET_NAME:
        shown = f"有工作表的名称有 {len(label):,} 个字符（“{label[:20]}……”）"
        raise rejected(name, shown, f"不超过 {LONGEST_SHEET_NAME} 个字符", "请改短工作表的名称")
    if sheet.ncols > MOST_COLUMNS:
        raise far_away(label, column_letters(sheet.ncols - 1))
    rows: list[list[Cell]] = []
    broken: dict[Place, str] = {}
    for index in range(sheet.nrows):
        cells = sheet.row(index)
        room.take_cells(label, len(cells), f"第 {index + 1} 行", are_filled=True)
        row: list[Cell] = []
        for place, cell in enumerate(cells):
            if cell.ctype == xlrd.XL_CELL_ERROR:
                broken[index, place] = f"错误值“{xlrd.error_text_from_code.get(cell.value, '#')}”"
            row.append(_value(label, index, book, cell, room))
        rows.append(row)
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    if len(sheet.merged_cells) > MOST_MERGED:
        raise refused_sheet(label, "合并单元格过多或相互重叠", "不重叠的合并单元格", "请取消合并后重新上传")
    ranges = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells]
    return RawSheet(label, rows, is_hidden=bool(sheet.visibility), merged=merged_within(rows, ranges), broken=broken)


def _value(label: str, row: int, book: Book, cell: OldCell, room: Room) -> Cell:
    """The value as a workbook of today gives it: numbers, days, words."""
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            text = str(cell.value)
            if len(text) > LONGEST_CELL:
                raise too_long(label, text, row + 1)
            room.take_text(label, len(text))
            return text
        case xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate_as_datetime(cell.value, book.datemode)
            except (ValueError, OverflowError):
                return float(cell.value)
        case xlrd.XL_CELL_NUMBER:
            return float(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
    return ""
