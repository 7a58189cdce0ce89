"""Many cards, with our workbook for the rest, checked as one dataset; which school handed in which form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from core.dataset.cells import Misfit, Value, cell_value, quoted
from core.dataset.dictionary import Sheet, sheets
from core.dataset.rows import Row, Tables
from core.dataset.school_kinds import GRADES_OF_STAGE, STAGES_OF_KIND, is_open
from core.errors import InputRejected, Problem, RequestInvalid
from core.facts.current import REGISTER_SHEETS
from core.intake.cards.card_forms import CardForm
from core.intake.cards.card_sheet import CardSheet, card_of, is_card
from core.intake.cards.school_cards import CardRows, Key, forms_by_school, missing_forms, rows_of
from core.intake.checkup.checking import NO_HOME, Dataset, Home, check_tables
from core.intake.reading.our_layout import header_index, sheet_called
from core.intake.reading.parsing import parse
from core.intake.reading.raw_sheets import RawSheet, Source
from core.intake.reading.workbooks import Workbook, is_archive, open_workbooks, workbooks_at
from core.naming import named

Counting = Callable[[int | None], Tables]
# Rows of cards stand behind every row of a workbook of ours, those that are kept from what counts now behind both.
_FROM_CARDS, _KEPT_FROM = 1_000_000, 10_000_000
# Such numbers are nobody's to look up.
_ROW_OF = re.compile(r"第 \d{7,} 行的")
_ROWS_LISTED = re.compile(r"[：:]?第 (?:\d{7,}、?)+等? 行")


@dataclass(frozen=True)
class BoardLine:
    """What one school has handed in: the names of its forms, and of those that it still owes."""

    school_id: str
    name: str
    handed_in: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class CheckedCards:
    """The dataset, the board of the schools, and the sheets that were not taken in.

    It `keeps` what counts now where neither cards nor lists say otherwise, and is out of date when that changes.
    """

    dataset: Dataset
    keeps: bool
    board: tuple[BoardLine, ...]
    unused: tuple[str, ...]


def holds_cards(workbooks: Sequence[Workbook]) -> bool:
    """Whether any sheet of an input is laid out as an official card."""
    return any(is_card(raw) for book in workbooks for raw in book.sheets)


def open_several(path: Path) -> list[Workbook] | None:
    """The workbooks at a path where there are several, or official cards in one, else None. Raises InputRejected.

    What cannot be opened is a fault of a folder or an archive; a single file that is none is for others to name.
    """
    files = workbooks_at(path)
    if not files:
        return None
    try:
        books = open_workbooks(files)
    except InputRejected:
        if path.is_dir() or is_archive(path.name):
            raise
        return None
    return books if len(books) > 1 or is_archive(path.name) or holds_cards(books) else None


def year_of_cards(workbooks: Sequence[Workbook], asked: int | None) -> int:
    """The school year that was asked for, else the one that the cards name. Raises RequestInvalid when it is not one."""
    said = years_of_cards(workbooks)
    if asked is None and len(said) != 1:
        found = f"写着不同的学年（{'、'.join(map(str, said))}）" if said else "没有写学年"
        raise RequestInvalid(f"这些卡片{found}，请用 --year 指明学年。")
    return said[0] if asked is None else asked


def years_of_cards(workbooks: Sequence[Workbook]) -> tuple[int, ...]:
    """The school years that the cards name, in order."""
    cards = [card_of(book.name, raw) for book in workbooks for raw in book.sheets if is_card(raw)]
    return tuple(sorted({year for card in cards if card is not None for year in card.years}))


def check_cards(
    workbooks: Sequence[Workbook],
    year: int,
    *,
    counting: Counting | None = None,
    home: Home = NO_HOME,
) -> CheckedCards:
    """The dataset in cards and the sheets of our layout beside them. Raises InputRejected as `check` does.

    A figure stands on a card or in a list; where it stands in both, the two must agree. What neither says keeps what
    counts now for the year, if `counting` is given. Raises RequestInvalid when no card is among them.
    """
    cards: list[CardSheet] = []
    problems: list[Problem] = []
    ours: dict[str, RawSheet] = {}
    unused: list[str] = []
    for book in workbooks:
        for raw in book.sheets:
            if is_card(raw):
                card = card_of(book.name, raw)
                if card is not None:
                    cards.append(card)
                else:
                    problems.append(_unknown_card(book.name, raw))
            elif (known := sheet_called(raw.label)) is not None and header_index(known, raw.rows) is not None:
                if known.identifier in ours:
                    raise InputRejected([_twice(book.name, raw)])
                ours[known.identifier] = raw
            elif any(cell not in ("", None) for row in raw.rows for cell in row):
                unused.append(f"{book.name}·{raw.label}")
    if not cards:
        raise RequestInvalid("这些文件中没有认得出的学校卡片（教基表），请核对文件。")
    source = _with_every_sheet(workbooks, ours)
    listed, found = parse(source)
    now = None if counting is None else _counting_in(counting, year)
    register = [*listed["schools"], *(now["schools"] if now is not None else [])]
    ids, nameless = _identified(cards, register)
    problems += [*found, *nameless]
    kinds = {str(row["school_id"]): str(row["kind"]) for row in register}
    rows = rows_of([card for card in cards if card in ids], ids, year, kinds)
    from_cards, read = _typed(rows)
    problems += [*rows.problems, *read]
    tables, differing = _joined(listed, from_cards, rows)
    problems += differing
    keeps = False
    if now is not None:
        tables, keeps = _kept(tables, now)
    try:
        dataset = check_tables(
            _name(workbooks),
            source.sha256,
            tables,
            earlier=None if counting is None else lambda _: counting(None),
            found=problems,
            home=home,
        )
    except InputRejected as rejected:
        raise InputRejected([_at_card(problem, rows) for problem in rejected.problems]) from None
    dataset = replace(dataset, warnings=tuple(_at_card(problem, rows) for problem in dataset.warnings))
    return CheckedCards(dataset, keeps, tuple(_board(cards, ids, tables, year)), tuple(unused))


def _name(workbooks: Sequence[Workbook]) -> str:
    return named([book.name for book in workbooks], "个文件")


def _unknown_card(file: str, raw: RawSheet) -> Problem:
    title = next((cell for row in raw.rows for cell in row if cell not in ("", None)), raw.label)
    return Problem(
        "WARN", f"{file}·{raw.label}", 1, None, f"认不出这张卡片（{quoted(title)}）", "数据字典所列的教基表", "没有导入"
    )


def _twice(file: str, raw: RawSheet) -> Problem:
    return Problem(
        "FAIL", f"{file}·{raw.label}", None, None, "这张表在另一个文件中已有一份", "每张表一份", "请只保留一份"
    )


def _with_every_sheet(workbooks: Sequence[Workbook], ours: Mapping[str, RawSheet]) -> Source:
    """The sheets of our layout, those that are not there with their header only: the cards stand for them."""
    empty = [
        RawSheet(known.identifier, [[c.identifier for c in known.columns]])
        for known in sheets()
        if known.identifier not in ours and not known.optional
    ]
    digest = sha256("".join(sorted(book.sha256 for book in workbooks)).encode()).hexdigest()
    return Source(_name(workbooks), digest, [*ours.values(), *empty])


def _identified(cards: Sequence[CardSheet], register: Sequence[Row]) -> tuple[dict[CardSheet, str], list[Problem]]:
    """Each card's school: by its identifier, by its name in the register, else as the other cards of its file say."""
    known = {str(row["school_id"]) for row in register}
    by_name: dict[str, set[str]] = {}
    for row in register:
        by_name.setdefault(str(row["name"]), set()).add(str(row["school_id"]))

    def own(card: CardSheet) -> str:
        alike = by_name.get(card.school_name, set())
        if card.school_id not in known and len(alike) == 1:
            return next(iter(alike))
        return card.school_id

    of_file: dict[str, set[str]] = {}
    for card in cards:
        of_file.setdefault(card.file, set()).update({own(card)} - {""})
    ids: dict[CardSheet, str] = {}
    problems = []
    for card in cards:
        named_here = of_file[card.file]
        school = own(card) or (next(iter(named_here)) if len(named_here) == 1 else "")
        if school:
            ids[card] = school
        else:
            found = f"没有写明是哪所学校（{quoted(card.school_name)}）" if card.school_name else "没有写明是哪所学校"
            problems.append(
                Problem("FAIL", card.place, 1, None, found, "“学校（机构）标识码：”及十位代码", "请在表头补上标识码")
            )
    registered = known | {ids[card] for card in ids if any(f.table == "schools" for f in card.form.figures)}
    for school in dict.fromkeys(s for s in ids.values() if s not in registered):
        first = next(card for card in ids if ids[card] == school)
        problems.append(
            Problem(
                "FAIL",
                first.place,
                1,
                None,
                f"没有标识码为{quoted(school)}的学校",
                "“学校”表中的学校，或同时交来“学校（机构）基本情况”卡片",
                "请在“学校”表中补上，或更正标识码",
            )
        )
    return {card: school for card, school in ids.items() if school in registered}, problems


def _typed(rows: CardRows) -> tuple[Tables, list[Problem]]:
    """The cards' rows as typed ones; what is wrong with a cell is said at its card."""
    raws = []
    keys: dict[str, list[Key]] = {}
    for known in sheets():
        of_table = rows.cells.get(known.identifier, {})
        keys[known.identifier] = list(of_table)
        columns = [c.identifier for c in known.columns]
        lines = [
            [{**dict(zip(known.key, key, strict=True)), **cells}.get(column) for column in columns]
            for key, cells in of_table.items()
        ]
        raws.append(RawSheet(known.identifier, [list(columns), *lines]))
    # What a card does not say may be required of our sheets: lists say it, or the check-up finds it missing there.
    tables, problems = parse(Source("卡片", "", raws))
    said = [p for p in problems if p.found != "没有填写"]
    unread = {(p.sheet, p.row) for p in problems if p.found == "没有填写"}
    for known, raw in zip(sheets(), raws, strict=True):
        present = {row.number for row in tables[known.identifier]}
        for number, line in enumerate(raw.rows[1:], 2):
            if number not in present and (known.name, number) in unread:
                tables[known.identifier].append(_partly(known, raw, number, line))
        tables[known.identifier] = [
            Row(_FROM_CARDS + row.number, row.values)
            for row in sorted(tables[known.identifier], key=lambda r: r.number)
        ]
    return tables, [_at_card(replace(p, row=None if p.row is None else _FROM_CARDS + p.row), rows) for p in said]


def _partly(known: Sheet, raw: RawSheet, number: int, line: Sequence[object]) -> Row:
    values: dict[str, Value] = {}
    for column, cell in zip(known.columns, line, strict=True):
        try:
            values[column.identifier] = cell_value(column, cell, Decimal(1))
        except Misfit:
            values[column.identifier] = None
    return Row(number, values)


def _at_card(problem: Problem, rows: CardRows) -> Problem:
    """The finding where the card has it, when it is on a row that came from cards; one on a kept row has no place."""
    found = _ROWS_LISTED.sub("", _ROW_OF.sub("卡片或现行数据中的", problem.found))
    problem = replace(problem, found=found)
    if problem.row is None or problem.row < _FROM_CARDS:
        return problem
    if problem.row >= _KEPT_FROM:
        return replace(problem, row=None)
    known = next((s for s in sheets() if s.name == problem.sheet), None)
    if known is None:
        return problem
    keys = list(rows.cells.get(known.identifier, {}))
    key = keys[problem.row - _FROM_CARDS - 2]
    columns = {c.name: c.identifier for c in known.columns}
    place = rows.places.get((known.identifier, key, columns.get(problem.column or "", ""))) or next(
        (p for (table, k, _), p in rows.places.items() if (table, k) == (known.identifier, key)), None
    )
    return problem if place is None else replace(problem, sheet=place.card.place, row=place.row)


def _joined(listed: Tables, from_cards: Tables, rows: CardRows) -> tuple[Tables, list[Problem]]:
    """The lists' rows filled up from the cards; figures that differ are a FAIL each."""
    problems: list[Problem] = []
    joined: Tables = {}
    for known in sheets():
        by_key = {tuple(row[c] for c in known.key): row for row in listed[known.identifier]} if known.key else {}
        table = {id(row): row for row in listed[known.identifier]}
        for row in from_cards[known.identifier]:
            other = by_key.get(tuple(row[c] for c in known.key))
            if other is None:
                table[id(row)] = row
                continue
            for column in known.columns:
                ours, theirs = other[column.identifier], row[column.identifier]
                if ours is None:
                    other.values[column.identifier] = theirs
                elif theirs is not None and theirs != ours and column.type in ("integer", "decimal"):
                    said = Problem(
                        "FAIL",
                        known.name,
                        row.number,
                        column.name,
                        f"卡片为 {theirs}，“{known.name}”表第 {other.number} 行为 {ours}",
                        "两者一致",
                        "请核对后改正其中一份",
                    )
                    problems.append(_at_card(said, rows))
        joined[known.identifier] = list(table.values())
    return joined, problems


def _counting_in(counting: Counting, year: int) -> Tables:
    """The rows that count in a school year; before its first figures the registers are those of the latest year."""
    now = counting(year)
    if now["schools"]:
        return now
    latest = counting(None)
    return {name: latest[name] if name in REGISTER_SHEETS else rows for name, rows in now.items()}


def _kept(tables: Tables, now: Tables) -> tuple[Tables, bool]:
    """What neither cards nor lists say keeps what counts now: cells that are empty, rows that are not there.

    Also whether anything was kept.
    """
    kept: Tables = {}
    keeps = False
    for known in sheets():
        mine = {tuple(row[c] for c in known.key): row for row in tables[known.identifier]} if known.key else {}
        rows = list(tables[known.identifier])
        if not known.key and rows:
            kept[known.identifier] = rows
            continue
        for row in now[known.identifier]:
            own = mine.get(tuple(row[c] for c in known.key)) if known.key else None
            if own is None:
                rows.append(Row(_KEPT_FROM + row.number, dict(row.values)))
                keeps = True
                continue
            for column in known.columns:
                if own[column.identifier] is None and row[column.identifier] is not None:
                    own.values[column.identifier] = row[column.identifier]
                    keeps = True
        kept[known.identifier] = rows
    return kept, keeps


def _board(cards: Sequence[CardSheet], ids: Mapping[CardSheet, str], tables: Tables, year: int) -> Iterator[BoardLine]:
    """A line for every school that is open in the year or has handed in a card."""
    handed_in = forms_by_school([card for card in cards if card in ids], dict(ids))
    order: dict[str, CardForm] = {card.form.name: card.form for card in cards}
    for row in sorted(tables["schools"], key=lambda r: str(r["school_id"])):
        school = str(row["school_id"])
        stages = [s for s in STAGES_OF_KIND.get(str(row["kind"]), ()) if s in GRADES_OF_STAGE]
        forms = handed_in.get(school, set())
        if not forms and not is_open(row, year):
            continue
        yield BoardLine(
            school,
            str(row["name"] or school),
            tuple(name for name in order if name in forms),
            tuple(missing_forms(stages, forms)),
        )
