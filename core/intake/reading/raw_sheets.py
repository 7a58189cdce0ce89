"""What comes out of a file: sheets of raw cells, with what only the file knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.dataset.cells import Cell

Place = tuple[int, int]


@dataclass(frozen=True)
class RawSheet:
    """A sheet as found: its label, and its rows of cells from the sheet's first row on.

    `merged` are ranges of places (row, column from 0, both ends included), cut to where there are cells; `broken` are
    places whose formula holds no result or an error.
    """

    label: str
    rows: list[list[Cell]]
    is_csv: bool = False
    is_hidden: bool = False
    merged: tuple[tuple[Place, Place], ...] = ()
    broken: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """An input as found, with the fingerprint that recognises the same input again."""

    name: str
    sha256: str
    sheets: list[RawSheet]
