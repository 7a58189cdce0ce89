"""Charts as plain figures: quick to build, in the house's colours, never without a table beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

import pandas  # noqa: F401  Plotly looks into it as soon as any thread has begun to import it; here it comes in whole.
import streamlit as st

from core.method.assessment import Assessment, BalanceResult, SchoolRow, Verdict
from core.palette import GREY, GRID, INK, ORANGE, RED, SERIES
from core.rules.standard import Indicator, Standard
from core.wording.numbers import limit_text, plain_text, rounded
from core.wording.verdicts import VERDICT_COLOURS, WORDS, row_name

Figure = dict[str, Any]
_SYMBOLS = {
    Verdict.MET: "circle",
    Verdict.NOT_MET: "triangle-up",
    Verdict.NOT_ASSESSABLE: "circle-open",
    Verdict.NOT_APPLICABLE: "line-ew",
}
# So many years have room for their labels side by side on a phone.
_YEARS_ABREAST = 7
_HATCHES = {Verdict.NOT_MET: "/"}
_CONFIG = {
    "displaylogo": False,
    "locale": "zh-CN",
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}


def chart_text(text: str) -> str:
    """Text from data for a chart, which takes some markup for its own."""
    return escape(text, quote=False)


def show(figure: Figure, *, key: str, name: str) -> None:
    """Draw a figure; the viewer's own browser can save it as a picture."""
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        config={**_CONFIG, "toImageButtonOptions": {"format": "png", "scale": 2, "filename": name}},
        alt=name,
    )


def layout_of(height: int, **more: Any) -> dict[str, Any]:
    """The house's layout: paper, grid, letters; `more` goes on top."""
    axis = {"gridcolor": GRID, "zeroline": False, "automargin": True, "fixedrange": True}
    layout: dict[str, Any] = {
        "height": height,
        "margin": {"l": 10, "r": 16, "t": 24, "b": 10},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "colorway": SERIES,
        "font": {"family": "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif", "size": 13, "color": INK},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": {**axis, **more.pop("xaxis", {})},
        "yaxis": {**axis, **more.pop("yaxis", {})},
    }
    layout.update(more)
    return layout


def coefficient_bars(
    results: Sequence[BalanceResult], standard: Standard, before: Mapping[str, float | None] | None = None
) -> Figure:
    """The seven coefficients of a stage as bars against their limit; `before` draws an earlier state as a tick."""
    names = [standard.indicator(b.code).short_name for b in results]
    limit = float(results[0].limit)
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": [b.cv or 0 for b in results],
            "marker": {
                "color": [VERDICT_COLOURS[b.verdict] for b in results],
                "pattern": {"shape": [_HATCHES.get(b.verdict, "") for b in results], "fgcolor": "white"},
            },
            "hovertemplate": "%{y}：%{x:.3f}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "text",
            "y": names,
            # Right of the limit, which would strike through what stands on it.
            "x": [max(b.cv or 0, (before or {}).get(b.code) or 0, limit) for b in results],
            "text": [f" {rounded(b.cv, 3)} {WORDS[b.verdict]}" if b.cv is not None else " 无法判定" for b in results],
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
    ]
    if before is not None:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "y": names,
                "x": [before.get(b.code) for b in results],
                "marker": {"symbol": "line-ns-open", "size": 20, "color": INK, "line": {"width": 3}},
                "hovertemplate": "现状 %{x:.3f}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": layout_of(
            300,
            yaxis={"autorange": "reversed"},
            xaxis={"range": [0, 1.55 * max(data[1]["x"])]},
            shapes=[_line("x", limit, RED)],
            annotations=[
                {
                    "x": limit,
                    "y": 1.06,
                    "yref": "paper",
                    "text": f"限值 {limit_text(results[0].limit, 3)}",
                    "showarrow": False,
                    "font": {"color": RED, "size": 12},
                }
            ],
        ),
    }


def year_axis(years: Sequence[int]) -> dict[str, Any]:
    """School years under an axis, level and with room on a phone: of many only every second, the last among them."""
    step = 1 if len(years) <= _YEARS_ABREAST else 2
    return {"dtick": step, "tick0": years[-1], "tickformat": "d", "tickangle": 0}


def _line(axis: str, at: float, colour: str, dash: str = "dash", name: str = "") -> dict[str, Any]:
    """A straight line through the figure; with a name the legend says what it is."""
    other = "y" if axis == "x" else "x"
    return {
        "type": "line",
        "name": name,
        "showlegend": bool(name),
        f"{axis}0": at,
        f"{axis}1": at,
        f"{other}0": 0,
        f"{other}1": 1,
        f"{other}ref": "paper",
        "line": {"color": colour, "dash": dash, "width": 1.5},
    }


def coefficient_lines(series: Mapping[str, Sequence[float | None]], years: Sequence[int], limit: Decimal) -> Figure:
    """Coefficients over the years, one line an indicator, against the limit."""
    dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid"]
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": list(years),
            "y": list(values),
            "line": {"dash": dashes[n % len(dashes)], "width": 2},
            "connectgaps": False,
            "hovertemplate": f"{name} %{{x}} 学年 %{{y:.3f}}<extra></extra>",
        }
        for n, (name, values) in enumerate(series.items())
    ]
    return {
        "data": data,
        "layout": layout_of(
            340,
            showlegend=True,
            legend={"orientation": "h", "y": -0.15},
            xaxis=year_axis(years),
            yaxis={"rangemode": "tozero"},
            shapes=[_line("y", float(limit), RED, name=f"限值 {limit_text(limit, 3)}")],
        ),
    }


def strip_plot(assessment: Assessment, stage: str, indicator: Indicator, standard: Standard) -> Figure:
    """One mark a school by its value, sized by pupils, with the 85 % and 100 % lines."""
    rows = [r for r in assessment.rows if r.stage == stage and r.indicator(indicator.code).value is not None]
    limit, floor = indicator.limit[stage], standard.floor(indicator, stage)
    most = max((r.pupils or 0 for r in rows), default=1) or 1
    data = []
    for verdict in (Verdict.MET, Verdict.NOT_MET):
        held = [r for r in rows if r.indicator(indicator.code).verdict is verdict]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": WORDS[verdict],
                "x": [r.indicator(indicator.code).value for r in held],
                "y": [_spread(r) for r in held],
                "customdata": [[chart_text(row_name(r)), r.pupils] for r in held],
                "marker": {
                    "symbol": _SYMBOLS[verdict],
                    "color": VERDICT_COLOURS[verdict],
                    "opacity": 0.65,
                    "size": [8 + 22 * ((r.pupils or 0) / most) ** 0.5 for r in held],
                    "line": {"width": 1, "color": "white"},
                },
                "hovertemplate": "%{customdata[0]}<br>%{x:.2f}，%{customdata[1]} 人<extra></extra>",
            }
        )
    mean = assessment.balance_of(stage, indicator.code).mean
    shapes = _limit_lines("x", limit, floor)
    if mean is not None:
        shapes.append(_line("x", mean, GREY, "solid", f"县均值 {rounded(mean, 2)}"))
    return {
        "data": data,
        "layout": layout_of(
            250,
            showlegend=True,
            legend={"orientation": "h", "y": -0.35, "itemsizing": "constant"},
            xaxis={"title": {"text": indicator.unit, "standoff": 4}},
            yaxis={"visible": False, "range": [-0.1, 1.1]},
            shapes=shapes,
        ),
    }


def _limit_lines(axis: str, limit: Decimal, floor: Decimal) -> list[dict[str, Any]]:
    return [
        _line(axis, float(limit), RED, name=f"标准 {limit_text(limit)}"),
        _line(axis, float(floor), ORANGE, "dot", f"底线 {plain_text(floor)}"),
    ]


def _spread(row: SchoolRow) -> float:
    """A fixed height for each school, so that marks do not cover one another and stay where they were."""
    return (sum(map(ord, row.school_id)) * 37 % 101) / 101


def stacked_bands(shares: Mapping[str, Sequence[float]], labels: Sequence[str], colours: Sequence[str]) -> Figure:
    """Shares of classes by size band, one bar a year, smallest band first."""
    data = [
        {
            "type": "bar",
            "name": band,
            "x": list(labels),
            "y": list(values),
            "marker": {"color": colours[n]},
            "hovertemplate": f"{band}：%{{y:.1%}}<extra></extra>",
        }
        for n, (band, values) in enumerate(shares.items())
    ]
    return {
        "data": data,
        "layout": layout_of(
            340,
            barmode="stack",
            showlegend=True,
            legend={"orientation": "h", "y": -0.12, "traceorder": "normal"},
            yaxis={"tickformat": ".0%", "range": [0, 1]},
            xaxis={"type": "category"},
        ),
    }
