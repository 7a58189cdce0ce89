"""What one more unit costs and how long it takes: planning assumptions kept as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from core.rules.declared import Flag, Number, Sections, Text, Whole, Word, otherwise
from core.rules.reading import RulesFile

PRICES = Path(__file__).parents[2] / "data" / "prices.toml"
Code = Literal["L1", "L2", "L4", "L5", "L6", "L7", "indoor_sports", "special_room", "class_room", "teacher_move"]


@dataclass(frozen=True)
class Price:
    """The price of one `unit` in yuan; `lead_months` from the decision until it counts."""

    code: Word[Code]
    name: Text
    unit: Text
    yuan: Annotated[Number, Field(gt=0), otherwise(Decimal(1))]
    paid: Word[Literal["once", "yearly"]]
    lead_months: Whole
    assumption: Flag
    note: Text


Prices = Mapping[str, Price]


@dataclass(frozen=True)
class _PriceList:
    prices: Sections[Price]


def load_prices(path: Path = PRICES) -> Prices:
    """The prices by code. Raises RulesInvalid with every missing, mistyped, unknown or zero price."""
    return {price.code: price for price in _PRICE_LISTS.read(path).prices}


def _faults_between(listed: _PriceList) -> Iterator[str]:
    codes = [price.code for price in listed.prices]
    for code in get_args(Code):
        if codes.count(code) > 1:
            yield f"prices[{code}] 重复"
    missing = [code for code in get_args(Code) if code not in codes]
    if missing:
        yield f"缺少单价：{'、'.join(missing)}"


_PRICE_LISTS = RulesFile(_PriceList, _faults_between)
