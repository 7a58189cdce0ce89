"""The demonstration county, loaded once, and its present."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.outlook.baseline import Baseline, baseline
from core.rules.standard_loading import load_standard
from core.store.database import Store

COUNTY = "350526"
YEAR = 2023
STANDARD = load_standard()


@pytest.fixture(scope="session")
def demo(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the demonstration county."""
    store = Store.open(shutil.copy(filled, tmp_path_factory.mktemp("present") / "county.duckdb"), STANDARD)
    yield store
    store.close()


@pytest.fixture(scope="session")
def present(demo: Store) -> Baseline:
    """The county as it is in the last year."""
    return baseline(demo, STANDARD, COUNTY, YEAR)
