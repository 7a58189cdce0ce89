"""The pictures of the README and the guides, taken from the running program.

    python docs/pictures.py

Each stands in `docs/images/` under its name; a picture that is not listed here is left over.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from tests.support.serving import READY, Server  # noqa: E402

DESK, PHONE, WALL = (1440, 900), (390, 844), (1920, 1080)
PICTURES = {
    "overview": ("", DESK),
    "phone": ("", PHONE),
    "schools": ("schools", DESK),
    "profile": ("profile?school=350526-0007", DESK),
    "map": ("county_map", DESK),
    "units": ("units", DESK),
    "scenario": ("scenario?lever_L2=6", DESK),
    "wall": ("wall", WALL),
}
# Until charts and the map have drawn what they fade in.
_SETTLED_MS = 2500


def take(browser: Browser, address: str, name: str) -> None:
    """One picture of what the page shows first; nobody is a first visitor any more."""
    path, (width, height) = PICTURES[name]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.add_init_script("localStorage.setItem('told-first-visitor', '1')")
    page.goto(f"{address}/{path}")
    page.locator("h1").first.wait_for()
    page.wait_for_selector(READY)
    page.wait_for_timeout(_SETTLED_MS)
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


def main() -> None:
    """Take them all."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in PICTURES:
            take(browser, server.address, name)
        browser.close()
        server.stop()


if __name__ == "__main__":
    main()
