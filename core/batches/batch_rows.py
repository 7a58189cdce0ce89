"""The rows of a batch, as they are written into the store."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from core.dataset.dictionary import Sheet
from core.dataset.rows import Row


def insert_rows(cursor: duckdb.DuckDBPyConnection, batch_id: int, sheet: Sheet, rows: list[Row]) -> None:
    """Write the rows of one sheet under a batch."""
    if not rows:
        return
    columns = [c.identifier for c in sheet.columns]
    lists = [[_as_text(row[column]) for row in rows] for column in columns]
    unnested = ", ".join(f"unnest(${n + 2}::varchar[])" for n in range(len(columns)))
    names = ", ".join(f'"{c}"' for c in columns)
    cursor.execute(
        f"insert into {sheet.identifier} (batch_id, {names}) select $1, {unnested}",
        [batch_id, *lists],
    )


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
