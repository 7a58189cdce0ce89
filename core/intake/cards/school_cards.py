"""The cards of many schools as rows of our sheets, every figure with the place that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.dataset.cells import Cell, Misfit, cell_text, grade_called, is_empty, number_in, quoted
from core.dataset.dictionary import code_called, codes, sheet, unit_factor
from core.dataset.school_kinds import STAGES_OF_KIND, STAGES_SHARING_PREMISES
from core.errors import Problem
from core.intake.cards.card_forms import CardFigure, card_forms
from core.intake.cards.card_sheet import NOT_APPLICABLE, CardRow, CardSheet, plain
from core.intake.mapping.header_titles import SEPARATOR
from core.naming import figure_text

_MULTI_GRADE = "复式"
# A band without classes says nothing that the others do not.
_NO_CLASSES = NOT_APPLICABLE | {"0"}
_FIRST_JUNIOR_GRADE = 7
Key = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a figure stands: the card's file and sheet, and the row."""

    card: CardSheet
    row: int


@dataclass
class CardRows:
    """Rows of our sheets by table and key: cells by column, each with its place."""

    cells: dict[str, dict[Key, dict[str, Cell]]] = field(default_factory=dict)
    places: dict[tuple[str, Key, str], Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, table: str, key: Key, column: str, cell: Cell, place: Place) -> None:
        """Take in one figure; a second one that differs is a FAIL."""
        row = self.cells.setdefault(table, {}).setdefault(key, {})
        if column in row and cell_text(row[column]) != cell_text(cell):
            before = self.places[table, key, column]
            self.problems.append(
                Problem(
                    "FAIL",
                    place.card.place,
                    place.row,
                    sheet(table).column(column).name,
                    f"{quoted(cell)}与“{before.card.place}”第 {before.row} 行的{quoted(row[column])}不同",
                    "同一个数只有一种",
                    "请只保留一份",
                )
            )
            return
        row[column] = cell
        self.places[table, key, column] = place


def rows_of(cards: Sequence[CardSheet], ids: dict[CardSheet, str], year: int, kinds: Mapping[str, str]) -> CardRows:
    """The rows that the cards give for a school year; `ids` are the schools' identifiers by card, `kinds` the kinds of
    those that are known already.
    """
    found = CardRows()
    # What kind of school it is stands on a card too, and says which stages a figure of the whole school is about.
    for card in sorted(cards, key=lambda c: all(f.table != "schools" for f in c.form.figures)):
        kind = kinds.get(ids[card]) or _kind_on_card(found, ids[card])
        stages = (*STAGES_OF_KIND.get(kind, ()), *STAGES_SHARING_PREMISES.get(kind, ()))
        reader = _CardReader(card, ids[card], year, found, stages[0] if len(stages) == 1 else None)
        for figure in card.form.figures:
            reader.read(figure)
    return found


def _kind_on_card(found: CardRows, school_id: str) -> str:
    cell = found.cells.get("schools", {}).get((school_id,), {}).get("kind")
    return (code_called("kind", plain(cell)) or "") if cell is not None else ""


class _CardReader:
    """Reads one card into the rows."""

    def __init__(self, card: CardSheet, school_id: str, year: int, found: CardRows, only_stage: str | None) -> None:
        self._card, self._school_id, self._year, self._found = card, school_id, year, found
        # A card of the whole school speaks of the one stage that the school teaches.
        self._stage = card.form.stage or only_stage

    def read(self, figure: CardFigure) -> None:
        """Take in one figure of the card."""
        if self._stage is None and "stage" in sheet(figure.table).key:
            if row := self._row(figure.rows):
                column = sheet(figure.table).column(figure.column).name
                found = f"{quoted(row.name)}没有分学段，这所学校的学段不止一个"
                advice = "请在“在校生与教师”表中按学段填写"
                self._found.problems.append(
                    Problem("WARN", self._card.place, row.number, column, found, "分学段的数", advice)
                )
            return
        match figure.kind:
            case "figure":
                self._figure(figure)
            case "sum":
                self._sum(figure)
            case "grades":
                self._grades(figure)
            case "bands":
                self._bands(figure)
            case "text":
                self._text(figure)

    def _key(self, figure: CardFigure, **more: str) -> Key:
        known = {"school_id": self._school_id, "year": str(self._year), "stage": self._stage or "", **more}
        return tuple(known.get(column, "") for column in sheet(figure.table).key)

    def _put(self, figure: CardFigure, cell: Cell, row: CardRow, **more: str) -> None:
        self._found.put(figure.table, self._key(figure, **more), figure.column, cell, Place(self._card, row.number))

    def _row(self, names: Iterable[str]) -> CardRow | None:
        """The first row with one of these names, as written or without its marks."""
        for name in names:
            for row in self._card.rows:
                if name in (row.name, row.plain_name):
                    return row
        return None

    def _figure(self, figure: CardFigure) -> None:
        row = self._row(figure.rows)
        title = None if row is None else _titled(row, figure.titles)
        if row is not None and title is not None:
            amount = self._amount(figure, row, row.cells[title])
            if amount is not None:
                self._put(figure, amount, row)

    def _amount(self, figure: CardFigure, row: CardRow, cell: Cell) -> Cell:
        """The figure in our unit; what is no number stays as it is, for the check-up to name."""
        if is_empty(cell) or plain(cell) in NOT_APPLICABLE:
            return None
        column = sheet(figure.table).column(figure.column)
        factor = unit_factor(column.unit, row.unit) if row.unit else Decimal(1)
        if factor is None:
            self._say(row, column.name, f"计量单位{quoted(row.unit)}无法换算", f"单位为 {column.unit}")
            return None
        try:
            return figure_text(number_in(column, cell) * factor)
        except Misfit:
            return cell

    def _say(self, row: CardRow, column: str, found: str, expected: str) -> None:
        self._found.problems.append(Problem("FAIL", self._card.place, row.number, column, found, expected))

    def _sum(self, figure: CardFigure) -> None:
        column, total = sheet(figure.table).column(figure.column), Decimal(0)
        rows = [row for row in self._card.rows if {row.name, row.plain_name} & set(figure.rows)]
        # Parts are marked; a subject and a part of it are not both counted.
        rows = [row for row in rows if row.name == row.plain_name or len(rows) == 1]
        counted: list[CardRow] = []
        for row in rows:
            is_alternative = figure.titles[0] in ("合计", "计", "总计")
            named = [_titled(row, figure.titles)] if is_alternative else _all_titled(row, figure.titles)
            for cell in (row.cells[title] for title in named if title is not None):
                if is_empty(cell):
                    # A part that was not reported leaves the sum open: it is not none.
                    found = f"{quoted(row.name)}有一格没有填，合计按未报处理"
                    advice = "没有的请填 0"
                    self._found.problems.append(
                        Problem("WARN", self._card.place, row.number, column.name, found, "各格都填", advice)
                    )
                    return
                if plain(cell) in NOT_APPLICABLE:
                    continue
                try:
                    total += number_in(column, cell)
                except Misfit as misfit:
                    self._say(row, column.name, misfit.found, misfit.expected)
                    return
                counted.append(row)
        if counted:
            self._put(figure, figure_text(total), counted[0])

    def _grades(self, figure: CardFigure) -> None:
        row = self._row(figure.rows)
        for title, cell in row.cells.items() if row is not None else ():
            grade = self._grade(title)
            if grade and row is not None:
                amount = self._amount(figure, row, cell)
                if amount is not None:
                    self._put(figure, amount, row, grade=str(grade))

    def _grade(self, title: str) -> int:
        """The grade that a title names; junior forms count from one. 0 when it names none."""
        grade = grade_called(title.split(SEPARATOR)[-1])
        is_counted_from_one = self._card.form.stage == "junior" and 0 < grade < _FIRST_JUNIOR_GRADE
        return grade + _FIRST_JUNIOR_GRADE - 1 if is_counted_from_one else grade

    def _bands(self, figure: CardFigure) -> None:
        for row in self._card.rows:
            band = _band(row.plain_name)
            for title, cell in row.cells.items() if band else ():
                grade = self._grade(title)
                if (not grade and _MULTI_GRADE not in title) or is_empty(cell) or plain(cell) in _NO_CLASSES:
                    continue
                self._put(figure, cell, row, grade=str(grade) if grade else "", band=str(band))

    def _text(self, figure: CardFigure) -> None:
        row = self._row(figure.rows)
        cells = (
            []
            if row is None
            else [cell for cell in row.cells.values() if not is_empty(cell) and plain(cell) not in NOT_APPLICABLE]
        )
        if row is not None and cells:
            known = sheet(figure.table).column(figure.column)
            # A code stands beside its name: whichever of the two is known is taken.
            readable = [cell for cell in cells if not known.codes or code_called(known.codes, plain(cell))]
            self._put(figure, (readable or cells)[-1], row)


def _titled(row: CardRow, names: Sequence[str]) -> str | None:
    """The column of a row with the first of these titles that it has, alone or as the total of a group."""
    for name in names:
        for title in row.cells:
            parts = title.split(SEPARATOR)
            if name in (title, parts[-1]) or (parts[0] == name and (len(parts) == 1 or parts[-1] in ("合计", "计"))):
                return title
    return None


def _all_titled(row: CardRow, names: Sequence[str]) -> list[str]:
    """Every column of a row with one of these titles; of a group its total alone where it has one."""
    found = [title for title in row.cells if title.split(SEPARATOR)[-1].lstrip("#") in names]
    totals = [t for t in row.cells if SEPARATOR in t and t.split(SEPARATOR)[0] in names and t.endswith(("合计", "计"))]
    return [*found, *totals]


def _band(name: str) -> str | None:
    words = name.replace("–", "-").replace("—", "-").replace("~", "-").replace("～", "-").replace("至", "-")
    plain_words = words.removesuffix("人") if words.endswith("人") and "-" in words else words
    return (
        code_called("class_band", words)
        or code_called("class_band", plain_words + "人")
        or (plain_words if plain_words in codes("class_band") else None)
    )


def forms_by_school(cards: Iterable[CardSheet], ids: dict[CardSheet, str]) -> dict[str, set[str]]:
    """Which forms each school handed in, by the forms' names."""
    handed_in: dict[str, set[str]] = {}
    for card in cards:
        handed_in.setdefault(ids[card], set()).add(card.form.name)
    return handed_in


def missing_forms(stages: Iterable[str], handed_in: set[str]) -> Iterator[str]:
    """The names of the forms that a school with these stages still owes, in the order of the list."""
    taught = set(stages)
    for form in card_forms():
        if (form.stage is None or form.stage in taught) and form.name not in handed_in:
            yield form.name
