"""Leaflet from this server: an intranet has no CDN, and a script that fails to load leaves a blank map."""

from __future__ import annotations

import os
from pathlib import Path

import folium
import streamlit.components.v1 as components
from geocoordinates_ffi import Gcj02, Wgs84, gcj02_to_wgs84_refined, wgs84_to_gcj02
from xstatic.pkg import leaflet

_NAME = "leaflet"


def serve_leaflet() -> None:
    """Let the server hand out the packaged Leaflet, and folium ask for nothing else."""
    components.declare_component(_NAME, path=str(Path(leaflet.BASE_DIR)))
    # Relative to the map's own frame, so that it also works under a base path.
    here = f"../{__name__}.{_NAME}"
    folium.Map.default_js = [("leaflet", f"{here}/leaflet.js")]
    folium.Map.default_css = [("leaflet_css", f"{here}/leaflet.css")]


def tile_address() -> str | None:
    """The intranet's own tiles ({z}/{x}/{y}), None for the plain map."""
    return os.environ.get("COUNTY_MAP_TILES") or None


def unshifted(lon: float, lat: float) -> tuple[float, float]:
    """The WGS-84 place of what was clicked on the tiles."""
    if _is_shifted():
        place = gcj02_to_wgs84_refined(Gcj02(lat=lat, lon=lon))
        return place.lon, place.lat
    return lon, lat


def _is_shifted() -> bool:
    return bool(tile_address()) and os.environ.get("COUNTY_MAP_DATUM", "GCJ-02").upper() == "GCJ-02"


def shifted(lon: float, lat: float) -> tuple[float, float]:
    """A WGS-84 place where the tiles show it: converted once when the tiles are in GCJ-02."""
    if _is_shifted():
        moved = wgs84_to_gcj02(Wgs84(lat=lat, lon=lon))
        return moved.lon, moved.lat
    return lon, lat
