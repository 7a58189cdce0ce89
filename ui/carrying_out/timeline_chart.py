"""The plan against time as one plain figure: baseline, actual, forecast, the as-of line, phases behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.palette import BASELINE, GRID, INK, PALE, PHASE
from core.rules.plan import Phase
from ui.charts import chart_text

Figure = dict[str, Any]
_ROW_HEIGHT, _EDGES = 26, 110
_LABEL_LENGTH = 14
_MILLISECONDS = 86_400_000
_MARGIN = timedelta(days=60)


@dataclass(frozen=True)
class Bar:
    """One line of the chart; a line without dates is the heading of a group.

    `sign` says in a shape and a word what `colour` says.
    `baseline` is what the plan lays down, `due` the day that binds now, `actual` what was done up to as-of,
    `forecast` the expected end, `milestone` the day that decides a target.
    """

    label: str
    sign: str = ""
    detail: str = ""
    colour: str = INK
    baseline: tuple[date, date] | None = None
    actual: tuple[date, date] | None = None
    due: date | None = None
    forecast: date | None = None
    milestone: date | None = None


def timeline_figure(bars: Sequence[Bar], phases: Sequence[Phase], as_of: date) -> Figure:
    """One line a bar, from the first phase to the last day shown."""
    days = [day for b in bars for day in (*(b.baseline or ()), b.due, b.forecast, b.milestone) if day is not None]
    first, last = phases[0].from_date, max([*days, phases[-1].to_date, as_of])
    return {
        "data": [
            _bars(bars, "baseline", 0.74),
            _bars(bars, "actual", 0.36),
            *_forecasts(bars, as_of),
            _marks(bars, "due", "line-ns-open", 16),
            _marks(bars, "milestone", "diamond", 13),
        ],
        "layout": {
            "height": _EDGES + _ROW_HEIGHT * len(bars),
            "margin": {"l": 8, "r": 12, "t": 76, "b": 10},
            "barmode": "overlay",
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "font": {"family": "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif", "size": 12, "color": INK},
            "xaxis": {
                "type": "date",
                "side": "top",
                "range": [str(first - timedelta(days=10)), str(last + _MARGIN)],
                "tickformat": "%Y-%m",
                "tickangle": 0,
                "tickfont": {"size": 11},
                "gridcolor": GRID,
                "fixedrange": True,
            },
            "yaxis": {
                "tickvals": list(range(len(bars))),
                "ticktext": [_label(bar) for bar in bars],
                "range": [len(bars) - 0.4, -0.6],
                "automargin": True,
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "shapes": [*_phase_bands(phases), _as_of_line(as_of)],
            "annotations": [*_phase_names(phases), _as_of_note(as_of)],
        },
    }


def _label(bar: Bar) -> str:
    text = bar.label if len(bar.label) <= _LABEL_LENGTH else bar.label[: _LABEL_LENGTH - 1] + "…"
    text = chart_text(text)
    heading = not any((bar.baseline, bar.actual, bar.due, bar.forecast, bar.milestone))
    return f"<b>{text}</b>" if heading else f"{text} {bar.sign}"


def _bars(bars: Sequence[Bar], field: str, width: float) -> dict[str, Any]:
    held = [(n, bar, span) for n, bar in enumerate(bars) if (span := getattr(bar, field)) is not None]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [n for n, _, _ in held],
        "base": [str(start) for _, _, (start, _) in held],
        "x": [max((end - start).days, 1) * _MILLISECONDS for _, _, (start, end) in held],
        "width": width,
        "marker": {
            "color": [bar.colour if field == "actual" else PALE for _, bar, _ in held],
            "line": {"color": BASELINE, "width": 0 if field == "actual" else 1},
        },
        "customdata": [_hover(bar) for _, bar, _ in held],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _hover(bar: Bar) -> str:
    return f"{chart_text(bar.label)}<br>{chart_text(bar.detail)}"


def _forecasts(bars: Sequence[Bar], as_of: date) -> list[dict[str, Any]]:
    held = [(n, bar) for n, bar in enumerate(bars) if bar.forecast is not None]
    lines: dict[str, list[Any]] = {"x": [], "y": []}
    for n, bar in held:
        lines["x"] += [str(as_of), str(bar.forecast), None]
        lines["y"] += [n, n, None]
    return [
        {"type": "scatter", "mode": "lines", **lines, "line": {"color": INK, "dash": "dot"}, "hoverinfo": "skip"},
        _marks(bars, "forecast", "diamond-open", 10),
    ]


def _marks(bars: Sequence[Bar], field: str, symbol: str, size: int) -> dict[str, Any]:
    held = [(n, bar) for n, bar in enumerate(bars) if getattr(bar, field) is not None]
    outlined = field in ("due", "forecast")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [str(getattr(bar, field)) for _, bar in held],
        "y": [n for n, _ in held],
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": INK if outlined else [bar.colour for _, bar in held],
            "line": {"width": 2 if outlined else 0},
        },
        "customdata": [_hover(bar) for _, bar in held],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _phase_bands(phases: Sequence[Phase]) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect",
            "layer": "below",
            "yref": "paper",
            "x0": str(phase.from_date),
            "x1": str(phase.to_date),
            "y0": 0,
            "y1": 1,
            "fillcolor": PHASE if n % 2 else "white",
            "line": {"width": 0},
        }
        for n, phase in enumerate(phases)
    ]


def _phase_names(phases: Sequence[Phase]) -> list[dict[str, Any]]:
    return [
        {
            "x": str(phase.from_date + (phase.to_date - phase.from_date) / 2),
            "y": 1,
            "yref": "paper",
            "yshift": 34 + 15 * (n % 2),
            "text": f"<b>{chart_text(phase.name)}</b>",
            "showarrow": False,
        }
        # On a phone the names of neighbouring phases would run into one another on one height.
        for n, phase in enumerate(phases)
    ]


def _as_of_line(as_of: date) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": str(as_of),
        "x1": str(as_of),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": INK, "width": 1.5, "dash": "dash"},
    }


def _as_of_note(as_of: date) -> dict[str, Any]:
    return {
        "x": str(as_of),
        "y": 1,
        "yref": "paper",
        "yshift": 66,
        "xanchor": "right",
        "text": f"截至 {as_of}",
        "showarrow": False,
        "font": {"size": 11},
    }
