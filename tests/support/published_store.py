"""A store in a file in which the small county counts."""

import shutil
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
from tests.support.prepared import made_once

NOW = datetime(2023, 11, 30, 9, 0)


@pytest.fixture(scope="session")
def standard() -> Standard:
    """The national standard."""
    return load_standard()


@pytest.fixture(scope="session")
def published_file(standard: Standard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store with one published batch, in a file that tests copy."""

    def make(path: Path) -> None:
        made = Store.open(path, standard)
        dataset = check(open_uploads(list(csv_files(small_tables()).items())))
        batch_id = loading.load(made, dataset, standard, LOCAL_ADMINISTRATOR, NOW, is_demo=True)
        publishing.publish(made, batch_id, LOCAL_ADMINISTRATOR, NOW, "首次发布")
        made.close()

    return made_once(tmp_path_factory, "small_county.duckdb", make)


@pytest.fixture
def store(published_file: Path, standard: Standard, tmp_path: Path) -> Iterator[Store]:
    """A store of this test's own with one published batch."""
    opened = Store.open(shutil.copy(published_file, tmp_path / "county.duckdb"), standard)
    yield opened
    opened.close()
