"""The national standard as typed, cited values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Literal

from pydantic import Field

from core.rules.declared import (
    Amount,
    ByName,
    Count,
    Day,
    Flag,
    Id,
    Lines,
    Maybe,
    NonEmpty,
    Number,
    Numbers,
    Section,
    Sections,
    Text,
    Whole,
    WholeNumbers,
    Word,
)

Stage = Literal["primary", "junior"]
STAGES: tuple[Stage, Stage] = ("primary", "junior")
Part = Literal["government", "quality", "satisfaction", "veto", "precondition"]
# The choice by which an item is taken out, or a relief not claimed.
OFF = "off"


@dataclass(frozen=True)
class Document:
    """A document that a rule cites."""

    number: Text
    title: Text
    note: Text


@dataclass(frozen=True)
class Indicator:
    """One of the seven resource indicators; `limit` is in `unit` per stage."""

    indicator_id: Id
    code: Text
    name: Text
    short_name: Text
    unit: Text
    amount_unit: Text
    fact: Text
    measured_by: Word[Literal["stage", "school"]]
    per_pupils: Number
    limit: Numbers
    document: Text
    clause: Text
    formula: Text
    source_form: Text


@dataclass(frozen=True)
class DerivedFact:
    """A figure made of reported ones: the sum of `added` less the sum of `subtracted`, all of one sheet and unit."""

    fact: Id
    added: Lines
    subtracted: Lines
    document: Text
    clause: Text


@dataclass(frozen=True)
class SchoolRule:
    """When a school row passes: at least `minimum_met` indicators met, all at `floor_share` of the limit."""

    name: Text
    minimum_met: Number
    floor_share: Number
    document: Text
    clause: Text


@dataclass(frozen=True)
class Balance:
    """The largest coefficient of variation of a stage, held by each indicator alone."""

    name: Text
    limit: Numbers
    formula: Text
    document: Text
    clause: Text


@dataclass(frozen=True)
class Item:
    """A county item: what documents judge (`judged`, by what `evidence`), what figures decide (`numbers`, `limit`).

    `percentage` says that its limits are shares which the form prints in percent. It does not apply before `first_year`
    (a school year), nor where the choice of its `option` is off.
    """

    item_id: Id
    code: Text
    part: Word[Part]
    name: Text
    short_name: Text
    judged: Flag
    document: Text
    clause: Text
    formula: Annotated[str, Field(default="")]
    numbers: Numbers
    limit: Numbers
    percentage: Maybe[Annotated[bool, Field(strict=True)]]
    first_year: Maybe[Count]
    option: Maybe[NonEmpty]
    evidence: Lines

    def applies(self, year: int, chosen: Mapping[str, str]) -> bool:
        """Whether the item is judged in a school year under the choices of the options."""
        if self.first_year is not None and year < self.first_year:
            return False
        return self.option is None or chosen[self.option] != OFF


@dataclass(frozen=True)
class ClassBands:
    """Class-size bands: `edges` are the upper ends; the last band is open."""

    edges: WholeNumbers
    large_from: Whole
    large_to: Whole
    oversized_from: Whole
    super_oversized_from: Whole
    document: Text
    clause: Text

    def labels(self) -> list[str]:
        """The bands in Chinese, smallest first."""
        between = [f"{low + 1}–{high} 人" for low, high in zip(self.edges, self.edges[1:], strict=False)]
        return [f"≤{self.edges[0]} 人", *between, f"≥{self.edges[-1] + 1} 人"]


@dataclass(frozen=True)
class Rounding:
    """How the form rounds (half up), and how near to a limit counts as 接近标准."""

    value_decimals: Whole
    cv_decimals: Whole
    share_decimals: Whole
    near_share: Number
    document: Text
    clause: Text


@dataclass(frozen=True)
class Exclusion:
    """Why a stage of a school is not evaluated: all schools of a `kind`, or fewer pupils than `pupils_below`.

    `staff_counts` says whether the teachers of such a kind count all the same where the county's teachers are judged,
    `pupils_count` whether its compulsory pupils are evaluated where it has any.
    """

    reason: Text
    name: Text
    document: Text
    clause: Text
    pupils_below: Maybe[Amount]
    kind: Maybe[NonEmpty]
    staff_counts: Maybe[Annotated[bool, Field(strict=True)]]
    pupils_count: Maybe[Annotated[bool, Field(strict=True)]]


@dataclass(frozen=True)
class Option:
    """A reading that no public text settles (`assumption`) or a relief; each can be switched.

    `first_year` and `last_year` are the school years for which its text was written, None where it names none.
    """

    option_id: Id
    name: Text
    kind: Word[Literal["assumption", "relief"]]
    default: Text
    choices: ByName[str]
    numbers: Numbers
    document: Text
    clause: Text
    note: Text
    first_year: Maybe[Count]
    last_year: Maybe[Count]

    def covers(self, year: int) -> bool:
        """Whether the option was written for a school year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True)
class MonitoringSubject:
    """A subject of the state's quality monitoring since a year; a result may name it by its id or as `written` too."""

    subject_id: Id
    name: Text
    first_year: Whole
    written: Lines
    document: Text
    clause: Text

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that a result may call it."""
        return (self.name, self.subject_id, *self.written)


@dataclass(frozen=True)
class Splits:
    """How a school with several stages divides what it has: weights by kind of school and stage."""

    weights: ByName[Numbers]
    document: Text
    clause: Text


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

    standard_id: Id
    name: Text
    effective_from: Day
    documents: ByName[Section[Document]]
    school_rule: Section[SchoolRule]
    indicators: Sections[Indicator]
    derived_facts: Sections[DerivedFact]
    balance: Section[Balance]
    splits: Section[Splits]
    rounding: Section[Rounding]
    items: Sections[Item]
    class_bands: Section[ClassBands]
    exclusions: Sections[Exclusion]
    monitoring_subjects: Sections[MonitoringSubject]
    options: Sections[Option]

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
        """Every other number of the standard by name: the rule's id, then the number's.

        A share that the form prints in percent stands a second time as `_form`, from where on it is printed so high.
        """
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
        step = Decimal(1).scaleb(-self.rounding.share_decimals - 2)
        for item in self.items:
            for name, share in {**item.numbers, **item.limit}.items() if item.percentage else ():
                numbers[f"{item.item_id}_{name}_form"] = _rounds_up_to(share, step)
        return numbers

    @property
    def uncounted_kinds(self) -> frozenset[str]:
        """The kinds of school whose pupils and classes nothing of the standard counts."""
        return frozenset(e.kind for e in self.exclusions if e.kind is not None and not e.pupils_count)

    def subjects_in(self, year: int) -> tuple[MonitoringSubject, ...]:
        """The subjects that the state monitors in a year, in the scheme's order."""
        return tuple(s for s in self.monitoring_subjects if s.first_year <= year)

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
