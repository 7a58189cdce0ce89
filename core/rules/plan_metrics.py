"""What decides a sub-item (metrics) and what a dated target measures (measures)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["<=", ">="]
GrowthRequirement = Literal["rise", "no_fall"]
RatioSource = Literal["figures", "attendance"]


@dataclass(frozen=True)
class ItemMetric:
    """Decided by the verdict of a county item, such as G6 or satisfaction."""

    code: str


@dataclass(frozen=True)
class IndicatorMetric:
    """Decided by the share of school rows that meet an indicator, such as L4."""

    code: str


@dataclass(frozen=True)
class BalanceMetric:
    """Decided by how many coefficients of variation are within their limits."""


@dataclass(frozen=True)
class GrowthMetric:
    """A figure, or its quotient by `per`, compared with the year before."""

    figure: str
    per: str | None
    requires: GrowthRequirement


@dataclass(frozen=True)
class RatioMetric:
    """Two figures of one year: numerator ÷ denominator against `limit` (0–1).

    From `figures` they are the county's figures; from `attendance`, columns of the townships'
    attendance summed over the townships shown, where a denominator of 0 means nothing was due.
    """

    source: RatioSource
    numerator: str
    denominator: str
    operator: Operator
    limit: Decimal


@dataclass(frozen=True)
class ComparisonMetric:
    """One figure against another figure of the same year; either missing decides nothing."""

    figure: str
    operator: Operator
    target: str


@dataclass(frozen=True)
class PairGapMetric:
    """Decided by the gap between the two schools of each pair."""


@dataclass(frozen=True)
class TargetMetric:
    """Decided by a dated target of the plan."""

    target_id: str


@dataclass(frozen=True)
class VetoMetric:
    """Decided by a veto item; the figures of `shown_beside` are printed next to it."""

    code: str
    shown_beside: tuple[str, ...]


Metric = (
    ItemMetric
    | IndicatorMetric
    | BalanceMetric
    | GrowthMetric
    | RatioMetric
    | ComparisonMetric
    | PairGapMetric
    | TargetMetric
    | VetoMetric
)


@dataclass(frozen=True)
class ClassShare:
    """The share of primary and junior classes in a band of the standard's class sizes."""

    band: str


@dataclass(frozen=True)
class OversizedSchoolShare:
    """The share of schools above the size that the standard's item `size_from` allows."""

    size_from: str


@dataclass(frozen=True)
class LargestClass:
    """The pupils of the largest class of each stage."""


@dataclass(frozen=True)
class CompositeCv:
    """The mean of a stage's seven coefficients of variation, for each stage."""


@dataclass(frozen=True)
class SubItemsDone:
    """Whether the named sub-items are done on their evidence."""

    sub_item_ids: tuple[str, ...]


@dataclass(frozen=True)
class CountyVerdict:
    """The county's verdict by the national standard."""


Measure = (
    ClassShare
    | OversizedSchoolShare
    | LargestClass
    | CompositeCv
    | SubItemsDone
    | CountyVerdict
    | ItemMetric
    | ComparisonMetric
)
