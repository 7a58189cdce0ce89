"""Corrections taken in: rows handed back in any number of files and cells typed on the page add up, in any order.

A file of faults carries what it handed out: what differs from that is a correction, whatever else has changed since. It
says which round of corrections it begins; a later round lies over an earlier one.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from core.dataset.cells import Cell, cell_text, is_empty, quoted
from core.dataset.dictionary import Column, Sheet, match_header
from core.errors import InputRejected, Problem
from core.intake.reading.our_layout import header_index, sheet_called
from core.intake.reading.parsing import MEASURES
from core.intake.reading.raw_sheets import Place, RawSheet, Source
from core.naming import figure_text

ROW_COLUMN, ROUND_COLUMN, HANDED_OUT_COLUMN, REASON_COLUMN = "原行号", "更正轮次", "发出时内容", "问题"
TYPED = "本页更正"
_NUMBER = re.compile(r"[0-9]{1,7}")
_ADDED = re.compile(r"新增[0-9a-f]{8}-[0-9]{1,7}")
_ADVICE = "请在下载的问题行工作簿上更正"

_Row = list[Cell]


@dataclass(frozen=True)
class TypedCell:
    """What somebody typed on the page in the place of a cell.

    `row` names it as a file of faults does: by its number, or as a row that a correction added. `column` is the name that
    the finding bears.
    """

    sheet: str
    row: str
    column: str
    text: str
    round: int


@dataclass
class _Returned:
    """The corrections of one round from one file, or from the page: cells by row and place, rows added by their name."""

    name: str
    fingerprint: str
    changed: dict[tuple[str, str], dict[int, Cell]] = field(default_factory=lambda: defaultdict(dict))
    added: dict[str, dict[str, _Row]] = field(default_factory=lambda: defaultdict(dict))


def with_corrections(original: Source, returned: Sequence[Source], typed: Sequence[TypedCell] = ()) -> Source:
    """The original with every correction in its place; a row emptied is left out, a row without number is added.

    Raises InputRejected where a number fits no row, two files of a round say different things of a cell, or a file
    has nothing to take.
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


class SourceCells:
    """The cells of a source as findings name them: what stands there, what may be typed in their place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._sheets = {
            known.name: (raw, header, _places(known, raw, header))
            for raw in source.sheets
            if (known := sheet_called(raw.label)) and (header := header_index(known, raw.rows)) is not None
        }

    def has(self, problem: Problem) -> bool:
        """Whether a finding stands at one cell, in the place of which something can be typed."""
        return self._place(problem) is not None

    def text(self, problem: Problem) -> str:
        """What stands now in the cell of a finding; empty where nothing does."""
        place = self._place(problem)
        return "" if place is None else _text(self._sheets[problem.sheet][0].rows[place[0]], place[1])

    def proposed(self, problem: Problem) -> str:
        """What the cell of a finding would say in the right unit; empty where nothing is proposed."""
        if problem.times is None or not self.has(problem):
            return ""
        try:
            return figure_text(Decimal(self.text(problem)) * problem.times)
        except InvalidOperation:
            return ""

    def typed(self, problem: Problem, text: str) -> TypedCell:
        """This text in the place of the cell of a finding, as the next round."""
        raw = self._sheets[problem.sheet][0]
        row = row_name(raw, problem.row or 0)
        return TypedCell(problem.sheet, row, problem.column or "", text, self.source.rounds + 1)

    def _place(self, problem: Problem) -> Place | None:
        if problem.sheet not in self._sheets or problem.row is None:
            return None
        raw, header, columns = self._sheets[problem.sheet]
        place = next((place for place, column in columns.items() if column.name == problem.column), None)
        return None if place is None or not header + 1 < problem.row <= len(raw.rows) else (problem.row - 1, place)


def row_name(raw: RawSheet, number: int) -> str:
    """What a file of faults calls a row: its number, or the name of a row that a correction added."""
    return raw.added.get(number - 1, str(number))


def handed_out(cells: Sequence[Cell]) -> str:
    """The cells of a row as they are handed out, to be told from what comes back."""
    # A date goes out as the text that comes back.
    texts = [str(cell) if isinstance(cell, date | time | timedelta) else _text([cell], 0) for cell in cells]
    return json.dumps(texts, ensure_ascii=False)


def _places(known: Sheet, raw: RawSheet, header: int) -> dict[int, Column]:
    matches = {
        place: match_header(known, cell_text(cell)) for place, cell in enumerate(raw.rows[header]) if not is_empty(cell)
    }
    return {place: match.column for place, match in matches.items() if match}


def _by_round(original: Source, returned: Iterable[Source], typed: Sequence[TypedCell]) -> dict[int, list[_Returned]]:
    rounds: dict[int, list[_Returned]] = defaultdict(list)
    for source in returned:
        of_source: dict[int, _Returned] = {}
        for raw in source.sheets:
            known = sheet_called(raw.label)
            before = next((one for one in original.sheets if known and sheet_called(one.label) is known), None)
            if known is not None and before is not None:
                _take_in(known, raw, before, source, of_source)
        if not of_source:
            found, expected = f"“{source.name}”中没有可以取用的更正", "下载的问题行工作簿，改好后上传"
            raise InputRejected([Problem("FAIL", "", None, None, found, expected, "请核对是否选错文件")])
        for number, one in of_source.items():
            rounds[number].append(one)
    for number in {cell.round for cell in typed}:
        cells = [cell for cell in typed if cell.round == number]
        one = _Returned(TYPED, sha256(repr(sorted(map(repr, cells))).encode()).hexdigest())
        for cell in cells:
            one.changed[cell.sheet, cell.row][_place_of(original, cell)] = cell.text or None
        rounds[number].append(one)
    return rounds


def _place_of(original: Source, cell: TypedCell) -> int:
    for raw in original.sheets:
        known = sheet_called(raw.label)
        header = header_index(known, raw.rows) if known and known.name == cell.sheet else None
        if known is not None and header is not None:
            for place, column in _places(known, raw, header).items():
                if column.name == cell.column:
                    return place
    raise InputRejected([Problem("FAIL", cell.sheet, None, cell.column, "没有这一列", "原文件中的列", _ADVICE)])


def _take_in(known: Sheet, raw: RawSheet, before: RawSheet, source: Source, of_source: dict[int, _Returned]) -> None:
    """The cells of a returned sheet that differ from what was handed out, by the columns of the original."""
    header, own_header = header_index(known, raw.rows), header_index(known, before.rows)
    titles = [cell_text(cell) for cell in raw.rows[header]] if header is not None else []
    missing = [title for title in (ROW_COLUMN, ROUND_COLUMN, HANDED_OUT_COLUMN) if title not in titles]
    if header is None or own_header is None or missing:
        title = missing[0] if missing else ROW_COLUMN
        raise InputRejected([Problem("FAIL", known.name, 1, title, "缺少这一列", f"“{title}”", _ADVICE)])
    numbered, in_round, baseline = (titles.index(t) for t in (ROW_COLUMN, ROUND_COLUMN, HANDED_OUT_COLUMN))
    places = {
        place: titles.index(_text(before.rows[own_header], place))
        for place in range(len(before.rows[own_header]))
        if _text(before.rows[own_header], place) in titles[:numbered]
    }
    for line, cells in enumerate(raw.rows[header + 1 :], header + 2):
        own = {place: cells[at] if at < len(cells) else None for place, at in places.items()}
        name, told = _text(cells, numbered), _text(cells, in_round)
        if not name and all(is_empty(cell) for cell in own.values()):
            continue
        round_ = int(told) if _NUMBER.fullmatch(told) else 1
        one = of_source.setdefault(round_, _Returned(source.name, f"{source.sha256}{round_}"))
        if not name:
            width = max(own, default=-1) + 1
            one.added[known.name][f"新增{source.sha256[:8]}-{line}"] = [own.get(place) for place in range(width)]
        elif _ADDED.fullmatch(name) or (_NUMBER.fullmatch(name) and int(name) > own_header + 1):
            was = _as_handed_out(known, line, _text(cells, baseline))
            differing = {p: c for p, c in own.items() if _text([c], 0) != (was[p] if p < len(was) else "")}
            one.changed[known.name, name].update(differing)
        else:
            raise InputRejected([_no_such_row(known.name, line, name)])


def _as_handed_out(known: Sheet, line: int, text: str) -> list[str]:
    try:
        cells = json.loads(text)
    except ValueError:
        cells = None
    if not isinstance(cells, list):
        found = Problem("FAIL", known.name, line, HANDED_OUT_COLUMN, "内容被改动", "下载时的内容", _ADVICE)
        raise InputRejected([found])
    return [str(cell) for cell in cells]


def _corrected(name: str, raw: RawSheet, of_round: Sequence[_Returned]) -> RawSheet:
    rows, added, changed = list(raw.rows), dict(raw.added), set[Place]()
    at = {row_name(raw, number): number - 1 for number in range(2, len(raw.rows) + 1)}
    for row in sorted({row for one in of_round for sheet, row in one.changed if sheet == name}):
        if row not in at:
            raise InputRejected([_no_such_row(name, None, row)])
        cells = _merged(name, row, raw.rows[at[row]], of_round)
        width = max([len(rows[at[row]]), *(place + 1 for place in cells)])
        rows[at[row]] = [
            cells[place] if place in cells else rows[at[row]][place] if place < len(rows[at[row]]) else None
            for place in range(width)
        ]
        changed |= {(at[row], place) for place in cells}
    for one in of_round:
        for row, cells_of_row in one.added[name].items():
            added[len(rows)] = row
            rows.append(cells_of_row)
    kept = RawSheet(raw.label, rows, raw.is_csv, raw.is_hidden, raw.merged, raw.broken, added)
    return _without_marks(kept, changed)


def _without_marks(raw: RawSheet, changed: set[Place]) -> RawSheet:
    """The sheet without the marks of the cells that were corrected; what else a merged cell covered stays to be filled in."""
    known = sheet_called(raw.label)
    header = header_index(known, raw.rows) if known else None
    columns = _places(known, raw, header) if known and header is not None else {}
    broken = {place: words for place, words in raw.broken.items() if place not in changed}
    merged, rows = [], raw.rows
    for (top, left), (bottom, right) in raw.merged:
        covered = {(row, place) for row in range(top, bottom + 1) for place in range(left, right + 1)}
        if not covered & changed:
            merged.append(((top, left), (bottom, right)))
            continue
        for row, place in covered - changed - {(top, left)}:
            column = columns.get(place)
            if column is not None and column.type not in MEASURES and place == left:
                rows[row] = [raw.rows[top][left] if at == place else cell for at, cell in enumerate(rows[row])]
            elif column is not None:
                broken[row, place] = f"原与第 {top + 1} 行第 {left + 1} 列合并为一个单元格"
    return replace(raw, rows=rows, merged=tuple(merged), broken=broken)


def _merged(name: str, row: str, before: _Row, of_round: Sequence[_Returned]) -> dict[int, Cell]:
    """The cells of a row that somebody changed in this round. Raises InputRejected where two say different things."""
    proposed: dict[int, dict[str, tuple[Cell, str]]] = defaultdict(dict)
    for one in of_round:
        for place, cell in one.changed.get((name, row), {}).items():
            proposed[place].setdefault(_text([cell], 0), (cell, one.name))
    for place, ways in proposed.items():
        if len(ways) > 1:
            (one_text, (_, one_file)), (other_text, (_, other_file)), *_ = ways.items()
            found = f"“{one_file}”更正为{quoted(one_text)}，“{other_file}”更正为{quoted(other_text)}"
            number, advice = int(row) if _NUMBER.fullmatch(row) else None, "请核对后移去其中一份，或在一份中统一"
            now = f"同一格（现为{quoted(_text(before, place))}）只有一种更正"
            raise InputRejected([Problem("FAIL", name, number, None, found, now, advice)])
    return {place: next(iter(ways.values()))[0] for place, ways in proposed.items()}


def _no_such_row(name: str, line: int | None, row: str) -> Problem:
    if _ADDED.fullmatch(row):
        found, expected = "这一行是另一份更正新增的，那一份没有上传", "各次的更正一起上传"
        return Problem("FAIL", name, line, ROW_COLUMN, found, expected, "请把新增这一行的那份更正一起上传")
    return Problem("FAIL", name, line, ROW_COLUMN, f"{quoted(row)}不是原文件的行号", "原文件中数据行的行号")


def _text(cells: Sequence[Cell], place: int) -> str:
    return cell_text(cells[place]) if place < len(cells) and not is_empty(cells[place]) else ""
