"""The one open store of this process, opened by whoever asks first: the data file, or its newest copy."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from pathlib import Path

from core.access import LOCAL_ADMINISTRATOR
from core.batches import register
from core.rules.standard_loading import load_standard
from core.store.county_files import county as read_county
from core.store.county_files import demonstration
from core.store.database import Store
from core.store.opening import database_path
from core.store.replicas.replica import Replica

# Not Streamlit's cache: who empties that would leave two stores on one file, with a lock each.
_stores: dict[Path, Store] = {}
_opening = threading.Lock()


def opened_store() -> Store | None:
    """The store of this process if it is open."""
    return _stores.get(database_path())


def reads_a_copy() -> bool:
    """Whether this process reads copies of the data file that another leaves (`run.py --reader`)."""
    return bool(os.environ.get("COUNTY_READER"))


def store_of_record() -> Store:
    """The store of this process, opened by whoever asks first; the others wait. Raises StoreUnavailable.

    One that reads copies holds what was written last whenever it is asked for.
    """
    path = database_path()
    with _opening:
        if path not in _stores:
            _stores[path] = Replica(path, load_standard()) if reads_a_copy() else _open(path)
        opened = _stores[path]
    if isinstance(opened, Replica):
        opened.take_up_newest()
    return opened


def forget_store() -> Store | None:
    """Let go of the store, still open, so that the next to ask opens its file anew."""
    with _opening:
        return _stores.pop(database_path(), None)


def _open(path: Path) -> Store:
    """Open the file; a new one is filled with the demonstration county, labelled as such, unless COUNTY_DEMO=0."""
    standard = load_standard()
    opened = Store.open(path, standard)
    folder = demonstration() if os.environ.get("COUNTY_DEMO") != "0" else None
    if folder is not None and not register.batches(opened):
        # A new file alone needs what reads workbooks, a third of the server's start.
        from core.batches import importing
        from core.delivery.history import load_history

        importing.import_folder_or_workbook(
            opened, folder, standard, LOCAL_ADMINISTRATOR, datetime.now(), note="演示数据", is_demo=True
        )
        county = read_county(opened, folder.name)
        load_history(opened, county, folder / "records", LOCAL_ADMINISTRATOR, datetime.now())
    return opened
