"""The county on paper: townships filled by the share of school rows that pass, schools as marks, as SVG.

    schematic_map(schools, assessment, row_verdict) -> SchematicMap     the county, its central area enlarged beside it
    township_map(schools, assessment, township_code, labels) -> SchematicMap         one township, its marks labelled

No data text but the townships' names stands in the picture; a school without a place is counted, never dropped.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians
from xml.sax.saxutils import escape

from core.method.assessment import Assessment, PartCount, SchoolRow, Verdict, count
from core.reports.tables import VERDICT_COLOURS
from core.store.county_series import SchoolOfYear
from core.store.dictionary import DATA
from core.wording.verdicts import ORDER

Ring = tuple[tuple[float, float], ...]
Bounds = tuple[float, float, float, float]
RowVerdict = Callable[[SchoolRow], Verdict]

NO_ROWS_CLASS = ("无在校生", "#E3E3E3")
SHARE_FILLS = (
    (1.0, "全部达标", "#A9D3B5"),
    (0.9, "90% 以上", "#CFE6D2"),
    (0.6, "60%–90%", "#F6E7B8"),
    (0.0, "不足 60%", "#F3C9A5"),
)
_INK, _LINE = "#1A2233", "#8A94A6"
_FONT = "Noto Sans SC"
_COUNTY_WIDTH, _INSET_WIDTH, _HEIGHT = 300.0, 270.0, 300.0
_MARGIN, _TITLE = 8.0, 14.0
_FRAME_MARGIN_DEGREES = 0.004
_ROUNDS = 60


@dataclass(frozen=True)
class SchematicMap:
    """The picture, and how many schools stand in it by their worst row; the unlocated stand nowhere."""

    svg: str
    counts: Mapping[Verdict, int]
    unlocated: int


@dataclass(frozen=True)
class _Mark:
    school_id: str
    verdict: Verdict
    x: float
    y: float


@dataclass(frozen=True)
class _View:
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
def _outline() -> Mapping[str, tuple[Ring, ...]]:
    """The townships' schematic outlines by code."""
    features = json.loads((DATA / "geo" / "townships_schematic.geojson").read_text("utf-8"))["features"]
    return {
        f["properties"]["code"]: tuple(
            tuple((float(lon), float(lat)) for lon, lat in ring) for ring in f["geometry"]["coordinates"]
        )
        for f in features
    }


@cache
def _seats() -> Mapping[str, tuple[float, float]]:
    with (DATA / "geo" / "townships.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}


def share_class(part: PartCount) -> tuple[str, str]:
    """A township's class by the share of its rows that pass: the words and the fill; grey where none is evaluated."""
    if not part.total:
        return NO_ROWS_CLASS
    return next((words, colour) for least, words, colour in SHARE_FILLS if part.met / part.total >= least)


def schematic_map(schools: Sequence[SchoolOfYear], assessment: Assessment, row_verdict: RowVerdict) -> SchematicMap:
    """The county, with the central area, where most schools stand, enlarged beside it."""
    verdicts = _verdicts(schools, assessment, row_verdict)
    points = [p for code in assessment.township_names for ring in _outline().get(code, ()) for p in ring]
    county = _fitted(points or list(_seats().values()), 0.0, 0.0, _COUNTY_WIDTH, _HEIGHT)
    drawn = [_townships(assessment, row_verdict, county)]
    bounds = _central_bounds(schools)
    framed = {s.school_id for s in schools if bounds is not None and _inside(s.lon, s.lat, bounds)}
    outside = {s.school_id for s in schools} - framed
    drawn.append(_marks(_spread(_placed(schools, verdicts, county, outside), 9.0), 4.0))
    drawn.append(_names(assessment, county, lambda lon, lat: bounds is None or not _inside(lon, lat, bounds)))
    width = _COUNTY_WIDTH
    if bounds is not None:
        width += _INSET_WIDTH
        inset = _fitted([bounds[:2], bounds[2:]], _COUNTY_WIDTH, _TITLE, _INSET_WIDTH, _HEIGHT - 2 * _TITLE)
        clip = _frame(inset, bounds)
        drawn += [
            _frame(county, bounds),
            f'<clipPath id="central">{clip}</clipPath>',
            f'<g clip-path="url(#central)">{_townships(assessment, row_verdict, inset)}</g>{clip}',
            _marks(_spread(_placed(schools, verdicts, inset, framed), 13.0), 5.5),
            _names(assessment, inset, lambda lon, lat: _inside(lon, lat, bounds)),
            _text(_COUNTY_WIDTH + _INSET_WIDTH / 2, inset.place(*bounds[:2])[1] - 6, "城关中心区（方框内放大）", 11),
        ]
    return SchematicMap(_svg(width, _HEIGHT, drawn), *_counted(schools, verdicts))


def township_map(
    schools: Sequence[SchoolOfYear], assessment: Assessment, township_code: str, labels: Mapping[str, str]
) -> SchematicMap:
    """One township with its schools; `labels` by school_id stand beside the marks."""
    own = [s for s in schools if s.township_code == township_code]
    located = [(s.lon, s.lat) for s in own if s.lon is not None and s.lat is not None]
    area = [p for ring in _outline().get(township_code, ()) for p in ring]
    view = _fitted([*area, *located] or list(_seats().values()), 0.0, 0.0, _COUNTY_WIDTH, _HEIGHT)
    verdicts = _verdicts(own, assessment, _own_verdict)
    marks = _spread(_placed(own, verdicts, view, set(verdicts)), 17.0)
    drawn = [_townships(assessment, _own_verdict, view, only=township_code), _marks(marks, 7.0)]
    drawn += [_text(m.x + 11, m.y + 11, labels[m.school_id], 13) for m in marks if m.school_id in labels]
    return SchematicMap(_svg(_COUNTY_WIDTH, _HEIGHT, drawn), *_counted(own, verdicts))


def _own_verdict(row: SchoolRow) -> Verdict:
    return row.verdict


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}">{"".join(parts)}</svg>'
    )


def _fitted(points: Sequence[tuple[float, float]], left: float, top: float, width: float, height: float) -> _View:
    """The view that shows all points as large as fits, in the middle."""
    lons, lats = zip(*points, strict=True)
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    shrink = cos(radians((south + north) / 2))
    across, down = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min((width - 2 * _MARGIN) / across, (height - 2 * _MARGIN) / down)
    return _View(west, north, scale, left + (width - across * scale) / 2, top + (height - down * scale) / 2, shrink)


def _path(rings: Sequence[Ring], view: _View) -> str:
    drawn = []
    for ring in rings:
        places = (view.place(lon, lat) for lon, lat in ring)
        drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z")
    return "".join(drawn)


def _townships(assessment: Assessment, row_verdict: RowVerdict, view: _View, *, only: str | None = None) -> str:
    """The townships' areas; with `only`, the one township."""
    drawn = []
    for code in assessment.township_names:
        if code in _outline() and only in (None, code):
            part = count(row_verdict(row) for row in assessment.rows if row.township_code == code)
            path = _path(_outline()[code], view)
            drawn.append(f'<path d="{path}" fill="{share_class(part)[1]}" stroke="{_LINE}" stroke-width="0.8"/>')
    return "".join(drawn)


def _names(assessment: Assessment, view: _View, shown: Callable[[float, float], bool]) -> str:
    """The townships' names above their seats, where the seat is to be shown."""
    drawn = []
    for code, name in assessment.township_names.items():
        if code in _seats() and shown(*_seats()[code]):
            x, y = view.place(*_seats()[code])
            drawn.append(_text(x, y - 8, name, 10))
    return "".join(drawn)


def _text(x: float, y: float, text: str, size: int) -> str:
    """A text with a white edge, so that it can be read over marks and lines."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-family="{_FONT}" text-anchor="middle" fill="{_INK}" '
        f'stroke="white" stroke-width="2" stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
    )


def _central_bounds(schools: Sequence[SchoolOfYear]) -> Bounds | None:
    """West, north, east, south of the central area's schools, None where none is known."""
    places = [(s.lon, s.lat) for s in schools if s.central_area and s.lon is not None and s.lat is not None]
    if not places:
        return None
    lons, lats = zip(*places, strict=True)
    margin = _FRAME_MARGIN_DEGREES
    return min(lons) - margin, max(lats) + margin, max(lons) + margin, min(lats) - margin


def _inside(lon: float | None, lat: float | None, bounds: Bounds) -> bool:
    west, north, east, south = bounds
    return lon is not None and lat is not None and west <= lon <= east and south <= lat <= north


def _frame(view: _View, bounds: Bounds) -> str:
    (left, top), (right, bottom) = view.place(*bounds[:2]), view.place(*bounds[2:])
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
        f'fill="none" stroke="{_INK}" stroke-width="1.2"/>'
    )


def _verdicts(schools: Sequence[SchoolOfYear], assessment: Assessment, row_verdict: RowVerdict) -> dict[str, Verdict]:
    """Every school's worst row; a school without an evaluated row is not applicable."""
    by_school: dict[str, list[Verdict]] = {}
    for row in assessment.rows:
        by_school.setdefault(row.school_id, []).append(row_verdict(row))
    return {s.school_id: min(by_school.get(s.school_id, [Verdict.NOT_APPLICABLE]), key=ORDER.index) for s in schools}


def _counted(schools: Sequence[SchoolOfYear], verdicts: Mapping[str, Verdict]) -> tuple[dict[Verdict, int], int]:
    located = [s for s in schools if s.lon is not None and s.lat is not None]
    counts = {verdict: sum(verdicts[s.school_id] is verdict for s in located) for verdict in ORDER}
    return counts, len(schools) - len(located)


def _placed(
    schools: Sequence[SchoolOfYear], verdicts: Mapping[str, Verdict], view: _View, chosen: set[str]
) -> list[_Mark]:
    """The chosen schools that have a place; the worst come last, on top."""
    marks = [
        _Mark(s.school_id, verdicts[s.school_id], *view.place(s.lon, s.lat))
        for s in schools
        if s.school_id in chosen and s.lon is not None and s.lat is not None
    ]
    return sorted(marks, key=lambda m: (-ORDER.index(m.verdict), m.school_id))


def _spread(marks: Sequence[_Mark], apart: float) -> list[_Mark]:
    """Marks that cover one another are pushed apart until each can be told; the map is schematic."""
    places = [[m.x, m.y] for m in marks]
    for _ in range(_ROUNDS):
        moved = False
        for one in range(len(places)):
            for other in range(one):
                dx, dy = places[one][0] - places[other][0], places[one][1] - places[other][1]
                distance = hypot(dx, dy)
                if distance >= apart:
                    continue
                # Two schools at the very same place part sideways.
                ux, uy = (dx / distance, dy / distance) if distance > 1e-9 else (1.0, 0.0)
                push = (apart - distance) / 2
                places[one][0] += ux * push
                places[one][1] += uy * push
                places[other][0] -= ux * push
                places[other][1] -= uy * push
                moved = True
        if not moved:
            break
    return [_Mark(m.school_id, m.verdict, x, y) for m, (x, y) in zip(marks, places, strict=True)]


def _marks(marks: Sequence[_Mark], radius: float) -> str:
    return "".join(_shape(m, radius) for m in marks)


def _shape(mark: _Mark, radius: float) -> str:
    """The verdict's shape in its colour."""
    x, y, r = mark.x, mark.y, radius
    colour = VERDICT_COLOURS.get(mark.verdict, VERDICT_COLOURS[Verdict.NOT_ASSESSABLE])
    match mark.verdict:
        case Verdict.MET:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" fill="{colour}" stroke="white" stroke-width="0.8"/>'
        case Verdict.NOT_MET:
            return (
                f'<path d="M{x:.1f} {y - 1.3 * r:.1f}L{x + 1.3 * r:.1f} {y + r:.1f}L{x - 1.3 * r:.1f} {y + r:.1f}Z" '
                f'fill="{colour}" stroke="white" stroke-width="0.8"/>'
            )
        case Verdict.NOT_ASSESSABLE:
            inner = r * 3 / 4
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{inner:g}" fill="white" stroke="{colour}" stroke-width="1.6"/>'
            )
        case Verdict.NOT_APPLICABLE:
            return (
                f'<rect x="{x - r:.1f}" y="{y - r / 3:.1f}" width="{2 * r:g}" height="{2 * r / 3:.1f}" '
                f'fill="{colour}" stroke="white" stroke-width="0.6"/>'
            )
