"""校际均衡: are the fourteen coefficients within their limits, and which schools drive them?"""

import streamlit as st

from core.wording.verdicts import part_text
from ui import charts
from ui.conclusions.balance_view import (
    coefficient_series,
    driver_table,
    fewest_units,
    history_table,
    indicator_sentence,
    widest,
)
from ui.conclusions.readings_view import relief_lines
from ui.frame import page
from ui.labels import plain, stage_name
from ui.pickers import choose_indicator, stage_picker

with page("conclusions/balance", "校际差距是否在限值以内，由哪些学校拉开") as view:
    assessment, standard = view.assessment, view.standard
    st.title(plain(f"差异系数 {part_text(assessment.balance_part, '项')}"), anchor=False)
    stage = stage_picker()
    relief_lines(view, lambda s: s.kind == "balance" and s.stage == stage)
    results = [assessment.balance_of(stage, i.code) for i in standard.indicators]

    charts.show(charts.coefficient_bars(results, standard), key="cv_bars", name=f"{stage_name(stage)}差异系数")
    fewest_units(view, stage)
    history_table(view, stage)
    years = st.expander("历年走势图", key="cv_years", on_change="rerun", bind="query-params")
    if years.open:
        with years:
            charts.show(
                charts.coefficient_lines(
                    coefficient_series(view, stage), view.earlier_years, standard.balance.limit[stage]
                ),
                key="cv_lines",
                name=f"{stage_name(stage)}差异系数历年",
            )
    st.header("谁拉开了差距", anchor=False)
    indicator = choose_indicator(standard, widest(results))
    st.markdown(plain(indicator_sentence(view, stage, indicator)))
    charts.show(charts.strip_plot(assessment, stage, indicator, standard), key="strip", name=indicator.name)
    driver_table(view, stage, indicator)
