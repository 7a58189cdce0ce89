"""The demonstration county, loaded once, and its present."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.outlook.baseline import Baseline, baseline
from core.rules.standard_loading import load_standard
from core.store.county_files import demonstration
from core.store.database import Store

COUNTY = "350526"
YEAR = 2023
STANDARD = load_standard()


@pytest.fixture(scope="session")
def demo() -> Iterator[Store]:
    """A store in memory with the demonstration county."""
    store = Store.open(None, STANDARD)
    folder = demonstration()
    assert folder is not None
    importing.import_folder_or_workbook(
        store, folder, STANDARD, LOCAL_ADMINISTRATOR, datetime(2024, 1, 2), note="演示", is_demo=True
    )
    yield store
    store.close()


@pytest.fixture(scope="session")
def present(demo: Store) -> Baseline:
    """The county as it is in the last year."""
    return baseline(demo, STANDARD, COUNTY, YEAR)
