"""Small pictures inside tables and tiles: how much is met, the course over the years, a value against its limit."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from markupsafe import Markup

from core import palette

_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_MARGIN = 96, 26, 4


def gap_bar(met: int, failed: int, unknown: int) -> Markup:
    """Met, failed and unknown as parts of one bar; the numbers stand beside it."""
    total = max(met + failed + unknown, 1)
    parts = (("met", met), ("failed", failed), ("unknown", unknown))
    drawn = Markup("").join(
        Markup('<i class="{}" style="width:{:.2f}%"></i>').format(name, number / total * 100)
        for name, number in parts
        if number
    )
    return Markup('<span class="gap-bar" aria-hidden="true">{}</span>').format(drawn)


def sparkline(values: Sequence[float | None], words: str) -> Markup:
    """A course over the years without axes; `words` say it to those who do not see it. Empty for less than two values."""
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    across = (_SPARK_WIDTH - 2 * _SPARK_MARGIN) / max(len(values) - 1, 1)
    up = (_SPARK_HEIGHT - 2 * _SPARK_MARGIN) / ((high - low) or 1)
    points = [(_SPARK_MARGIN + n * across, _SPARK_HEIGHT - _SPARK_MARGIN - (v - low) * up) for n, v in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SPARK_WIDTH}" height="{_SPARK_HEIGHT}">'
        f'<polyline points="{line}" fill="none" stroke="{palette.OUTLINE}" stroke-width="1.6"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{palette.SERIES[0]}"/></svg>'
    )
    return drawn_picture(drawing, "spark", words)


def drawn_picture(drawing: str, name: str, words: str) -> Markup:
    """An SVG as a picture of the class `name`: the page's sanitizer lets pictures through, drawings inside the text not."""
    source = b64encode(drawing.encode()).decode()
    return Markup('<img class="{}" alt="{}" src="data:image/svg+xml;base64,{}">').format(name, words, source)


def squares(kinds: Sequence[str], words: str) -> Markup:
    """One small square each: `met`, `failed`, `floor` (below the floor), `unknown`."""
    drawn = Markup("").join(Markup('<i class="{}"></i>').format(kind) for kind in kinds)
    return Markup('<span class="squares" role="img" aria-label="{}">{}</span>').format(words, drawn)


def bullet(value: float | None, limit: float, floor: float | None, words: str, *, at_least: bool = True) -> Markup:
    """A value as a bar against its limit and its floor as ticks, on an axis from 0 to somewhat above the largest."""
    most = max(value or 0, limit) * 1.12 or 1.0
    fails = value is not None and (value < limit if at_least else value > limit)
    bar = "failed" if fails else "met"
    drawn = Markup('<i class="bar {}" style="width:{:.2f}%"></i>').format(bar, (value or 0) / most * 100)
    ticks = (("limit", limit), ("floor", floor))
    for name, at in ticks:
        if at is not None:
            drawn += Markup('<i class="tick {}" style="left:{:.2f}%"></i>').format(name, at / most * 100)
    return Markup('<span class="bullet" role="img" aria-label="{}">{}</span>').format(words, drawn)
