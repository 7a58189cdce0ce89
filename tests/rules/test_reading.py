"""Whatever stands in a rules file, the answer is the rules or sentences in Chinese that say where."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from core.errors import RulesInvalid
from core.rules.plan_loading import load_plan
from core.rules.prices import PRICES, load_prices
from core.rules.standard_loading import NATIONAL_STANDARD, load_standard
from core.store.county_files import SHIPPED

FILES: dict[str, tuple[Callable[[Path], object], Path]] = {
    "standard": (load_standard, NATIONAL_STANDARD),
    "plan": (load_plan, SHIPPED / "350526" / "plan.toml"),
    "prices": (load_prices, PRICES),
}
# None of these is right anywhere; each place gets one of them.
WRONG = (Decimal("NaN"), datetime(2020, 1, 1), [True], -1)


def places(table: Any) -> Iterator[tuple[Any, str | int]]:
    """Every place of the tables at which a value stands; of a list the first entry only, the others are like it."""
    for key in list(table) if isinstance(table, dict) else [0][: len(table)]:
        yield table, key
        if isinstance(table[key], dict | list):
            yield from places(table[key])


@pytest.mark.parametrize("name", FILES)
def test_no_value_of_a_wrong_kind_is_taken_or_breaks_the_reading(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load, path = FILES[name]
    tables = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    monkeypatch.setattr(tomllib, "loads", lambda *_, **__: tables)
    load(path)
    for (table, key), wrong in zip(list(places(tables)), cycle(WRONG)):
        right, table[key] = table[key], wrong
        with pytest.raises(RulesInvalid) as refused:
            load(path)
        table[key] = right
        said = refused.value.faults[0]
        assert (str(key) in said or isinstance(key, int)) and re.search("应为|应写明|不能为负数", said), said
