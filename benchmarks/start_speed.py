"""How long a bare machine waits for the first page, and a prepared one: `python3 run.py` in a fresh clone, then again.

    python -m benchmarks.start_speed [warm starts]

Limits: 90 s from nothing to a page that stands, packages fetched from the registry; 4 s once all is prepared.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.support.serving import READY, ROOT, free_port, is_answering

COLD_SECONDS, WARM_SECONDS = 90.0, 4.0


def seconds_to_page(clone: Path, browser: Browser) -> float:
    """From the command to a page that stands."""
    port = free_port()
    begin = time.perf_counter()
    command = ["python3", "run.py", "--server.port", str(port)]
    with subprocess.Popen(command, cwd=clone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://localhost:{port}"
        while not is_answering(f"{address}/_stcore/health"):
            if server.poll() is not None or time.perf_counter() - begin > 10 * COLD_SECONDS:
                raise SystemExit("the platform did not start")
            time.sleep(0.05)
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector(READY, timeout=60_000)
        found = time.perf_counter() - begin
        page.close()
        server.terminate()
    return found


def main() -> int:
    """Print the cold start and the median of the warm ones; 1 when a limit is missed."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        cold = seconds_to_page(clone, browser)
        warm = [seconds_to_page(clone, browser) for _ in range(repeats)]
    print(
        f"cold {cold:.1f} s (limit {COLD_SECONDS:.0f}), warm {median(warm):.1f} s, median of {repeats} (limit {WARM_SECONDS:.0f})"
    )
    return int(cold > COLD_SECONDS or median(warm) > WARM_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
