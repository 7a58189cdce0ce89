"""The ground of the schematic maps: townships' outlines and seats, a part of the earth fitted into a picture, as SVG.

Longitudes and latitudes are degrees of WGS 84; a picture's units are points, its vertical axis points down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, log2, pi, radians, sin
from xml.sax.saxutils import escape

from core.facts.county_series import SchoolOfYear
from core.palette import INK
from core.rules.county import Bounds, County, MapView, Ring

# The first is the one on paper; the others stand in on screens.
FONT = "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
_MARGIN = 8.0
_FRAME_MARGIN_DEGREES = 0.004
_LARGEST_DISC_DEGREES, _DISC_CORNERS = 0.05, 24
_MAP_PIXELS = 500
_COUNTRY = MapView(104.0, 36.0, 4)


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


@dataclass(frozen=True)
class Ground:
    """What lies under every map of a county: townships' outlines and seats by code, and how the map opens.

    A township whose outline nobody supplied is drawn as a disc around its seat. `town` and `town_bounds` are None
    where neither the county's files nor its schools say where the central area lies.
    """

    outlines: Mapping[str, tuple[Ring, ...]]
    seats: Mapping[str, tuple[float, float]]
    border: tuple[Ring, ...]
    whole: MapView
    town: MapView | None
    town_bounds: Bounds | None


def ground(county: County, seats: Mapping[str, tuple[float, float]], schools: Sequence[SchoolOfYear]) -> Ground:
    """The ground of a county's maps: from its own files where they say it, else from its own coordinates."""
    drawn = county.map.townships
    discs = {code: _disc(seat, seats) for code, seat in seats.items() if code not in drawn}
    outlines = {**drawn, **discs}
    points = [p for rings in outlines.values() for ring in rings for p in ring]
    points += [(s.lon, s.lat) for s in schools if s.lon is not None and s.lat is not None]
    bounds = county.map.town_bounds or central_bounds(schools)
    town = county.map.town_view or (None if bounds is None else _view([bounds[:2], bounds[2:]]))
    return Ground(outlines, seats, county.map.outline, county.map.county_view or _view(points), town, bounds)


def central_bounds(schools: Sequence[SchoolOfYear]) -> Bounds | None:
    """West, north, east, south of the central area's schools, None where none is known."""
    places = [(s.lon, s.lat) for s in schools if s.central_area and s.lon is not None and s.lat is not None]
    if not places:
        return None
    lons, lats = zip(*places, strict=True)
    margin = _FRAME_MARGIN_DEGREES
    return min(lons) - margin, max(lats) + margin, max(lons) + margin, min(lats) - margin


def _disc(seat: tuple[float, float], seats: Mapping[str, tuple[float, float]]) -> tuple[Ring, ...]:
    """A ring around a seat that reaches no farther than half-way to its nearest neighbour."""
    lon, lat = seat
    shrink = cos(radians(lat))
    near = [hypot((x - lon) * shrink, y - lat) for x, y in seats.values() if (x, y) != seat]
    radius = min([0.9 * distance / 2 for distance in near], default=_LARGEST_DISC_DEGREES)
    radius = min(radius, _LARGEST_DISC_DEGREES)
    corners = (2 * pi * n / _DISC_CORNERS for n in range(_DISC_CORNERS + 1))
    return (tuple((lon + radius * cos(a) / shrink, lat + radius * sin(a)) for a in corners),)


def _view(points: Sequence[tuple[float, float]]) -> MapView:
    """The view that shows all points, as near as it can; the whole country where none is known."""
    if not points:
        return _COUNTRY
    lons, lats = zip(*points, strict=True)
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    span = max((max(lons) - min(lons)) * cos(radians(lat)), max(lats) - min(lats), 0.01)
    # At zoom z Leaflet draws 256 · 2^z pixels for 360 degrees; the map is some 500 pixels high.
    zoom = int(log2(_MAP_PIXELS * 360 * cos(radians(lat)) / (256 * span)))
    return MapView(lon, lat, max(4, min(15, zoom)))


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
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-family="{FONT}" text-anchor="middle" fill="{INK}" '
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
