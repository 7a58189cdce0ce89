"""What one more unit costs and how long it takes: planning assumptions kept as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, get_args

import tomli_w
from pydantic import Field

from core.rules.declared import Amount, Count, Flag, Maybe, Number, Sections, Text, Whole, Word, otherwise
from core.rules.reading import RulesFile

# For how many years a plan counts salaries, where a county's file does not say.
SALARY_YEARS = 3
_LONGEST_YEARS, _LONGEST_MONTHS = 20, 240
_DEAREST = 1_000_000_000
PRICES = Path(__file__).parents[2] / "data" / "prices.toml"
Code = Literal["L1", "L2", "L4", "L5", "L6", "L7", "indoor_sports", "special_room", "class_room", "teacher_move"]


@dataclass(frozen=True)
class Price:
    """The price of one `unit` in yuan; `lead_months` from the decision until it counts. `area_m2` is the teaching area that
    comes with it.
    """

    code: Word[Code]
    name: Text
    unit: Text
    yuan: Annotated[Number, Field(gt=0), otherwise(Decimal(1))]
    paid: Word[Literal["once", "yearly"]]
    lead_months: Whole
    assumption: Flag
    note: Text
    area_m2: Maybe[Amount]


Prices = Mapping[str, Price]


@dataclass(frozen=True)
class PriceList:
    """A county's prices as its file has them: for how many years a plan counts salaries, and from which day they are."""

    prices: Sections[Price]
    salary_years: Annotated[Count, Field(default=SALARY_YEARS)]
    dated: Annotated[date | None, Field(default=None, strict=True), otherwise(None)]

    @property
    def by_code(self) -> Prices:
        """The prices by code."""
        return {price.code: price for price in self.prices}


def load_price_list(path: Path = PRICES) -> PriceList:
    """A file of prices. Raises RulesInvalid with every missing, mistyped, unknown or zero price."""
    return _PRICE_LISTS.read(path)


def load_prices(path: Path = PRICES) -> Prices:
    """Its prices by code. Raises as `load_price_list` does."""
    return load_price_list(path).by_code


def price_file(listed: PriceList) -> str:
    """The list as the text of a file."""
    tables = [
        {
            "code": price.code,
            "name": price.name,
            "unit": price.unit,
            "yuan": _number(price.yuan),
            "paid": price.paid,
            "lead_months": price.lead_months,
            "assumption": price.assumption,
            "note": price.note,
            **({} if price.area_m2 is None else {"area_m2": _number(price.area_m2)}),
        }
        for price in listed.prices
    ]
    head: dict[str, object] = {"salary_years": listed.salary_years}
    if listed.dated is not None:
        head["dated"] = listed.dated
    return tomli_w.dumps({**head, "prices": tables})


def _number(amount: Decimal) -> int | Decimal:
    return int(amount) if amount == amount.to_integral_value() else amount


def _faults_between(listed: PriceList) -> Iterator[str]:
    if not 1 <= listed.salary_years <= _LONGEST_YEARS:
        yield f"salary_years 为 {listed.salary_years}，应为 1 至 {_LONGEST_YEARS} 的整数"
    for price in listed.prices:
        if price.yuan > _DEAREST:
            yield f"prices[{price.code}].yuan 为 {price.yuan:f}，应不超过 {_DEAREST:,}"
        if price.lead_months > _LONGEST_MONTHS:
            yield f"prices[{price.code}].lead_months 为 {price.lead_months}，应不超过 {_LONGEST_MONTHS}"
        if not price.note.strip():
            yield f"prices[{price.code}].note 为空，应写明依据"
    codes = [price.code for price in listed.prices]
    for code in get_args(Code):
        if codes.count(code) > 1:
            yield f"prices[{code}] 重复"
    missing = [code for code in get_args(Code) if code not in codes]
    if missing:
        yield f"缺少单价：{'、'.join(missing)}"


_PRICE_LISTS = RulesFile(PriceList, _faults_between)
