"""What decides a sub-item (metrics) and what a dated target measures (measures); `kind` tells them apart in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from core.rules.declared import Day, Id, Lines, Maybe, NonEmpty, Number, Text, Word, key, otherwise

Operator = Annotated[Literal["<=", ">="], otherwise("<=")]
GrowthRequirement = Literal["rise", "no_fall"]
RatioKind = Literal["ratio", "attendance"]


@dataclass(frozen=True)
class ItemMetric:
    """Decided by the verdict of a county item, such as G6 or satisfaction."""

    code: Id
    kind: Literal["item"] = "item"


@dataclass(frozen=True)
class IndicatorMetric:
    """Decided by the share of school rows that meet an indicator, such as L4."""

    code: Id
    kind: Literal["indicator"] = "indicator"


@dataclass(frozen=True)
class BalanceMetric:
    """Decided by how many coefficients of variation are within their limits."""

    kind: Literal["balance"] = "balance"


@dataclass(frozen=True)
class GrowthMetric:
    """A figure, or its quotient by `per`, compared with the year before."""

    figure: Text
    per: Maybe[NonEmpty]
    requires: Annotated[GrowthRequirement, otherwise("rise"), Field(default="rise")]
    kind: Literal["growth"] = "growth"


@dataclass(frozen=True)
class RatioMetric:
    """Two figures of one year: numerator ÷ denominator against `limit` (0–1).

    Of kind `ratio` they are the county's figures; of `attendance`, columns of the townships'
    attendance summed over the townships shown, where a denominator of 0 means nothing was due.
    """

    kind: RatioKind
    numerator: Text
    denominator: Text
    operator: Word[Operator]
    limit: Number


@dataclass(frozen=True)
class ComparisonMetric:
    """One figure against another figure of the same year; either missing decides nothing."""

    figure: Text
    operator: Word[Operator]
    target: Text
    kind: Literal["comparison"] = "comparison"


@dataclass(frozen=True)
class PairGapMetric:
    """Decided by the gap between the two schools of each pair."""

    kind: Literal["pair_gap"] = "pair_gap"


@dataclass(frozen=True)
class TargetMetric:
    """Decided by a dated target of the plan."""

    target_id: Id
    kind: Literal["target"] = "target"


@dataclass(frozen=True)
class VetoMetric:
    """Decided by a veto item; the figures of `shown_beside` are printed next to it."""

    code: Id
    shown_beside: Lines
    kind: Literal["veto"] = "veto"


@dataclass(frozen=True)
class ProjectSlotsMetric:
    """Decided by the projects themselves: every one fills all slots of the plan (六个一)."""

    kind: Literal["project_slots"] = "project_slots"


@dataclass(frozen=True)
class ProjectsDoneMetric:
    """Decided by the projects planned to be complete by a day: every one of them is."""

    planned_by: Day
    kind: Literal["projects_done"] = "projects_done"


@dataclass(frozen=True)
class LedgerMetric:
    """Decided by the ledger itself: every open issue has a unit, a person and a date, and none is past it."""

    kind: Literal["ledger"] = "ledger"


@dataclass(frozen=True)
class PersonsMetric:
    """Decided by the register of persons: everybody who leads a sub-item has a person responsible named for it."""

    kind: Literal["persons"] = "persons"


# What the county's own records decide, as they stand on the day, and no figure of a school year.
RecordMetric = ProjectSlotsMetric | ProjectsDoneMetric | LedgerMetric | PersonsMetric
Metric = Annotated[
    ItemMetric
    | IndicatorMetric
    | BalanceMetric
    | GrowthMetric
    | RatioMetric
    | ComparisonMetric
    | PairGapMetric
    | TargetMetric
    | VetoMetric
    | RecordMetric,
    Field(discriminator="kind"),
    otherwise(BalanceMetric()),
]


@dataclass(frozen=True)
class ClassShare:
    """The share of primary and junior classes in a band of the standard's class sizes."""

    band: Text
    kind: Literal["class_share"] = "class_share"


@dataclass(frozen=True)
class OversizedSchoolShare:
    """The share of schools above the size that the standard's item `size_from` allows."""

    size_from: Text
    kind: Literal["oversized_school_share"] = "oversized_school_share"


@dataclass(frozen=True)
class LargestClass:
    """The pupils of the largest class of each stage."""

    kind: Literal["largest_class"] = "largest_class"


@dataclass(frozen=True)
class CompositeCv:
    """The mean of a stage's seven coefficients of variation, for each stage."""

    kind: Literal["composite_cv"] = "composite_cv"


@dataclass(frozen=True)
class SubItemsDone:
    """Whether the named sub-items are done on their evidence."""

    sub_item_ids: Annotated[Lines, key("ids")]
    kind: Literal["sub_items"] = "sub_items"


@dataclass(frozen=True)
class CountyVerdict:
    """The county's verdict by the national standard."""

    kind: Literal["county_verdict"] = "county_verdict"


Measure = Annotated[
    ClassShare
    | OversizedSchoolShare
    | LargestClass
    | CompositeCv
    | SubItemsDone
    | CountyVerdict
    | ItemMetric
    | ComparisonMetric,
    Field(discriminator="kind"),
    otherwise(CountyVerdict()),
]


def subject_of(metric: Metric | None) -> str | None:
    """The indicator, item or veto that a metric is about, `balance` for the coefficients; None for anything else."""
    if isinstance(metric, BalanceMetric):
        return "balance"
    return metric.code if isinstance(metric, IndicatorMetric | ItemMetric | VetoMetric) else None
