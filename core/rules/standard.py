"""The national standard as typed, cited values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Literal

Stage = Literal["primary", "junior"]
STAGES: tuple[Stage, Stage] = ("primary", "junior")
Part = Literal["government", "quality", "satisfaction", "veto", "precondition"]


@dataclass(frozen=True)
class Document:
    """A document that a rule cites."""

    document_id: str
    number: str
    title: str
    note: str


@dataclass(frozen=True)
class Indicator:
    """One of the seven resource indicators; `limit` is in `unit` per stage."""

    indicator_id: str
    code: str
    name: str
    short_name: str
    unit: str
    amount_unit: str
    fact: str
    measured_by: Literal["stage", "school"]
    per_pupils: Decimal
    limit: Mapping[str, Decimal]
    document: str
    clause: str
    formula: str
    source_form: str


@dataclass(frozen=True)
class DerivedFact:
    """A figure made of reported ones: the sum of `added` less the sum of `subtracted`, all of one sheet and unit."""

    fact: str
    added: tuple[str, ...]
    subtracted: tuple[str, ...]
    document: str
    clause: str


@dataclass(frozen=True)
class SchoolRule:
    """When a school row passes: at least `minimum_met` indicators met, all at `floor_share` of the limit."""

    name: str
    minimum_met: Decimal
    floor_share: Decimal
    document: str
    clause: str


@dataclass(frozen=True)
class Balance:
    """The largest coefficient of variation of a stage, held by each indicator alone."""

    name: str
    limit: Mapping[str, Decimal]
    formula: str
    document: str
    clause: str


@dataclass(frozen=True)
class Item:
    """A county item: what documents judge (`judged`), what figures decide (`numbers`, `limit`)."""

    item_id: str
    code: str
    part: Part
    name: str
    short_name: str
    judged: bool
    document: str
    clause: str
    formula: str
    numbers: Mapping[str, Decimal]
    limit: Mapping[str, Decimal]


@dataclass(frozen=True)
class ClassBands:
    """Class-size bands: `edges` are the upper ends; the last band is open."""

    edges: tuple[int, ...]
    large_from: int
    large_to: int
    oversized_from: int
    super_oversized_from: int
    document: str
    clause: str

    def labels(self) -> list[str]:
        """The bands in Chinese, smallest first."""
        between = [f"{low + 1}–{high} 人" for low, high in zip(self.edges, self.edges[1:], strict=False)]
        return [f"≤{self.edges[0]} 人", *between, f"≥{self.edges[-1] + 1} 人"]


@dataclass(frozen=True)
class Rounding:
    """How the form rounds (half up), and how near to a limit counts as 接近标准."""

    value_decimals: int
    cv_decimals: int
    share_decimals: int
    near_share: Decimal
    document: str
    clause: str


@dataclass(frozen=True)
class Exclusion:
    """Why a stage of a school is not evaluated: all schools of a `kind`, or fewer pupils than `pupils_below`.

    `staff_counts` says whether the teachers of such a kind count all the same where the county's teachers are judged.
    """

    reason: str
    name: str
    document: str
    clause: str
    pupils_below: Decimal | None
    kind: str | None = None
    staff_counts: bool = False


@dataclass(frozen=True)
class Option:
    """A reading that no public text settles (`assumption`) or a relief; each can be switched."""

    option_id: str
    name: str
    kind: Literal["assumption", "relief"]
    default: str
    choices: Mapping[str, str]
    numbers: Mapping[str, Decimal]
    document: str
    clause: str
    note: str


@dataclass(frozen=True)
class Limit:
    """One number of the standard as the method reads it; the form_ values judge rounded figures."""

    rule: str
    code: str | None
    stage: str | None
    per_pupils: Decimal | None
    amount: Decimal
    floor_amount: Decimal | None = None
    form_amount: Decimal | None = None
    form_floor_amount: Decimal | None = None
    measured_by: Literal["stage", "school"] | None = None


@dataclass(frozen=True)
class Standard:
    """The whole standard: every number of the law with its clause."""

    standard_id: str
    name: str
    effective_from: date
    documents: Mapping[str, Document]
    school_rule: SchoolRule
    indicators: tuple[Indicator, ...]
    derived_facts: tuple[DerivedFact, ...]
    balance: Balance
    split_weights: Mapping[str, Mapping[str, Decimal]]
    split_document: str
    split_clause: str
    rounding: Rounding
    items: tuple[Item, ...]
    class_bands: ClassBands
    exclusions: tuple[Exclusion, ...]
    options: tuple[Option, ...]

    def indicator(self, code: str) -> Indicator:
        """The indicator with an official code such as L5."""
        return next(i for i in self.indicators if i.code == code)

    def item(self, code: str) -> Item:
        """The county item with a code such as G5."""
        return next(i for i in self.items if i.code == code)

    def option(self, option_id: str) -> Option:
        """The switchable reading with this id."""
        return next(o for o in self.options if o.option_id == option_id)

    def exclusion(self, reason: str) -> Exclusion:
        """The exclusion with this reason."""
        return next(e for e in self.exclusions if e.reason == reason)

    def floor(self, indicator: Indicator, stage: str) -> Decimal:
        """The 85 % floor of an indicator, exact, in the indicator's unit."""
        return indicator.limit[stage] * self.school_rule.floor_share

    def limits(self) -> list[Limit]:
        """The limits held by stage, as rows for the method: the indicators and the balance."""
        step = Decimal(1).scaleb(-self.rounding.value_decimals)
        rows: list[Limit] = []
        for indicator in self.indicators:
            for stage in STAGES:
                floor = self.floor(indicator, stage)
                rows.append(
                    Limit(
                        indicator.indicator_id,
                        indicator.code,
                        stage,
                        indicator.per_pupils,
                        indicator.limit[stage],
                        floor,
                        _rounds_up_to(indicator.limit[stage], step),
                        _rounds_up_to(floor, step),
                        indicator.measured_by,
                    )
                )
        half_cv = Decimal(1).scaleb(-self.rounding.cv_decimals) / 2
        for stage in STAGES:
            limit = self.balance.limit[stage]
            rows.append(Limit("balance", None, stage, None, limit, form_amount=limit + half_cv))
        return rows

    def numbers(self) -> dict[str, Decimal]:
        """Every other number of the standard by name: the rule's id, then the number's."""
        numbers = {"school_rule_minimum_met": self.school_rule.minimum_met}
        for exclusion in self.exclusions:
            if exclusion.pupils_below is not None:
                numbers[exclusion.reason] = exclusion.pupils_below
        for rule_id, named in (
            *((i.item_id, {**i.numbers, **i.limit}) for i in self.items),
            *((o.option_id, o.numbers) for o in self.options),
        ):
            for name, number in named.items():
                numbers[f"{rule_id}_{name}"] = number
        return numbers

    @property
    def uncounted_kinds(self) -> frozenset[str]:
        """The kinds of school whose pupils and classes nothing of the standard counts."""
        return frozenset(e.kind for e in self.exclusions if e.kind is not None)

    @property
    def kinds_without_staff(self) -> frozenset[str]:
        """The kinds of school whose teachers do not count among the county's."""
        return frozenset(e.kind for e in self.exclusions if e.kind is not None and not e.staff_counts)

    def choices(self, switched: Mapping[str, str] | None = None) -> dict[str, str]:
        """The choice of every option: the defaults, with the switched ones laid over."""
        chosen = {option.option_id: option.default for option in self.options}
        chosen.update(switched or {})
        return chosen


def _rounds_up_to(limit: Decimal, step: Decimal) -> Decimal:
    """The smallest unrounded value whose half-up rounding to `step` reaches `limit`."""
    reached = (limit / step).to_integral_value(ROUND_CEILING) * step
    return reached - step / 2
