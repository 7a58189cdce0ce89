"""Corrections taken in: rows handed back in any number of files and cells typed on the page add up, in any order.

What a file of faults hands out says which round of corrections it begins; a later round lies over an earlier one, and
within a round every cell that differs from what was handed out is a correction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from core.dataset.cells import Cell, cell_text, is_empty, quoted
from core.dataset.dictionary import Sheet, match_header
from core.errors import InputRejected, Problem
from core.intake.reading.our_layout import header_index, sheet_called
from core.intake.reading.raw_sheets import RawSheet, Source
from core.naming import figure_text

ROW_COLUMN, ROUND_COLUMN, REASON_COLUMN = "原行号", "更正轮次", "问题"
TYPED = "本页更正"
_NUMBER = re.compile(r"[0-9]{1,7}")

_Row = list[Cell]


@dataclass(frozen=True)
class TypedCell:
    """What somebody typed on the page in the place of a cell; `column` is the name that the finding bears."""

    sheet: str
    row: int
    column: str
    text: str
    round: int


@dataclass
class _Returned:
    """The corrections of one round from one file, or from the page: rows in the place of old ones, rows added."""

    name: str
    fingerprint: str
    changed: dict[tuple[str, int], _Row] = field(default_factory=dict)
    typed: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict)
    added: dict[str, list[_Row]] = field(default_factory=lambda: defaultdict(list))


def with_corrections(original: Source, returned: Sequence[Source], typed: Sequence[TypedCell] = ()) -> Source:
    """The original with every correction in its place; a row emptied is left out, a row without number is added.

    Raises InputRejected where a number fits no row, or two files of a round say different things of a cell.
    """
    if not returned and not typed:
        return original
    rounds = _by_round(original, {source.sha256: source for source in returned}.values(), typed)
    sheets = {known.name: raw for raw in original.sheets if (known := sheet_called(raw.label))}
    for number in sorted(rounds):
        for name, raw in sheets.items():
            sheets[name] = _corrected(name, raw, sorted(rounds[number], key=lambda one: one.fingerprint))
    names = [original.name, *(source.name for source in returned), *([TYPED] if typed else [])]
    parts = [original.sha256, *sorted({one.fingerprint for listed in rounds.values() for one in listed})]
    placed = [sheets[known.name] if (known := sheet_called(raw.label)) else raw for raw in original.sheets]
    return replace(
        original,
        name=" + ".join(dict.fromkeys(names)),
        sha256=sha256("".join(parts).encode()).hexdigest(),
        sheets=placed,
        rounds=max(rounds, default=0),
        original=original.sha256,
    )


def can_be_typed(source: Source, problem: Problem) -> bool:
    """Whether a finding stands at one cell, in the place of which something can be typed."""
    return problem.row is not None and _place_of(source, problem.sheet, problem.row, problem.column or "") is not None


def cell_at(source: Source, problem: Problem) -> str:
    """What stands now in the cell of a finding; empty where nothing does."""
    place = _place_of(source, problem.sheet, problem.row or 0, problem.column or "")
    if place is None or problem.row is None:
        return ""
    row = _sheet(source, problem.sheet).rows[problem.row - 1]
    return cell_text(row[place]) if place < len(row) and not is_empty(row[place]) else ""


def proposed(source: Source, problem: Problem) -> str:
    """What the cell of a finding would say in the right unit; empty where nothing is proposed."""
    if problem.times is None or not can_be_typed(source, problem):
        return ""
    try:
        return figure_text(Decimal(cell_at(source, problem)) * problem.times)
    except InvalidOperation:
        return ""


def _by_round(original: Source, returned: Iterable[Source], typed: Sequence[TypedCell]) -> dict[int, list[_Returned]]:
    rounds: dict[int, list[_Returned]] = defaultdict(list)
    for source in returned:
        of_source: dict[int, _Returned] = {}
        for raw in source.sheets:
            known = sheet_called(raw.label)
            if known is not None and any(known is sheet_called(one.label) for one in original.sheets):
                _take_in(known, raw, source, of_source)
        for number, one in of_source.items():
            rounds[number].append(one)
    for number in {cell.round for cell in typed}:
        cells = [cell for cell in typed if cell.round == number]
        fingerprint = sha256(repr([number, *cells]).encode()).hexdigest()
        one = _Returned(TYPED, fingerprint)
        for cell in cells:
            place = _place_of(original, cell.sheet, cell.row, cell.column)
            if place is not None:
                one.typed.setdefault((cell.sheet, cell.row), {})[place] = cell.text
        rounds[number].append(one)
    return rounds


def _take_in(known: Sheet, raw: RawSheet, source: Source, of_source: dict[int, _Returned]) -> None:
    header = header_index(known, raw.rows)
    titles = [cell_text(cell) for cell in raw.rows[header]] if header is not None else []
    if header is None or ROW_COLUMN not in titles:
        advice = "请在下载的问题行工作簿上更正"
        raise InputRejected([Problem("FAIL", known.name, 1, ROW_COLUMN, "缺少这一列", f"“{ROW_COLUMN}”", advice)])
    numbered = titles.index(ROW_COLUMN)
    in_round = titles.index(ROUND_COLUMN) if ROUND_COLUMN in titles else None
    for line, cells in enumerate(raw.rows[header + 1 :], header + 2):
        own, number = list(cells[:numbered]), _text(cells, numbered)
        if not number and all(is_empty(cell) for cell in own):
            continue
        told = _text(cells, in_round) if in_round is not None else ""
        round_ = int(told) if _NUMBER.fullmatch(told) else 1
        one = of_source.setdefault(round_, _Returned(source.name, f"{source.sha256}{round_}"))
        if not number:
            one.added[known.name].append(own)
        elif _NUMBER.fullmatch(number) and int(number) > header + 1:
            one.changed[known.name, int(number)] = own
        else:
            raise InputRejected([_no_such_row(known.name, line, number)])


def _corrected(name: str, raw: RawSheet, of_round: Sequence[_Returned]) -> RawSheet:
    rows, replaced = list(raw.rows), set()
    for number in sorted({row for one in of_round for sheet, row in (*one.changed, *one.typed) if sheet == name}):
        if not 1 < number <= len(raw.rows):
            raise InputRejected([_no_such_row(name, None, str(number))])
        rows[number - 1] = _merged(name, number, raw.rows[number - 1], of_round)
        replaced.add(number - 1)
    for one in of_round:
        rows += one.added[name]
    broken = {place: words for place, words in raw.broken.items() if place[0] not in replaced}
    merged = tuple(r for r in raw.merged if not any(r[0][0] <= row <= r[1][0] for row in replaced))
    return RawSheet(raw.label, rows, raw.is_csv, raw.is_hidden, merged, broken)


def _merged(name: str, number: int, before: _Row, of_round: Sequence[_Returned]) -> _Row:
    """The row with each cell that somebody changed; what differs from before in one file only is that file's correction."""
    proposed: dict[int, dict[str, tuple[Cell, str]]] = defaultdict(dict)
    for one in of_round:
        cells: Mapping[int, Cell] = {
            **dict(enumerate(one.changed.get((name, number), []))),
            **one.typed.get((name, number), {}),
        }
        for place, cell in cells.items():
            if _text([cell], 0) != _text(before, place):
                proposed[place].setdefault(_text([cell], 0), (cell, one.name))
    row = [*before, *([None] * (max(proposed, default=-1) + 1 - len(before)))]
    for place, ways in proposed.items():
        if len(ways) > 1:
            (one_text, (_, one_file)), (other_text, (_, other_file)), *_ = ways.items()
            raise InputRejected(
                [
                    Problem(
                        "FAIL",
                        name,
                        number,
                        None,
                        f"“{one_file}”更正为{quoted(one_text)}，“{other_file}”更正为{quoted(other_text)}",
                        "同一格只有一种更正",
                        "请核对后移去其中一份，或在一份中统一",
                    )
                ]
            )
        row[place] = next(iter(ways.values()))[0]
    return row


def _no_such_row(name: str, line: int | None, number: str) -> Problem:
    return Problem("FAIL", name, line, ROW_COLUMN, f"{quoted(number)}不是原文件的行号", "原文件中数据行的行号")


def _sheet(source: Source, name: str) -> RawSheet:
    return next(raw for raw in source.sheets if (known := sheet_called(raw.label)) and known.name == name)


def _place_of(source: Source, name: str, row: int, column: str) -> int | None:
    """Where in its row a sheet's cell of a column stands; None where it has no such cell."""
    for raw in source.sheets:
        known = sheet_called(raw.label)
        if known is None or known.name != name or not 0 < row <= len(raw.rows):
            continue
        header = header_index(known, raw.rows)
        if header is None or row <= header + 1:
            return None
        for place, cell in enumerate(raw.rows[header]):
            match = None if is_empty(cell) else match_header(known, cell_text(cell))
            if match and match.column.name == column:
                return place
    return None


def _text(cells: Sequence[Cell], place: int) -> str:
    return cell_text(cells[place]) if place < len(cells) and not is_empty(cells[place]) else ""
