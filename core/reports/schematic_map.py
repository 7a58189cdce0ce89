"""The county on paper: townships filled by the share of school rows that pass, schools as marks, as SVG.

    schematic_map(ground, schools, assessment, row_verdict) -> SchematicMap     the county, its central area enlarged beside it
    township_map(ground, schools, assessment, township_code, labels) -> SchematicMap         one township, its marks labelled

No data text but the townships' names stands in the picture; a school without a place is counted, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from core import palette
from core.facts.county_series import SchoolOfYear
from core.method.assessment import Assessment, PartCount, SchoolRow, Verdict, count
from core.method.failures import WORST_FIRST
from core.reports.map_ground import (
    Ground,
    Window,
    central_bounds,
    fitted,
    frame,
    inside,
    path_of,
    picture,
    text_at,
)
from core.wording.verdicts import VERDICT_COLOURS

RowVerdict = Callable[[SchoolRow], Verdict]

NO_ROWS_CLASS = ("无参评学校", palette.SHARE_NO_ROWS)
PENDING_CLASS = ("待定", palette.SHARE_PENDING)
SHARE_FILLS = (
    (1.0, "全部达标", palette.SHARES[0]),
    (0.9, "90% 以上", palette.SHARES[1]),
    (0.6, "60%–90%", palette.SHARES[2]),
    (0.0, "不足 60%", palette.SHARES[3]),
)
FILL_CLASSES = (*((words, colour) for _, words, colour in SHARE_FILLS), PENDING_CLASS, NO_ROWS_CLASS)
_COUNTY_WIDTH, _INSET_WIDTH, _HEIGHT = 300.0, 270.0, 300.0
_TITLE = 14.0
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


def share_class(part: PartCount) -> tuple[str, str]:
    """A township's class by the share of its rows that pass, one of `FILL_CLASSES`: the words and the fill.

    Where the rows that cannot be judged could move the township into another class, the class is pending.
    """
    if not part.total:
        return NO_ROWS_CLASS
    least, most = (_class_of(passing / part.total) for passing in (part.met, part.met + part.unknown))
    return least if least == most else PENDING_CLASS


def _class_of(share: float) -> tuple[str, str]:
    return next((words, colour) for least, words, colour in SHARE_FILLS if share >= least)


def schematic_map(
    ground: Ground, schools: Sequence[SchoolOfYear], assessment: Assessment, row_verdict: RowVerdict
) -> SchematicMap:
    """The county, with the central area, where most schools stand, enlarged beside it."""
    verdicts = _verdicts(schools, assessment, row_verdict)
    county = _county(ground, assessment)
    drawn = [_townships(ground, assessment, row_verdict, county)]
    bounds = central_bounds(schools)
    framed = {s.school_id for s in schools if bounds is not None and inside(s.lon, s.lat, bounds)}
    outside = {s.school_id for s in schools} - framed
    drawn.append(_marks(_spread(_placed(schools, verdicts, county, outside), 9.0), 4.0))
    drawn.append(_names(ground, assessment, county, lambda lon, lat: bounds is None or not inside(lon, lat, bounds)))
    width = _COUNTY_WIDTH
    if bounds is not None:
        width += _INSET_WIDTH
        inset = fitted([bounds[:2], bounds[2:]], _COUNTY_WIDTH, _TITLE, _INSET_WIDTH, _HEIGHT - 2 * _TITLE)
        clip = frame(inset, bounds)
        drawn += [
            frame(county, bounds),
            f'<clipPath id="central">{clip}</clipPath>',
            f'<g clip-path="url(#central)">{_townships(ground, assessment, row_verdict, inset)}</g>{clip}',
            _marks(_spread(_placed(schools, verdicts, inset, framed), 13.0), 5.5),
            _names(ground, assessment, inset, lambda lon, lat: inside(lon, lat, bounds)),
            text_at(_COUNTY_WIDTH + _INSET_WIDTH / 2, inset.place(*bounds[:2])[1] - 6, "城关中心区（方框内放大）", 11),
        ]
    return SchematicMap(picture(width, _HEIGHT, drawn), *_counted(schools, verdicts))


def _county(ground: Ground, assessment: Assessment) -> Window:
    points = [p for code in assessment.township_names for ring in ground.outlines.get(code, ()) for p in ring]
    return _fitted(points, ground)


def _fitted(points: Sequence[tuple[float, float]], ground: Ground) -> Window:
    """The window that shows the points; without any, the place where the county's map opens."""
    whole = [(ground.whole.lon, ground.whole.lat)]
    return fitted(points or whole, 0.0, 0.0, _COUNTY_WIDTH, _HEIGHT)


def township_map(
    ground: Ground,
    schools: Sequence[SchoolOfYear],
    assessment: Assessment,
    township_code: str,
    labels: Mapping[str, str],
) -> SchematicMap:
    """One township with its schools; `labels` by school_id stand beside the marks."""
    own = [s for s in schools if s.township_code == township_code]
    located = [(s.lon, s.lat) for s in own if s.lon is not None and s.lat is not None]
    area = [p for ring in ground.outlines.get(township_code, ()) for p in ring]
    view = _fitted([*area, *located], ground)
    verdicts = _verdicts(own, assessment, _own_verdict)
    marks = _spread(_placed(own, verdicts, view, set(verdicts)), 17.0)
    drawn = [_townships(ground, assessment, _own_verdict, view, only=township_code), _marks(marks, 7.0)]
    drawn += [text_at(m.x + 11, m.y + 11, labels[m.school_id], 13) for m in marks if m.school_id in labels]
    return SchematicMap(picture(_COUNTY_WIDTH, _HEIGHT, drawn), *_counted(own, verdicts))


def _own_verdict(row: SchoolRow) -> Verdict:
    return row.verdict


def _townships(
    ground: Ground, assessment: Assessment, row_verdict: RowVerdict, view: Window, *, only: str | None = None
) -> str:
    """The townships' areas; with `only`, the one township."""
    drawn = []
    for code in assessment.township_names:
        if code in ground.outlines and only in (None, code):
            part = count(row_verdict(row) for row in assessment.rows if row.township_code == code)
            path = path_of(ground.outlines[code], view)
            drawn.append(
                f'<path d="{path}" fill="{share_class(part)[1]}" stroke="{palette.OUTLINE}" stroke-width="0.8"/>'
            )
    return "".join(drawn)


def _names(ground: Ground, assessment: Assessment, view: Window, shown: Callable[[float, float], bool]) -> str:
    """The townships' names above their seats, where the seat is to be shown."""
    drawn = []
    for code, name in assessment.township_names.items():
        if code in ground.seats and shown(*ground.seats[code]):
            x, y = view.place(*ground.seats[code])
            drawn.append(text_at(x, y - 8, name, 10))
    return "".join(drawn)


def _verdicts(schools: Sequence[SchoolOfYear], assessment: Assessment, row_verdict: RowVerdict) -> dict[str, Verdict]:
    """Every school's worst row; a school without an evaluated row is not applicable."""
    by_school: dict[str, list[Verdict]] = {}
    for row in assessment.rows:
        by_school.setdefault(row.school_id, []).append(row_verdict(row))
    return {
        s.school_id: min(by_school.get(s.school_id, [Verdict.NOT_APPLICABLE]), key=WORST_FIRST.index) for s in schools
    }


def _counted(schools: Sequence[SchoolOfYear], verdicts: Mapping[str, Verdict]) -> tuple[dict[Verdict, int], int]:
    located = [s for s in schools if s.lon is not None and s.lat is not None]
    counts = {verdict: sum(verdicts[s.school_id] is verdict for s in located) for verdict in WORST_FIRST}
    return counts, len(schools) - len(located)


def _placed(
    schools: Sequence[SchoolOfYear], verdicts: Mapping[str, Verdict], view: Window, chosen: set[str]
) -> list[_Mark]:
    """The chosen schools that have a place; the worst come last, on top."""
    marks = [
        _Mark(s.school_id, verdicts[s.school_id], *view.place(s.lon, s.lat))
        for s in schools
        if s.school_id in chosen and s.lon is not None and s.lat is not None
    ]
    return sorted(marks, key=lambda m: (-WORST_FIRST.index(m.verdict), m.school_id))


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
