"""How far a long computation has come, and how it is stopped from outside."""

from __future__ import annotations

from collections.abc import Callable

# Takes the share done (0–1); raises Stopped when nobody wants the answer any more.
Tell = Callable[[float], None]


class Stopped(Exception):
    """The computation was stopped; there is no answer and nothing was changed."""


def unheard(share: float) -> None:
    """Nobody asks how far it is."""
