"""The demonstration county with its history, loaded once, and what stands on a day."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.delivery.figures.facts_by_year import FactsByYear, facts_by_year
from core.delivery.history import load_history
from core.delivery.records.amendments import amended_county
from core.delivery.records.records import TABLES
from core.delivery.status.situation import Situation, situation
from core.facts import published
from core.method.assessment import Assessment
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.county_files import SHIPPED, shipped_county
from core.store.database import Store
from tests.support.prepared import made_once

COUNTY = "350526"
DEMO_COUNTY = SHIPPED / COUNTY
DEHUA = shipped_county(COUNTY)
PLAN = DEHUA.plan
STANDARD = load_standard()
LOADED_AT = datetime(2024, 1, 2, 9)


@dataclass(frozen=True)
class Demo:
    """The loaded store, the judgement of every year and the figures that it rests on."""

    store: Store
    assessments: dict[int, Assessment]
    loaded: int
    facts: FactsByYear

    def on(self, as_of: date) -> Situation:
        """What stands on a day."""
        return _situation(self, as_of)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=16)
def _situation(demo: Demo, as_of: date) -> Situation:
    county = amended_county(demo.store, DEHUA, as_of)
    return situation(demo.store, county, STANDARD, as_of, demo.facts)


def fill(path: Path) -> None:
    """Write the demonstration county with its history into a new file."""
    store = Store.open(path, STANDARD)
    importing.import_folder_or_workbook(
        store, DEMO_COUNTY, STANDARD, LOCAL_ADMINISTRATOR, LOADED_AT, note="演示数据", is_demo=True
    )
    load_history(store, DEHUA, DEMO_COUNTY / "records", LOCAL_ADMINISTRATOR, LOADED_AT)
    store.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled file, made once for the run; a test opens a copy."""
    return made_once(tmp_path_factory, "demo_county.duckdb", fill)


@pytest.fixture(scope="session")
def demo(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One copy for a whole process, whichever folders of tests ask for it; nobody writes to it."""
    if filled not in _opened:
        store = Store.open(Path(shutil.copy(filled, tmp_path_factory.mktemp("demo") / "county.duckdb")), STANDARD)
        years = published.published_years(store, COUNTY)
        loaded = sum(int(store.rows(f"select count(*) from {table}")[0][0]) for table in TABLES)
        assessments = {year: assess(store, STANDARD, COUNTY, year) for year in years}
        facts = facts_by_year(store, STANDARD, COUNTY, assessments)
        _opened[filled] = Demo(store, assessments, loaded, facts)
    return _opened[filled]


_opened: dict[Path, Demo] = {}
