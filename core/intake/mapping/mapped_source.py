"""An export read through a column mapping: the same sheets as a workbook of ours, every cell with where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from core.dataset.cells import Cell, Misfit, cell_text, cell_value, is_empty, quoted
from core.dataset.characters import half_width
from core.dataset.dictionary import Column, HeaderMatch, Sheet, sheet, sheets
from core.errors import Findings, Problem, RequestInvalid
from core.intake.mapping.column_mapping import ColumnMapping, MappedSheet, mapping_text, refuse_faulty
from core.intake.mapping.header_titles import header_found, titles
from core.intake.mapping.mapped_rows import FoundSheet, Line, Origin, SheetRows
from core.intake.reading.raw_sheets import RawSheet, Source
from core.intake.reading.screening import personal_data

_REGISTERS = frozenset({"townships", "schools"})
_YEAR_WORDS = re.compile(r"(20\d\d)\s*(?:[-–—~/至]\s*(?:20)?\d\d\s*)?学年", re.ASCII)


@dataclass(frozen=True)
class MappedSource:
    """The export in the shape of our workbook, with the way back and what the mapping leaves out."""

    source: Source
    cells: Mapping[tuple[str, int, str], Origin]
    rows: Mapping[tuple[str, int], tuple[Origin, ...]]
    problems: tuple[Problem, ...]
    unused_titles: tuple[tuple[str, tuple[str, ...]], ...]
    unused_sheets: tuple[str, ...]


def fits(source: Source, mapping: ColumnMapping) -> bool:
    """Whether every sheet of a mapping is found in an input, with all the titles it needs."""
    return all(isinstance(_located(source, mapped), FoundSheet) for mapped in mapping.sheets)


def years_named(source: Source) -> set[int]:
    """The school years that the file's name, its sheets' names and their first lines speak of."""
    words = [source.name, *(raw.label for raw in source.sheets)]
    words += [cell for raw in source.sheets for row in raw.rows[:5] for cell in row if isinstance(cell, str)]
    return {int(year) for word in words for year in _YEAR_WORDS.findall(half_width(word))}


def read_mapped(source: Source, mapping: ColumnMapping, year: int | None) -> MappedSource:
    """The input in our shape. `year` is the school year of sheets that do not carry one.

    Raises RequestInvalid when the mapping is faulty, does not fit the input or the year is missing; what is wrong with a cell
    becomes a problem at its place in the input.
    """
    refuse_faulty(mapping)
    chosen = mapping.saved_year if year is None else year
    if mapping.needs_year and chosen is None:
        raise RequestInvalid(f"列对应“{mapping.name}”的表中没有学年，请指明这份文件是哪个学年。")
    found = [_located(source, mapped) for mapped in mapping.sheets]
    misses = [miss for miss in found if isinstance(miss, str)]
    if misses:
        raise RequestInvalid(f"列对应“{mapping.name}”与这份文件不符：" + "；".join(misses) + "。")
    reader = _Reader(chosen)
    parts = [part for part in found if isinstance(part, FoundSheet)]
    for number, part in enumerate(parts):
        reader.read(number, part)
    problems = Findings(_screened(source, parts))
    problems.extend(reader.problems.listed())
    problems.extend(_other_year(source, mapping, chosen))
    return MappedSource(
        Source(
            f"{source.name}（列对应：{mapping.name}）",
            sha256(f"{source.sha256}{mapping_text(mapping)}{chosen}".encode()).hexdigest(),
            [reader.sheet(known) for known in sheets() if known.identifier in mapping.tables or not known.optional],
        ),
        reader.cells(),
        reader.rows(),
        tuple(problems.listed()),
        tuple(_unused(parts)),
        tuple(
            raw.label
            for raw in source.sheets
            if not any(part.raw is raw for part in parts) and any(not is_empty(c) for row in raw.rows for c in row)
        ),
    )


def _located(source: Source, mapped: MappedSheet) -> FoundSheet | str:
    """The sheet that a mapped sheet means: that of its name, else the only one with all its titles; or why not."""
    named = [raw for raw in source.sheets if raw.label.strip() == mapped.sheet.strip()]
    fitting = [
        (raw, header)
        for raw in (named or source.sheets)
        if (header := header_found(raw, mapped.titles, mapped.header_rows)) is not None
    ]
    if len(fitting) == 1:
        raw, header = fitting[0]
        return FoundSheet(mapped, raw, header, titles(raw, *header))
    if len(fitting) > 1:
        return f"没有名为“{mapped.sheet}”的工作表，列名相符的有 {len(fitting)} 张（{'、'.join(r.label for r, _ in fitting[:3])}）"
    if not named:
        return f"没有名为“{mapped.sheet}”的工作表，其他工作表的列名也不符"
    present = set(titles(named[0], *mapped.header_rows))
    missing = [title for title in mapped.titles if title not in present]
    return f"工作表“{mapped.sheet}”第 {mapped.header_rows[0]} 至 {mapped.header_rows[1]} 行的表头中没有“{'”“'.join(missing[:5])}”"


def _screened(source: Source, parts: Sequence[FoundSheet]) -> Iterator[Problem]:
    for raw in source.sheets:
        matches: list[HeaderMatch | None] = []
        for part in (p for p in parts if p.raw is raw):
            titled = {s.columns[0]: sheet(part.mapped.table).column(c) for c, s in part.mapped.fields.items()}
            matches = [
                HeaderMatch(replace(titled[title], name=title), "chinese", Decimal(1)) if title in titled else None
                for title in part.titles
            ]
        yield from personal_data(raw.label, raw.rows, matches)


def _other_year(source: Source, mapping: ColumnMapping, year: int | None) -> Iterator[Problem]:
    named = years_named(source)
    if mapping.needs_year and named and year not in named:
        said = "、".join(str(y) for y in sorted(named))
        advice = "请核对文件与所填学年"
        yield Problem(
            "WARN", "", None, None, f"文件中写的是 {said} 学年，按 {year} 学年导入", f"{year} 学年的文件", advice
        )


def _unused(parts: Sequence[FoundSheet]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for label in dict.fromkeys(part.raw.label for part in parts):
        of_sheet = [part for part in parts if part.raw.label == label]
        used = {title for part in of_sheet for title in part.mapped.titles}
        left = tuple(dict.fromkeys(t for part in of_sheet for t in part.titles if t and t not in used))
        if left:
            yield label, left


class _Reader:
    """Collects the rows of every table of ours from the sheets of theirs."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.problems = Findings()
        self._lines: dict[str, list[Line]] = {known.identifier: [] for known in sheets()}
        self._by_key: dict[str, dict[tuple[str, ...], Line]] = {known.identifier: {} for known in sheets()}

    def read(self, number: int, part: FoundSheet) -> None:
        """Take in one sheet of theirs."""
        rows = SheetRows(part, self.problems)
        known = sheet(part.mapped.table)
        for index in rows.indexes():
            line = rows.line(index, number, self.year)
            key = tuple(_meaning(known.column(c), line.cells.get(c)) for c in known.key)
            other = self._by_key[known.identifier].get(key) if known.key else None
            if other is None or (other.part == number and not self._is_told_again(known, other, line)):
                self._lines[known.identifier].append(line)
                self._by_key[known.identifier].setdefault(key, line)
            elif other.part != number:
                self._join(known, other, line)

    def _is_told_again(self, known: Sheet, other: Line, line: Line) -> bool:
        return known.identifier in _REGISTERS and other.cells == line.cells

    def _join(self, known: Sheet, line: Line, more: Line) -> None:
        for column, cell in more.cells.items():
            before, place = line.cells.get(column), more.origins.get(column, more.rows[0])
            if column in more.broken or (is_empty(before) and column not in line.broken):
                line.cells[column], line.origins[column] = cell, place
            elif column not in known.key and not is_empty(cell):
                ours = known.column(column)
                if _meaning(ours, before) != _meaning(ours, cell):
                    first = line.origins.get(column, line.rows[0])
                    found = f"{quoted(cell)}与“{first.sheet}”第 {first.row} 行的{quoted(before)}不同"
                    self.problems.append(
                        Problem("FAIL", place.sheet, place.row, place.title, found, "同一个数只有一种")
                    )
        line.broken.update(more.broken)
        line.rows.extend(more.rows)
        line.part = more.part

    def sheet(self, known: Sheet) -> RawSheet:
        """One table in the shape of our workbook, header first."""
        columns = [c.identifier for c in known.columns]
        lines = self._lines[known.identifier]
        broken = {
            (number, columns.index(column)): words
            for number, line in enumerate(lines, 1)
            for column, words in line.broken.items()
        }
        rows: list[list[Cell]] = [list(columns), *([line.cells.get(c) for c in columns] for line in lines)]
        return RawSheet(known.identifier, rows, broken=broken)

    def cells(self) -> dict[tuple[str, int, str], Origin]:
        """Where every cell came from, by table, row of ours and column."""
        return {
            (table, number, column): origin
            for table, lines in self._lines.items()
            for number, line in enumerate(lines, 2)
            for column, origin in line.origins.items()
        }

    def rows(self) -> dict[tuple[str, int], tuple[Origin, ...]]:
        """The rows of theirs that each row of ours is made of."""
        return {(t, n): tuple(line.rows) for t, lines in self._lines.items() for n, line in enumerate(lines, 2)}


def _meaning(column: Column, cell: Cell) -> str:
    """What a cell says, however it is written; a cell that cannot be understood says its text."""
    try:
        return str(cell_value(column, cell, Decimal(1)))
    except Misfit:
        return cell_text(cell)
