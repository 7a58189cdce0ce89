"""The classes that the standard counts, by roll or by band, and how many of them fall into each band of size."""

from __future__ import annotations

from collections.abc import Iterable

from core.dataset.school_kinds import CLASS_BANDS
from core.facts.school_facts import (
    BandedClasses,
    ClassRoll,
    GradePupils,
    banded_classes,
    class_rolls,
    pupils_by_grade,
)
from core.rules.standard import ClassBands, Standard
from core.store.database import Store


def counted_rolls(store: Store, standard: Standard, county_code: str, year: int) -> list[ClassRoll]:
    """The classes of a school year in the kinds of school that the standard counts, as `class_rolls` orders them."""
    return [r for r in class_rolls(store, county_code, year) if r.kind not in standard.uncounted_kinds]


def counted_banded(store: Store, standard: Standard, county_code: str, year: int) -> list[BandedClasses]:
    """The classes of the same schools that are known by their band only."""
    return [b for b in banded_classes(store, county_code, year) if b.kind not in standard.uncounted_kinds]


def counted_grades(store: Store, standard: Standard, county_code: str, year: int) -> list[GradePupils]:
    """The pupils of the same schools by grade."""
    return [g for g in pupils_by_grade(store, county_code, year) if g.kind not in standard.uncounted_kinds]


def band_counts(rolls: Iterable[ClassRoll], banded: Iterable[BandedClasses], bands: ClassBands) -> list[int]:
    """How many classes fall into each band, in the order of `bands.labels()`."""
    counts = [0] * (len(bands.edges) + 1)
    sizes = [(roll.pupils, 1) for roll in rolls] + [(CLASS_BANDS[b.band][0], b.classes) for b in banded]
    for pupils, classes in sizes:
        counts[sum(pupils > edge for edge in bands.edges)] += classes
    return counts
