"""The report's charts as SVG: coefficients against their limits, what was met year by year. Values stand beside their marks.

coefficient_chart(assessment, standard) -> str
years_chart(judged) -> str
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from core import palette
from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, BalanceResult, PartCount
from core.reports.cells import colour_of
from core.reports.map_ground import FONT, picture
from core.rules.standard import STAGES, Standard
from core.wording.numbers import against_limit, limit_text
from core.wording.verdicts import SHAPES

_WIDTH = 560.0
_ROW, _HEAD, _LABEL = 17.0, 22.0, 84.0
_FULL = 1.5
# Dark enough for small type on white.
_COLOURS = (palette.SERIES[0], palette.SERIES[3], palette.SERIES[4])
_YEARS_HEIGHT, _YEARS_LEFT, _YEARS_TOP = 180.0, 40.0, 26.0


def coefficient_chart(assessment: Assessment, standard: Standard) -> str:
    """Every coefficient as a bar, the two stages side by side, the limit as a line; the scale ends at 1.5 limits."""
    half = _WIDTH / len(STAGES)
    parts = []
    for place, stage in enumerate(STAGES):
        left = place * half
        limit = float(standard.balance.limit[stage])
        full = half - _LABEL - 58
        title = f"{name_of('stage', stage)}（限值 {limit_text(standard.balance.limit[stage], 3)}）"
        parts.append(_text(left + _LABEL, 13, title, 11, bold=True))
        for number, indicator in enumerate(standard.indicators):
            result = assessment.balance_of(stage, indicator.code)
            top = _HEAD + number * _ROW
            parts.append(_text(left + _LABEL - 6, top + 11, indicator.short_name, 10, anchor="end"))
            parts += _bar(result, left + _LABEL, top, full, limit)
        line = left + _LABEL + full / _FULL
        bottom = _HEAD + len(standard.indicators) * _ROW
        parts.append(_line(line, _HEAD - 4, line, bottom, palette.INK, 1.2, dashed=True))
    return picture(_WIDTH, _HEAD + len(standard.indicators) * _ROW + 6, parts)


def _bar(result: BalanceResult, left: float, top: float, full: float, limit: float) -> list[str]:
    colour = colour_of(result.verdict)
    if result.cv is None:
        return [_text(left + 4, top + 11, f"{SHAPES[result.verdict]} 无法计算", 10, colour=colour)]
    width = min(result.cv / limit, _FULL) / _FULL * full
    shown = f"{SHAPES[result.verdict]} {against_limit(result.cv, result.limit, at_least=False, decimals=3)}"
    return [
        f'<rect x="{left:.1f}" y="{top + 2:.1f}" width="{width:.1f}" height="{_ROW - 6:.1f}" fill="{colour}"/>',
        _text(left + max(width, full / _FULL) + 4, top + 11, shown, 10, colour=colour),
    ]


def years_chart(judged: Mapping[int, Assessment]) -> str:
    """The shares of what is met, year by year: school rows, coefficients, items; a year's counts stand at its points."""
    years = sorted(judged)
    parts = []
    bottom, height = _YEARS_HEIGHT - 22, _YEARS_HEIGHT - 22 - _YEARS_TOP
    step = (_WIDTH - _YEARS_LEFT - 150) / max(len(years) - 1, 1)
    for share in (0, 50, 100):
        y = bottom - height * share / 100
        parts.append(_line(_YEARS_LEFT, y, _YEARS_LEFT + step * max(len(years) - 1, 1), y, palette.GRID, 0.8))
        parts.append(_text(_YEARS_LEFT - 6, y + 4, f"{share}%", 9, anchor="end", colour=palette.GREY))
    for place, year in enumerate(years):
        parts.append(_text(_YEARS_LEFT + place * step, bottom + 15, str(year), 9, anchor="middle"))
    taken: list[float] = []
    for number, (name, part_of) in enumerate(_SERIES):
        colour = _COLOURS[number]
        points = []
        for place, year in enumerate(years):
            part = part_of(judged[year])
            if part.total:
                points.append((_YEARS_LEFT + place * step, bottom - height * part.met / part.total, part))
        if not points:
            continue
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y, _ in points]
        x, y, last = points[-1]
        # Names at the end of their lines, apart where the lines end together.
        at = y + 4
        while any(abs(at - other) < 13 for other in taken):
            at += 13
        taken.append(at)
        parts.append(_text(x + 8, at, f"{name} {last.met}/{last.total}", 10, colour=colour))
    return picture(_WIDTH, _YEARS_HEIGHT, parts)


_SERIES: tuple[tuple[str, Callable[[Assessment], PartCount]], ...] = (
    ("学校（分学段计）", lambda a: a.schools_part),
    ("校际差异系数", lambda a: a.balance_part),
    ("保障、质量与认可度", lambda a: a.items_part("government", "quality", "satisfaction")),
)


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    *,
    anchor: str = "start",
    colour: str = palette.INK,
    bold: bool = False,
) -> str:
    edge = f' stroke="{colour}" stroke-width="0.35"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-family="{FONT}" text-anchor="{anchor}" '
        f'fill="{colour}"{edge}>{escape(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}"'
        f"{dash}/>"
    )
