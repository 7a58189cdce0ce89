"""One sheet seen as an official card: whose it is, which form, and its figures by row name and column title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.dataset.cells import Cell, cell_text, is_empty
from core.dataset.characters import half_width
from core.intake.cards.card_forms import CardForm, card_forms
from core.intake.mapping.header_titles import SEPARATOR, is_numbering, titles
from core.intake.reading.raw_sheets import RawSheet

_IDENTIFIER = re.compile(r"学校[（(]机构[)）](?:标识码|代码)[:：]?\s*([0-9A-Za-z-]*)")
_SCHOOL_NAME = re.compile(r"学校[（(]机构[)）]名称[:：]\s*(\S.*)")
_YEAR = re.compile(r"(20\d\d)\s*(?:年|学年|[-/—–]\s*(?:20)?\d\d\s*学年)")
_NAME_TITLES, _CODE_TITLES, _UNIT_TITLES = ("指标名称", "项目", "名称"), ("代码",), ("计量单位", "单位")
# Not applicable, as official forms print it.
NOT_APPLICABLE = frozenset({"-", "*", "—", "－", "×", "x", "X"})
_PARTS = re.compile(r"^(?:[#＃*]|其中[:：]?|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、])+")
_HEADER_LINES, _TITLE_LINES = 30, 8


@dataclass(frozen=True)
class CardRow:
    """One row of a card; `number` is its row in the sheet, `cells` are by the title of their column."""

    number: int
    name: str
    unit: str
    cells: dict[str, Cell]

    @property
    def plain_name(self) -> str:
        """The name without the signs by which forms mark parts and order."""
        return _PARTS.sub("", self.name)


@dataclass(frozen=True, eq=False)
class CardSheet:
    """A card of one school, itself only. `school_id` and `school_name` are what it says, empty where it says nothing."""

    form: CardForm
    file: str
    label: str
    school_id: str
    school_name: str
    years: frozenset[int]
    rows: tuple[CardRow, ...]

    @property
    def place(self) -> str:
        """Where a finding says that it stands."""
        return f"{self.file}·{self.label}"


def is_card(raw: RawSheet) -> bool:
    """Whether a sheet is laid out as a card: a school's line above a header of 指标名称 and 代码."""
    return _school_line(raw) is not None and _header(raw) is not None


def card_of(file: str, raw: RawSheet) -> CardSheet | None:
    """The card in a sheet, None when it is a card that is not known. The sheet must be one."""
    form = _form(raw)
    header = _header(raw)
    if form is None or header is None:
        return None
    first, last = header
    columns = titles(raw, first, last)
    words = [plain(cell) for row in raw.rows[: first - 1] for cell in row if not is_empty(cell)]
    school_id, school_name = _school_line(raw) or ("", "")
    return CardSheet(
        form,
        file,
        raw.label,
        school_id,
        school_name,
        frozenset(int(year) for word in words for year in _YEAR.findall(word)),
        tuple(_rows(raw, last, columns)),
    )


def plain(cell: Cell) -> str:
    """A cell's words without blanks, in half-width signs but for brackets."""
    return re.sub(r"\s+", "", half_width(cell_text(cell))).translate(str.maketrans("():", "（）："))


def _school_line(raw: RawSheet) -> tuple[str, str] | None:
    """The school's identifier and name as the lines above the header say them; None when they name no school."""
    found: dict[str, str] = {}
    for row in raw.rows[:_TITLE_LINES]:
        for place, cell in enumerate(row):
            text = "" if is_empty(cell) else cell_text(cell).strip()
            beside = next((cell_text(c).strip() for c in row[place + 1 :] if not is_empty(c)), "")
            for key, pattern in (("id", _IDENTIFIER), ("name", _SCHOOL_NAME)):
                said = pattern.search(text)
                if said and key not in found:
                    found[key] = said[1].strip() or (beside if key == "id" else "")
    return (found.get("id", ""), found.get("name", "")) if found else None


def _header(raw: RawSheet) -> tuple[int, int] | None:
    """The rows of the header, counted from 1: from the line with 指标名称 to the one before the rows of figures."""
    for index, row in enumerate(raw.rows[:_HEADER_LINES]):
        words = [plain(cell) for cell in row if not is_empty(cell)]
        if words and words[0] in _NAME_TITLES and any(word in _CODE_TITLES for word in words):
            last = index
            while last + 1 < len(raw.rows) and _is_of_header(raw.rows[last + 1]):
                last += 1
            return index + 1, last + 1
    return None


def _is_of_header(row: Sequence[Cell]) -> bool:
    """Whether a line below the first goes on with the header: it names no row, or numbers the columns."""
    return is_numbering(row) or (bool(row) and is_empty(row[0]) and any(not is_empty(cell) for cell in row))


def _form(raw: RawSheet) -> CardForm | None:
    """The form of a card, by the number in its label or title, else by the words of its title."""
    lines = [plain(cell) for row in raw.rows[:_TITLE_LINES] for cell in row[:1] if not is_empty(cell)]
    header = _header(raw)
    above = " ".join([raw.label, *lines[: header[0] - 1 if header else 0]])
    numbered = [card for card in card_forms() if card.form in above]
    worded = [card for card in numbered or card_forms() if all(word in above for word in card.recognised_by)]
    fitting = worded or numbered
    return fitting[0] if fitting else None


def _rows(raw: RawSheet, header_end: int, columns: Sequence[str]) -> Iterator[CardRow]:
    last_words = [column.split(SEPARATOR)[-1] for column in columns]
    codes = {place for place, word in enumerate(last_words) if word in _CODE_TITLES}
    units = {place for place, word in enumerate(last_words) if word in _UNIT_TITLES}
    for index in range(header_end, len(raw.rows)):
        row = raw.rows[index]
        if not row or is_empty(row[0]) or is_numbering(row):
            continue
        yield CardRow(
            index + 1,
            plain(row[0]),
            next((plain(row[place]) for place in units if place < len(row) and not is_empty(row[place])), ""),
            {
                columns[place]: cell
                for place, cell in enumerate(row[: len(columns)])
                if place and place not in codes | units and columns[place]
            },
        )
