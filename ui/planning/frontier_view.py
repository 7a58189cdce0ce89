"""What each budget buys: money against passing school rows, every point judged by the method."""

from __future__ import annotations

import streamlit as st

from core.outlook.cheapest.frontier import FrontierPoint
from core.reports.tables import WAN_YUAN, WHOLE, ReportColumn, ReportTable
from core.wording.numbers import wan_text
from core.wording.planning.scenario import PRICE_ASSUMPTION, SIMULATION
from ui import charts
from ui.frame import View
from ui.jobs import finished
from ui.labels import plain
from ui.planning import outlook_cache
from ui.planning.outlook_cache import PlanTerms
from ui.planning.outlook_charts import frontier_figure
from ui.tables import downloads, sentence_table

_YUAN_PER_WAN = 10_000


def money_and_rows(view: View, terms: PlanTerms) -> None:
    """The frontier from nothing to the complete plan; asked for, since it takes as long as several plans."""
    st.header("投入多少，能让多少学校达标", anchor=False)
    if not st.toggle("测算不同投入的效果", key="frontier", bind="query-params"):
        return
    points = finished(outlook_cache.frontier(view.key, view.year, view.as_of, terms), "正在逐档测算 ", "frontier")
    if not points:
        st.error("在这些上限下没有全部达标的方案，无法测算。")
        return
    total = points[-1].rows
    figure = frontier_figure(
        [(float(p.cost_yuan) / _YUAN_PER_WAN, p.rows_met, p.coefficients_met) for p in points], total
    )
    charts.show(figure, key="frontier_chart", name="投入与达标学校")
    sentence_table([_line(p) for p in points])
    st.caption("只计学校与差异系数，不含班额、专用教室和经费。")
    columns = (
        ReportColumn("预算", "万元", WAN_YUAN),
        ReportColumn("实际投入", "万元", WAN_YUAN),
        ReportColumn("达标学校", "个", WHOLE),
        ReportColumn("达标差异系数", "项", WHOLE),
    )
    rows = tuple(
        (p.budget_yuan / _YUAN_PER_WAN, p.cost_yuan / _YUAN_PER_WAN, p.rows_met, p.coefficients_met) for p in points
    )
    table = ReportTable("投入与达标学校", columns, rows, (SIMULATION, PRICE_ASSUMPTION))
    downloads(view, [table], "", key="frontier")


def _line(point: FrontierPoint) -> dict[str, str]:
    return {
        "投入": f"**{plain(wan_text(point.cost_yuan))}**",
        "达标学校": f"{point.rows_met}/{point.rows}",
        "差异系数": f"{point.coefficients_met}/{point.coefficients}",
        "结果": ":green[● 已报数据全部达标]" if point.complete else ":red[▲ 尚未全部达标]",
    }
