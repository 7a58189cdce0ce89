"""保障与质量: which of the county's duties and quality items are met, on what evidence?"""

import streamlit as st

from core.wording.verdicts import items_summary, veto_text
from ui.conclusions.item_view import (
    items_table,
    monitoring_table,
    school_item_table,
    school_judgement_table,
    staffing_beside_veto,
)
from ui.conclusions.readings_view import relief_lines
from ui.conclusions.survey_view import show_self_surveys, show_survey
from ui.frame import page
from ui.labels import plain

with page("conclusions/items", "政府保障、教育质量、社会认可度与否决情形，凭什么判定", by_township=True) as view:
    assessment = view.assessment
    government, quality = assessment.items_part("government"), assessment.items_part("quality")
    counts = f"政府保障 {government.met}/{government.total}，教育质量 {quality.met}/{quality.total}"
    st.title(plain(f"{counts}，{veto_text(assessment.items_part('veto'))}"), anchor=False)
    st.markdown(plain(items_summary(assessment)))
    relief_lines(view, lambda s: s.kind == "item")

    st.header("否决情形与申报条件", anchor=False)
    items_table(view, "veto", "precondition", key="veto")
    staffing_beside_veto(view)
    st.header("政府保障程度", anchor=False)
    items_table(view, "government", key="government")
    school_item_table(view)
    st.header("教育质量", anchor=False)
    items_table(view, "quality", key="quality")
    school_judgement_table(view)
    monitoring_table(view)
    st.header("社会认可度", anchor=False)
    items_table(view, "satisfaction", key="satisfaction")
    show_survey(view)
    show_self_surveys(view)
