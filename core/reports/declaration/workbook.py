"""The declaration as a workbook to print and sign: a sheet a table, then the cross-check and the source.

declaration_workbook(forms, checks, county_name, year, origin, draft) -> bytes
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from core import palette
from core.method.assessment import Verdict
from core.reports.declaration.cross_check import Check
from core.reports.declaration.forms import Form
from core.reports.tables import (
    DEMO_MARK,
    NOT_REPORTED_MEANING,
    ORIGIN_SHEET,
    Origin,
    ReportCell,
    ReportColumn,
    ReportTable,
    columns_wide,
    number_format,
    shown,
    write_origin,
)
from core.wording.numbers import NOT_REPORTED
from core.wording.verdicts import SHAPES, WORDS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CHECK_SHEET = "表间核对"
SIGNED_BY = ("填表人：", "审核人：", "负责人（签章）：", "日期：　　　　年　　月　　日")
_FONT = "仿宋_GB2312"
_NARROW, _WIDE, _LINE_POINTS = 8, 44, 13.5
# On screens and on paper in grey the cell's own text says it too.
_GROUNDS = {Verdict.NOT_MET: palette.SHARES[3], Verdict.NOT_ASSESSABLE: palette.PALE_GREY}
_AGREES = {True: "一致", False: "▲ 不一致", None: "○ 数据未报，无法核对"}


def declaration_workbook(
    forms: Sequence[Form], checks: Sequence[Check], county_name: str, year: int, origin: Origin, draft: int | None
) -> bytes:
    """The whole declaration; `draft` is the unpublished batch that is looked at as if it counted."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{county_name}申报表（{year} 学年）", "created": origin.made_at})
        styles = _Styles(book)
        for form in forms:
            sheet = book.add_worksheet(form.table.title[:31])
            _write_form(sheet, styles, form, _heading(county_name, year, origin, draft))
            _set_print(sheet, origin)
        check_sheet = book.add_worksheet(CHECK_SHEET)
        _write_checks(check_sheet, styles, checks)
        _set_print(check_sheet, origin)
        write_origin(book, book.add_worksheet(ORIGIN_SHEET), [form.table for form in forms], origin)
    return buffer.getvalue()


def _heading(county_name: str, year: int, origin: Origin, draft: int | None) -> str:
    said = [f"填报单位：{county_name}人民政府（盖章）", f"{year} 学年", origin.batch]
    said += [f"草稿批次 {draft} 尚未发布，不作数"] if draft is not None else []
    said += [f"{DEMO_MARK}，不得报送"] if origin.is_demo else []
    return "　　".join(said)


class _Styles:
    """The formats of the forms, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: object) -> Format:
        """A format with these properties over the forms' own."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": _FONT, "valign": "vcenter", **properties})
        return self._made[key]

    def cell(self, number_format: str, verdict: Verdict | None) -> Format:
        """A cell of the table, on the ground of its verdict."""
        ground = {"bg_color": _GROUNDS[verdict]} if verdict in _GROUNDS else {}
        return self.get(border=1, text_wrap=True, font_size=10, num_format=number_format, **ground)


def _write_form(sheet: Worksheet, styles: _Styles, form: Form, heading: str) -> None:
    table = form.table
    last = len(table.columns) - 1
    sheet.merge_range(0, 0, 0, last, table.title, styles.get(bold=True, font_size=16, align="center"))
    sheet.merge_range(1, 0, 1, last, heading, styles.get(font_size=10))
    top = 2
    head = styles.get(bold=True, border=1, font_size=10, text_wrap=True, align="center", bg_color=palette.HEADER_REPORT)
    if form.groups:
        place = 0
        for name, span in form.groups:
            if span > 1:
                sheet.merge_range(top, place, top, place + span - 1, name, head)
            else:
                sheet.write_string(top, place, name, head)
            place += span
        top += 1
    widths = _widths(table)
    for n, column in enumerate(table.columns):
        sheet.write_string(top, n, column.heading, head)
        sheet.set_column(n, n, widths[n])
    sheet.set_row(top, _height([c.heading for c in table.columns], widths))
    for offset, row in enumerate(table.rows):
        sheet.set_row(top + 1 + offset, _height(row, widths))
        for n, cell in enumerate(row):
            _write(sheet, top + 1 + offset, n, cell, table.columns[n], styles, form.marks.get((offset, n)))
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
    below = top + len(table.rows) + 1
    notes = [*table.notes, *_legend(form)]
    for n, note in enumerate(notes):
        sheet.merge_range(below + n, 0, below + n, last, note, styles.get(font_size=9, text_wrap=True))
        sheet.set_row(below + n, _height([note], [sum(widths)]))
    sheet.write_string(below + len(notes) + 1, 0, "　　　　　　".join(SIGNED_BY), styles.get(font_size=11))


def _widths(table: ReportTable) -> list[int]:
    """Narrow columns of numbers under headings that wrap: a form of twenty columns is to be read on one page."""
    widths = []
    for n in range(len(table.columns)):
        cells = [row[n] for row in table.rows]
        widths.append(min(max(_NARROW, *(columns_wide(shown(c)) + 2 for c in cells), _NARROW), _WIDE))
    return widths


def _height(cells: Sequence[ReportCell], widths: Sequence[int]) -> float:
    """A row's height in points: programs that do not grow a row for wrapped text would cut it."""
    lines = max(
        (ceil((columns_wide(shown(c)) + 1) / max(width - 1, 1)) for c, width in zip(cells, widths, strict=True)),
        default=1,
    )
    return max(_LINE_POINTS * lines + 3.0, 18.0)


def _legend(form: Form) -> list[str]:
    used = [v for v in _GROUNDS if v in form.marks.values()]
    names = "，".join(f"{'深' if v is Verdict.NOT_MET else '灰'}色底为{SHAPES[v]}{WORDS[v]}" for v in used)
    return [f"{names}；{NOT_REPORTED_MEANING}，不代填。"] if used else []


def _write(
    sheet: Worksheet,
    row: int,
    column: int,
    cell: ReportCell,
    kind: ReportColumn,
    styles: _Styles,
    verdict: Verdict | None,
) -> None:
    match cell:
        case None:
            sheet.write_string(row, column, NOT_REPORTED, styles.cell("@", Verdict.NOT_ASSESSABLE))
        case str():
            sheet.write_string(row, column, cell, styles.cell("@", verdict))
        case date():
            sheet.write_datetime(row, column, cell, styles.cell("yyyy-mm-dd", verdict))
        case _:
            sheet.write_number(row, column, float(cell), styles.cell(number_format(cell, kind), verdict))


def _write_checks(sheet: Worksheet, styles: _Styles, checks: Sequence[Check]) -> None:
    wrong = sum(c.agrees is False for c in checks)
    unknown = sum(c.agrees is None for c in checks)
    said = f"核对 {len(checks)} 处，不一致 {wrong} 处，数据未报、无法核对 {unknown} 处"
    sheet.write_string(0, 0, said, styles.get(bold=True, font_size=14))
    for n, header in enumerate(("核对内容", "左侧", "右侧", "结果")):
        sheet.write_string(1, n, header, styles.get(bold=True, border=1, bg_color=palette.HEADER_REPORT))
    for offset, check in enumerate(checks, 2):
        ground = {False: Verdict.NOT_MET, None: Verdict.NOT_ASSESSABLE}.get(check.agrees)
        for n, text in enumerate((check.name, check.left, check.right, _AGREES[check.agrees])):
            sheet.write_string(offset, n, text, styles.cell("@", ground))
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 3, 22)
    sheet.freeze_panes(2, 1)


def _set_print(sheet: Worksheet, origin: Origin) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{DEMO_MARK if origin.is_demo else ''}&C第 &P 页 共 &N 页")
