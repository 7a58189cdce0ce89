"""Which text of an export probably means which code: kinds of school, zones, grades, school codes of other systems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from core.dataset.cells import Cell, Misfit, cell_text, cell_value, grade_called, is_empty
from core.dataset.characters import half_width
from core.dataset.dictionary import Column, codes, sheet
from core.dataset.rows import Tables
from core.intake.mapping.column_mapping import MappedSheet
from core.intake.mapping.header_titles import is_numbering
from core.intake.reading.parsing import remark_in
from core.intake.reading.raw_sheets import RawSheet

_MOST_TEXTS = 400
_FIRST_LOWER_SECONDARY = 7
_YES, _NO = frozenset({"有", "寄宿", "√", "y", "yes"}), frozenset({"无", "没有", "不", "×", "n", "no"})


def texts_of(raw: RawSheet, mapped: MappedSheet, their_titles: Sequence[str], column: str) -> tuple[str, ...]:
    """The different texts below the title of a mapped column, in the order in which they come."""
    source = mapped.fields.get(column)
    if source is None or len(source.columns) != 1 or source.columns[0] not in their_titles:
        return ()
    place = list(their_titles).index(source.columns[0])
    found: dict[str, None] = {}
    for cells in raw.rows[mapped.header_rows[1] :]:
        filled = [cell for cell in cells if not is_empty(cell)]
        if (
            filled
            and not is_numbering(cells)
            and not remark_in(filled)
            and place < len(cells)
            and not is_empty(cells[place])
        ):
            found[re.sub(r"\s+", "", half_width(cell_text(cells[place])))] = None
    return tuple(found)[:_MOST_TEXTS]


def has_texts(column: Column) -> bool:
    """Whether a column of ours holds codes, for which texts of theirs may stand."""
    return column.type in ("code", "flag") or bool(column.codes) or column.identifier in ("grade", "school_id")


def suggested_texts(
    raw: RawSheet, mapped: MappedSheet, their_titles: Sequence[str], register: Tables | None
) -> dict[str, dict[str, str]]:
    """By column of ours: the texts that need a code, with the likeliest; texts without any likely one are left out."""
    known = sheet(mapped.table)
    suggested: dict[str, dict[str, str]] = {}
    for name in mapped.fields:
        column = known.column(name)
        if not has_texts(column):
            continue
        if name == "school_id":
            texts = _school_ids(raw, mapped, their_titles, register)
        else:
            texts = {text: code for text in texts_of(raw, mapped, their_titles, name) if (code := _code(column, text))}
        if texts:
            suggested[name] = texts
    return suggested


def unknown_texts(raw: RawSheet, mapped: MappedSheet, their_titles: Sequence[str], column: Column) -> tuple[str, ...]:
    """The texts of a column that are neither codes of ours nor spoken of by the mapping."""
    spoken = mapped.texts.get(column.identifier, {})
    if column.identifier == "school_id" or not has_texts(column):
        return ()
    texts = texts_of(raw, mapped, their_titles, column.identifier)
    return tuple(text for text in texts if text not in spoken and not _is_understood(column, text))


def _is_understood(column: Column, text: str) -> bool:
    try:
        return cell_value(column, text, Decimal(1)) is not None
    except Misfit:
        return False


def _code(column: Column, text: str) -> str:
    """The code that a text names, empty where none is sure: likeness of letters is no ground."""
    if _is_understood(column, text):
        return ""
    if column.type == "flag":
        return "1" if text.lower() in _YES else "0" if text.lower() in _NO else ""
    if column.identifier == "stage" and (grade := grade_called(text)):
        return "primary" if grade < _FIRST_LOWER_SECONDARY else "junior"
    begun = [(name, c.code) for c in codes(column.codes).values() for name in (c.name, *c.other_names)]
    return max(((len(name), code) for name, code in begun if text.startswith(name)), default=(0, ""))[1]


def _school_ids(
    raw: RawSheet, mapped: MappedSheet, their_titles: Sequence[str], register: Tables | None
) -> dict[str, str]:
    """Their school codes, or names where a list has no codes, with our ids: by the school's name, where it is one's own."""
    schools = register["schools"] if register else []
    ids = {str(row["school_id"]) for row in schools}
    townships = {row["code"]: str(row["name"] or "") for row in register["townships"]} if register else {}
    names: dict[str, set[str]] = {}
    for row in schools:
        for name in name_forms(str(row["name"]), townships.get(row["township_code"], "")):
            names.setdefault(name, set()).add(str(row["school_id"]))
    name_title = name_title_of(their_titles)
    source = mapped.fields["school_id"]
    if not ids or name_title is None or source.columns[0] not in their_titles:
        return {}
    code_place, name_place = list(their_titles).index(source.columns[0]), list(their_titles).index(name_title)
    found: dict[str, str] = {}
    for cells in raw.rows[mapped.header_rows[1] :]:
        if max(code_place, name_place) >= len(cells) or is_empty(cells[code_place]) or is_empty(cells[name_place]):
            continue
        code, ours = _plain(cells[code_place]), names.get(_plain(cells[name_place]), set())
        if code not in ids and len(ours) == 1:
            found[code] = next(iter(ours))
    return found


def _plain(cell: Cell) -> str:
    return re.sub(r"\s+", "", half_width(cell_text(cell)))


def name_forms(name: str, township: str) -> set[str]:
    """The ways in which offices write a school's name: with its township before it and without."""
    plain = _plain(name)
    return {plain, plain.removeprefix(township), f"{township}{plain}"} - {""}


def name_title_of(their_titles: Sequence[str]) -> str | None:
    """The title under which the schools' names stand, None when there is none."""
    column = sheet("schools").column("name")
    near = [t for name in (column.name, *column.other_names) for t in their_titles if t == name]
    return near[0] if near else next((t for t in their_titles if "名称" in t and "学校" in t), None)
