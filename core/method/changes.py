"""Changes: rows laid over the facts. What-if, forecast, projects and plans all speak this language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Literal

STAGE_FACTS = frozenset(
    {
        "pupils",
        "teachers",
        "teachers_above_degree",
        "backbone_teachers",
        "pe_arts_teachers",
        "classes",
        "classes_over_limit",
        "classes_large",
        "classes_oversized",
        "classes_super_oversized",
        "largest_class",
    }
)
SCHOOL_FACTS = frozenset(
    {
        "teaching_area_m2",
        "indoor_sports_area_m2",
        "sports_ground_area_m2",
        "equipment_value_yuan",
        "multimedia_rooms",
    }
)


@dataclass(frozen=True)
class Change:
    """One figure of one school that is imagined otherwise.

    `add` differs from the fact by `amount` (a figure not reported stays not reported); `set` replaces it.
    Stage facts name their stage, school facts have none. Raises ValueError on an unknown fact.
    """

    school_id: str
    stage: str | None
    fact: str
    operation: Literal["add", "set"]
    amount: Decimal

    def __post_init__(self) -> None:
        allowed = SCHOOL_FACTS if self.stage is None else STAGE_FACTS
        if self.fact not in allowed:
            raise ValueError(f"no fact {self.fact!r} for stage {self.stage!r}")


Changes = Sequence[Change]
NO_CHANGES: tuple[Change, ...] = ()


def fingerprint(changes: Changes) -> str:
    """Identifies a list of changes in caches and links."""
    return sha256(repr(tuple(changes)).encode()).hexdigest()[:16]
