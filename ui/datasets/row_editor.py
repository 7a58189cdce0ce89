"""The rows of a table in a grid: cells as typed, rows that come and go, codes by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.dataset.cells import Value
from core.dataset.dictionary import Column, Sheet, codes, name_of
from core.dataset.rows import Row


def edited_rows(
    known: Sheet, key: Mapping[str, str | int], rows: Sequence[Row], form: str
) -> tuple[dict[str, str], ...]:
    """What the grid says of the rows that `key` names; `form` tells one grid from another."""
    columns = [c for c in known.columns if c.identifier not in key]
    shown = [row for row in rows if all(row[c] == v for c, v in key.items())]
    frame = pd.DataFrame(
        [[_text(column, row[column.identifier]) for column in columns] for row in shown],
        columns=[c.header for c in columns],
        dtype="object",
    )
    st.caption("直接改格子；末行下方可以添加，勾选行首后可以删除。未报的格子留空。")
    edited = st.data_editor(
        frame,
        key=form,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            c.header: st.column_config.SelectboxColumn(options=[entry.name for entry in codes(c.codes).values()])
            if c.codes
            else st.column_config.TextColumn()
            for c in columns
        },
    )
    return tuple(
        {c.identifier: "" if pd.isna(line[c.header]) else str(line[c.header]).strip() for c in columns}
        for line in edited.to_dict("records")
    )


def _text(column: Column, value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return name_of(column.codes, str(value)) if column.codes else str(value)
