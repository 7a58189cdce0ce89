"""What a plan buys: whole units for one school, and the changes that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.method.changes import Change
from core.outlook.what_if.levers import RESOURCES
from core.rules.prices import Price, Prices

# What is bought beside the resources L1–L7: classrooms and special rooms by their price, and money that is paid yearly.
CLASS_ROOM, SPECIAL_ROOM = "class_room", "special_room"
FUNDS: Mapping[str, str] = {"small_school_funds": "operating_funds_yuan", "training_budget": "training_budget_yuan"}
HIRES = ("L1", "L3")
_MONTHS = 12


@dataclass(frozen=True)
class Purchase:
    """Whole units for one school; teachers name their stage. Yearly costs count for the plan's salary years.

    `code` is a resource (L1–L7), CLASS_ROOM, SPECIAL_ROOM or one of FUNDS (in yuan a year).
    """

    school_id: str
    stage: str | None
    code: str
    units: int
    yuan: Decimal


@dataclass(frozen=True)
class YearOfSpending:
    """What a plan costs in one calendar year, by kind of money."""

    year: int
    once_yuan: Decimal
    yearly_yuan: Decimal


def bought(purchase: Purchase) -> list[Change]:
    """A resource as changes."""
    facts = RESOURCES[purchase.code].facts
    return [Change(purchase.school_id, purchase.stage, fact, "add", Decimal(purchase.units)) for fact in facts]


def is_yearly(code: str, prices: Prices) -> bool:
    """Whether a purchase is paid every year: salaries and funds."""
    return code in FUNDS or price_of(code, prices).paid == "yearly"


def price_of(code: str, prices: Prices) -> Price:
    """By which price a purchase is paid: teachers of sport, music and art are hired like any other."""
    return prices["L1" if code == "L3" else code]


def spending(
    purchases: Iterable[Purchase], moves_yuan: Decimal, prices: Prices, decided: date, salary_years: int
) -> tuple[YearOfSpending, ...]:
    """When the money of a plan that is decided on a day is due: once in the year in which a thing is complete, yearly from
    the year in which a teacher or a fund counts, for as many years as the plan counts.
    """
    once: dict[int, Decimal] = {}
    yearly: dict[int, Decimal] = {}

    def pay(code: str, yuan: Decimal, is_every_year: bool) -> None:
        months = 0 if code in FUNDS else price_of(code, prices).lead_months
        first = decided.year + (decided.month - 1 + months) // _MONTHS
        if code in FUNDS:
            first += 1
        if not is_every_year:
            once[first] = once.get(first, Decimal(0)) + yuan
            return
        for year in range(first, first + salary_years):
            yearly[year] = yearly.get(year, Decimal(0)) + yuan / salary_years

    for purchase in purchases:
        pay(purchase.code, purchase.yuan, is_yearly(purchase.code, prices))
    if moves_yuan:
        pay("teacher_move", moves_yuan, prices["teacher_move"].paid == "yearly")
    years = sorted({*once, *yearly})
    return tuple(YearOfSpending(y, once.get(y, Decimal(0)), yearly.get(y, Decimal(0))) for y in years)
