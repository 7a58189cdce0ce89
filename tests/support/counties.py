"""Random small counties that pass every check of the dataset contract.

A county is good (everything met, often exactly at its limit), good but for one or two cells, or
wild. Amounts carry at most two decimals.
"""

import csv
import random
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from tests.support.county_builder import COLUMNS, YEAR, CountyBuilder, Tables, text

KEYS = {
    "townships": {"code"},
    "schools": {"school_id", "kind", "township_code"},
    "enrolment": {"school_id", "year", "stage"},
    "premises": {"school_id", "year"},
    "special_rooms": {"school_id", "year", "kind"},
    "county_figures": {"year", "figure"},
    "judgements": {"year", "item"},
    "survey": {"year", "group"},
    "monitoring": {"year", "grade", "subject"},
}
# A primary school of 1,000 pupils exactly at every limit: 42 teachers above the degree, 10
# backbone, 9 PE and arts teachers, 4,500 and 7,500 square metres, 2 million yuan, 23 rooms.
AT_THE_LIMIT = {
    "L1": "42", "L2": "10", "L3": "9", "L4": "4500", "L5": "7500", "L6": "2000000", "L7": "23",
}  # fmt: skip


def spoil(rng: random.Random, tables: Tables) -> None:
    """Changes one cell or row of the year so that the county stays valid but may fail."""
    sheet = rng.choice(("enrolment", "premises", "county_figures", "judgements", "any"))
    if sheet == "any":
        sheet = rng.choice(list(KEYS))
    rows = [row for row in tables[sheet] if row.get("year", str(YEAR)) == str(YEAR)]
    row, way = rng.choice(rows), rng.choice(("blank", "lower", "lower", "drop"))
    column = rng.choice(sorted(set(row) - KEYS[sheet]))
    numeric = row[column].replace(".", "", 1).isdigit() and sheet not in ("schools", "townships")
    bounded = column in ("pupils", "teachers", "teaching_area_m2")
    if sheet == "judgements":
        row["status"] = rng.choice(("", "not_met"))
    elif way == "lower" and numeric and not bounded:
        unit = Fraction(1, 100) if column.endswith(("_m2", "_yuan")) else Fraction(1)
        row[column] = text(max(Fraction(0), Fraction(row[column]) - unit))
    elif way == "drop" and sheet not in ("townships", "schools"):
        tables[sheet].remove(row)
        if sheet == "enrolment":
            gone = (row["school_id"], row["year"], row["stage"])
            tables["classes"] = [
                one for one in tables["classes"] if (one["school_id"], one["year"], one["stage"]) != gone
            ]
    else:
        row[column] = ""


def random_tables(rng: random.Random, schools: int) -> Tables:
    """A random county of so many schools, judged in YEAR; a third of them good in everything."""
    way = rng.choice(("good", "spoiled", "wild"))
    builder = CountyBuilder(rng, good=way != "wild")
    for place in range(schools):
        builder.add_school(place)
    for year in (YEAR - 1, YEAR):
        builder.add_county_sheets(year)
    builder.add_monitoring()
    for _ in range(rng.choice((1, 1, 2)) if way == "spoiled" else 0):
        spoil(rng, builder.tables)
    if way == "wild" and rng.random() < 0.2:
        builder.tables[rng.choice(("special_rooms", "county_figures", "survey", "monitoring"))] = []
    return builder.tables


def plain_county(*schools: tuple[str, Mapping[str, int | None], dict[str, str]]) -> Tables:
    """A county of the given schools, S0, S1 ...: kind, pupils by stage, amounts by indicator."""
    builder = CountyBuilder(random.Random(1), good=True)
    builder.optional = False
    for place, (kind, pupils, amounts) in enumerate(schools):
        school_id = f"S{place}"
        place_cells: list[str | int] = ["350526100", "town", 1, "public", 0]
        builder.add("schools", school_id, "", kind, *place_cells, *[""] * 6)
        for stage, count in pupils.items():
            people: list[str | int] = [amounts[code] for code in ("L1", "L2", "L3")]
            reported = "" if count is None else count
            builder.add("enrolment", school_id, YEAR, stage, reported, 99, *people, 99, 99, 0)
            if count is not None and stage != "senior":
                builder.add_classes(school_id, YEAR, stage, count)
        premises: list[str | int] = [amounts["L4"], 0, *(amounts[code] for code in ("L5", "L6", "L7"))]
        builder.add("premises", school_id, YEAR, *premises, 700000, 35000)
    builder.add_county_sheets(YEAR)
    return builder.tables


def write_folder(tables: Tables, folder: Path) -> Path:
    """The county as the contract's folder of CSV files; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet, rows in tables.items():
        names = dict.fromkeys([*COLUMNS[sheet].split(), *(name for row in rows for name in row)])
        with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(names), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
