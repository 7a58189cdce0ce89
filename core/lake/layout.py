"""How a lake lies on the disk: the facts that count in many counties, as Parquet by relation and school year.

    LAKE/<relation>/year=<first year of the school year>/<any name>.parquet

A file holds one county or any number of them: `county_code` is the first key of every relation. `counties` says which
counties a year has, how many rows of each relation are theirs, and by which class sizes their classes were counted, so
that a lake of which something is missing is never judged as if it were whole. docs/many-counties.md describes it for
those who write one.
"""

from __future__ import annotations

from pathlib import Path

from core.method.relations import FACT_FILES

COUNTIES = "counties"
# What batches resolve to. The open schools follow from the schools.
RELATIONS = tuple(name for name in FACT_FILES if not name.startswith("scope_") and name != "open_schools")
OPEN_SCHOOLS = "select s.county_code as county_code, s.school_id as school_id from schools as s where s.state = 'open'"


def county_file(lake: Path, relation: str, year: int, county_code: str) -> Path:
    """Where a county that writes its own part keeps a relation of a year."""
    return lake / relation / f"year={year}" / f"{county_code}.parquet"


def rows_column(relation: str) -> str:
    """The column of `counties` with the number of a county's rows in a relation."""
    return f"{relation}_rows"
