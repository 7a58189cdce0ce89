"""Changes: what is imagined otherwise. What-if, forecast, projects and plans all speak this language.

A list of changes is read in its order. `add` differs from the figure as it then stands, `set` replaces it. Schools
are opened empty, and closed or merged only with somewhere to go for their pupils; nothing may change a school after
it has closed. The facts themselves never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from core.dataset.dictionary import quantities, sheet

ENROLMENT_FACTS = quantities("enrolment")
# The facts a class count is made of, named as in a change and as in the relation of class counts.
CLASS_FACTS = {
    "classes": "classes",
    "classes_over_limit": "over_limit",
    "classes_large": "large",
    "classes_oversized": "oversized",
    "classes_super_oversized": "super_oversized",
    "classes_unsure": "unsure",
    "largest_class": "largest",
    "largest_class_at_most": "largest_at_most",
}
PREMISES_FACTS = quantities("premises")
# Rooms of the full required area, for which only `add` makes sense.
ROOM_FACTS = {"music_rooms": "music", "art_rooms": "art"}

STAGE_FACTS = frozenset({*ENROLMENT_FACTS, *CLASS_FACTS})
SCHOOL_FACTS = frozenset({*PREMISES_FACTS, *ROOM_FACTS})
WHOLE_FACTS = frozenset(
    {
        *CLASS_FACTS,
        *ROOM_FACTS,
        *(c.identifier for name in ("enrolment", "premises") for c in sheet(name).columns if c.type == "integer"),
    }
)


@dataclass(frozen=True)
class Change:
    """One figure of one school that is imagined otherwise.

    `add` differs from the figure by `amount` (a figure not reported stays not reported); `set` replaces it.
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
        if self.fact in ROOM_FACTS and self.operation == "set":
            raise ValueError(f"{self.fact} can only be added")


@dataclass(frozen=True)
class OpenSchool:
    """A new school that opens empty: no pupils, teachers, buildings or money until further changes add them."""

    school_id: str
    name: str
    kind: str
    township_code: str
    zone: str | None = None
    central_area: int | None = None
    ownership: str = "public"
    sponsor_code: int | None = None
    built_year: int | None = None


@dataclass(frozen=True)
class CloseSchool:
    """A school without pupils closes; its staff and buildings no longer count anywhere.

    A school to be kept permanently (永久性保留) closes only with a `reason`.
    """

    school_id: str
    reason: str = ""


@dataclass(frozen=True)
class MergeSchool:
    """A school closes into another: its pupils, teachers and classes count there, stage by stage.

    `with_premises` says whether its buildings, sports grounds, equipment, rooms and money go on being used by the
    receiving school. A school to be kept permanently (永久性保留) merges only with a `reason`.
    """

    school_id: str
    into: str
    with_premises: bool
    reason: str = ""


SchoolChange = OpenSchool | CloseSchool | MergeSchool
Changes = Sequence[Change | SchoolChange]
NO_CHANGES: tuple[Change, ...] = ()


def fingerprint(changes: Changes) -> str:
    """Identifies a list of changes in caches and links."""
    return sha256(repr(tuple(changes)).encode()).hexdigest()[:16]
