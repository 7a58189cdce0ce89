"""The ground of the schematic maps: townships' outlines and seats, a part of the earth fitted into a picture, as SVG.

Longitudes and latitudes are degrees of WGS 84; a picture's units are points, its vertical axis points down.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from xml.sax.saxutils import escape

from core.dataset.dictionary import DATA

Ring = tuple[tuple[float, float], ...]
Bounds = tuple[float, float, float, float]

INK, LINE = "#1A2233", "#8A94A6"
# The first is the one on paper; the others stand in on screens.
_FONT = "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
_MARGIN = 8.0


@dataclass(frozen=True)
class Window:
    """A part of the earth drawn into a part of the picture; the vertical axis points down."""

    west: float
    north: float
    scale: float
    left: float
    top: float
    shrink: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place stands in the picture."""
        return self.left + (lon - self.west) * self.shrink * self.scale, self.top + (self.north - lat) * self.scale


@cache
def outline() -> Mapping[str, tuple[Ring, ...]]:
    """The townships' schematic outlines by code."""
    features = json.loads((DATA / "geo" / "townships_schematic.geojson").read_text("utf-8"))["features"]
    return {
        f["properties"]["code"]: tuple(
            tuple((float(lon), float(lat)) for lon, lat in ring) for ring in f["geometry"]["coordinates"]
        )
        for f in features
    }


@cache
def seats() -> Mapping[str, tuple[float, float]]:
    """The townships' seats by code, longitude before latitude."""
    with (DATA / "geo" / "townships.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}


def picture(width: float, height: float, parts: Sequence[str]) -> str:
    """The whole picture as an SVG document; what comes later lies on top."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}">{"".join(parts)}</svg>'
    )


def fitted(points: Sequence[tuple[float, float]], left: float, top: float, width: float, height: float) -> Window:
    """The view that shows all points as large as fits, in the middle."""
    lons, lats = zip(*points, strict=True)
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    shrink = cos(radians((south + north) / 2))
    across, down = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min((width - 2 * _MARGIN) / across, (height - 2 * _MARGIN) / down)
    return Window(west, north, scale, left + (width - across * scale) / 2, top + (height - down * scale) / 2, shrink)


def path_of(rings: Sequence[Ring], view: Window) -> str:
    """An area as the data of an SVG path."""
    drawn = []
    for ring in rings:
        places = (view.place(lon, lat) for lon, lat in ring)
        drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z")
    return "".join(drawn)


def text_at(x: float, y: float, text: str, size: int) -> str:
    """A text with a white edge, so that it can be read over marks and lines."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-family="{_FONT}" text-anchor="middle" fill="{INK}" '
        f'stroke="white" stroke-width="2" stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
    )


def inside(lon: float | None, lat: float | None, bounds: Bounds) -> bool:
    """Whether a place is known and lies within west, north, east, south."""
    west, north, east, south = bounds
    return lon is not None and lat is not None and west <= lon <= east and south <= lat <= north


def frame(view: Window, bounds: Bounds) -> str:
    """The edge of a part of the map."""
    (left, top), (right, bottom) = view.place(*bounds[:2]), view.place(*bounds[2:])
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
        f'fill="none" stroke="{INK}" stroke-width="1.2"/>'
    )
