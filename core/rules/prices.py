"""What one more unit costs and how long it takes: planning assumptions kept as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from core.errors import RulesInvalid
from core.rules.entries import read_entries

PRICES = Path(__file__).parents[2] / "data" / "prices.toml"
CODES = ("L1", "L2", "L4", "L5", "L6", "L7", "indoor_sports", "special_room", "class_room", "teacher_move")
_PAID: tuple[Literal["once", "yearly"], ...] = ("once", "yearly")


@dataclass(frozen=True)
class Price:
    """The price of one `unit` in yuan; `lead_months` from the decision until it counts."""

    code: str
    name: str
    unit: str
    yuan: Decimal
    paid: Literal["once", "yearly"]
    lead_months: int
    assumption: bool
    note: str


Prices = Mapping[str, Price]


def load_prices(path: Path = PRICES) -> Prices:
    """The prices by code. Raises RulesInvalid with every missing, mistyped, unknown or zero price."""
    top = read_entries(path)
    top.only("prices")
    prices: dict[str, Price] = {}
    for entry in top.sections("prices", "code"):
        entry.only("code", "name", "unit", "yuan", "paid", "lead_months", "assumption", "note")
        code, paid = entry.text("code"), entry.text("paid")
        yuan = entry.number("yuan")
        if code not in CODES or code in prices:
            top.faults.append(f"{entry.where}code “{code}” 未知或重复，可用：{'、'.join(CODES)}")
        if paid not in _PAID:
            top.faults.append(f"{entry.where}paid “{paid}” 应为 once 或 yearly")
        if yuan == 0:
            top.faults.append(f"{entry.where}yuan 单价应大于 0")
        prices[code] = Price(
            code,
            entry.text("name"),
            entry.text("unit"),
            yuan,
            "yearly" if paid == "yearly" else "once",
            entry.whole("lead_months"),
            entry.flag("assumption"),
            entry.text("note"),
        )
    missing = [code for code in CODES if code not in prices]
    if missing:
        top.faults.append(f"缺少单价：{'、'.join(missing)}")
    if top.faults:
        raise RulesInvalid(path, top.faults)
    return prices
