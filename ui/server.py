"""Starts Streamlit for this platform: `python -m ui.server`, with Streamlit's own options behind it."""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli


def main(options: list[str]) -> None:
    """Run the app. The first visitor of a fresh server may come by a link to any page."""
    # Streamlit takes a folder named pages/ for its old way of listing pages until somebody opens the
    # first page, and tells whoever comes by a link before that: "Page not found".
    PagesManager.uses_pages_directory = False
    cli.main(["run", str(Path(__file__).parents[1] / "app.py"), *options])


if __name__ == "__main__":
    main(sys.argv[1:])
