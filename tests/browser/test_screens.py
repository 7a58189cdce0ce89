"""What a person sees first on every page, at a desk, on a laptop, beside the menu and on a phone; and what axe finds.

The limits: the answer begins by 110 px, the main table, chart or map soon after it, a phone scrolls three screens at
most, nothing is cut, nothing scrolls sideways.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.hands import at_rest
from ui.menu import OF_MANY_COUNTIES, menu_paths

SIZES = ((1440, 900), (1366, 768), (1024, 768), (390, 844))
ANSWER_BY, PHONE_SCREENS = 110, 3
# Until where the first table, chart, map or list of a page may begin, by the width of the screen.
CONTENT_BY = {1440: 260, 390: 330}
# Pages that open on something of their own, and those whose first content is not what they are for.
OPENED_ON = {"overview": "", "search": "search?q=yzxx", "profile": "profile?school=350526-0007"}
# What the pages ask for before they can answer: a choice of a school, a set of files.
BEGIN_WITH_A_CHOICE = {"batches", "people", "evaluation", "scenario", "county_map", "profile", "pinned"}
# What Streamlit itself draws, by rule and by where it stands; whatever else is found is ours.
STREAMLITS_OWN = {
    "list": ('data-testid="stSidebarNavItems"',),
    "listitem": ("st-emotion-cache",),
    "presentation-role-conflict": ('data-testid="stFileUploaderDropzone"',),
}
MEASURE = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0; };
    const top = (names) => {
        const first = [...main.querySelectorAll(names)].find(seen);
        return first ? Math.round(first.getBoundingClientRect().top + main.scrollTop) : null;
    };
    const words = 'p, h1, h2, h3, td, th, span, a, b, button, li, label, em';
    const isCut = (e) => seen(e) && e.textContent.trim() && !e.closest('.heard, [data-testid="stDataFrame"], .js-plotly-plot')
        && getComputedStyle(e).overflow !== 'visible' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
    return {
        answer: top('h1'),
        content: top('.rows, .lines, .tiles, .township-grid, iframe, .js-plotly-plot, [data-testid="stDataFrame"]'),
        height: main.scrollHeight,
        sideways: main.scrollWidth - main.clientWidth,
        cut: [...main.querySelectorAll(words)].filter(isCut).map((e) => e.textContent.trim().slice(0, 40)),
        headings: [...main.querySelectorAll('h1, h2, h3, h4')].filter(seen).map((e) => Number(e.tagName[1])),
    };
}"""


@pytest.mark.parametrize("name", [name for name in menu_paths() if name != OF_MANY_COUNTIES.split("/")[1]])
def test_the_answer_comes_first_and_nothing_is_cut_or_hidden(
    server: str, open_page: Callable[..., Page], name: str
) -> None:
    page = open_page(f"{server}/{OPENED_ON.get(name, name)}")
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=1).first).to_be_visible()
    at_rest(page)
    faults = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        found = _measured_at_rest(page)
        faults += [f"{width}: {fault}" for fault in _faults(name, width, height, found)]
        if width in CONTENT_BY:
            faults += [f"{width}: {fault}" for fault in _axe(page)]
    assert faults == []


def _measured_at_rest(page: Page) -> dict[str, Any]:
    """What is measured once it is the same twice: a busy browser lays out later than it says that it is done."""
    before: dict[str, Any] = {}
    for _ in range(40):
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))")
        found: dict[str, Any] = page.evaluate(MEASURE)
        if found == before:
            return found
        before = found
    raise AssertionError("the page moves on and on")


def _faults(name: str, width: int, height: int, found: dict[str, Any]) -> list[str]:
    faults = []
    if found["answer"] is None or found["answer"] > ANSWER_BY:
        faults.append(f"the answer begins at {found['answer']}")
    limit = CONTENT_BY.get(width)
    if limit and name not in BEGIN_WITH_A_CHOICE and (found["content"] is None or found["content"] > limit):
        faults.append(f"the content begins at {found['content']}")
    if width == SIZES[-1][0] and found["height"] > PHONE_SCREENS * height:
        faults.append(f"{found['height']} px to scroll")
    if found["sideways"] > 0:
        faults.append(f"{found['sideways']} px sideways")
    faults += [f"cut: {text}" for text in found["cut"]]
    levels = found["headings"]
    if levels[:1] != [1] or any(after - before > 1 for before, after in pairwise(levels)):
        faults.append(f"headings {levels}")
    return faults


def _axe(page: Page) -> list[str]:
    """What axe finds that is not Streamlit's own."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
        if not any(mark in node["html"] for mark in STREAMLITS_OWN.get(violation["id"], ()))
    ]
