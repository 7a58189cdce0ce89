"""Findings as workbooks: the rows to correct and hand back, or a list for whoever corrects elsewhere."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.dataset.cells import Cell, cell_text, is_empty
from core.errors import Problem
from core.intake.checkup.corrected_rows import (
    HANDED_OUT_COLUMN,
    REASON_COLUMN,
    ROUND_COLUMN,
    ROW_COLUMN,
    handed_out,
    row_name,
)
from core.intake.reading.our_layout import header_index, sheet_called
from core.intake.reading.raw_sheets import RawSheet, Source

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LEVEL_NAMES = {"FAIL": "错误", "WARN": "提示"}


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
                _write(book.add_worksheet(known.name), raw, header, found, source.rounds + 1)
        page = book.add_worksheet("说明")
        page.write_string(
            0,
            0,
            f"更正后连同原文件、以前各次的更正一起上传，先后不限；“{ROW_COLUMN}”“{ROUND_COLUMN}”和隐藏的一列请勿改动。",
        )
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
        lines = [("级别", "文件", "学校", "工作表", "行", "列", "发现", "应为", "建议")]
        lines += [
            (
                LEVEL_NAMES[p.level],
                p.file,
                p.school,
                p.sheet,
                str(p.row or ""),
                p.column or "",
                p.found,
                p.expected,
                p.advice,
            )
            for p in problems
        ]
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                page.write_string(number, place, text)
        page.set_column(1, 8, 24)
        page.freeze_panes(1, 0)
    return buffer.getvalue()


def _short(problem: Problem) -> str:
    column = f"{problem.column}：" if problem.column else ""
    advice = f"（{problem.advice}）" if problem.advice else ""
    return f"{column}{problem.found}，应为{problem.expected}{advice}"


def _write(page: Worksheet, raw: RawSheet, header: int, found: dict[int, list[str]], round_: int) -> None:
    titles = raw.rows[header]
    width = len(titles)
    for place, cell in enumerate(titles):
        page.write_string(0, place, "" if is_empty(cell) else cell_text(cell))
    for place, title in enumerate((ROW_COLUMN, ROUND_COLUMN, HANDED_OUT_COLUMN, REASON_COLUMN), width):
        page.write_string(0, place, title)
    for line, (number, sentences) in enumerate(sorted(found.items()), 1):
        cells = raw.rows[number - 1][:width]
        for place, cell in enumerate(cells):
            _write_raw(page, line, place, cell)
        page.write_string(line, width, row_name(raw, number))
        page.write_number(line, width + 1, round_)
        page.write_string(line, width + 2, handed_out(cells))
        page.write_string(line, width + 3, "；".join(sentences))
    page.set_column(0, width + 1, 14)
    page.set_column(width + 2, width + 2, 0, None, {"hidden": True})
    page.set_column(width + 3, width + 3, 80)
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
