"""The constant ground under the map's data: the empty Leaflet map, the county's outlines and seats where tiles show them."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from typing import Any

import folium

from core.dataset.dictionary import DATA
from ui.carrying_out.map_assets import shifted, tile_address

CENTRAL_VIEW, COUNTY_VIEW = ((25.4925, 118.2335), 14), ((25.665, 118.19), 10)
# West, north, east, south of what the central view shows on a desk.
CENTRAL_BOUNDS = (118.2035, 25.5145, 118.2635, 25.4705)


def in_central_bounds(lon: Decimal | None, lat: Decimal | None) -> bool:
    """Whether a place stands in what the central view shows; an unknown place does not."""
    west, north, east, south = CENTRAL_BOUNDS
    return lon is not None and lat is not None and west <= lon <= east and south <= lat <= north


def base_map() -> folium.Map:
    """The constant ground: the same object description at every rerun, so that the view stays where it is."""
    address = tile_address()
    ground = folium.Map(
        location=CENTRAL_VIEW[0],
        zoom_start=CENTRAL_VIEW[1],
        tiles=None,
        attributionControl=False,
        # Leaflet's keyboard handler takes the focus at the first click; the page then scrolls under the pointer and
        # the click is lost. The list below the map is what a keyboard reads.
        keyboard=False,
        zoomSnap=0.5,
        min_zoom=9,
        max_zoom=17,
    )
    if address:
        folium.TileLayer(address, attr="内网地图").add_to(ground)
    return ground


def features(name: str) -> list[dict[str, Any]]:
    """The features of a file of data/geo, where the tiles show them."""
    features: list[dict[str, Any]] = json.loads((DATA / "geo" / name).read_text("utf-8"))["features"]
    for feature in features:
        feature["geometry"]["coordinates"] = [
            [list(shifted(lon, lat)) for lon, lat in ring] for ring in feature["geometry"]["coordinates"]
        ]
    return features


def seats() -> dict[str, tuple[float, float]]:
    """The townships' seats by code, where the tiles show them."""
    with (DATA / "geo" / "townships.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: shifted(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
