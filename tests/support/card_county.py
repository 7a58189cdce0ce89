"""A county by cards: a workbook for each school, and ours with what no card says."""

from __future__ import annotations

import random

from tests.support.books import Book, Tables, demo_tables
from tests.support.card_maker import ON_CARDS, cards_of

YEAR = 2023


def records(tables: Tables) -> dict[str, list[dict[str, str]]]:
    """The rows by column."""
    return {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name, rows in tables.items()}


def of_year(tables: Tables, year: int = YEAR) -> Tables:
    """The rows of the year, or all of a sheet without years."""
    return {
        name: [rows[0], *(r for r in rows[1:] if "year" not in rows[0] or r[rows[0].index("year")] == str(year))]
        for name, rows in tables.items()
    }


def rest(tables: Tables, year: int = YEAR) -> bytes:
    """Our workbook with what no card says, and without any class."""
    kept: Tables = {}
    for name, (header, *rows) in of_year(tables, year).items():
        blank = [header.index(c) for c in ON_CARDS.get(name, ()) if c in header] if name != "schools" else []
        stage = header.index("stage") if "stage" in header else None
        emptied = [
            # No card speaks of senior classes.
            row
            if stage is not None and row[stage] == "senior"
            else ["" if n in blank else c for n, c in enumerate(row)]
            for row in rows
        ]
        kept[name] = [header, *([] if name == "classes" else emptied)]
    return Book(kept).content()


def county_of_cards(tables: Tables, seed: int, year: int = YEAR) -> list[tuple[str, bytes]]:
    """The cards of every school of the year, and the workbook with the rest."""
    known = records(tables)
    open_schools = {row["school_id"] for row in known["enrolment"] if row["year"] == str(year)}
    files = [
        (f"{school['name']}.xlsx", cards_of(known, school, year, random.Random(seed * 100 + n)))
        for n, school in enumerate(known["schools"])
        if school["school_id"] in open_schools
    ]
    return [*files, ("其余.xlsx", rest(tables, year))]


def demo_cards() -> list[tuple[str, bytes]]:
    """The whole demonstration county."""
    return county_of_cards(demo_tables(), 0)
