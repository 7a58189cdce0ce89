"""A draft looked at as if it counted: a copy of the store in memory in which it was just published."""

from __future__ import annotations

import tempfile
from pathlib import Path

from core.batches.register import batch
from core.facts.published import facts_version
from core.store.database import Store
from core.store.opening import connect
from core.store.upgrades import copy_database

# Beyond every real publication, so that nothing judged on a draft is ever taken for published.
_FIRST_NUMBER, _MOST_BATCHES = 1_000_000_000, 10_000


def as_if_published(store: Store, batch_id: int) -> Store:
    """A store in memory that answers everything as it would with this batch published; close it when done.

    The store itself stays untouched. `facts_version` of the copy is one that no store ever has, and another once
    something else counts underneath. Raises RequestInvalid when there is no such batch.
    """
    found, version = batch(store, batch_id), facts_version(store)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "draft.duckdb"
        with store.alone() as cursor:
            copy_database(cursor, file)
        connection = connect(None)
        connection.execute(f"attach '{file}' as draft (read_only)")
        connection.execute("copy from database draft to memory")
        connection.execute("detach draft")
    connection.execute(
        "insert into publications values ($1, $2, 'publish', $3, $4, '预览')",
        [_FIRST_NUMBER + version * _MOST_BATCHES + batch_id, batch_id, found.actor, found.loaded_at],
    )
    return Store(connection, None)
