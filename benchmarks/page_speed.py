"""How long a visitor waits, and what a page sends: the first page, a page change, a filter, a year on the map, a lever.

    python -m benchmarks.page_speed [repeats]

Every figure is a median of one run on a warm server, with its limit where the screens have one. What is sent is counted
after the application has loaded: frames of the web socket and whatever else the page fetches.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.redraw import BAND, MAP_LAYERS, TABLES, TITLE, clicked, pressed
from core.outlook.baseline import Place
from core.outlook.what_if.codec import to_text
from core.outlook.what_if.levers import AddResource
from tests.support.serving import DESK, READY, Server

# Between two moves everything that the first set off is over.
_SETTLED_MS = 900
LIMITS = {"first page": 2_000, "page change": 500, "lever": 250, "sent": 300}
_LEVER = "also=" + quote(to_text([AddResource("L2", 1, Place("school", "350526-0007"), "primary")]))


def opened(browser: Browser, address: str) -> Page:
    """A page at rest in a browser of its own, which lets this benchmark read the page."""
    page = browser.new_context(viewport=DESK, bypass_csp=True).new_page()  # type: ignore[arg-type]
    page.goto(address)
    page.locator("h1").first.wait_for()
    page.wait_for_selector(READY)
    page.wait_for_timeout(_SETTLED_MS)
    return page


def first_page(browser: Browser, address: str) -> float:
    """From the request to a page that stands, in a browser without memory of it."""
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    page, begun = context.new_page(), time.perf_counter()
    page.goto(address)
    page.get_by_role("heading", name="主要短板").wait_for()
    page.wait_for_selector(READY)
    waited = (time.perf_counter() - begun) * 1000
    context.close()
    return waited


def page_changes(page: Page) -> dict[str, list[float]]:
    """Every page of the menu in turn, seen before: how long until its answer stands, and how many kB it sent."""
    sent = [0.0]
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", lambda e: sent.append(len(e["response"]["payloadData"]) * 3 / 4))
    session.on("Network.dataReceived", lambda e: sent.append(e["encodedDataLength"]))
    found: dict[str, list[float]] = {"page change": []}
    for number in range(1, page.get_by_test_id("stSidebarNavLink").count()):
        link = page.get_by_test_id("stSidebarNavLink").nth(number)
        name = link.inner_text().split("\n")[-1]
        sent.clear()
        found["page change"].append(clicked(link, TITLE))
        page.wait_for_selector(READY)
        page.wait_for_timeout(_SETTLED_MS)
        found[f"sent, {name}"] = [sum(sent) / 1024]
    return found


def school_and_back(page: Page) -> list[float]:
    """From the overview to a school by a link of a table, and back by the menu."""
    times = []
    for _ in range(3):
        times.append(clicked(page.locator(".rows a").first, TITLE))
        page.wait_for_timeout(_SETTLED_MS)
        times.append(clicked(page.get_by_test_id("stSidebarNavLink").first, TITLE))
        page.wait_for_timeout(_SETTLED_MS)
    return times


def filters(page: Page) -> list[float]:
    """From choosing a verdict to the sentence that answers."""
    times = []
    for verdict in ("未达标", "全部"):
        page.get_by_test_id("stSelectbox").filter(has_text="结论").locator("input").click()
        times.append(clicked(page.get_by_role("option", name=verdict, exact=True), TITLE))
        page.wait_for_timeout(_SETTLED_MS)
    return times


def map_years(page: Page) -> list[float]:
    """From choosing a year to its marks on the map."""
    page.frame_locator("iframe[title='地图']").locator(".leaflet-marker-icon svg").first.wait_for()
    times = []
    for year in ("2018", "2021", "2019", "2023"):
        times.append(clicked(page.get_by_test_id("stButtonGroup").get_by_role("radio", name=year), MAP_LAYERS))
        page.wait_for_timeout(_SETTLED_MS)
    return times


def levers(page: Page) -> dict[str, list[float]]:
    """From moving a lever to the answer in the band, and to the table, of a scenario that was never judged before."""
    slider = page.locator("[class*=st-key-lever_line_] [data-testid=stSlider] input[type=range]").first
    times: dict[str, list[float]] = {}
    for number in range(8):
        name, watched = (("lever, table", TABLES), ("lever, answer", BAND))[number % 2]
        times.setdefault(name, []).append(pressed(page, slider, "ArrowRight", watched))
        page.wait_for_timeout(_SETTLED_MS)
    return times


def main(repeats: int) -> None:
    """Print the medians with the limits."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    measured: dict[str, list[float]] = {}

    def add(name: str, values: list[float]) -> None:
        measured.setdefault(name, []).extend(values)

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        first_page(browser, server.address)
        page_changes(opened(browser, server.address))
        for _ in range(repeats):
            add("first page", [first_page(browser, server.address)])
            page = opened(browser, server.address)
            # The parts of the application that only some pages need are fetched once and kept by the browser.
            page_changes(page)
            clicked(page.get_by_test_id("stSidebarNavLink").first, TITLE)
            for name, values in page_changes(page).items():
                add(name, values)
            add("page change", school_and_back(opened(browser, server.address)))
            add("filter", filters(opened(browser, f"{server.address}/schools")))
            add("map year", map_years(opened(browser, f"{server.address}/county_map")))
            for name, values in levers(opened(browser, f"{server.address}/scenario?{_LEVER}")).items():
                add(name, values)
        browser.close()
        server.stop()
    for name, values in measured.items():
        unit, kind = ("kB", "sent") if name.startswith("sent") else ("ms", name.split(",")[0])
        limit = f"  limit {LIMITS[kind]}" if kind in LIMITS else ""
        print(f"{name:24} median {median(values):6.0f} {unit}  worst {max(values):6.0f}  of {len(values)}{limit}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
