"""The rows of one sheet of an export as rows of ours: columns added up, texts turned into codes, totals passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from core.dataset.cells import Cell, Misfit, cell_text, is_empty, number_in, quoted
from core.dataset.characters import half_width
from core.dataset.dictionary import Column, sheet, unit_factor
from core.errors import Findings, Problem
from core.intake.mapping.column_mapping import FieldSource, MappedSheet
from core.intake.mapping.header_titles import is_numbering
from core.intake.reading.parsing import passed_over, remark_in
from core.intake.reading.raw_sheets import Place, RawSheet

_PLUS = "＋"
# How exports write that there is none: nought with any number of decimals, or a dash.
_NOTHING = re.compile(r"^(?:0+(?:\.0*)?|[-—–]+)$")


@dataclass(frozen=True)
class Origin:
    """Where a figure stands in the export: sheet, row from 1, title of the column."""

    sheet: str
    row: int
    title: str = ""


@dataclass
class Line:
    """One row of ours in the making; `rows` are the rows of theirs that it is made of, the latest last."""

    cells: dict[str, Cell]
    origins: dict[str, Origin]
    rows: list[Origin]
    part: int
    broken: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundSheet:
    """A mapped sheet with the raw sheet it was found in and where its header stands there."""

    mapped: MappedSheet
    raw: RawSheet
    header: tuple[int, int]
    titles: list[str]


class SheetRows:
    """The data rows of one sheet of theirs as rows of ours."""

    def __init__(self, part: FoundSheet, problems: Findings) -> None:
        self.mapped, self.raw = part.mapped, part.raw
        self.known = sheet(part.mapped.table)
        self.problems = problems
        self._places = {title: place for place, title in enumerate(part.titles) if title}
        self._body = part.header[1]
        self._covered = self._covered_places()
        self._merged_titles: set[str] = set()

    def _covered_places(self) -> dict[Place, Place]:
        covered: dict[Place, Place] = {}
        for (top, left), (bottom, right) in self.raw.merged:
            if self._body <= top < len(self.raw.rows):
                for row in range(top, bottom + 1):
                    covered.update({(row, place): (top, left) for place in range(left, right + 1)})
        return covered

    def indexes(self) -> Iterator[int]:
        """The rows that hold data; totals and signatures are named and passed over."""
        remarks: list[tuple[int, str]] = []
        for index in range(self._body, len(self.raw.rows)):
            cells = self.raw.rows[index]
            if all(is_empty(cell) for cell in cells) or is_numbering(cells):
                continue
            words = remark_in([cell for cell in cells if not is_empty(cell)])
            if words:
                remarks.append((index + 1, words))
            elif not self.mapped.rows_with or self._counts(index):
                yield index
        if remarks:
            self.problems.append(passed_over(self.raw.label, remarks))

    def _counts(self, index: int) -> bool:
        cell = self._cell(index, self.mapped.rows_with)
        plain = half_width(cell_text(cell)).strip()
        return not is_empty(cell) and not _NOTHING.match(plain)

    def _cell(self, index: int, title: str) -> Cell:
        cells, place = self.raw.rows[index], self._places[title]
        return cells[place] if place < len(cells) else None

    def line(self, index: int, number: int, year: int | None) -> Line:
        """One row of ours; cells that cannot be understood stay as they are, for the check-up to name."""
        line = Line({}, {}, [Origin(self.raw.label, index + 1)], number)
        for name, source in self.mapped.fields.items():
            cell, origin = self._value(index, self.known.column(name), source)
            line.cells[name], line.origins[name] = cell, origin
            broken = [
                self.raw.broken[place] for t in source.columns if (place := (index, self._places[t])) in self.raw.broken
            ]
            if broken:
                line.broken[name] = broken[0]
        for name, value in self.mapped.constants.items():
            line.cells.setdefault(name, value)
        if any(c.identifier == "year" for c in self.known.columns) and "year" not in self.mapped.fields:
            line.cells["year"] = str(year)
        return line

    def _value(self, index: int, column: Column, source: FieldSource) -> tuple[Cell, Origin]:
        origin = Origin(self.raw.label, index + 1, _PLUS.join(source.columns))
        parts = [
            (title, self._none_for_blank(column, self._unmerged(index, title, column))) for title in source.columns
        ]
        if len(parts) == 1 and not source.unit:
            return self._read_text(column, source, parts[0][1]), origin
        filled = [(title, cell) for title, cell in parts if not is_empty(cell)]
        if len(filled) < len(parts):
            if filled:
                empty = next(title for title, cell in parts if is_empty(cell))
                found = f"“{empty}”没有填，{len(parts)} 列相加按未报处理"
                self.problems.append(
                    Problem("WARN", self.raw.label, index + 1, origin.title, found, "各列都填", "没有的请填 0")
                )
            return None, origin
        factor = unit_factor(column.unit, source.unit or column.unit) or Decimal(1)
        total = Decimal(0)
        for title, cell in filled:
            try:
                total += number_in(column, cell)
            except Misfit:
                # The check-up says what is wrong with a cell that is no number, at its own place.
                return cell, Origin(self.raw.label, index + 1, title)
        return f"{total * factor:f}", origin

    def _none_for_blank(self, column: Column, cell: Cell) -> Cell:
        """The cell, 0 where it is an empty cell of figures and somebody has said that such cells mean none."""
        is_figure = column.type in ("integer", "decimal") and not column.is_key
        return 0 if self.mapped.blanks_are_zero and is_figure and is_empty(cell) else cell

    def _read_text(self, column: Column, source: FieldSource, cell: Cell) -> Cell:
        if is_empty(cell):
            return None
        text = re.sub(r"\s+", "", half_width(cell_text(cell)))
        code = self.mapped.texts.get(column.identifier, {}).get(text)
        if code is not None:
            return code
        return text[: source.first_characters] if source.first_characters else cell

    def _unmerged(self, index: int, title: str, column: Column) -> Cell:
        """The cell; below a merged one its content, which for a figure is a fault."""
        place = self._places[title]
        anchor = self._covered.get((index, place))
        if anchor in (None, (index, place)):
            return self._cell(index, title)
        assert anchor is not None
        top, left = anchor
        content = self.raw.rows[top][left] if left < len(self.raw.rows[top]) else None
        if column.type in ("integer", "decimal", "date") or left != place:
            found = f"与第 {top + 1} 行合并为一个单元格{quoted(content)}"
            self.problems.append(
                Problem("FAIL", self.raw.label, index + 1, title, found, "每行每列各填一格", "请取消合并后逐格填写")
            )
            return None
        if title not in self._merged_titles:
            self._merged_titles.add(title)
            found = f"有合并单元格，其中各行都按{quoted(content)}这样的合并内容理解"
            self.problems.append(Problem("WARN", self.raw.label, index + 1, title, found, "每行各填一格", "请核对"))
        return content
