"""Beside every relation stands what one row of it is: its key is unique and never null."""

from __future__ import annotations

import random
import re
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.method.changes import NO_CHANGES
from core.method.overlay import lay_over
from core.method.relations import FACT_FILES, FIXED_FILES, METHOD_FILES
from core.method.workbench import bench, judge, room_areas
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.counties import random_tables, write_folder
from tests.support.county_builder import YEAR
from tests.support.demo_county import DEMO_COUNTY

# Rooms may repeat: a school has several of one kind and area.
WITHOUT_KEY = {"rooms"}
CORE = Path(__file__).parents[2] / "core"


def keys() -> dict[str, str]:
    """The key of every relation, as the header of its file says it."""
    found = {}
    for room in ("facts", "method"):
        for path in sorted((CORE / room / "selects").glob("*.sql")):
            said = re.findall(r"^-- Key: (.*)\.$", path.read_text("utf-8"), flags=re.MULTILINE)
            assert (said == []) == (path.stem in WITHOUT_KEY), f"{path.name} does not say its key"
            found.update((path.stem, key) for key in said)
    return found


def breaches(cursor: duckdb.DuckDBPyConnection, relation: str, key: str) -> list[tuple[object, ...]]:
    """The rows of a relation whose key is null or stands more than once."""
    nothing = " or ".join(f"{column} is null" for column in key.split(", "))
    return cursor.execute(
        f"select {key}, count(*) from {relation} group by {key} having count(*) > 1 or {nothing}"
    ).fetchall()


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_key_of_every_relation_is_unique_and_not_null(seed: int | None, tmp_path: Path) -> None:
    folder = tmp_path / "county"
    if seed is None:
        shutil.copytree(DEMO_COUNTY, folder)
        # The demonstration county judges no school by itself.
        judged = "school_id,year,item,status,document,document_date,note\n350526-0001,2022,Q5,met,,,\n"
        (folder / "school_judgements.csv").write_text(judged, "utf-8")
    else:
        write_folder(random_tables(random.Random(seed), 12), folder)
    standard = load_standard()
    store = Store.open(None, standard)
    import_folder_or_workbook(store, folder, standard, LOCAL_ADMINISTRATOR, datetime(2024, 1, 2))
    with bench(store, standard, "350526", YEAR, None, standard.choices()) as (cursor, found):
        judge(cursor, "350526", lay_over(NO_CHANGES, found.facts, room_areas(standard)))
        assert {*FACT_FILES, *FIXED_FILES, *METHOD_FILES} == {*keys(), *WITHOUT_KEY}
        assert {name: rows for name, key in keys().items() if (rows := breaches(cursor, name, key))} == {}
        filled = {name for name in keys() if cursor.execute(f"select 1 from {name} limit 1").fetchall()}
    store.close()
    assert seed is not None or filled == set(keys()), "a check of an empty relation would say nothing"
