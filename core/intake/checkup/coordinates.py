"""Where the county lies, as far as it helps to find coordinates that cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from core.dataset.dictionary import DATA, sheet
from core.dataset.rows import Tables
from core.errors import Problem

_MARGIN_DEGREES = Decimal("0.02")


@cache
def _county_bounds() -> tuple[str, tuple[Decimal, Decimal, Decimal, Decimal]]:
    """The county's code and its western, eastern, southern and northern bound in degrees, with a margin."""
    feature = json.loads((DATA / "geo" / "county.geojson").read_text("utf-8"))["features"][0]
    points = [point for ring in feature["geometry"]["coordinates"] for point in ring]
    lons, lats = [Decimal(str(p[0])) for p in points], [Decimal(str(p[1])) for p in points]
    margin = _MARGIN_DEGREES
    bounds = (min(lons) - margin, max(lons) + margin, min(lats) - margin, max(lats) + margin)
    return feature["properties"]["code"], bounds


def outside_county(tables: Tables) -> Iterator[Problem]:
    """A WARN for every township and school whose coordinates lie outside the county, where its outline is known."""
    county_code, (west, east, south, north) = _county_bounds()
    if not any(str(row["code"]).startswith(county_code) for row in tables["townships"]):
        return
    for known in (sheet("townships"), sheet("schools")):
        for row in tables[known.identifier]:
            lon, lat = row["lon"], row["lat"]
            if not isinstance(lon, Decimal) or not isinstance(lat, Decimal):
                continue
            if not (west <= lon <= east and south <= lat <= north):
                yield Problem(
                    "WARN",
                    known.name,
                    row.number,
                    known.column("lon").name,
                    f"坐标 {lon}，{lat} 在县域以外",
                    "县域以内的经纬度",
                    "请核对经度与纬度是否颠倒",
                )
