"""The county's name and its demonstration data."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from core.dataset.dictionary import DATA

DEMO_COUNTY = DATA / "counties" / "350526"


@cache
def county_name(county_code: str) -> str:
    """The county's Chinese name where its outline is known, else its code."""
    features = json.loads((DATA / "geo" / "county.geojson").read_text("utf-8"))["features"]
    names = {f["properties"]["code"]: str(f["properties"]["name"]) for f in features}
    return names.get(county_code, county_code)


def demo_folder() -> Path | None:
    """The demonstration county's figures, None where they were removed."""
    return DEMO_COUNTY if DEMO_COUNTY.is_dir() else None
