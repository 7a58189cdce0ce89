"""A filter of the page of schools beside Plotly Dash: the same rows, from the choice to the sentence that answers.

    python -m benchmarks.page_peers [runs]

Both servers run at once and are asked in turn, in one browser. The numbers that the sentences say are compared first.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.page_speed import opened
from benchmarks.redraw import TITLE, clicked
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.wording.verdicts import WORDS, row_name, row_reason
from tests.support.demo_county import COUNTY, fill
from tests.support.serving import Server, free_port, is_answering

YEAR = 2023
_PAUSE_MS = 900


def rows_of(path: Path) -> list[dict[str, str]]:
    """The school rows as the page tells them."""
    standard = load_standard()
    store = Store.open(path, standard)
    assessment = assess(store, standard, COUNTY, YEAR)
    store.close()
    return [
        {
            "学校": row_name(row),
            "结论": WORDS[row.verdict],
            "达标项数": f"{row.met_count}/7",
            "原因": row_reason(row, standard) or "",
        }
        for row in assessment.rows
    ]


def ours(page: Page, verdict: str) -> float:
    """The platform's filter."""
    page.get_by_test_id("stSelectbox").filter(has_text="结论").locator("input").click()
    taken = clicked(page.get_by_role("option", name=verdict, exact=True), TITLE)
    page.wait_for_timeout(_PAUSE_MS)
    return taken


def theirs(page: Page, verdict: str) -> float:
    """Dash's."""
    taken = clicked(page.get_by_label(verdict, exact=True), TITLE)
    page.wait_for_timeout(_PAUSE_MS)
    return taken


def main(runs: int) -> int:
    """Print medians and their ratio; 1 where the two say other numbers."""
    found: dict[str, list[float]] = {"platform": [], "Plotly Dash": []}
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        fill(home / "county.duckdb")
        rows = rows_of(home / "county.duckdb")
        (home / "rows.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        port = free_port()
        dash = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.peers.dash_app", str(home / "rows.json"), str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = Server(home)
        try:
            while not is_answering(f"http://127.0.0.1:{port}/"):
                if dash.poll() is not None:
                    raise SystemExit("Dash did not start")
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            platform = opened(browser, f"{server.address}/schools?year={YEAR}")
            other = browser.new_page()
            other.goto(f"http://127.0.0.1:{port}/")
            other.get_by_label("未达标", exact=True).wait_for()
            other.wait_for_timeout(_PAUSE_MS)
            for _ in range(runs):
                for verdict in ("未达标", "全部"):
                    found["platform"].append(ours(platform, verdict))
                    found["Plotly Dash"].append(theirs(other, verdict))
                    if verdict != "全部":
                        said = [re.findall(r"\d+", page.locator("h1").inner_text())[-1] for page in (platform, other)]
                        if said[0] != said[1]:
                            print(f"the pages say other numbers: {said}")
                            return 1
            browser.close()
        finally:
            dash.kill()
            server.stop()
    base = median(found["platform"])
    for name, times in found.items():
        print(f"{name}: median {median(times):.0f} ms of {len(times)}, ×{median(times) / base:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
