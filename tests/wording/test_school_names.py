"""A school that a record names is called by its name, whatever year is looked at."""

from __future__ import annotations

from datetime import date

from core.wording.school_names import is_open, row_names, school_in_year, school_names
from tests.support.demo_county import Demo

OPENED = date(2023, 11, 30)


def test_a_school_to_come_and_a_school_that_closed_keep_their_names(demo: Demo) -> None:
    now = demo.on(OPENED)
    names = school_names(now)
    assert is_open(now, "350526-0029", 2023) and not is_open(now, "350526-0029", 2018)
    assert school_in_year(now, "350526-0029", 2023) == names["350526-0029"]
    assert school_in_year(now, "350526-0029", 2018) == f"{names['350526-0029']}（建成后开办）"
    closed = next(i for i in names if is_open(now, i, 2018) and not is_open(now, i, 2023))
    assert school_in_year(now, closed, 2023) == f"{names[closed]}（已停办）"


def test_a_row_that_is_evaluated_only_in_another_year_has_its_name(demo: Demo) -> None:
    now = demo.on(OPENED)
    assert now.assessment is not None
    point = next(x for x in now.assessment.left_out if x.reason == "teaching_point_under_50")
    nine = next(row for row in now.assessment.rows if row.kind == "nine_year" and row.stage == "junior")
    keys = [(point.school_id, point.stage), nine.key, ("350526-9999", "primary"), ("primary", "L5")]
    assert row_names(now, keys) == {
        keys[0]: point.name,
        keys[1]: f"{nine.name}·初中",
        keys[2]: "拟建学校（标识码 350526-9999，建成后开办）",
    }


def test_a_school_that_no_figures_name_is_called_planned(demo: Demo) -> None:
    assert school_in_year(demo.on(OPENED), "350526-9999", 2023) == "拟建学校（标识码 350526-9999，建成后开办）"
