"""A pinned link keeps what was stated; the same statement again is the same pin, and nothing but a statement is kept."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.delivery.records.pins import PinDraft, keep_pin, read_pin
from core.delivery.records.stated import StatedFigure, changed_figures
from core.errors import NotPermitted, RequestInvalid
from core.store.database import Store
from tests.support.small_county import COUNTY, stored, two_schools

NOW, DAY = datetime(2023, 12, 1, 9), date(2023, 11, 30)
DRAFT = PinDraft(
    day=DAY, year=2022, address="schools?verdict=not_met", about_kind="county", about_id=COUNTY, facts_version=1,
    batches="批次 1", standard_id="quality-balance-2017.2",
    figures=(StatedFigure("verdict", "全县结论", "达标"), StatedFigure("part:0", "学校（分学段计）", "2/2 所达标")),
)  # fmt: skip


def kept_in(store: Store) -> int:
    """How many pins there are."""
    return int(store.rows("select count(*) from pins")[0][0])


def test_the_same_statement_is_one_pin_and_another_is_another() -> None:
    with stored(two_schools().tables) as store:
        pin = keep_pin(store, COUNTY, DRAFT, LOCAL_ADMINISTRATOR, NOW)
        assert read_pin(store, COUNTY, pin.number) == pin and pin.figures == DRAFT.figures
        assert keep_pin(store, COUNTY, DRAFT, LOCAL_ADMINISTRATOR, datetime(2023, 12, 5)) == pin
        others = (
            replace(DRAFT, facts_version=2),
            replace(DRAFT, standard_id="新标准"),
            replace(DRAFT, address="units?"),
        )
        numbers = {keep_pin(store, COUNTY, other, LOCAL_ADMINISTRATOR, NOW).number for other in others}
        assert len(numbers | {pin.number}) == 4 == kept_in(store)
        assert read_pin(store, COUNTY, 999) is None and read_pin(store, "350427", pin.number) is None
        assert [e for (e,) in store.rows("select action from audit")].count("pin") == 4


def test_who_only_looks_pins_nothing_and_no_pin_is_empty_or_of_a_day_to_come() -> None:
    with stored(two_schools().tables) as store:
        with pytest.raises(NotPermitted):
            keep_pin(store, COUNTY, DRAFT, READER, NOW)
        with pytest.raises(RequestInvalid, match="没有可以固定的数字"):
            keep_pin(store, COUNTY, replace(DRAFT, figures=()), LOCAL_ADMINISTRATOR, NOW)
        with pytest.raises(RequestInvalid):
            keep_pin(store, COUNTY, replace(DRAFT, day=date(2023, 12, 2)), LOCAL_ADMINISTRATOR, NOW)
        assert kept_in(store) == 0


def test_what_changed_is_told_figure_by_figure() -> None:
    now = (StatedFigure("verdict", "全县结论", "未达标"), StatedFigure("new", "新数字", "1"))
    assert [(c.name, c.before, c.after) for c in changed_figures(DRAFT.figures, now)] == [
        ("全县结论", "达标", "未达标"),
        ("新数字", None, "1"),
        ("学校（分学段计）", "2/2 所达标", None),
    ]
