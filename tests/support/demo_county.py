"""The demonstration county with its history, loaded once, and what stands on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.delivery.history import load_history
from core.delivery.records.amendments import amended_county
from core.delivery.status.situation import Situation, situation
from core.facts import published
from core.method.assessment import Assessment
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.county_files import SHIPPED, shipped_county
from core.store.database import Store

COUNTY = "350526"
DEMO_COUNTY = SHIPPED / COUNTY
DEHUA = shipped_county(COUNTY)
PLAN = DEHUA.plan
STANDARD = load_standard()
LOADED_AT = datetime(2024, 1, 2, 9)


@dataclass(frozen=True)
class Demo:
    """The loaded store and the judgement of every year."""

    store: Store
    assessments: dict[int, Assessment]
    loaded: int

    def on(self, as_of: date) -> Situation:
        """What stands on a day."""
        return _situation(self, as_of)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=16)
def _situation(demo: Demo, as_of: date) -> Situation:
    county = amended_county(demo.store, DEHUA, as_of)
    return situation(demo.store, county, STANDARD, as_of, demo.assessments)


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    store = Store.open(None, STANDARD)
    importing.import_folder_or_workbook(store, DEMO_COUNTY, STANDARD, LOCAL_ADMINISTRATOR, LOADED_AT, is_demo=True)
    loaded = load_history(store, DEHUA, DEMO_COUNTY / "records", LOCAL_ADMINISTRATOR, LOADED_AT)
    years = published.published_years(store, COUNTY)
    yield Demo(store, {year: assess(store, STANDARD, COUNTY, year) for year in years}, loaded)
    store.close()
