"""The demonstration county with its history, in a file that tests copy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.delivery.history import load_history
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.demo_county import DEHUA, DEMO_COUNTY
from tests.support.prepared import made_once

FILLED_AT = datetime(2024, 1, 2, 9)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled file, made once for the run; a test opens a copy."""
    return made_once(tmp_path_factory, "demo_county.duckdb", _fill)


def _fill(path: Path) -> None:
    standard = load_standard()
    store = Store.open(path, standard)
    importing.import_folder_or_workbook(
        store, DEMO_COUNTY, standard, LOCAL_ADMINISTRATOR, FILLED_AT, note="演示数据", is_demo=True
    )
    load_history(store, DEHUA, DEMO_COUNTY / "records", LOCAL_ADMINISTRATOR, FILLED_AT)
    store.close()
