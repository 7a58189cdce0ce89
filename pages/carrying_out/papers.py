"""申报材料: the self-evaluation report, the declaration's tables, the boxes of evidence: are they ready to hand in?"""

import streamlit as st

from ui.carrying_out.papers import boxes_view, declaration_view, editions_view, report_view
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain

with page("carrying_out/papers", "自评报告、申报表、佐证材料能不能报出去，还缺什么") as view:
    answer = st.container()
    report, forms, evidence, everyones = st.tabs(
        ["自评报告", "申报表", "佐证材料", "分发材料"], key="papers_part", bind="query-params", on_change="rerun"
    )
    for tab, part in (
        (report, report_view),
        (forms, declaration_view),
        (evidence, boxes_view),
        (everyones, editions_view),
    ):
        if tab.open:
            answer.title(plain(part.headline(view)), anchor=False)
            with tab:
                show_announcements()
    if report.open:
        with report:
            report_view.report(view)
    if forms.open:
        with forms:
            declaration_view.tables(view)
    if evidence.open:
        with evidence:
            boxes_view.boxes(view)
    if everyones.open:
        with everyones:
            editions_view.editions_of_all(view)
