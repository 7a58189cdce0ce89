"""The county on a map: townships as fills, schools as shapes, projects and pairs, from one judgement."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin
from typing import Any

import folium

from core.delivery.projects import Project
from core.method.assessment import Assessment, PartCount, SchoolRow, Verdict, count
from core.reports.schematic_map import share_class
from core.store.dictionary import DATA
from core.store.school_facts import SchoolPlace
from core.wording.numbers import against_limit, share_text
from core.wording.verdicts import ORDER, SHAPES, WORDS, row_name
from ui.map_assets import shifted, tile_address
from ui.palette import BLUE, INK, VERDICT_COLOURS

CENTRAL_VIEW, COUNTY_VIEW = ((25.4925, 118.2335), 14), ((25.665, 118.19), 10)
# Half the width and height, in degrees, that the central view shows on a desk.
CENTRAL_SPAN = (0.03, 0.022)
_SMALLEST, _LARGEST = 12, 34
_CLOSE_DEGREES = 0.0009
_SPREAD_DEGREES = 0.0008
_PROJECT_DEGREES = 0.0018


@dataclass(frozen=True)
class SchoolMark:
    """One school on the map: its worst verdict among its rows, where it stands."""

    place: SchoolPlace
    rows: tuple[SchoolRow, ...]
    verdict: Verdict
    pupils: int | None
    left_out: str | None


@dataclass(frozen=True)
class TownshipFill:
    """A township's share of school rows that pass; None where it has no evaluated row."""

    code: str
    name: str
    part: PartCount
    pupils: int

    def words(self) -> str:
        """The fill in words."""
        if not self.part.total:
            return "无在校生" if not self.pupils else "无参评校段"
        return f"{self.part.met}/{self.part.total} 个校段达标（{share_text(self.part.met / self.part.total)}）"


def layer_verdict(row: SchoolRow, code: str | None) -> Verdict:
    """What a row's mark shows: its verdict, or one indicator's."""
    return row.verdict if code is None else row.holding(code).verdict


def school_marks(
    assessment: Assessment, places: Sequence[SchoolPlace], code: str | None, reasons: Mapping[str, str]
) -> list[SchoolMark]:
    """Every open school with its worst verdict; schools that are not evaluated carry the reason."""
    marks = []
    for place in places:
        rows = tuple(r for r in assessment.rows if r.school_id == place.school_id)
        out = [x for x in assessment.left_out if x.school_id == place.school_id]
        verdicts = [layer_verdict(r, code) for r in rows] or [Verdict.NOT_APPLICABLE]
        known = [r.pupils for r in rows if r.pupils is not None] + [x.pupils for x in out if x.pupils is not None]
        marks.append(
            SchoolMark(
                place,
                rows,
                min(verdicts, key=ORDER.index),
                sum(known) if known else None,
                reasons.get(out[0].reason, out[0].reason) if out and not rows else None,
            )
        )
    return sorted(marks, key=lambda m: (ORDER.index(m.verdict), -(m.pupils or 0)))


def township_fills(assessment: Assessment, code: str | None) -> list[TownshipFill]:
    """Every township with its share of rows that pass."""
    fills = []
    for township, name in assessment.township_names.items():
        rows = [r for r in assessment.rows if r.township_code == township]
        out = [x for x in assessment.left_out if x.township_code == township]
        pupils = sum(r.pupils or 0 for r in rows) + sum(x.pupils or 0 for x in out)
        fills.append(TownshipFill(township, name, count(layer_verdict(r, code) for r in rows), pupils))
    return fills


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


def data_layer(
    fills: Sequence[TownshipFill],
    marks: Sequence[SchoolMark],
    projects: Sequence[Project],
    pairs: Sequence[tuple[str, str, str]],
) -> folium.FeatureGroup:
    """Everything that changes with the choice, as one layer on the constant ground."""
    group = folium.FeatureGroup(name="data")
    by_code = {f.code: f for f in fills}
    townships = [f for f in features("townships_schematic.geojson") if f["properties"]["code"] in by_code]
    for feature in townships:
        fill = by_code[feature["properties"]["code"]]
        feature["properties"] = {
            "label": escape(f"{fill.name}：{fill.words()}"),
            "fill": share_class(fill.part)[1],
            "kind": "township",
            "id": fill.code,
        }
    if townships:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": townships},
            style_function=lambda f: {
                "fillColor": f["properties"]["fill"],
                "color": "#8A94A6",
                "weight": 1,
                "fillOpacity": 0.7,
            },
            tooltip=folium.GeoJsonTooltip(["label"], labels=False),
        ).add_to(group)
    for feature in features("county.geojson"):
        folium.GeoJson(
            feature,
            style_function=lambda _: {"fill": False, "color": INK, "weight": 2},
            interactive=False,
        ).add_to(group)
    _township_names(fills, group)
    located = _spread([m for m in marks if m.place.lon is not None and m.place.lat is not None])
    _pairs(located, pairs, group)
    _points(located, projects, group)
    return group


def seats() -> dict[str, tuple[float, float]]:
    """The townships' seats by code, where the tiles show them."""
    with (DATA / "geo" / "townships.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: shifted(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}


def _township_names(fills: Sequence[TownshipFill], group: folium.FeatureGroup) -> None:
    """Names at the townships' seats, always shown: a phone has no hover."""
    places = seats()
    for fill in fills:
        if fill.code in places:
            lon, lat = places[fill.code]
            folium.Marker(
                (lat, lon),
                icon=folium.DivIcon(
                    html=f'<div style="font:12px sans-serif;color:#1A2233;text-shadow:0 0 3px #fff,0 0 3px #fff;white-space:nowrap">{escape(fill.name)}</div>',
                    icon_size=(80, 18),
                    class_name="mark",
                ),
                interactive=False,
            ).add_to(group)


def _spread(marks: Sequence[SchoolMark]) -> list[tuple[SchoolMark, float, float]]:
    """Places at which marks do not cover one another: those too close stand in a circle."""
    placed: list[tuple[SchoolMark, float, float]] = []
    for mark in marks:
        lon, lat = shifted(mark.place.lon or 0.0, mark.place.lat or 0.0)
        near = sum(abs(lon - x) < _CLOSE_DEGREES and abs(lat - y) < _CLOSE_DEGREES for _, x, y in placed)
        if near:
            angle = near * 2 * pi / 6
            lon, lat = lon + _SPREAD_DEGREES * 1.6 * cos(angle), lat + _SPREAD_DEGREES * 1.6 * sin(angle)
        placed.append((mark, lon, lat))
    return placed


def _points(
    located: Sequence[tuple[SchoolMark, float, float]], projects: Sequence[Project], group: folium.FeatureGroup
) -> None:
    most = max((m.pupils or 0 for m, _, _ in located), default=0) or 1
    features = []
    # The worst come last, on top.
    for mark, lon, lat in reversed(located):
        size = _SMALLEST + (_LARGEST - _SMALLEST) * ((mark.pupils or 0) / most) ** 0.5
        features.append(
            _point(
                lon,
                lat,
                {
                    "kind": "school",
                    "id": mark.place.school_id,
                    "label": escape(mark_words(mark)),
                    "html": _shape(mark.verdict, size),
                    "size": size,
                },
            )
        )
    for project in projects:
        if project.lon is not None and project.lat is not None:
            lon, lat = shifted(float(project.lon), float(project.lat))
            # A project stands where its school stands: beside it, so that both can be clicked.
            lon, lat = lon + _PROJECT_DEGREES, lat + _PROJECT_DEGREES
            features.append(
                _point(
                    lon,
                    lat,
                    {
                        "kind": "project",
                        "id": project.project_id,
                        "label": escape(f"项目：{project.name}"),
                        "html": _PROJECT_SHAPE,
                        "size": 22,
                    },
                )
            )
    if features:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            marker=folium.Marker(icon=folium.DivIcon(html="")),
            style_function=lambda f: {
                "html": f["properties"]["html"],
                "className": "mark",
                "iconSize": [f["properties"]["size"]] * 2,
            },
            tooltip=folium.GeoJsonTooltip(["label"], labels=False),
        ).add_to(group)


def _point(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }


def _shape(verdict: Verdict, size: float) -> str:
    """The verdict's shape in its colour; no data stands in this markup."""
    colour = VERDICT_COLOURS[verdict]
    shapes = {
        Verdict.MET: f'<circle cx="12" cy="12" r="10" fill="{colour}" stroke="white" stroke-width="1.5"/>',
        Verdict.NOT_MET: f'<path d="M12 1.5 L23 22 L1 22 Z" fill="{colour}" stroke="white" stroke-width="1.5"/>',
        Verdict.NOT_ASSESSABLE: f'<circle cx="12" cy="12" r="9" fill="white" stroke="{colour}" stroke-width="3"/>',
        Verdict.NOT_APPLICABLE: f'<rect x="4" y="9.5" width="16" height="5" fill="{colour}" stroke="white"/>',
    }
    return f'<svg viewBox="0 0 24 24" width="{size:.0f}" height="{size:.0f}" opacity="0.9">{shapes[verdict]}</svg>'


_PROJECT_SHAPE = (
    f'<svg viewBox="0 0 24 24" width="22" height="22"><rect x="3" y="3" width="18" height="18" rx="3" fill="{BLUE}" '
    'stroke="white" stroke-width="2"/><path d="M8 17 V8 H13 A3 3 0 0 1 13 14 H8" stroke="white" stroke-width="2.4" '
    'fill="none"/></svg>'
)


def mark_words(mark: SchoolMark) -> str:
    """A school in one line."""
    if mark.left_out:
        return f"{mark.place.name}：未参评（{mark.left_out}）"
    pupils = "学生数未报" if mark.pupils is None else f"{mark.pupils:,} 人"
    return f"{mark.place.name}：{SHAPES[mark.verdict]} {WORDS[mark.verdict]}，{pupils}"


def mark_detail(mark: SchoolMark, code: str | None) -> str:
    """The rows of a school with the figure that the layer shows."""
    details = []
    for row in mark.rows:
        if code is None:
            details.append(f"{row_name(row)} {row.met_count}/{len(row.holdings)} 项")
        else:
            holding = row.holding(code)
            details.append(f"{row_name(row)} {against_limit(holding.value, holding.limit, at_least=True)}")
    return "；".join(details) or (mark.left_out or "")


def _pairs(
    located: Sequence[tuple[SchoolMark, float, float]],
    pairs: Sequence[tuple[str, str, str]],
    group: folium.FeatureGroup,
) -> None:
    where = {mark.place.school_id: (lon, lat) for mark, lon, lat in located}
    lines = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [where[one], where[other]]},
            "properties": {"kind": "pair", "id": f"{one}/{other}", "label": escape(words)},
        }
        for one, other, words in pairs
        if one in where and other in where
    ]
    if lines:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": lines},
            style_function=lambda _: {"color": BLUE, "weight": 2.5, "dashArray": "6 5"},
            tooltip=folium.GeoJsonTooltip(["label"], labels=False),
        ).add_to(group)
