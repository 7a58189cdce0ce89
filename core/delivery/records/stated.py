"""Figures as they were stated on a day, kept as text: what a draft or a pinned link said, and what changed since.

as_text(figures) -> str, from_text(text) -> tuple[StatedFigure, ...]          how a row keeps them
changed_figures(before, after) -> list[FigureChange]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

# Some hundred bytes a school row: the largest counties have a few thousand.
LONGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class StatedFigure:
    """A figure as a paper stated it: a stable key, its name and its value in words."""

    key: str
    name: str
    value: str


@dataclass(frozen=True)
class FigureChange:
    """A figure that two papers state differently; None on the side that does not have it."""

    name: str
    before: str | None
    after: str | None


def changed_figures(before: Sequence[StatedFigure], after: Sequence[StatedFigure]) -> list[FigureChange]:
    """What the later paper states otherwise than the earlier one, in its order, then what it does not state any more."""
    old, new = {f.key: f for f in before}, {f.key: f for f in after}
    changed = [
        FigureChange(f.name, old[f.key].value if f.key in old else None, f.value)
        for f in after
        if f.key not in old or old[f.key].value != f.value
    ]
    return changed + [FigureChange(f.name, f.value, None) for f in before if f.key not in new]


def as_text(figures: Sequence[StatedFigure]) -> str:
    """The figures as JSON [[key, name, value], …]."""
    return json.dumps([[f.key, f.name, f.value] for f in figures], ensure_ascii=False)


def from_text(text: str) -> tuple[StatedFigure, ...]:
    """The figures of a row."""
    return tuple(StatedFigure(*figure) for figure in json.loads(text))
