"""A store in a file in which the small county counts."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.books import csv_files, small_tables

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
    batch_id = loading.load(opened, dataset, standard, LOCAL_ADMINISTRATOR, NOW, is_demo=True)
    publishing.publish(opened, batch_id, LOCAL_ADMINISTRATOR, NOW, "首次发布")
    yield opened
    opened.close()
