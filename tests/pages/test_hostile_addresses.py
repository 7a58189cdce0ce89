"""Links that no page of ours made: a sentence or the default, never a red box, never long."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from benchmarks.fuzz_addresses import LONG_WORK, MOST_SECONDS, PARAMETERS, VALUES
from core.errors import RequestInvalid
from core.outlook.what_if.codec import levers_from
from tests.pages.conftest import Open
from ui.address_bounds import inadmissible
from ui.menu import PAGES

PAGE_NAMES = [f"{path.parent.name}/{path.stem}" for path in sorted(PAGES.glob("*/*.py"))]
SCENARIO, CHEAPEST, MAP = "planning/scenario", "planning/cheapest", "carrying_out/county_map"


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_a_page_stands_whatever_its_parameters_say(open_page: Open, page: str) -> None:
    drawn = random.Random(page)
    app = open_page(page, **{key: drawn.choice(VALUES) for key in PARAMETERS if key not in LONG_WORK})
    assert app.title or app.info or app.warning or app.error


@pytest.mark.parametrize("asked", ["1e999", "9" * 5000, "NaN", "一百", "1_000"])
@pytest.mark.parametrize("key", ["budget", "moves_km", "most_L4"])
def test_a_number_that_is_none_is_not_taken_and_said(open_page: Open, key: str, asked: str) -> None:
    app = open_page(CHEAPEST, **{key: asked})
    assert "链接中的" in "".join(w.value for w in app.warning)


@pytest.mark.parametrize("asked", ["9" * 5000, "1e999", "²", "-1"])
@pytest.mark.parametrize(
    ("page", "key"), [(SCENARIO, "opened"), (SCENARIO, "draft"), (MAP, "draft"), (MAP, "map_view")]
)
def test_a_number_of_something_that_cannot_be_is_said(open_page: Open, page: str, key: str, asked: str) -> None:
    assert "链接中的" in "".join(w.value for w in open_page(page, **{key: asked}).warning)


@pytest.mark.parametrize(
    "text",
    [
        '[{"type":"pupils_percent","percent":"1e999999"}]',
        '[{"type":"pupils_percent","percent":"1e-999999"}]',
        '[{"type":"pupils_percent","percent":"NaN"}]',
        '[{"type":"add","code":"L1","amount":1000000000000}]',
        '[{"type":"finish_project","name":"' + "x" * 201 + '","school_id":"A","completed_on":""}]',
    ],
)
def test_what_no_county_has_is_refused_before_it_is_reckoned_with(text: str) -> None:
    with pytest.raises(RequestInvalid, match="无法读取"):
        levers_from(text)


def test_what_a_county_may_have_is_read() -> None:
    assert levers_from('[{"type":"add","code":"L1","amount":999999999999},{"type":"pupils_percent","percent":"-12.5"}]')


def test_a_number_typed_too_large_is_answered_on_the_page(open_page: Open) -> None:
    app = open_page(CHEAPEST, budget="100")
    assert not app.number_input(key="budget").set_value(12_345_678_901).run().exception
    # As a browser sends it with the next run: the address says what the field holds.
    app.query_params["budget"] = "12345678901"
    assert not app.run().exception
    assert not app.number_input(key="budget").set_value(-5).run().exception
    assert "预算不能为负数" in "".join(e.value for e in app.error)


def test_more_adjustments_than_a_page_can_draw_are_refused_at_once(open_page: Open) -> None:
    many = "[" + ",".join(['{"type":"add","code":"L1","amount":1}'] * 200) + "]"
    began = time.perf_counter()
    app = open_page(SCENARIO, also=many)
    assert "最多 40 项" in "".join(e.value for e in app.error)
    # Two thousand of them took more than a minute; the page alone takes a part of this.
    assert time.perf_counter() - began < 10 * MOST_SECONDS


@pytest.mark.parametrize(
    ("key", "value", "admitted"),
    [
        ("year", "2023", True),
        ("year", "0x10", False),
        ("name", "字" * 120, True),
        ("name", "字" * 121, False),
        ("name", "a\x00b", False),
        ("lever_L4", "20000", True),
        ("lever_pupils", "-30", True),
        ("lever_pupils", "1e1", False),
        ("also", "[" + " " * 9_998 + "]", True),
        ("also", "[" + " " * 9_999 + "]", False),
        ("lever_regroup", "true", True),
    ],
)
def test_what_an_address_may_hold(key: str, value: str, admitted: bool) -> None:
    assert (inadmissible({key: value}) == []) is admitted


def test_every_parameter_that_a_page_reads_is_tried() -> None:
    ui = PAGES.parent / "ui"
    # What answers beside pages reads its own (tests/serving).
    paths = [path for path in ui.rglob("*.py") if path.parent != ui / "serving"]
    read = {name for path in [*PAGES.glob("*/*.py"), *paths] for name in _names_in(path)}
    assert read - set(PARAMETERS) == set()


def _names_in(path: Path) -> set[str]:
    import re

    text = path.read_text("utf-8")
    return set(re.findall(r'(?:query_params\.get|carried_choice)\("([a-z_]+)"', text)) | set(
        re.findall(r'(?:linked_choice|coded_choice)\(\s*"[^"]+",[^"]+?,\s*"([a-z_]+)"', text)
    )
