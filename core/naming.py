"""How a finding names: the first few names and never all but one, a figure as people write it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

MOST_NAMED = 3


def held(number: int, most: int = MOST_NAMED) -> int:
    """How many of so many are shown: to hide a single one saves nothing, 等 takes its place."""
    return number if number <= most + 1 else most


def named(names: Sequence[str], unit: str = "", most: int = MOST_NAMED) -> str:
    """The first few names; what is left out is counted in `unit`, unless the sentence has already said how many."""
    shown = held(len(names), most)
    total = f" {len(names)} {unit}" if unit else ""
    return "、".join(names[:shown]) + (f"等{total}" if shown < len(names) else "")


def figure_text(value: object) -> str:
    """A figure without needless zeros and never with an exponent."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
