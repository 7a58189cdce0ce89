"""What comes out of a file: sheets of raw cells, with what only the file knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.dataset.cells import Cell

Place = tuple[int, int]


@dataclass(frozen=True)
class RawSheet:
    """A sheet as found: its label, and its rows of cells from the sheet's first row on.

    `merged` are ranges of places (row, column from 0, both ends included), cut to where there are cells; `broken` are
    places whose formula holds no result or an error. `added` are the rows (from 0) that a correction added, by their name.
    """

    label: str
    rows: list[list[Cell]]
    is_csv: bool = False
    is_hidden: bool = False
    merged: tuple[tuple[Place, Place], ...] = ()
    broken: Mapping[Place, str] = field(default_factory=dict)
    added: Mapping[int, str] = field(default_factory=dict)


def merged_within(
    rows: Sequence[Sequence[Cell]], ranges: Iterable[tuple[Place, Place]]
) -> tuple[tuple[Place, Place], ...]:
    """The merged ranges, cut to where there are cells: one may cover a whole sheet of empty ones."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    return tuple(
        ((top, left), (min(bottom, height - 1), min(right, width - 1)))
        for (top, left), (bottom, right) in ranges
        if top < height and left < width
    )


@dataclass(frozen=True)
class Source:
    """An input as found, with the fingerprint that recognises the same input again.

    Once corrected it says in how many `rounds`, and under which fingerprint the `original` was found.
    """

    name: str
    sha256: str
    sheets: list[RawSheet]
    rounds: int = 0
    original: str = ""

    @property
    def found_as(self) -> str:
        """The fingerprint of the input before any correction."""
        return self.original or self.sha256
