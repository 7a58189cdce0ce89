"""Where the county lies, as far as it helps to find coordinates that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.dataset.dictionary import sheet
from core.dataset.rows import Tables
from core.errors import Problem
from core.rules.county import Ring

_MARGIN = Decimal("0.02")  # degrees


def outside_county(tables: Tables, outline: Sequence[Ring]) -> Iterator[Problem]:
    """A WARN for every township and school whose coordinates lie outside the county, where its outline is known."""
    points = [point for ring in outline for point in ring]
    if not points:
        return
    lons, lats = [Decimal(str(lon)) for lon, _ in points], [Decimal(str(lat)) for _, lat in points]
    west, east, south, north = min(lons) - _MARGIN, max(lons) + _MARGIN, min(lats) - _MARGIN, max(lats) + _MARGIN
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
