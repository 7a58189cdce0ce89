"""What belongs to one county besides its figures: its name, its maps, its plan and its prices, read from its folder.

county.toml (code, name, demonstration_day, [map]), plan.toml, prices.toml, map/outline.geojson and
map/townships.geojson may each be missing: a county without a plan is judged by the national standard alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.errors import RulesInvalid
from core.rules.entries import Entries, read_entries
from core.rules.plan import NO_PLAN, Plan
from core.rules.plan_loading import load_plan
from core.rules.prices import Prices, load_prices

COUNTY_FILES = ("county.toml", "plan.toml", "prices.toml", "map/outline.geojson", "map/townships.geojson")
Ring = tuple[tuple[float, float], ...]
Bounds = tuple[float, float, float, float]
_PLAIN_ZOOM = 18


@dataclass(frozen=True)
class MapView:
    """Where a map opens: its centre in degrees of WGS 84 and Leaflet's zoom."""

    lon: float
    lat: float
    zoom: int


@dataclass(frozen=True)
class CountyMap:
    """The county's maps: views, outlines of the county and, by code, of its townships; empty where not supplied.

    Outlines are rings of (longitude, latitude); `town_bounds` are west, north, east, south of the town's view.
    """

    county_view: MapView | None = None
    town_view: MapView | None = None
    town_bounds: Bounds | None = None
    outline: tuple[Ring, ...] = ()
    townships: Mapping[str, tuple[Ring, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class County:
    """One county: `name` is its code while nobody has said it; `plan` is NO_PLAN where it has none."""

    code: str
    name: str
    plan: Plan
    prices: Prices
    map: CountyMap
    demonstration_day: date | None = None


def load_county(folder: Path, code: str) -> County:
    """The county of a folder, which may be empty or missing. Raises RulesInvalid with every fault of the first bad file.

    A file that names another county is a fault: nothing of one county is ever shown for another.
    """
    name, day, views = code, None, CountyMap()
    if (folder / "county.toml").is_file():
        name, day, views = _profile(folder / "county.toml", code)
    plan = NO_PLAN
    if (folder / "plan.toml").is_file():
        plan = load_plan(folder / "plan.toml")
        if plan.county_code != code:
            raise RulesInvalid(folder / "plan.toml", [f"county_code 为 {plan.county_code}，应为 {code}"])
    prices = load_prices(folder / "prices.toml") if (folder / "prices.toml").is_file() else load_prices()
    outlines = CountyMap(
        views.county_view,
        views.town_view,
        views.town_bounds,
        tuple(ring for rings in _rings(folder / "map" / "outline.geojson", code).values() for ring in rings),
        _rings(folder / "map" / "townships.geojson", code),
    )
    return County(code, name, plan, prices, outlines, day)


def _profile(file: Path, code: str) -> tuple[str, date | None, CountyMap]:
    top = read_entries(file)
    top.only("code", "name", "demonstration_day", "map")
    if top.text("code") != code:
        top.faults.append(f"code 为 {top.text('code')}，应为 {code}")
    name = top.text("name")
    day = top.day("demonstration_day") if "demonstration_day" in top.table else None
    views = CountyMap()
    if "map" in top.table:
        section = top.section("map")
        section.only("county", "town", "town_bounds")
        bounds = section.table.get("town_bounds")
        views = CountyMap(_view(section, "county"), _view(section, "town"), _bounds(section, bounds))
    if top.faults:
        raise RulesInvalid(file, top.faults)
    return name, day, views


def _view(section: Entries, key: str) -> MapView | None:
    if key not in section.table:
        return None
    entry = section.section(key)
    entry.only("lon", "lat", "zoom")
    view = MapView(float(entry.number("lon")), float(entry.number("lat")), entry.whole("zoom"))
    if not (view.lon <= 180 and view.lat <= 90 and view.zoom <= _PLAIN_ZOOM):
        section.faults.append(f"map.{key} 的经度、纬度或 zoom 超出范围")
    return view


def _bounds(section: Entries, given: object) -> Bounds | None:
    if given is None:
        return None
    numbers = [float(n) for n in given if not isinstance(n, str)] if isinstance(given, list) else []
    if len(numbers) != 4 or not (numbers[0] < numbers[2] and numbers[3] < numbers[1]):
        section.faults.append("map.town_bounds 应为西、北、东、南四个数字")
        return None
    west, north, east, south = numbers
    return west, north, east, south


def _rings(file: Path, code: str) -> dict[str, tuple[Ring, ...]]:
    """The rings of a GeoJSON file's polygons by the code of their feature."""
    if not file.is_file():
        return {}
    try:
        features = json.loads(file.read_text("utf-8"))["features"]
        rings = {
            str(f["properties"]["code"]): tuple(
                tuple((float(point[0]), float(point[1])) for point in ring) for ring in f["geometry"]["coordinates"]
            )
            for f in features
        }
    except (ValueError, KeyError, TypeError, IndexError):
        raise RulesInvalid(file, ["不是以多边形（Polygon）组成、每个要素带 code 的 GeoJSON 文件"]) from None
    foreign = sorted(c for c in rings if not c.startswith(code))
    if foreign:
        raise RulesInvalid(file, [f"要素的 code {'、'.join(foreign[:3])} 不属于 {code}"])
    return rings
