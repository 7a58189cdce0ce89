"""What stands on a screen, as a styled workbook or a CSV file that says where its figures come from."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from core import palette
from core.dataset.characters import without_invisible
from core.wording.numbers import NOT_REPORTED, rounded
from core.wording.verdicts import SHAPES, VERDICT_COLOURS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ReportCell = str | int | float | Decimal | date | None

DEMO_MARK = "演示数据"
ORIGIN_SHEET = "来源"
NOT_REPORTED_MEANING = f"{NOT_REPORTED} 未报"
# The text colours of the verdicts on white paper, as on screen.
WHOLE = "#,##0"
PER_PUPIL = "#,##0.00"
COEFFICIENT = "0.000"
SHARE = "0.0%"
WAN_YUAN = "#,##0.0"
# What each of them shows; of a share the decimals of its fraction.
_DECIMALS = {WHOLE: 0, PER_PUPIL: 2, COEFFICIENT: 3, SHARE: 3, WAN_YUAN: 1}

_HEADER_ROW = 1
_NARROWEST, _WIDEST = 8, 48
_SHEET_NAME_LENGTH = 31
_FILE_PART_LENGTH = 40
# Spreadsheets of East Asia take the full-width signs for the same.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# File systems allow 255 bytes, a Chinese character takes three; browsers add a number to a second download.
_FILE_NAME_BYTES = 200


@dataclass(frozen=True)
class ReportColumn:
    """One column: its header, the unit named once in the header, and how its numbers are written.

    A SHARE column holds 0–1 and names no unit; the format writes the percent sign.
    """

    header: str
    unit: str = ""
    number_format: str = "General"

    @property
    def heading(self) -> str:
        """The header with its unit."""
        return f"{self.header}（{self.unit}）" if self.unit else self.header


@dataclass(frozen=True)
class ReportTable:
    """One table as shown: numbers stay numbers in the column's unit; None was not reported (…)."""

    title: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[ReportCell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {self.title} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True)
class Origin:
    """Where the figures of a file come from; it stands in the workbook's last sheet."""

    source: str
    batch: str
    data_as_of: str
    filter: str
    standard: str
    made_at: datetime
    is_demo: bool


def workbook_of(tables: Sequence[ReportTable], origin: Origin) -> bytes:
    """A styled workbook: one sheet a table, filters and frozen headers on, and a sheet naming the source."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": tables[0].title if tables else ORIGIN_SHEET, "created": origin.made_at})
        used = {ORIGIN_SHEET}
        for table in tables:
            _write_table(book, book.add_worksheet(_sheet_name(table.title, used)), table, origin)
        write_origin(book, book.add_worksheet(ORIGIN_SHEET), tables, origin)
    return buffer.getvalue()


def csv_of(table: ReportTable, origin: Origin) -> bytes:
    """The table as CSV (UTF-8 with BOM); every row of a demonstration carries the mark in a last column."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    mark = [DEMO_MARK] if origin.is_demo else []
    writer.writerow([*(_plain(c.heading) for c in table.columns), *(["数据性质"] if mark else [])])
    for row in table.rows:
        cells = (_as_shown(cell, column) for cell, column in zip(row, table.columns, strict=True))
        writer.writerow([*cells, *mark])
    return buffer.getvalue().encode("utf-8-sig")


def file_name(report: str, batch: str, filter_: str, suffix: str, *, is_demo: bool = False) -> str:
    """A file name that carries report, batch and filter, safe on every system; suffix as in "xlsx"."""
    parts = [report, batch, filter_, DEMO_MARK if is_demo else ""]
    plain = (without_invisible(part) for part in parts)
    safe = [re.sub(r'[\\/:*?"<>|\s\ud800-\udfff]+', "-", part)[:_FILE_PART_LENGTH].strip("-.") for part in plain]
    while len("_".join(safe).encode()) > _FILE_NAME_BYTES:
        longest = max(range(len(safe)), key=lambda place: len(safe[place].encode()))
        safe[longest] = safe[longest][:-1].strip("-.")
    return "_".join(part for part in safe if part) + "." + suffix.lstrip(".")


def _write_table(book: Workbook, sheet: Worksheet, table: ReportTable, origin: Origin) -> None:
    title = f"{table.title}（{DEMO_MARK}）" if origin.is_demo else table.title
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    heading = book.add_format(
        {
            "bold": True,
            "bg_color": palette.HEADER_REPORT,
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    body = _Formats(book)
    for n, column in enumerate(table.columns):
        sheet.write_string(_HEADER_ROW, n, column.heading, heading)
        sheet.set_column(n, n, _width(column.heading, [row[n] for row in table.rows]))
        for offset, row in enumerate(table.rows):
            _write_cell(sheet, _HEADER_ROW + 1 + offset, n, row[n], column, body)
    last = _HEADER_ROW + len(table.rows)
    if table.columns:
        sheet.autofilter(_HEADER_ROW, 0, max(last, _HEADER_ROW), len(table.columns) - 1)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    for n, note in enumerate(table.notes):
        sheet.write_string(last + 2 + n, 0, note, book.add_format({"font_color": palette.GREY}))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_footer(f"&L{DEMO_MARK if origin.is_demo else ''}&C第 &P 页 共 &N 页")


class _Formats:
    """The body's cell formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str | None], Format] = {}

    def get(self, number_format: str, colour: str | None = None) -> Format:
        """A bordered cell with this number format and text colour."""
        key = (number_format, colour)
        if key not in self._made:
            properties: dict[str, object] = {"border": 1, "valign": "vcenter", "num_format": number_format}
            if colour:
                properties |= {"font_color": colour, "bold": True}
            if number_format == "@":
                properties["text_wrap"] = True
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def _write_cell(
    sheet: Worksheet, row: int, column: int, cell: ReportCell, kind: ReportColumn, formats: _Formats
) -> None:
    match cell:
        case None:
            sheet.write_string(row, column, NOT_REPORTED, formats.get("@"))
        case str():
            sheet.write_string(row, column, cell, formats.get("@", _colour(cell)))
        case date():
            sheet.write_datetime(row, column, cell, formats.get("yyyy-mm-dd"))
        case _:
            sheet.write_number(row, column, float(cell), formats.get(number_format(cell, kind)))


def number_format(cell: ReportCell, column: ReportColumn) -> str:
    """How a number is shown: as its column says, in a column of several kinds with the decimals it was rounded to."""
    if column.number_format == "General" and isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        if isinstance(exponent, int) and exponent < 0:
            return f"0.{'0' * -exponent}"
    return column.number_format


def _colour(text: str) -> str | None:
    """The colour of a verdict whose shape the text starts with."""
    for verdict, colour in VERDICT_COLOURS.items():
        if text.startswith(SHAPES[verdict]):
            return colour
    return None


def write_origin(book: Workbook, sheet: Worksheet, tables: Sequence[ReportTable], origin: Origin) -> None:
    """The last sheet of every workbook: where its figures come from."""
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    lines = [
        ("报表", "、".join(t.title for t in tables)),
        ("数据来源", origin.source),
        ("批次", origin.batch),
        ("数据截至", origin.data_as_of),
        ("口径", origin.standard),
        ("筛选", origin.filter or "全部"),
        ("生成时间", f"{origin.made_at:%Y-%m-%d %H:%M}"),
        ("数据性质", f"{DEMO_MARK}，不代表真实学校" if origin.is_demo else "填报数据"),
        ("符号", f"{NOT_REPORTED_MEANING}；— 无此项；× 不适用；0 为实际数值"),
    ]
    for n, (name, value) in enumerate(lines):
        sheet.write_string(n, 0, name, bold)
        sheet.write_string(n, 1, value, wrapped)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 80)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _sheet_name(title: str, used: set[str]) -> str:
    """A sheet name that spreadsheets accept and that no other sheet has; adds it to the used ones."""
    base = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:_SHEET_NAME_LENGTH] or "表"
    name, number = base, 2
    while name.lower() in {u.lower() for u in used}:
        ending = f"({number})"
        name, number = base[: _SHEET_NAME_LENGTH - len(ending)] + ending, number + 1
    used.add(name)
    return name


def _width(heading: str, cells: Sequence[ReportCell]) -> int:
    """A column width in characters; a Chinese character takes two."""
    longest = max((columns_wide(shown(cell)) for cell in cells), default=0)
    # A heading may wrap once; its words are short.
    return min(max(longest, columns_wide(heading) // 2, _NARROWEST) + 3, _WIDEST)


def columns_wide(text: str) -> int:
    """How many columns of a fixed type a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def shown(cell: ReportCell) -> str:
    """A cell about as a program of tables shows it, for the width of its column."""
    return f"{cell:,.2f}" if isinstance(cell, float | Decimal) else _plain(cell)


def _as_shown(cell: ReportCell, column: ReportColumn) -> str:
    """A cell of a CSV file: floats with the decimals that the screen shows, a share as its fraction; decimals exact."""
    decimals = _DECIMALS.get(column.number_format)
    if decimals is None or not isinstance(cell, float):
        return _plain(cell)
    return f"{rounded(cell, decimals):f}"


def _plain(cell: ReportCell) -> str:
    if cell is None:
        return NOT_REPORTED
    if isinstance(cell, str):
        # An apostrophe keeps spreadsheets from reading a text as a formula.
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
    if isinstance(cell, float):
        # Fifteen digits are exact; the sixteenth and seventeenth are what binary fractions leave behind.
        return f"{Decimal(f'{cell:.15g}'):f}"
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
