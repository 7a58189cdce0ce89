"""The rows with findings handed back as a workbook, and taken in again in the place of the old ones."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from core.dataset.cells import Cell, cell_text, is_empty, quoted
from core.dataset.dictionary import Sheet
from core.errors import InputRejected, Problem
from core.intake.reading.our_layout import header_index, sheet_called
from core.intake.reading.raw_sheets import RawSheet, Source

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LEVEL_NAMES = {"FAIL": "错误", "WARN": "提示"}
_ROW_NUMBER = re.compile(r"[0-9]{1,7}")
_ROW_COLUMN, _REASON_COLUMN = "原行号", "问题"


def fault_workbook(source: Source, problems: Sequence[Problem]) -> bytes:
    """The rows that something was found in, each with its number and the findings; all findings in a sheet 说明."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    ) as book:
        for raw in source.sheets:
            known = sheet_called(raw.label)
            header = header_index(known, raw.rows) if known else None
            if known is None or header is None:
                continue
            found: dict[int, list[str]] = {}
            for problem in problems:
                if problem.sheet == known.name and problem.row is not None and problem.row > header + 1:
                    found.setdefault(problem.row, []).append(_short(problem))
            if found:
                _write(book.add_worksheet(known.name), raw.rows[header], raw.rows, found)
        page = book.add_worksheet("说明")
        page.write_string(0, 0, "更正后连同原文件一起重新上传；“原行号”请勿改动。")
        for number, problem in enumerate(problems, 2):
            page.write_string(number, 0, f"{problem.level} {problem.sentence()}")
        page.set_column(0, 0, 120)
    return buffer.getvalue()


def findings_workbook(problems: Sequence[Problem]) -> bytes:
    """All findings as one table, for inputs whose rows are corrected where they came from."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("问题")
        lines = [("级别", "工作表", "行", "列", "发现", "应为", "建议")]
        lines += [
            (LEVEL_NAMES[p.level], p.sheet, str(p.row or ""), p.column or "", p.found, p.expected, p.advice)
            for p in problems
        ]
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                page.write_string(number, place, text)
        page.set_column(1, 6, 24)
        page.freeze_panes(1, 0)
    return buffer.getvalue()


def with_corrected_rows(original: Source, corrected: Source) -> Source:
    """The original with the rows of a corrected fault workbook in their places.

    A row emptied is left out, a row without number is added. Raises InputRejected when a number fits no row.
    """
    replaced: list[RawSheet] = []
    corrections = {raw.label.strip(): raw for raw in corrected.sheets}
    for raw in original.sheets:
        known = sheet_called(raw.label)
        correction = corrections.get(known.name) if known else None
        if known is None or correction is None:
            replaced.append(raw)
            continue
        replaced.append(_replaced(raw, correction, known))
    fingerprint = sha256((original.sha256 + corrected.sha256).encode()).hexdigest()
    return Source(f"{original.name} + {corrected.name}", fingerprint, replaced)


def _short(problem: Problem) -> str:
    column = f"{problem.column}：" if problem.column else ""
    advice = f"（{problem.advice}）" if problem.advice else ""
    return f"{column}{problem.found}，应为{problem.expected}{advice}"


def _write(
    page: Worksheet, header: Sequence[Cell], rows: Sequence[Sequence[Cell]], found: dict[int, list[str]]
) -> None:
    width = len(header)
    for place, cell in enumerate(header):
        page.write_string(0, place, "" if is_empty(cell) else cell_text(cell))
    page.write_string(0, width, _ROW_COLUMN)
    page.write_string(0, width + 1, _REASON_COLUMN)
    for line, (number, sentences) in enumerate(sorted(found.items()), 1):
        for place, cell in enumerate(rows[number - 1][:width]):
            _write_raw(page, line, place, cell)
        page.write_number(line, width, number)
        page.write_string(line, width + 1, "；".join(sentences))
    page.set_column(0, width, 14)
    page.set_column(width + 1, width + 1, 80)
    page.freeze_panes(1, 1)


def _write_raw(page: Worksheet, line: int, place: int, cell: Cell) -> None:
    match cell:
        case bool():
            page.write_boolean(line, place, cell)
        case int() | float():
            page.write_number(line, place, cell)
        case datetime() | date() | time() | timedelta():
            page.write_string(line, place, str(cell))
        case _ if not is_empty(cell):
            page.write_string(line, place, cell_text(cell))


def _replaced(raw: RawSheet, correction: RawSheet, known: Sheet) -> RawSheet:
    header = header_index(known, correction.rows)
    titles = [cell_text(cell) for cell in correction.rows[header]] if header is not None else []
    if header is None or _ROW_COLUMN not in titles:
        raise InputRejected([_no_numbers(known)])
    numbered = titles.index(_ROW_COLUMN)
    rows = list(raw.rows)
    replaced_places = set()
    for line, cells in enumerate(correction.rows[header + 1 :], header + 2):
        if all(is_empty(cell) for cell in cells[:numbered]) and is_empty(cells[numbered]):
            continue
        if is_empty(cells[numbered]):
            rows.append(list(cells[:numbered]))
            continue
        number = cell_text(cells[numbered])
        if not _ROW_NUMBER.fullmatch(number) or not 1 < int(number) <= len(raw.rows):
            found = f"{quoted(number)}不是原文件的行号"
            raise InputRejected([Problem("FAIL", known.name, line, _ROW_COLUMN, found, f"2 至 {len(raw.rows)}")])
        rows[int(number) - 1] = list(cells[:numbered])
        replaced_places.add(int(number) - 1)
    broken = {place: words for place, words in raw.broken.items() if place[0] not in replaced_places}
    merged = tuple(r for r in raw.merged if not any(r[0][0] <= row <= r[1][0] for row in replaced_places))
    return RawSheet(raw.label, rows, raw.is_csv, raw.is_hidden, merged, broken)


def _no_numbers(known: Sheet) -> Problem:
    return Problem("FAIL", known.name, 1, _ROW_COLUMN, "缺少这一列", f"“{_ROW_COLUMN}”", "请在下载的错误行工作簿上更正")
