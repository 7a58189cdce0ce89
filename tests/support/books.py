"""A small valid workbook, eight schools of the demonstration county in two years, for tests to spoil."""

import csv
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from core.dataset.dictionary import sheet as known_sheet
from core.dataset.dictionary import sheets
from core.errors import InputRejected, Problem
from core.intake.checkup.checking import Dataset, check
from core.intake.reading.sources import open_uploads

DEMO = Path(__file__).parents[2] / "data" / "counties" / "350526"
FIRST_YEAR = 2022
SCHOOLS = frozenset(f"350526-{number:04d}" for number in (1, 2, 3, 4, 13, 14, 34, 40))
Tables = dict[str, list[list[str]]]
Spoil = Callable[["Book"], object]


@cache
def demo_tables() -> Tables:
    """Every sheet that the demonstration county has, header first."""
    found = {}
    for sheet in sheets():
        if sheet.optional and not (DEMO / f"{sheet.identifier}.csv").exists():
            continue
        with (DEMO / f"{sheet.identifier}.csv").open(encoding="utf-8", newline="") as file:
            found[sheet.identifier] = list(csv.reader(file))
    return found


@cache
def small_tables() -> Tables:
    """The same for eight schools and two years."""
    found = {}
    for identifier, (header, *rows) in demo_tables().items():
        places = {name: place for place, name in enumerate(header)}
        kept = [
            row
            for row in rows
            if ("school_id" not in places or row[places["school_id"]] in SCHOOLS)
            and ("year" not in places or int(row[places["year"]]) >= FIRST_YEAR)
        ]
        found[identifier] = [header, *kept]
    return found


class Book:
    """A workbook in openpyxl's hands, with Chinese headers; cells are found by sheet, row and column name."""

    def __init__(self, tables: Tables) -> None:
        self.workbook = openpyxl.Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        for identifier, (header, *rows) in tables.items():
            known = known_sheet(identifier)
            sheet = self.workbook.create_sheet(known.name)
            sheet.append([known.column(name).header for name in header])
            kinds = [known.column(name).type for name in header]
            for row in rows:
                sheet.append([_typed(kind, cell) for kind, cell in zip(kinds, row, strict=True)])

    def sheet(self, name: str) -> Worksheet:
        """The sheet with this Chinese name."""
        found = self.workbook[name]
        assert isinstance(found, Worksheet)
        return found

    def place(self, sheet: str, column: str) -> int:
        """The number of the column, counted from 1."""
        for place, cell in enumerate(self.sheet(sheet)[1], start=1):
            if str(cell.value).split("（")[0] == column:
                return place
        raise KeyError(column)

    def cell(self, sheet: str, row: int, column: str) -> Cell:
        """One cell."""
        found = self.sheet(sheet).cell(row, self.place(sheet, column))
        assert isinstance(found, Cell)
        return found

    def put(self, sheet: str, row: int, column: str, value: object) -> None:
        """Write one cell."""
        self.cell(sheet, row, column).value = value  # type: ignore[assignment]

    def content(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self.workbook.save(buffer)
        return buffer.getvalue()


def _typed(kind: str, cell: str) -> object:
    if cell == "":
        return None
    if kind in ("integer", "year", "flag"):
        return int(cell)
    return float(cell) if kind == "decimal" else cell


def csv_files(tables: Tables) -> dict[str, bytes]:
    """The tables as the contract's CSV files, by file name."""
    found = {}
    for identifier, rows in tables.items():
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        found[f"{identifier}.csv"] = buffer.getvalue().encode()
    return found


def checked(*files: tuple[str, bytes]) -> tuple[Dataset | None, list[Problem]]:
    """The dataset, None when it was refused, and everything that the check-up says."""
    try:
        dataset = check(open_uploads(files))
    except InputRejected as rejected:
        return None, rejected.problems
    return dataset, list(dataset.warnings)


def sentences(problems: list[Problem]) -> str:
    """All findings, for the message of a failing test."""
    return "\n".join(f"{p.level} {p.sentence()}" for p in problems)
