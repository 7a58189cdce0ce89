"""Who leads an obligation of the plan and who shares in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, ValidateAs

from core.rules.declared import Lines, Text, Word, otherwise, required

Basis = Literal["clause", "default"]


@dataclass(frozen=True)
class Responsibility:
    """A unit and whether the clause names it or it is presumed (默认推定)."""

    unit_id: Annotated[Text, required("unit")]
    basis: Word[Basis]


@dataclass(frozen=True)
class _ByBasis:
    """How the file lists those who share: their units by basis."""

    clause: Lines
    default: Lines


def _responsibilities(units: _ByBasis) -> tuple[Responsibility, ...]:
    return (
        *(Responsibility(unit, "clause") for unit in units.clause),
        *(Responsibility(unit, "default") for unit in units.default),
    )


CoUnits = Annotated[
    tuple[Responsibility, ...], ValidateAs(_ByBasis, _responsibilities), otherwise(()), Field(default=())
]
