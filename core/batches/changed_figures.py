"""Which figures differ between two sets of rows: a draft and what counts now, or any two batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.dataset.cells import Value
from core.dataset.dictionary import Sheet, sheet, sheets
from core.dataset.rows import Row, Tables
from core.facts.current import batch_tables, differing_tables
from core.store.database import Store


@dataclass(frozen=True)
class FigureChange:
    """One figure that differs; `old` or `new` is None where it was not reported.

    `key` names the row: identifier and value of every key column. `kind` tells a changed figure from a row
    that only one side has.
    """

    sheet: str
    key: tuple[tuple[str, Value], ...]
    column: str
    old: Value
    new: Value
    kind: str

    @property
    def sheet_name(self) -> str:
        """The sheet's Chinese name."""
        return sheet(self.sheet).name

    @property
    def column_name(self) -> str:
        """The column's Chinese header with its unit."""
        return sheet(self.sheet).column(self.column).header


@dataclass(frozen=True)
class SheetChange:
    """How many rows of a sheet came, went, changed, and stayed."""

    sheet: str
    added: int
    removed: int
    changed: int
    same: int


@dataclass(frozen=True)
class FigureChanges:
    """Everything that differs, sheet by sheet in the dictionary's order, rows by key."""

    sheets: tuple[SheetChange, ...]
    figures: tuple[FigureChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both sides say the same."""
        return not self.figures


def draft_changes(store: Store, batch_id: int, county_code: str) -> FigureChanges:
    """What would change from what counts now if the batch were published."""
    old, new, staying = differing_tables(store, county_code, batch_id)
    found = figure_changes(old, new)
    return replace(found, sheets=tuple(replace(s, same=s.same + staying[s.sheet]) for s in found.sheets))


def batch_changes(store: Store, old_batch: int, new_batch: int) -> FigureChanges:
    """What differs from one batch to another, whether they count or not."""
    return figure_changes(batch_tables(store, old_batch), batch_tables(store, new_batch))


def figure_changes(old: Tables, new: Tables) -> FigureChanges:
    """Compare two sets of rows by their keys; a row on one side only counts as added or removed."""
    counts: list[SheetChange] = []
    figures: list[FigureChange] = []
    for known in sheets():
        before, after = _keyed(known, old[known.identifier]), _keyed(known, new[known.identifier])
        changed = 0
        differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        for key in sorted(differing, key=_in_order):
            found = list(_differences(known, key, before.get(key), after.get(key)))
            figures.extend(found)
            changed += bool(found) and key in before and key in after
        added, removed = len(after.keys() - before.keys()), len(before.keys() - after.keys())
        same = len(before.keys() & after.keys()) - changed
        counts.append(SheetChange(known.identifier, added, removed, changed, same))
    return FigureChanges(tuple(counts), tuple(figures))


_Key = tuple[Value, ...]


def _keyed(known: Sheet, rows: list[Row]) -> dict[_Key, _Key]:
    """The cells of every row by its key; rows that may repeat are told apart by how often they came before."""
    columns = [c.identifier for c in known.columns]
    cells = [tuple(row.values.get(c) for c in columns) for row in rows]
    if known.key:
        places = [columns.index(c) for c in known.key]
        return {tuple(row[p] for p in places): row for row in cells}
    seen: Counter[_Key] = Counter()
    keyed: dict[_Key, _Key] = {}
    for row in cells:
        keyed[*row, seen[row]] = row
        seen[row] += 1
    return keyed


def _in_order(key: _Key) -> tuple[tuple[bool, str], ...]:
    return tuple((isinstance(part, int), f"{part:06d}" if isinstance(part, int) else str(part)) for part in key)


def _differences(known: Sheet, key: _Key, before: _Key | None, after: _Key | None) -> Iterator[FigureChange]:
    # A row that may repeat is named by all its cells; its key ends with a count.
    names = known.key or tuple(c.identifier for c in known.columns)
    named = tuple(zip(names, key, strict=False))
    kind = "added" if before is None else "removed" if after is None else "changed"
    nothing = (None,) * len(known.columns)
    for column, old, new in zip(known.columns, before or nothing, after or nothing, strict=True):
        if old != new and not column.is_key:
            yield FigureChange(known.identifier, named, column.identifier, old, new, kind)
