"""How long a visitor waits: the first page on a warm server, a filter's redraw, a year on the map, a lever.

python -m benchmarks.page_speed [repeats]
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.redraw import ANSWER, MAP_LAYERS, MAP_PLACE, TABLES, TITLE, redraw
from tests.support.serving import DESK, READY, Server

# Between two moves everything that the first set off is over.
_SETTLED_MS = 1200


def _milliseconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def first_page(browser: Browser, address: str) -> float:
    """From the request to a page that stands, in a browser without memory of it."""
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()

    def arrive() -> None:
        page.goto(address)
        page.get_by_role("heading", name="主要短板").wait_for()
        page.wait_for_selector(READY)

    waited = _milliseconds(arrive)
    context.close()
    return waited


def filter_redraw(page: Page, verdict: str, expected: str) -> float:
    """From choosing a verdict to the sentence that answers."""
    page.get_by_test_id("stSelectbox").filter(has_text="结论").locator("input").click()

    def choose() -> None:
        page.get_by_role("option", name=verdict, exact=True).click()
        page.locator("h1", has_text=expected).wait_for()

    return _milliseconds(choose)


def map_years(browser: Browser, address: str) -> dict[str, list[float]]:
    """From moving the slider to the sentence, and to the map, of that year; each year for the first time, then again.

    Raises AssertionError when the map, zoomed in before, does not stay where it is.
    """
    page = browser.new_page(viewport=DESK)  # type: ignore[arg-type]
    page.goto(f"{address}/county_map")
    page.wait_for_selector(READY)
    frame = page.frame_locator("iframe[title='地图']")
    frame.locator(".leaflet-marker-icon svg").first.wait_for()
    frame.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(_SETTLED_MS)
    place = page.evaluate(MAP_PLACE)
    slider = page.get_by_test_id("stSlider").locator("input[type=range]")
    steps = int(slider.get_attribute("max") or 0) - int(slider.get_attribute("min") or 0)
    moves: dict[str, list[float]] = {}
    for when, keys in (("first", ["ArrowLeft"] * steps), ("again", ["ArrowRight"] * steps + ["ArrowLeft"] * steps)):
        for key in keys:
            for name, milliseconds in redraw(page, slider, key, {"title": TITLE, "map": MAP_LAYERS}).items():
                moves.setdefault(f"map year, {name}, {when}", []).append(milliseconds)
            assert page.evaluate(MAP_PLACE) == place, "the map moved"
            page.wait_for_timeout(_SETTLED_MS)
    page.close()
    return moves


def scenario_lever(browser: Browser, address: str) -> dict[str, list[float]]:
    """From moving a lever to the answer, and to the table, of a scenario that was never judged before."""
    page = browser.new_page(viewport=DESK)  # type: ignore[arg-type]
    page.goto(f"{address}/scenario")
    page.wait_for_selector(READY)
    slider = page.get_by_test_id("stSlider").filter(has_text="L2").locator("input[type=range]")
    moves: dict[str, list[float]] = {}
    while slider.input_value() != slider.get_attribute("max"):
        page.wait_for_timeout(_SETTLED_MS)
        for name, milliseconds in redraw(page, slider, "PageUp", {"answer": ANSWER, "table": TABLES}).items():
            moves.setdefault(f"scenario lever, {name}", []).append(milliseconds)
    page.close()
    return moves


def main(repeats: int) -> None:
    """Print the medians."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    measured: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        first_page(browser, server.address)
        measured["first page"] = [first_page(browser, server.address) for _ in range(repeats)]

        page = browser.new_page(viewport=DESK)  # type: ignore[arg-type]
        page.goto(f"{server.address}/schools")
        page.wait_for_selector(READY)
        redraws = measured["filter redraw"] = []
        for _ in range(repeats):
            redraws.append(filter_redraw(page, "未达标", "未达标学校"))
            redraws.append(filter_redraw(page, "全部", "所学校（分学段计）达标"))
        page.close()

        map_years(browser, server.address)
        rounds = [map_years(browser, server.address) for _ in range(repeats)]
        for moves in (*rounds, scenario_lever(browser, server.address)):
            for name, values in moves.items():
                measured.setdefault(name, []).extend(values)
        browser.close()
        server.stop()
    for name, values in measured.items():
        print(f"{name:22} median {median(values):5.0f} ms  worst {max(values):5.0f} ms  of {len(values)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
