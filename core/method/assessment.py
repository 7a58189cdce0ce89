"""What one judgement of a county holds: typed, frozen results in the rules' order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from propcache.api import cached_property


class Verdict(StrEnum):
    """The four verdicts, everywhere."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSABLE = "not_assessable"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class SchoolIndicator:
    """What one school row holds of one indicator.

    `amount` and `shortfall` are in the amount's unit (teachers, ㎡, yuan, rooms), `value` in the indicator's;
    all are None where a figure is missing.
    """

    school_id: str
    stage: str
    code: str
    per_pupils: Decimal
    limit: Decimal
    floor: Decimal
    pupils: Decimal | None
    weight: Decimal
    weighted_pupils: Decimal | None
    surplus: Decimal | None
    floor_surplus: Decimal | None
    amount: float | None
    value: float | None
    verdict: Verdict
    above_floor: bool | None
    borderline: bool
    shortfall: float | None
    contribution: float | None

    def is_near(self, share: Decimal) -> bool:
        """Whether the value lies within a share (0–1) of the limit on either side (接近标准); exact."""
        if self.surplus is None or self.weighted_pupils is None:
            return False
        return abs(self.surplus) <= share * self.limit * self.weighted_pupils

    def whole_units_missing(self, to_floor: bool = False) -> int:
        """Whole units that the school must add for this row to reach the limit, or its floor.

        Exact; in a school with several stages it counts what the whole school must add, since the row
        receives its weighted share only.
        """
        surplus = self.floor_surplus if to_floor else self.surplus
        if surplus is None or surplus >= 0:
            return 0
        needed = Fraction(-surplus) / (Fraction(self.weight) * Fraction(self.per_pupils))
        return _ceiling(needed)

    def whole_units_to_spare(self, to_floor: bool = False) -> int:
        """Whole units that the school could give up with this row still at its limit, or its floor."""
        surplus = self.floor_surplus if to_floor else self.surplus
        if surplus is None or surplus < 0:
            return 0
        spare = Fraction(surplus) / (Fraction(self.weight) * Fraction(self.per_pupils))
        return int(spare)


def _ceiling(number: Fraction) -> int:
    return int(-((-number.numerator) // number.denominator))


@dataclass(frozen=True)
class SchoolRow:
    """One evaluated school row: a school at one stage."""

    school_id: str
    name: str
    stage: str
    kind: str
    township_code: str
    zone: str | None
    central_area: bool | None
    ownership: str | None
    sponsor_code: int | None
    pupils: int | None
    verdict: Verdict
    met_count: int
    not_met_count: int
    unknown_count: int
    below_floor_count: int
    relieved: bool
    indicators: tuple[SchoolIndicator, ...]
    classes: int | None
    largest_class: int | None
    largest_class_at_most: int | None
    classes_over_limit: int | None

    @property
    def key(self) -> tuple[str, str]:
        """What names this row."""
        return (self.school_id, self.stage)

    @property
    def borderline(self) -> bool:
        """Whether the form's rounding would flip one of its indicators."""
        return any(h.borderline for h in self.indicators)

    def indicator(self, code: str) -> SchoolIndicator:
        """What the row holds of the indicator with this code."""
        return next(h for h in self.indicators if h.code == code)


@dataclass(frozen=True)
class LeftOut:
    """A stage of a school that is not evaluated, with the first reason that applies."""

    school_id: str
    name: str
    stage: str
    kind: str
    township_code: str
    pupils: int | None
    reason: str


@dataclass(frozen=True)
class BalanceResult:
    """Mean, deviation and coefficient of variation of one indicator at one stage."""

    stage: str
    code: str
    limit: Decimal
    school_count: int
    mean: float | None
    sd: float | None
    cv: float | None
    verdict: Verdict
    borderline: bool


@dataclass(frozen=True)
class ItemResult:
    """One county item. `failing` and `unknown` count what its figures cover (schools, classes, subjects).

    `borderline` says that a share, printed in percent as the form does, would be judged otherwise.
    """

    code: str
    part: str
    verdict: Verdict
    value: float | None
    judgement: Verdict | None
    figures_verdict: Verdict | None
    scope: int | None
    failing: int | None
    unknown: int | None
    numerator: float | None
    denominator: float | None
    second_numerator: float | None
    second_denominator: float | None
    borderline: bool


@dataclass(frozen=True)
class SchoolItem:
    """One school under an item that is judged school by school (G3, G4, G5, G6, Q4).

    `by_budget` of Q4 says whether it was measured on the school's budget, or on what it spent as no budget was reported.
    """

    school_id: str
    name: str
    township_code: str
    code: str
    verdict: Verdict
    failing: int
    found: float | None
    required: float | None
    music_rooms: int | None
    art_rooms: int | None
    by_budget: bool | None
    relieved: bool


@dataclass(frozen=True)
class ClassSizes:
    """Class counts of one school and stage; `known` is False where no classes were reported and the pupils are not 0.

    `unsure` classes are in a band that the limit divides. The largest class has at least `largest` pupils, at most
    `largest_at_most`, None where its band is open above; both are the same where it is known by its roll.
    """

    school_id: str
    name: str
    stage: str
    township_code: str
    central_area: bool | None
    known: bool
    classes: int
    over_limit: int
    large: int
    oversized: int
    super_oversized: int
    unsure: int
    largest: int
    largest_at_most: int | None


@dataclass(frozen=True)
class PartCount:
    """How many of a part are met, failed, unknown."""

    met: int
    not_met: int
    unknown: int

    @property
    def total(self) -> int:
        """Everything that the part judges."""
        return self.met + self.not_met + self.unknown

    @property
    def verdict(self) -> Verdict:
        """The part's verdict; an empty part is not assessable."""
        if self.not_met:
            return Verdict.NOT_MET
        return Verdict.NOT_ASSESSABLE if self.unknown or not self.total else Verdict.MET


@dataclass(frozen=True)
class Assessment:
    """The judgement of one county in one school year.

    `without_figures` are the townships, by code, of which the year has no figures yet; their schools are unknown.
    """

    county_code: str
    year: int
    standard_id: str
    choices: Mapping[str, str]
    verdict: Verdict
    rows: tuple[SchoolRow, ...]
    left_out: tuple[LeftOut, ...]
    balance: tuple[BalanceResult, ...]
    items: tuple[ItemResult, ...]
    school_items: tuple[SchoolItem, ...]
    class_sizes: tuple[ClassSizes, ...]
    township_names: Mapping[str, str] = field(default_factory=dict)
    without_figures: tuple[str, ...] = ()

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], SchoolRow]:
        return {row.key: row for row in self.rows}

    def rows_of(self, school_id: str) -> tuple[SchoolRow, ...]:
        """The rows of a school, one for each of its stages that is evaluated."""
        return tuple(row for row in self.rows if row.school_id == school_id)

    def row(self, school_id: str, stage: str) -> SchoolRow | None:
        """The evaluated row of a school at a stage, None when left out."""
        return self._by_key.get((school_id, stage))

    def item(self, code: str) -> ItemResult:
        """The result of one item."""
        return next(i for i in self.items if i.code == code)

    def balance_of(self, stage: str, code: str) -> BalanceResult:
        """The coefficient of one indicator at one stage."""
        return next(b for b in self.balance if b.stage == stage and b.code == code)

    def composite(self, stage: str) -> float | None:
        """The plain mean of the seven coefficients: printed on the form, judged by nothing."""
        values = [b.cv for b in self.balance if b.stage == stage]
        known = [v for v in values if v is not None]
        return sum(known) / len(known) if values and len(known) == len(values) else None

    @property
    def schools_part(self) -> PartCount:
        """The school rows."""
        return count(row.verdict for row in self.rows)

    @property
    def balance_part(self) -> PartCount:
        """The fourteen coefficients."""
        return count(b.verdict for b in self.balance)

    def items_part(self, *parts: str) -> PartCount:
        """The county items of one or several parts of the form."""
        return count(i.verdict for i in self.items if i.part in parts)


def count(verdicts: Iterable[Verdict]) -> PartCount:
    """Count verdicts; what does not apply is not counted."""
    listed = list(verdicts)
    return PartCount(
        sum(v is Verdict.MET for v in listed),
        sum(v is Verdict.NOT_MET for v in listed),
        sum(v is Verdict.NOT_ASSESSABLE for v in listed),
    )
