"""The classes that the standard counts, one by one, and how many of them fall into each band of size."""

from __future__ import annotations

from collections.abc import Iterable

from core.facts.school_facts import ClassRoll, class_rolls
from core.rules.standard import ClassBands, Standard
from core.store.database import Store


def counted_rolls(store: Store, standard: Standard, county_code: str, year: int) -> list[ClassRoll]:
    """The classes of a school year in the kinds of school that the standard counts, as `class_rolls` orders them."""
    return [r for r in class_rolls(store, county_code, year) if r.kind not in standard.uncounted_kinds]


def band_counts(rolls: Iterable[ClassRoll], bands: ClassBands) -> list[int]:
    """How many classes fall into each band, in the order of `bands.labels()`."""
    counts = [0] * (len(bands.edges) + 1)
    for roll in rolls:
        counts[sum(roll.pupils > edge for edge in bands.edges)] += 1
    return counts
