"""What stands in the way of a complete plan: caps that keep a row from passing, or a coefficient over its limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.outlook.cheapest.model import CODES, PlanModel


@dataclass(frozen=True)
class Shortage:
    """A cap below what a row lacks: at most `cap` more, where `to_limit` reach the limit and `to_floor` the floor."""

    code: str
    cap: int
    to_limit: int
    to_floor: int

    @property
    def below_floor(self) -> bool:
        """Whether the row stays below its floor, which nothing else makes up for."""
        return self.to_floor > self.cap


@dataclass(frozen=True)
class RowBinding:
    """A school row that cannot pass: `needed` of the shortages, any of them, must be raised to the limit, and each
    that stays below its floor to the floor at least.
    """

    school_id: str
    stage: str
    shortages: tuple[Shortage, ...]
    needed: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The resources whose caps bind."""
        return tuple(shortage.code for shortage in self.shortages)


@dataclass(frozen=True)
class BalanceBinding:
    """A coefficient that stays over its limit: the schools that are at their caps."""

    stage: str
    code: str
    school_ids: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The resource whose caps bind."""
        return (self.code,)


@dataclass(frozen=True)
class PostsBinding:
    """More teachers must be hired than there are posts: `needed` is the fewest of any plan found."""

    needed: int
    posts: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The resources whose hires the posts hold down."""
        return ("L1", "L3")


Binding = RowBinding | BalanceBinding | PostsBinding


class Impossible(Exception):
    """No plan within the caps; carries what binds."""

    def __init__(self, bindings: list[Binding]) -> None:
        self.bindings = tuple(bindings)
        super().__init__(repr(bindings))


def row_bindings(model: PlanModel, rows: np.ndarray, most: np.ndarray, minimum_met: int) -> list[RowBinding]:
    """Why these rows of a school cannot pass within the caps; nothing for those that can."""
    sparable = 1 if minimum_met < len(CODES) else 0
    found = []
    for row in rows:
        short = [
            Shortage(CODES[code], int(most[row, code]), int(model.to_limit[row, code]), int(model.to_floor[row, code]))
            for code in np.flatnonzero(model.to_limit[row] > most[row])
        ]
        needed = max(0, len(short) - sparable)
        if needed or any(shortage.below_floor for shortage in short):
            school_id, stage = model.keys[row]
            found.append(RowBinding(school_id, stage, tuple(short), needed))
    return found
