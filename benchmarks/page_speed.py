"""How long a visitor waits: the first page on a warm server, a filter's redraw, a year on the map.

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

from tests.browser.serving import DESK, READY, Server


def _seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def first_page(browser: Browser, address: str) -> float:
    """From the request to a page that stands, in a browser without memory of it."""
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()

    def arrive() -> None:
        page.goto(address)
        page.get_by_role("heading", name="最需要补的五处").wait_for()
        page.wait_for_selector(READY)

    seconds = _seconds(arrive)
    context.close()
    return seconds


def filter_redraw(page: Page, verdict: str, expected: str) -> float:
    """From choosing a verdict to the sentence that answers."""
    page.get_by_test_id("stSelectbox").filter(has_text="结论").locator("input").click()

    def choose() -> None:
        page.get_by_role("option", name=verdict, exact=True).click()
        page.locator("h1", has_text=expected).wait_for()

    return _seconds(choose)


def map_year(page: Page, key: str, expected: str) -> float:
    """From moving the slider to the sentence of that year."""
    slider = page.get_by_test_id("stSlider").locator("input[type=range]")

    def move() -> None:
        slider.press(key)
        page.locator("h1", has_text=expected).wait_for()

    return _seconds(move)


def main(repeats: int) -> None:
    """Print the medians."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        first_page(browser, server.address)
        first = [first_page(browser, server.address) for _ in range(repeats)]

        page = browser.new_page(viewport=DESK)  # type: ignore[arg-type]
        page.goto(f"{server.address}/schools")
        page.wait_for_selector(READY)
        redraws = []
        for _ in range(repeats):
            redraws.append(filter_redraw(page, "未达标", "未达标 0/"))
            redraws.append(filter_redraw(page, "全部", "全县"))

        page.goto(f"{server.address}/county_map")
        page.wait_for_selector(READY)
        moves = []
        for _ in range(repeats):
            moves.append(map_year(page, "ArrowLeft", "2022 学年"))
            moves.append(map_year(page, "ArrowRight", "2023 学年"))
        browser.close()
        server.stop()
    for name, values in (("first page", first), ("filter redraw", redraws), ("map year", moves)):
        print(f"{name:14} median {median(values) * 1000:6.0f} ms  worst {max(values) * 1000:6.0f} ms  of {len(values)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
