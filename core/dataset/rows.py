"""Typed rows: the figures of a dataset once its cells are understood."""

from __future__ import annotations

from dataclasses import dataclass

from core.dataset.cells import Value


@dataclass(frozen=True)
class Row:
    """One typed row; `number` is its row in the sheet (the header is usually row 1)."""

    number: int
    values: dict[str, Value]

    def __getitem__(self, column: str) -> Value:
        return self.values.get(column)


Tables = dict[str, list[Row]]
