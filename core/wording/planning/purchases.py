"""What a plan buys, by name and amount: resources, classrooms, special rooms, money a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from core.outlook.cheapest.purchases import CLASS_ROOM, FUNDS, SPECIAL_ROOM, Purchase
from core.outlook.what_if.levers import RESOURCES
from core.wording.numbers import amount_text

_NAMES = {
    CLASS_ROOM: ("增班教室", "间"),
    SPECIAL_ROOM: ("音乐、美术专用教室", "间"),
    "small_school_funds": ("小规模学校公用经费", "元"),
    "training_budget": ("教师培训经费", "元"),
}


def purchase_name(code: str) -> str:
    """What is bought."""
    return RESOURCES[code].name if code in RESOURCES else _NAMES[code][0]


def purchase_unit(code: str) -> str:
    """In what it is counted."""
    return RESOURCES[code].unit if code in RESOURCES else _NAMES[code][1]


def purchase_amount(code: str, units: int) -> str:
    """So much of it; money by the year."""
    return ("每年 " if code in FUNDS else "") + amount_text(units, purchase_unit(code))


def purchases_text(purchases: Iterable[Purchase]) -> str:
    """Everything together, a clause a kind; resources first."""
    sums: dict[str, int] = defaultdict(int)
    for purchase in purchases:
        sums[purchase.code] += purchase.units
    ordered = sorted(sums.items(), key=lambda s: (s[0] not in RESOURCES, s[0]))
    return "，".join(f"增加{purchase_name(code)} {purchase_amount(code, units)}" for code, units in ordered)
