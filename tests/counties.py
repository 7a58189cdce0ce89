"""Random small counties that pass every check of the dataset contract.

A county is good (everything met, often exactly at its limit), good but for one or two cells, or
wild. Amounts carry at most two decimals.
"""

import csv
import random
from fractions import Fraction
from pathlib import Path

from tests.county_builder import COLUMNS, YEAR, CountyBuilder, Tables, text

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
