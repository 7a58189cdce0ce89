"""What the county misses in all: whole units by indicator, and where."""

from __future__ import annotations

import streamlit as st

from core.naming import named
from core.outlook.remedies.rows import county_gaps, gap_totals
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.wording.numbers import amount_text
from ui.frame import View
from ui.labels import plain
from ui.tables import downloads, sentence_table


def gap_table(view: View) -> None:
    """One line an indicator: how much is missing in whole units, in how many schools, mainly in which townships."""
    gaps = county_gaps(view.assessment, view.standard)
    by_township = gap_totals(gaps, by_township=True)
    if not gaps:
        st.markdown("各校七项指标均无缺口。")
        return
    names = view.assessment.township_names
    lines, rows = [], []
    for total in gap_totals(gaps):
        indicator = view.standard.indicator(total.code)
        places = sorted((t for t in by_township if t.code == total.code), key=lambda t: -t.units_missing)
        where = [f"{names[str(t.township_code)]} {amount_text(t.units_missing, indicator.amount_unit)}" for t in places]
        lines.append(
            {
                "项目": f"**{plain(indicator.short_name)}**",
                "缺口": plain(amount_text(total.units_missing, indicator.amount_unit)),
                "学校": f"{total.schools} 所",
                "主要在": plain(named(where, "个乡镇")),
            }
        )
        rows += [
            (indicator.name, names[str(t.township_code)], t.units_missing, indicator.amount_unit, t.schools)
            for t in places
        ]
    sentence_table(lines)
    st.caption("每校每项补到标准的合计，含已达标学校的个别未达标项；达标所需的最省补法见“补短板测算”。")
    columns = (
        ReportColumn("项目"),
        ReportColumn("乡镇"),
        ReportColumn("缺口", "", WHOLE),
        ReportColumn("单位"),
        ReportColumn("学校", "所", WHOLE),
    )
    downloads(view, [ReportTable("县级合计缺口", columns, tuple(rows))], "", key="gaps")
