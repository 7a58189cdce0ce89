"""省市汇总 with all counties of a result: from the menu to the answer and the table, another year, one county opened.

    python -m benchmarks.region_speed LAKE [repeats]

The lake is judged beside it once and kept. The limit for the first view is one second.
"""

from __future__ import annotations

import shutil
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.page_speed import opened
from benchmarks.redraw import TITLE, clicked
from core.lake.judging import judge_lake
from core.rules.standard_loading import load_standard
from tests.support.serving import READY, Server

LIMIT_MS = 1_000
_SETTLED_MS = 900


def first_view(page: Page) -> float:
    """From a click in the menu to the answer and the table's first drawing."""
    begun = time.perf_counter()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="省市汇总").click()
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    taken = (time.perf_counter() - begun) * 1000
    page.wait_for_selector(READY)
    page.wait_for_timeout(_SETTLED_MS)
    return taken


def main(lake: Path, repeats: int) -> int:
    """Print the medians; 1 when the first view takes longer than its limit."""
    judged = lake.with_name(f"{lake.name}-judged")
    if not judged.exists():
        judge_lake(str(lake), judged, load_standard(), {}, datetime.now())
    found: dict[str, list[float]] = {
        "first view, a server that has not shown it": [],
        "first view": [],
        "another year": [],
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(repeats):
            with TemporaryDirectory() as folder:
                server = Server(Path(folder), COUNTY_RESULTS=str(judged))
                page = opened(browser, f"{server.address}/rules")
                found["first view, a server that has not shown it"].append(first_view(page))
                page = opened(browser, f"{server.address}/rules")
                found["first view"].append(first_view(page))
                for year in ("2021", "2023"):
                    page.get_by_test_id("stSelectbox").filter(has_text="学年").locator("input").click()
                    option = page.get_by_role("option", name=f"{year} 学年", exact=True)
                    found["another year"].append(clicked(option, TITLE))
                    page.wait_for_timeout(_SETTLED_MS)
                server.stop()
        browser.close()
    for name, times in found.items():
        print(f"{name}: median {median(times):.0f} ms, worst {max(times):.0f} of {len(times)}")
    return int(median(found["first view"]) > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3))
