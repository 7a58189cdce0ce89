"""What belongs to one county besides its figures: its name, its maps, its plan and its prices, read from its folder.

county.toml (code, name, demonstration_day, [map]), plan.toml, prices.toml, map/outline.geojson and
map/townships.geojson may each be missing: a county without a plan is judged by the national standard alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from core.errors import RulesInvalid
from core.rules.declared import Amount, Maybe, Number, Text, Whole
from core.rules.plan import LeadingGroup, Office, Plan, PlanDocument, Post, Warnings
from core.rules.plan_loading import plan_from, plan_table
from core.rules.prices import PriceList, Prices, load_price_list
from core.rules.reading import RulesFile

PLAN_FILE = "plan.toml"
PRICES_FILE = "prices.toml"
COUNTY_FILES = ("county.toml", PLAN_FILE, PRICES_FILE, "map/outline.geojson", "map/townships.geojson")
Ring = tuple[tuple[float, float], ...]
Bounds = tuple[float, float, float, float]
_NEAREST_ZOOM = 18


_NOBODY = Post("", "")
# What a county without a plan has in its place: it names nobody, sets no target and warns of nothing.
NO_PLAN = Plan(
    plan_id="",
    county_code="",
    document=PlanDocument("", "", "", date.min),
    goals=(),
    phases=(),
    leading_group=LeadingGroup("", "", _NOBODY, _NOBODY, Office("", "", "", ""), ""),
    units=(),
    tasks=(),
    dated_targets=(),
    yearly_targets=(),
    project_slots=(),
    ledger_steps=(),
    warnings=Warnings((), "", ""),
    remedies=(),
    routes=(),
)


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
    price_list: PriceList
    map: CountyMap
    demonstration_day: date | None = None
    # The plan's file as plain tables, over which an office lays its changes; empty where there is no plan.
    plan_table: Mapping[str, Any] = field(default_factory=dict, repr=False)
    # The plan of the file, whatever an office has changed since.
    plan_as_filed: Plan = field(default=NO_PLAN, repr=False)
    # The number of the loaded file that the plan comes from, 0 for the one that ships; from which day it counts.
    plan_file: int = 0
    plan_counts_from: date | None = None

    @property
    def prices(self) -> Prices:
        """What one more unit costs, by code."""
        return self.price_list.by_code


@dataclass(frozen=True)
class _View:
    lon: Number
    lat: Number
    zoom: Whole


@dataclass(frozen=True)
class _Views:
    county: Maybe[_View]
    town: Maybe[_View]
    town_bounds: Maybe[tuple[Amount, ...]]


@dataclass(frozen=True)
class _Profile:
    code: Text
    name: Text
    demonstration_day: Maybe[Annotated[date, Field(strict=True)]]
    map: Maybe[_Views]


def load_county(folder: Path, code: str) -> County:
    """The county of a folder, which may be empty or missing. Raises RulesInvalid with every fault of the first bad file.

    A file that names another county is a fault: nothing of one county is ever shown for another.
    """
    profile = _Profile(code, code, None, None)
    if (folder / "county.toml").is_file():
        profile = RulesFile(_Profile, partial(_profile_faults, code)).read(folder / "county.toml")
    plan, table = NO_PLAN, {}
    if (folder / PLAN_FILE).is_file():
        table = plan_table(folder / PLAN_FILE)
        plan = plan_from(table, folder / PLAN_FILE)
        if plan.county_code != code:
            raise RulesInvalid(folder / PLAN_FILE, [f"county_code 为 {plan.county_code}，应为 {code}"])
    own_prices = folder / PRICES_FILE
    prices = load_price_list(own_prices) if own_prices.is_file() else load_price_list()
    views = profile.map or _Views(None, None, None)
    west, north, east, south = map(float, views.town_bounds or (0, 0, 0, 0))
    maps = CountyMap(
        _map_view(views.county),
        _map_view(views.town),
        (west, north, east, south) if views.town_bounds else None,
        tuple(ring for rings in _rings(folder / "map" / "outline.geojson", code).values() for ring in rings),
        _rings(folder / "map" / "townships.geojson", code),
    )
    return County(code, profile.name, plan, prices, maps, profile.demonstration_day, table, plan)


def _profile_faults(code: str, profile: _Profile) -> Iterator[str]:
    if profile.code != code:
        yield f"code 为“{profile.code}”，应为 {code}"
    if profile.map is None:
        return
    for key, view in (("county", profile.map.county), ("town", profile.map.town)):
        if view is not None and not (view.lon <= 180 and view.lat <= 90 and view.zoom <= _NEAREST_ZOOM):
            yield f"map.{key} 的 lon、lat 或 zoom 超出范围"
    bounds = profile.map.town_bounds
    if bounds is not None and not (len(bounds) == 4 and bounds[0] < bounds[2] and bounds[3] < bounds[1]):
        yield "map.town_bounds 应依次为西、北、东、南四个数字"


def _map_view(view: _View | None) -> MapView | None:
    return None if view is None else MapView(float(view.lon), float(view.lat), view.zoom)


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
