"""Turns the raw cells of each sheet into typed rows, naming every cell that cannot be understood."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from core.errors import Problem
from core.store.dictionary import Column, HeaderMatch, Sheet, codes, match_header, sheets
from core.store.sources import Cell, RawSheet, Source

Value = str | int | Decimal | date | None

_HEADER_SEARCH_ROWS = 10
_STORED_DECIMALS = Decimal("0.0001")
_FINE_DECIMALS = Decimal("0.000001")
_FINE_COLUMNS = frozenset({"lon", "lat", "between_school_rate"})
_THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_FLAGS = {"1": 1, "0": 0, "是": 1, "否": 0, "true": 1, "false": 0}


@dataclass(frozen=True)
class Row:
    """One typed row; `number` is its row in the sheet (the header is usually row 1)."""

    number: int
    values: dict[str, Value]

    def __getitem__(self, column: str) -> Value:
        return self.values.get(column)


Tables = dict[str, list[Row]]


def parse(source: Source) -> tuple[Tables, list[Problem]]:
    """The typed rows of every sheet of the contract, and every problem met on the way."""
    problems: list[Problem] = []
    tables: Tables = {s.identifier: [] for s in sheets()}
    found: dict[str, RawSheet] = {}
    for raw in source.sheets:
        label = raw.label.strip()
        known = next((s for s in sheets() if label in (s.identifier, s.name)), None)
        if known is None:
            problems.append(_unknown_sheet(label))
        elif known.identifier in found:
            problems.append(Problem("FAIL", label, None, None, "同一张表出现两次", "每张表一份"))
        else:
            found[known.identifier] = raw
    for known in sheets():
        raw_sheet = found.get(known.identifier)
        if raw_sheet is not None:
            tables[known.identifier] = _parse_sheet(known, raw_sheet, problems)
        elif not known.optional:
            problems.append(
                Problem(
                    "FAIL",
                    known.name,
                    None,
                    None,
                    "缺少这张表",
                    f"名为“{known.name}”或 {known.identifier} 的表",
                    "没有数据时保留表头即可",
                )
            )
    return tables, problems


def _unknown_sheet(label: str) -> Problem:
    names = [name for s in sheets() for name in (s.identifier, s.name)]
    near = difflib.get_close_matches(label, names, n=1)
    advice = f"是否应为“{near[0]}”" if near else "这张表不会导入"
    return Problem("WARN", label, None, None, "不认识的工作表", "模板中的表名", advice)


def _parse_sheet(sheet: Sheet, raw: RawSheet, problems: list[Problem]) -> list[Row]:
    header_index = _header_index(sheet, raw.rows)
    if header_index is None:
        problems.append(
            Problem(
                "FAIL",
                sheet.name,
                1,
                None,
                "没有找到表头行",
                "首行为列名：" + "、".join(c.name for c in sheet.columns[:4]) + "……",
                "请使用模板的表头",
            )
        )
        return []
    matches, complete = _match_columns(sheet, raw.rows[header_index], header_index + 1, problems)
    if not complete:
        return []
    rows: list[Row] = []
    first_seen: dict[tuple[Value, ...], int] = {}
    for offset, cells in enumerate(raw.rows[header_index + 1 :]):
        number = header_index + 2 + offset
        if all(_is_empty(cell) for cell in cells):
            continue
        if any(not _is_empty(cell) for cell in cells[len(matches) :]):
            problems.append(Problem("FAIL", sheet.name, number, None, "单元格多于表头的列数", f"{len(matches)} 列"))
            continue
        row = _parse_row(sheet, matches, cells, number, problems)
        if row is None:
            continue
        if sheet.key:
            key = tuple(row[c] for c in sheet.key)
            if key in first_seen:
                names = "、".join(sheet.column(c).name for c in sheet.key)
                problems.append(
                    Problem(
                        "FAIL",
                        sheet.name,
                        number,
                        names,
                        f"“{_shown(key)}”与第 {first_seen[key]} 行重复",
                        "每个组合只出现一次",
                        "请删除或更正其中一行",
                    )
                )
                continue
            first_seen[key] = number
        rows.append(row)
    return rows


def _shown(key: tuple[Value, ...]) -> str:
    return "，".join(str(part) for part in key)


def _header_index(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row that names at least half of the sheet's obligatory columns, or one of two."""
    needed = [c for c in sheet.columns if not c.optional]
    for index, cells in enumerate(rows[:_HEADER_SEARCH_ROWS]):
        matched = [match_header(sheet, str(c).strip()) for c in cells if not _is_empty(c)]
        if sum(m is not None for m in matched) * 2 >= len(needed):
            return index
    return None


def _match_columns(
    sheet: Sheet, cells: Sequence[Cell], number: int, problems: list[Problem]
) -> tuple[list[HeaderMatch | None], bool]:
    matches: list[HeaderMatch | None] = []
    seen: set[str] = set()
    complete = True
    for cell in cells:
        header = "" if _is_empty(cell) else str(cell).strip()
        match = match_header(sheet, header) if header else None
        if header and match is None:
            names = [n for c in sheet.columns for n in (c.identifier, c.name)]
            near = difflib.get_close_matches(header, names, n=1)
            advice = f"是否应为“{near[0]}”" if near else "这一列不会导入"
            problems.append(Problem("WARN", sheet.name, number, header, "不认识的列", "模板中的列名", advice))
        if match and match.unknown_unit is not None:
            problems.append(
                Problem(
                    "FAIL",
                    sheet.name,
                    number,
                    header,
                    f"单位“{match.unknown_unit}”无法换算",
                    f"单位为 {match.column.unit or '无'}",
                )
            )
            complete = False
        if match and match.column.identifier in seen:
            problems.append(Problem("FAIL", sheet.name, number, header, "同一列出现两次", "每列一次"))
            complete = False
        if match:
            seen.add(match.column.identifier)
        matches.append(match)
    # `name` is the same word in several sheets of both languages only where it is a Chinese header.
    if len({m.language for m in matches if m}) > 1:
        problems.append(Problem("FAIL", sheet.name, number, None, "表头中英文混用", "同一张表只用一种列名"))
        complete = False
    for column in sheet.columns:
        if column.identifier not in seen and not column.optional:
            problems.append(
                Problem(
                    "FAIL",
                    sheet.name,
                    number,
                    column.name,
                    "缺少这一列",
                    f"“{column.header}”或 {column.identifier}",
                    "没有数据时保留列名、单元格留空",
                )
            )
            complete = False
    return matches, complete


def _parse_row(
    sheet: Sheet,
    matches: Sequence[HeaderMatch | None],
    cells: Sequence[Cell],
    number: int,
    problems: list[Problem],
) -> Row | None:
    values: dict[str, Value] = {}
    usable = True
    for match, cell in zip(matches, cells, strict=False):
        if match is None:
            continue
        column = match.column
        try:
            values[column.identifier] = _value(column, cell, match.factor)
        except _Misfit as misfit:
            problems.append(
                Problem("FAIL", sheet.name, number, column.name, misfit.found, misfit.expected, misfit.advice)
            )
            usable = False
            continue
    for column in sheet.columns:
        if column.required and values.get(column.identifier) is None and usable:
            problems.append(Problem("FAIL", sheet.name, number, column.name, "没有填写", "必填", "这一列不能为空"))
            usable = False
    return Row(number, values) if usable else None


class _Misfit(Exception):
    """A cell that does not fit its column: found, expected, advice."""

    def __init__(self, found: str, expected: str, advice: str = "") -> None:
        self.found, self.expected, self.advice = found, expected, advice
        super().__init__(found)


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _value(column: Column, cell: Cell, factor: Decimal) -> Value:
    if _is_empty(cell):
        return None
    match column.type:
        case "text":
            return _text(cell)
        case "code":
            return _code(column, _text(cell))
        case "flag":
            return _flag(cell)
        case "date":
            return _date(cell)
        case "integer" | "year":
            return int(_in_range(column, _whole(_number(cell) * factor)))
        case "decimal":
            return _in_range(column, _fitted(column, _number(cell) * factor))


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _code(column: Column, text: str) -> str:
    for entry in codes(column.codes).values():
        if text in (entry.code, entry.name):
            return entry.code
    known = [c.name for c in codes(column.codes).values()]
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.3)
    raise _Misfit(
        f"“{text}”不在代码表中",
        "、".join(known[:8]) + ("……" if len(known) > 8 else ""),
        f"是否应为“{near[0]}”" if near else "",
    )


def _flag(cell: Cell) -> int:
    text = unicodedata.normalize("NFKC", _text(cell)).lower()
    if text not in _FLAGS:
        raise _Misfit(f"“{_text(cell)}”", "1（是）或 0（否）")
    return _FLAGS[text]


def _date(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.match(unicodedata.normalize("NFKC", _text(cell)))
    if found:
        year, month, day = (int(part) for part in found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise _Misfit(f"“{_text(cell)}”不是日期", "形如 2023-09-01 的日期")


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, bool):
        raise _Misfit("是逻辑值而不是数字", "数字")
    if isinstance(cell, int):
        return Decimal(cell)
    text = repr(cell) if isinstance(cell, float) else _text(cell)
    plain = unicodedata.normalize("NFKC", text).strip()
    if _THOUSANDS.match(plain):
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        advice = "单位请写在表头，单元格只填数字" if re.match(r"^-?[\d.,]+\D+$", plain) else ""
        raise _Misfit(f"“{text}”不是数字", "数字", advice or "未报请留空，没有请填 0") from None
    if not number.is_finite():
        raise _Misfit(f"“{text}”不是数字", "数字")
    return number


def _whole(number: Decimal) -> Decimal:
    if abs(number) < Decimal(10) ** 15 and number == number.to_integral_value():
        return number.to_integral_value()
    raise _Misfit(f"“{number.normalize():f}”不是整数", "整数")


def _fitted(column: Column, number: Decimal) -> Decimal:
    if abs(number) >= Decimal(10) ** 13:
        raise _Misfit(f"“{number:.3g}”过大", "合理范围内的数字")
    return number.quantize(_FINE_DECIMALS if column.identifier in _FINE_COLUMNS else _STORED_DECIMALS)


def _in_range(column: Column, number: Decimal) -> Decimal:
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"{low if low is not None else '不限'} 至 {high if high is not None else '不限'}"
        raise _Misfit(f"“{number.normalize():f}”超出范围", f"{bounds}之间的数字", "请核对是否多写或少写位数")
    return number
