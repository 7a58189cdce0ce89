"""What the county items ask for in money, whatever else is bought: classes within their limit with a room and teachers for
each new one, music and art rooms, funds of small schools and for training teachers.

New classes bring rooms that count for L4 and teachers that count for L1, and for L3 as far as the row lacks them. A school
over its size (G4) is not mended by money: it stands in `too_large`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from core.method.assessment import Assessment, SchoolItem, Verdict
from core.method.changes import Change
from core.outlook.baseline import Baseline
from core.outlook.cheapest.model import NO_CAPS, Caps
from core.outlook.cheapest.purchases import CLASS_ROOM, FUNDS, HIRES, SPECIAL_ROOM, Purchase, bought, price_of
from core.outlook.remedies.coefficients import Judge
from core.outlook.what_if.class_plan import class_changes, split_at_cap
from core.rules.prices import Prices

Rolls = Mapping[tuple[str, str], Mapping[int, Sequence[int]]]


@dataclass(frozen=True)
class Necessary:
    """What is bought for the items, as purchases and as changes; `too_large` are schools with the pupils they have too many.

    `unstaffed` are schools whose new classes get no teachers, because how many they have is not reported.
    """

    purchases: tuple[Purchase, ...] = ()
    changes: tuple[Change, ...] = ()
    too_large: tuple[tuple[str, int], ...] = ()
    unstaffed: tuple[str, ...] = ()

    @property
    def hires(self) -> int:
        """How many teachers it hires."""
        return sum(p.units for p in self.purchases if p.code in HIRES)

    def left_of(self, caps: Caps) -> Caps:
        """What the caps still allow beside it."""
        taken: dict[tuple[str, str], int] = {}
        for p in self.purchases:
            if p.code in HIRES:
                taken[p.school_id, p.code] = taken.get((p.school_id, p.code), 0) + p.units
        at_schools = dict(caps.at_schools)
        for (school_id, code), units in taken.items():
            cap = caps.at_schools.get((school_id, code), caps.everywhere.get(code))
            if cap is not None:
                at_schools[school_id, code] = max(0, cap - units)
        return Caps(caps.everywhere, at_schools)

    @property
    def yuan(self) -> Decimal:
        """What it costs."""
        return sum((p.yuan for p in self.purchases), Decimal(0))


NOTHING_NECESSARY = Necessary()


def necessary(
    baseline: Baseline, rolls: Rolls, prices: Prices, judge: Judge, salary_years: int, caps: Caps = NO_CAPS
) -> Necessary:
    """What the items ask for. `rolls` are the classes of the year planned for, by school and stage, then by grade.

    Classes that the caps of a school leave no room or no teachers for stay as they are, and their item fails.
    """
    wanted = _Wanted(baseline, prices, salary_years, caps)
    for key, grades in rolls.items():
        wanted.regroup(key, grades)
    after = judge(wanted.changes)
    for item in _failing(after, "G3"):
        wanted.rooms(item, after.choices["music_art_rooms"])
    for item in _failing(after, "G6"):
        wanted.fund(item, "small_school_funds")
    # What a small school gets is what its training is measured on.
    for item in _failing(judge(wanted.changes), "Q4"):
        wanted.fund(item, "training_budget")
    too_large = tuple((s.school_id, int((s.found or 0) - (s.required or 0))) for s in _failing(after, "G4"))
    return Necessary(tuple(wanted.purchases), tuple(wanted.changes), too_large, tuple(wanted.unstaffed))


def _failing(assessment: Assessment, code: str) -> list[SchoolItem]:
    return [s for s in assessment.school_items if s.code == code and s.verdict is Verdict.NOT_MET]


class _Wanted:
    """Purchases and changes as they come together."""

    def __init__(self, baseline: Baseline, prices: Prices, salary_years: int, caps: Caps) -> None:
        self._baseline, self._prices, self._years, self._caps = baseline, prices, salary_years, caps
        self.unstaffed: list[str] = []
        self.purchases: list[Purchase] = []
        self.changes: list[Change] = []

    def regroup(self, key: tuple[str, str], grades: Mapping[int, Sequence[int]]) -> None:
        """The classes of a stage within the limit, with a room and teachers for each one more."""
        school, standard = self._baseline.facts.schools.get(key[0]), self._baseline.standard
        if school is None or not school.is_open or school.kind in standard.uncounted_kinds:
            return
        planned = split_at_cap(grades, int(standard.item("G5").limit[key[1]]))
        classes = sum(map(len, grades.values()))
        more = sum(map(len, planned.values())) - classes
        if more <= 0:
            return
        area = more * (self._prices[CLASS_ROOM].area_m2 or Decimal(0))
        teachers = self._baseline.facts.enrolment.get(key, {}).get("teachers")
        hired = ceil(Fraction(teachers) * more / classes) if teachers is not None and classes else 0
        row = self._baseline.assessment.row(*key)
        for_arts = min(hired, row.indicator("L3").whole_units_missing()) if row is not None else 0
        wanted = {"L3": for_arts, "L1": hired - for_arts}
        if not all(self._allows(key[0], code, units) for code, units in {**wanted, "L4": int(area)}.items()):
            return
        if teachers is None:
            self.unstaffed.append(key[0])
        self.changes += class_changes(key, planned, standard)
        self._buy(key[0], None, CLASS_ROOM, more)
        self._add(key[0], "teaching_area_m2", area)
        for code, units in wanted.items():
            if units:
                self.changes += bought(self._buy(key[0], key[1], code, units))

    def _allows(self, school_id: str, code: str, units: int) -> bool:
        """Whether so much of a resource may be added at a school at all."""
        return units <= self._caps.at_schools.get((school_id, code), self._caps.everywhere.get(code, units))

    def rooms(self, item: SchoolItem, reading: str) -> None:
        """Music and art rooms of full size; where one kind may stand for the other, music rooms."""
        held = {"music_rooms": item.music_rooms or 0, "art_rooms": item.art_rooms or 0}
        required = int(item.required or 0)
        if reading == "summed":
            held = {"music_rooms": sum(held.values())}
        lacking = {fact: required - count for fact, count in held.items() if count < required}
        self._buy(item.school_id, None, SPECIAL_ROOM, sum(lacking.values()))
        for fact, count in lacking.items():
            self._add(item.school_id, fact, Decimal(count))

    def fund(self, item: SchoolItem, code: str) -> None:
        """So much more a year, in whole yuan."""
        more = ceil(Decimal(repr(item.required or 0.0)) - Decimal(repr(item.found or 0.0)))
        if more > 0:
            self._buy(item.school_id, None, code, more)
            self._add(item.school_id, FUNDS[code], Decimal(more))

    def _buy(self, school_id: str, stage: str | None, code: str, units: int) -> Purchase:
        if code in FUNDS:
            yuan = Decimal(units * self._years)
        else:
            price = price_of(code, self._prices)
            yuan = units * price.yuan * (self._years if price.paid == "yearly" else 1)
        self.purchases.append(Purchase(school_id, stage, code, units, yuan))
        return self.purchases[-1]

    def _add(self, school_id: str, fact: str, amount: Decimal) -> None:
        if amount:
            self.changes.append(Change(school_id, None, fact, "add", amount))
