"""The whole county in small beside the map, the central area framed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.reports.schematic_map import share_class
from ui.map_layers import CENTRAL_SPAN, CENTRAL_VIEW, TownshipFill, features, seats
from ui.palette import BLUE, GRID, INK


def inset_figure(fills: Sequence[TownshipFill]) -> dict[str, Any]:
    """The whole county in small, the central area framed."""
    by_code = {f.code: f for f in fills}
    data, notes, places = [], [], seats()
    for feature in features("townships_schematic.geojson"):
        fill = by_code.get(feature["properties"]["code"])
        if fill is None:
            continue
        ring = feature["geometry"]["coordinates"][0]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "x": [p[0] for p in ring],
                "y": [p[1] for p in ring],
                "fillcolor": share_class(fill.part)[1],
                "line": {"color": "white", "width": 1},
                "hoveron": "fills",
                "text": f"{fill.name}：{fill.words()}",
                "hoverinfo": "text",
            }
        )
        lon, lat = places[fill.code]
        notes.append(
            {
                "x": lon,
                "y": lat,
                "text": fill.name.removesuffix("镇").removesuffix("乡"),
                "showarrow": False,
                "font": {"size": 10, "color": INK},
            }
        )
    axis = {"visible": False, "fixedrange": True}
    return {
        "data": data,
        "layout": {
            "height": 330,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "xaxis": axis,
            "yaxis": {**axis, "scaleanchor": "x", "scaleratio": 1.11},
            "annotations": notes,
            "shapes": [
                {
                    "type": "rect",
                    "x0": CENTRAL_VIEW[0][1] - CENTRAL_SPAN[0],
                    "x1": CENTRAL_VIEW[0][1] + CENTRAL_SPAN[0],
                    "y0": CENTRAL_VIEW[0][0] - CENTRAL_SPAN[1],
                    "y1": CENTRAL_VIEW[0][0] + CENTRAL_SPAN[1],
                    "line": {"color": BLUE, "width": 2},
                }
            ],
            "dragmode": False,
            "font": {"family": "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"},
            "hoverlabel": {"bordercolor": GRID},
        },
    }
