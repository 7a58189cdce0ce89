"""A store in a file in which the small county counts."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store import batches
from core.store.checking import check
from core.store.database import Store
from core.store.sources import open_uploads
from tests.store.books import csv_files, small_tables

NOW = datetime(2023, 11, 30, 9, 0)


@pytest.fixture(scope="session")
def standard() -> Standard:
    """The national standard."""
    return load_standard()


@pytest.fixture
def store(standard: Standard, tmp_path: Path) -> Iterator[Store]:
    """The store with one published batch."""
    opened = Store.open(tmp_path / "county.duckdb", standard)
    dataset = check(open_uploads(list(csv_files(small_tables()).items())))
    batch_id = batches.load(opened, dataset, standard, LOCAL_ADMINISTRATOR, NOW, is_demo=True)
    batches.publish(opened, batch_id, LOCAL_ADMINISTRATOR, NOW, "首次发布")
    yield opened
    opened.close()
