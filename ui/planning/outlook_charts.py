"""Charts of what is imagined: forecasts with their interval, money against passing rows, the coming years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.palette import BLUE, GREEN, ORANGE, RED
from ui.charts import Figure, layout_of, year_axis

_BELOW = {"orientation": "h", "y": -0.2}


def band_lines(
    name: str,
    past: Sequence[tuple[int, int]],
    future: Sequence[tuple[int, int]],
    low: Sequence[int],
    high: Sequence[int],
    years: Sequence[int],
    colour: str,
) -> list[dict[str, Any]]:
    """What is on record as a line, what is forecast dashed, its interval as a band."""
    joined = [*past[-1:], *future]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [*years, *reversed(years)],
            "y": [*high, *reversed(low)],
            "fill": "toself",
            "fillcolor": colour,
            "opacity": 0.15,
            "line": {"width": 0},
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": [y for y, _ in past],
            "y": [p for _, p in past],
            "line": {"color": colour, "width": 2.5},
            "hovertemplate": f"{name} %{{x}} 学年 %{{y:,}} 人<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": f"{name}（预测）",
            "x": [y for y, _ in joined],
            "y": [p for _, p in joined],
            "line": {"color": colour, "width": 2, "dash": "dash"},
            "hovertemplate": f"{name} %{{x}} 学年预测 %{{y:,}} 人<extra></extra>",
        },
    ]


def time_figure(data: list[dict[str, Any]]) -> Figure:
    """Series over school years."""
    years = sorted({year for series in data for year in series["x"]})
    return {
        "data": data,
        "layout": layout_of(
            340,
            showlegend=True,
            legend={"orientation": "h", "y": -0.15},
            xaxis=year_axis(years),
            yaxis={"rangemode": "tozero", "tickformat": ","},
        ),
    }


def frontier_figure(points: Sequence[tuple[float, int, int]], total: int) -> Figure:
    """Money (万元) against passing school rows; `points` are (万元, rows met, coefficients met)."""
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": "达标学校",
                "x": [wan for wan, _, _ in points],
                "y": [met for _, met, _ in points],
                "customdata": [coefficients for _, _, coefficients in points],
                "line": {"color": BLUE, "width": 2.5, "shape": "hv"},
                "hovertemplate": "%{x:,.0f} 万元：达标学校 %{y}，差异系数 %{customdata}<extra></extra>",
            }
        ],
        "layout": layout_of(
            300,
            xaxis={"title": {"text": "投入（万元）"}, "tickformat": ",", "rangemode": "tozero"},
            yaxis={"title": {"text": f"达标学校（共 {total}）"}, "dtick": max(1, round(total / 20))},
        ),
    }


def failing_figure(years: Sequence[int], on_time: Sequence[int], delayed: Sequence[int] | None) -> Figure:
    """How many school rows and coefficients fail by year, on time and, hatched, with the delay."""

    def bars(name: str, values: Sequence[int], colour: str, hatch: str) -> dict[str, Any]:
        return {
            "type": "bar",
            "name": name,
            "x": list(years),
            "y": list(values),
            "marker": {"color": colour, "pattern": {"shape": hatch, "bgcolor": colour, "fgcolor": "white"}},
            "text": [str(value) for value in values],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"%{{x}} 学年{name} %{{y}} 处不达标<extra></extra>",
        }

    data = [bars("按期", on_time, BLUE, "")]
    if delayed is not None:
        data.append(bars("推迟", delayed, ORANGE, "/"))
    return {
        "data": data,
        "layout": layout_of(
            260,
            barmode="group",
            showlegend=delayed is not None,
            legend=_BELOW,
            xaxis=year_axis(years),
            yaxis={"title": {"text": "不达标处数"}, "rangemode": "tozero"},
        ),
    }


def failure_counts_figure(failing: Sequence[int]) -> Figure:
    """In how many draws so many rows and coefficients fail; none failing in green."""
    most = max(failing)
    numbers = list(range(most + 1))
    return {
        "data": [
            {
                "type": "bar",
                "x": numbers,
                "y": [failing.count(number) / len(failing) for number in numbers],
                "marker": {"color": [GREEN if number == 0 else RED for number in numbers]},
                "text": [f"{failing.count(number) / len(failing):.0%}" for number in numbers],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{x} 处不达标：%{y:.0%}<extra></extra>",
            }
        ],
        "layout": layout_of(
            240,
            xaxis={"title": {"text": "不达标的学校与差异系数（处）"}, "dtick": max(1, most // 10)},
            yaxis={"tickformat": ".0%", "range": [0, 1.1]},
        ),
    }
