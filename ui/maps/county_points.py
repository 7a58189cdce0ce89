"""Many counties as points at their places, by verdict: shape and colour, no ground, said to be schematic."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

from markupsafe import Markup

from core.lake.results import CountyResult
from core.method.assessment import Verdict
from core.method.failures import WORST_FIRST
from core.wording.verdicts import VERDICT_COLOURS, WORDS
from ui.markup.figures import drawn_picture

_WIDTH, _MARGIN = 640.0, 8.0
# A mark as a path of its own around a point: a triangle, a ring, a disc.
_MARKS = {
    Verdict.NOT_MET: "m0-{r}l{r} {d}h-{d}z",
    Verdict.NOT_ASSESSABLE: "m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z",
    Verdict.MET: "m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z",
}
_CROWD = 400


def county_points(counties: Sequence[CountyResult]) -> Markup:
    """The points as one picture; counties without a place do not stand in it."""
    placed = [c for c in counties if c.lon is not None and c.lat is not None]
    if not placed:
        return Markup("")
    west, east = min(c.lon or 0.0 for c in placed), max(c.lon or 0.0 for c in placed)
    south, north = min(c.lat or 0.0 for c in placed), max(c.lat or 0.0 for c in placed)
    narrowing = cos(radians((south + north) / 2))
    scale = (_WIDTH - 2 * _MARGIN) / max((east - west) * narrowing, (north - south), 0.5)
    height = (north - south) * scale + 2 * _MARGIN
    radius = 3 if len(placed) > _CROWD else 6
    marks = ""
    # What fails lies on top.
    for verdict in reversed(WORST_FIRST[:3]):
        of_verdict = [c for c in placed if c.verdict is verdict]
        mark = _MARKS[verdict].format(r=radius, d=2 * radius)
        at = (
            f"M{_MARGIN + ((c.lon or 0.0) - west) * narrowing * scale:.0f} {_MARGIN + (north - (c.lat or 0.0)) * scale:.0f}{mark}"
            for c in of_verdict
        )
        colour = VERDICT_COLOURS[verdict]
        fill = "none" if verdict is Verdict.NOT_ASSESSABLE else colour
        marks += f'<path d="{"".join(at)}" fill="{fill}" fill-opacity="0.75" stroke="{colour}" stroke-width="0.8"/>'
    words = "，".join(f"{WORDS[v]} {sum(c.verdict is v for c in placed)} 个县" for v in WORST_FIRST[:3])
    size = f'width="{_WIDTH:.0f}" height="{height:.0f}" viewBox="0 0 {_WIDTH:.0f} {height:.0f}"'
    return drawn_picture(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{marks}</svg>', "county-points", words)
