"""Makes a lake of invented counties, as large as the country: other benchmarks judge it.

    python -m benchmarks.nation LAKE --counties 2900 --years 5

A few dozen counties come from the demonstration maker through stores of their own, as a county writes its part. The
others are copies of these under codes of their own, in which every teacher count and every amount is drawn anew by up to
a tenth, so that no two counties are alike. The same arguments give the same lake.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.dataset.dictionary import quantities
from core.lake.exporting import write_facts
from core.lake.layout import COUNTIES, RELATIONS
from core.rules.standard_loading import load_standard
from core.store.database import Store
from demo.county import YEARS
from demo.datasets import make_county, write_county

_BASES = 30
_MADE_AT = datetime(2026, 11, 29)
# What the copies draw anew; pupils stay, since classes were counted of them.
_DRAWN = {
    "enrolment": [c for c in quantities("enrolment") if "teachers" in c or c == "staff"],
    "premises": [c for c in quantities("premises") if c.endswith(("_m2", "_yuan", "rooms"))],
}


def make(lake: Path, counties: int, years: int) -> None:
    """Write the lake, unless it is there already."""
    if lake.exists():
        return
    wanted = list(YEARS)[-years:]
    with tempfile.TemporaryDirectory(dir=lake.parent) as home:
        bases = Path(home) / "bases"
        for seed in range(min(_BASES, counties)):
            _write_base(Path(home) / "county", bases, seed, wanted)
        part = Path(home) / "lake"
        with duckdb.connect() as connection:
            for relation in (COUNTIES, *RELATIONS):
                for year in wanted:
                    _copy(connection, bases, part, relation, year, counties)
        shutil.move(part, lake)


def _write_base(folder: Path, bases: Path, seed: int, years: list[int]) -> None:
    standard = load_standard()
    code = str(900_000 + seed)
    write_county(make_county(code, seed, schools=60 + seed), folder)
    store = Store.open(None, standard)
    import_folder_or_workbook(store, folder, standard, LOCAL_ADMINISTRATOR, _MADE_AT, is_demo=True)
    write_facts(store, standard, code, f"{code}县（演示）", bases, _MADE_AT, years)
    store.close()
    shutil.rmtree(folder)


def _copy(
    connection: duckdb.DuckDBPyConnection, bases: Path, lake: Path, relation: str, year: int, counties: int
) -> None:
    target = lake / relation / f"year={year}"
    target.mkdir(parents=True)
    bases_count = min(_BASES, counties)
    # One draw a row and relation: parts stay parts of what they are parts of.
    drawn = ", ".join(
        f"round({column} * (900 + hash(k.code, t.school_id, '{relation}') % 201) / 1000) as {column}"
        for column in _DRAWN.get(relation, ())
    )
    if relation == COUNTIES:
        drawn = (
            "'虚构' || k.code || '县' as name,"
            " 80 + (hash(k.code, 'lon') % 45000) / 1000.0 as lon, 20 + (hash(k.code, 'lat') % 30000) / 1000.0 as lat"
        )
    replaced = f"k.code as county_code{', ' + drawn if drawn else ''}"
    connection.execute(
        f"""
        copy (
            select t.* replace ({replaced})
            from read_parquet('{bases}/{relation}/year={year}/*.parquet') as t
            join (
                select cast(100000 + range as varchar) as code, cast(900000 + range % {bases_count} as varchar) as base
                from range({counties})
            ) as k on k.base = t.county_code
            order by k.code
        ) to '{target}/counties.parquet' (format parquet)
        """
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--counties", type=int, default=2900)
    parser.add_argument("--years", type=int, default=5)
    options = parser.parse_args()
    make(options.lake, options.counties, options.years)
