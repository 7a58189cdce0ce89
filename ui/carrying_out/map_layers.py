"""What is drawn on the map's ground: townships as fills, schools as shapes, projects and pairs."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

import folium

from core.delivery.projects import Project
from core.method.assessment import Verdict
from core.palette import BLUE, INK, OUTLINE, RED, WHITE
from core.reports.map_ground import Ground
from core.reports.schematic_map import share_class
from core.wording.verdicts import VERDICT_COLOURS
from ui.carrying_out import map_text
from ui.carrying_out.map_marks import SchoolMark, TownshipFill, mark_words
from ui.maps.map_assets import shifted
from ui.maps.map_ground import polygon

_SMALLEST, _LARGEST = 12, 34
_CLOSE_DEGREES = 0.0009
_SPREAD_DEGREES = 0.0008
_PROJECT_DEGREES = 0.0018
_RAISED = 10_000
_NAME_STYLE = f"font:12px sans-serif;color:{INK};text-shadow:0 0 3px {WHITE},0 0 3px {WHITE};white-space:nowrap"
_FAILING_STYLE = f"font:600 13px sans-serif;color:{RED};text-shadow:0 0 3px {WHITE},0 0 3px {WHITE},0 0 3px {WHITE};white-space:nowrap"


def data_layer(
    ground: Ground,
    fills: Sequence[TownshipFill],
    marks: Sequence[SchoolMark],
    projects: Sequence[Project],
    pairs: Sequence[tuple[str, str, str]],
) -> folium.FeatureGroup:
    """Everything that changes with the choice, as one layer on the constant ground."""
    group = folium.FeatureGroup(name="data")
    townships = [
        {
            "type": "Feature",
            "properties": {
                "label": map_text.label(f"{fill.name}：{fill.words()}"),
                "fill": share_class(fill.part)[1],
                "kind": "township",
                "id": map_text.identifier(fill.code),
            },
            "geometry": polygon(ground.outlines[fill.code]),
        }
        for fill in fills
        if fill.code in ground.outlines
    ]
    if townships:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": townships},
            style_function=lambda f: {
                "fillColor": f["properties"]["fill"],
                "color": OUTLINE,
                "weight": 1,
                "fillOpacity": 0.7,
            },
            tooltip=folium.GeoJsonTooltip(["label"], labels=False),
        ).add_to(group)
    if ground.border:
        folium.GeoJson(
            {"type": "Feature", "properties": {}, "geometry": polygon(ground.border)},
            style_function=lambda _: {"fill": False, "color": INK, "weight": 2},
            interactive=False,
        ).add_to(group)
    _township_names(ground, fills, group)
    located = _spread([m for m in marks if m.place.lon is not None and m.place.lat is not None])
    _pairs(located, pairs, group)
    _points(located, projects, group)
    _failing_names(located, group)
    return group


def _township_names(ground: Ground, fills: Sequence[TownshipFill], group: folium.FeatureGroup) -> None:
    """Names at the townships' seats, always shown: a phone has no hover."""
    places = {code: shifted(*seat) for code, seat in ground.seats.items()}
    features = [_point(*places[fill.code], "name", fill.code, fill.name) for fill in fills if fill.code in places]
    # One layer, not a marker each: folium compiles a template for every object.
    if features:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            marker=folium.Marker(icon=folium.DivIcon(html=""), interactive=False),
            style_function=lambda f: {
                "html": f'<div style="{_NAME_STYLE}">{f["properties"]["label"]}</div>',
                "className": "mark",
                "iconSize": [80, 18],
            },
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
    failing: list[dict[str, Any]] = []
    buildings: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    icons: dict[tuple[str, str], tuple[str, int]] = {}
    for mark, lon, lat in located:
        size = round(_SMALLEST + (_LARGEST - _SMALLEST) * ((mark.pupils or 0) / most) ** 0.5)
        features = failing if mark.verdict is Verdict.NOT_MET else others
        features.append(_point(lon, lat, "school", mark.place.school_id, mark_words(mark)))
        icons["school", mark.place.school_id] = (_shape(mark.verdict, size), size)
    for project in projects:
        if project.lon is not None and project.lat is not None:
            lon, lat = shifted(float(project.lon), float(project.lat))
            # A project stands where its school stands: beside it, so that both can be clicked.
            lon, lat = lon + _PROJECT_DEGREES, lat + _PROJECT_DEGREES
            buildings.append(_point(lon, lat, "project", project.project_id, f"项目：{project.name}"))
            icons["project", project.project_id] = (_PROJECT_SHAPE, _PROJECT_SIZE)

    def icon(feature: dict[str, Any]) -> dict[str, Any]:
        """Equal icons travel to the browser once, which a property of every feature would not."""
        marked = feature["properties"]
        html, size = icons[marked["kind"], map_text.identifier_text(marked["id"])]
        return {"html": html, "className": "mark", "iconSize": [size, size]}

    # Leaflet stacks marks by latitude: a failing school would lie hidden under the large ones south of it.
    for features, raised in ((others, 0), (buildings, _RAISED), (failing, 2 * _RAISED)):
        if features:
            folium.GeoJson(
                {"type": "FeatureCollection", "features": features},
                marker=folium.Marker(icon=folium.DivIcon(html=""), z_index_offset=raised),
                style_function=icon,
                tooltip=folium.GeoJsonTooltip(["label"], labels=False),
            ).add_to(group)


def _point(lon: float, lat: float, kind: str, identifier: str, label: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
        "properties": {"kind": kind, "id": map_text.identifier(identifier), "label": map_text.label(label)},
    }


def _shape(verdict: Verdict, size: int) -> str:
    """The verdict's shape in its colour; no data stands in this markup."""
    colour = VERDICT_COLOURS[verdict]
    shapes = {
        Verdict.MET: f'<circle cx="12" cy="12" r="10" fill="{colour}" stroke="white" stroke-width="1.5"/>',
        Verdict.NOT_MET: f'<path d="M12 1.5 L23 22 L1 22 Z" fill="{colour}" stroke="white" stroke-width="1.5"/>',
        Verdict.NOT_ASSESSABLE: f'<circle cx="12" cy="12" r="9" fill="white" stroke="{colour}" stroke-width="3"/>',
        Verdict.NOT_APPLICABLE: f'<rect x="4" y="9.5" width="16" height="5" fill="{colour}" stroke="white"/>',
    }
    return f'<svg viewBox="0 0 24 24" width="{size}" height="{size}" opacity="0.9">{shapes[verdict]}</svg>'


_PROJECT_SIZE = 22
_PROJECT_SHAPE = (
    f'<svg viewBox="0 0 24 24" width="{_PROJECT_SIZE}" height="{_PROJECT_SIZE}"><rect x="2" y="2" width="20" height="20" rx="3" fill="{BLUE}" '
    'stroke="white" stroke-width="1.5"/><text x="12" y="17" text-anchor="middle" font-size="13" fill="white">建</text></svg>'
)
# A leader line and the name at its end: right of the mark and above first, elsewhere where another name stands there.
_NAME_OFFSETS = (
    (26, -24),
    (26, 26),
    (-26, -24),
    (-26, 26),
    (34, 2),
    (-34, 2),
    (40, -46),
    (-40, -46),
    (40, 48),
    (-40, 48),
)
_NAME_HEIGHT, _CHARACTER_WIDTH = 17, 13
# Degrees of longitude and latitude that a pixel takes where the map opens; only for choosing where names stand.
_DEGREES_A_PIXEL = 0.00012


def _failing_names(located: Sequence[tuple[SchoolMark, float, float]], group: folium.FeatureGroup) -> None:
    """Every failing school by its name, with a line from the mark: a phone has no hover."""
    taken: list[tuple[float, float, float, float]] = []
    middle = sum(lon for _, lon, _ in located) / max(len(located), 1)
    features, drawn = [], {}
    for mark, lon, lat in located:
        if mark.verdict is not Verdict.NOT_MET:
            continue
        met = "、".join(f"{row.met_count}/{len(row.indicators)}" for row in mark.rows if row.verdict is Verdict.NOT_MET)
        text = f"{mark.place.name} {met}"
        at = lon / _DEGREES_A_PIXEL, -lat / _DEGREES_A_PIXEL
        width = len(text) * _CHARACTER_WIDTH
        # Towards the middle first: at the edge of a phone a name would be cut.
        outwards = 1 if lon > middle else -1
        inwards = sorted(_NAME_OFFSETS, key=lambda offset: offset[0] * outwards > 0)
        dx, dy = next((o for o in inwards if _is_free(_box(at, o, width), taken)), inwards[0])
        taken.append(_box(at, (dx, dy), width))
        feature = _point(lon, lat, "school", mark.place.school_id, text)
        features.append(feature)
        drawn[feature["properties"]["id"]] = (dx, dy)

    def icon(feature: dict[str, Any]) -> dict[str, Any]:
        dx, dy = drawn[feature["properties"]["id"]]
        side = f"left:{dx}px" if dx > 0 else f"right:{-dx}px"
        html = (
            f'<svg width="120" height="120" viewBox="-60 -60 120 120" style="position:absolute;left:-60px;top:-60px">'
            f'<line x1="0" y1="0" x2="{dx}" y2="{dy}" stroke="{RED}" stroke-width="1.2"/></svg>'
            f'<div style="position:absolute;{side};top:{dy - 9}px;{_FAILING_STYLE}">{feature["properties"]["label"]}</div>'
        )
        return {"html": html, "className": "mark", "iconSize": [0, 0]}

    if features:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            marker=folium.Marker(icon=folium.DivIcon(html=""), interactive=False, z_index_offset=3 * _RAISED),
            style_function=icon,
        ).add_to(group)


def _box(at: tuple[float, float], offset: tuple[int, int], width: int) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a name in pixels."""
    (x, y), (dx, dy) = at, offset
    left = x + dx if dx > 0 else x + dx - width
    return left, y + dy - _NAME_HEIGHT / 2, left + width, y + dy + _NAME_HEIGHT / 2


def _is_free(box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]) -> bool:
    left, top, right, bottom = box
    return all(right < x or left > x_end or bottom < y or top > y_end for x, y, x_end, y_end in taken)


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
            "properties": {"kind": "pair", "id": map_text.identifier(f"{one}/{other}"), "label": map_text.label(words)},
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
