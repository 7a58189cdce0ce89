"""Invented counties in the form of the dataset: the demonstration county and any number like it.

Every school, pupil and figure is invented; only the townships of the demonstration county are real
places. The same code, seed and size always give the same bytes, because every draw comes from a
stream named after what it decides (`stream`), never from one shared sequence.

    python -m demo.datasets --county 350526 --out data/counties/350526 --seed 34
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from demo.county import DEMO_COUNTY, MILESTONE, YEARS, County, Tables
from demo.figures import make_attendance, make_county_figures, make_judgements, make_monitoring, make_survey
from demo.provision import make_enrolment, make_premises, make_special_rooms
from demo.rolls import first_roll, make_classes, next_roll
from demo.schools import found_schools, make_townships


def leave_gaps(tables: Tables, county: County) -> None:
    """What no real county is spared: figures not reported, a setback, a value right at a limit."""
    first, last = county.first, county.years[-1]
    for row in tables["county_figures"]:
        cell = (row["figure"], row["year"])
        if cell in (("rotation_backbone", last), ("title_appointment_target", first + 2)):
            row["value"] = None
        elif cell == ("training_funds_yuan", first + MILESTONE):
            row["value"] = int(str(row["value"])) * 88 // 100
    tables["judgements"] = [
        row for row in tables["judgements"] if (row["item"], row["year"]) != ("veto_staffing", last)
    ]
    sound = [s for s in county.open_schools(last) if s.kind == "primary" and not s.weak_for_long]
    village = [s for s in sound if s.row["zone"] == "rural"][1]
    large = next(s for s in sound if s.central and s.size["primary"] < 1600)
    for row in tables["premises"]:
        if (row["school_id"], row["year"]) == (village.id, last):
            row["equipment_value_yuan"] = None
        if (row["school_id"], row["year"]) == (large.id, last):
            # 4.497 ㎡ a pupil prints as 4.50: the exact figure and the printed one disagree.
            area = 4.497 * county.pupils(last, large, "primary")
            row["teaching_area_m2"] = round(area + float(str(row["indoor_sports_area_m2"])), 1)


def make_county(code: str, seed: int, schools: int = 75, years: range = YEARS) -> Tables:
    """All sheets of one invented county: table name → rows, an empty cell as None.

    Any number of schools from 60 to 300; the county town's share of them stays the same.
    """
    county = County(code, seed, years, make_townships(code, seed))
    found_schools(county, schools)
    county.rolls[county.first] = first_roll(county)
    for year in years[1:]:
        county.rolls[year] = next_roll(county, year)
    classes, enrolment = make_classes(county), make_enrolment(county)
    figures = make_county_figures(county, enrolment)
    tables: Tables = {
        "townships": county.townships,
        "schools": [school.row for school in county.schools],
        "enrolment": enrolment,
        "premises": make_premises(county, figures),
        "classes": classes,
        "special_rooms": make_special_rooms(county, classes),
        "county_figures": figures,
        "judgements": make_judgements(county),
        "survey": make_survey(county),
        "monitoring": make_monitoring(county),
        "attendance": make_attendance(county),
    }
    leave_gaps(tables, county)
    return tables


def write_county(tables: Tables, folder: Path) -> None:
    """Write one CSV file a sheet: UTF-8, LF, identifier headers, None as an empty cell."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Write one invented county as the command line asks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--county", default=DEMO_COUNTY, help="six-digit county code")
    parser.add_argument("--out", type=Path, required=True, help="folder for the CSV files")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--schools", type=int, default=75)
    options = parser.parse_args()
    write_county(make_county(options.county, options.seed, options.schools), options.out)


if __name__ == "__main__":
    main()
