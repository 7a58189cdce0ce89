"""A county's prices are kept with it, dated, and every plan goes by them from then on."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.errors import NotPermitted, RulesInvalid
from core.rules.prices import load_price_list
from core.store.county_files import county, keep_prices
from tests.support.small_county import COUNTY, stored, two_schools

NOW = datetime(2026, 11, 29, 9, 30)


def test_prices_changed_on_a_page_are_the_countys_from_then_on() -> None:
    with stored(two_schools().tables) as store:
        before = county(store, COUNTY).price_list
        assert before.dated is None and before == load_price_list()
        dearer = tuple(replace(p, yuan=Decimal("4321.5")) if p.code == "L4" else p for p in before.prices)
        keep_prices(store, COUNTY, replace(before, prices=dearer, salary_years=5), LOCAL_ADMINISTRATOR, NOW)
        after = county(store, COUNTY).price_list
    assert (after.salary_years, after.dated) == (5, date(2026, 11, 29))
    assert after.by_code["L4"].yuan == Decimal("4321.5") and after.by_code["class_room"].area_m2 == 80
    assert replace(after, prices=before.prices, salary_years=3, dated=None) == before, "everything else stays"


@pytest.mark.parametrize("years", [0, 21])
def test_what_is_no_price_list_is_refused_and_nothing_changes(years: int) -> None:
    with stored(two_schools().tables) as store:
        listed = county(store, COUNTY).price_list
        with pytest.raises(RulesInvalid, match="salary_years"):
            keep_prices(store, COUNTY, replace(listed, salary_years=years), LOCAL_ADMINISTRATOR, NOW)
        free = tuple(replace(p, yuan=Decimal(0)) for p in listed.prices)
        with pytest.raises(RulesInvalid, match="yuan"):
            keep_prices(store, COUNTY, replace(listed, prices=free), LOCAL_ADMINISTRATOR, NOW)
        with pytest.raises(NotPermitted):
            keep_prices(store, COUNTY, listed, READER, NOW)
        assert county(store, COUNTY).price_list == listed
