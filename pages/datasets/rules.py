"""标准与口径: by which rules is the county judged, which are assumptions, and what would another reading change?"""

import streamlit as st

from ui.datasets.rules_view import (
    documents_table,
    headline,
    indicator_rules,
    item_rules,
    switch_effects,
    worked_example,
)
from ui.frame import page
from ui.labels import plain

with page("datasets/rules", "按什么规则判定，哪些是本平台的理解，换一种理解结论会不会变") as view:
    st.title(plain(headline(view)), anchor=False)
    st.markdown(plain(f"{view.standard.name}（{view.standard.documents['standard'].number}），全部限值与条款如下。"))

    st.header("口径开关：换一种理解，结论会不会变", anchor=False)
    switch_effects(view)
    with st.expander("七项资源指标与差异系数", expanded=True):
        indicator_rules(view)
        worked_example(view)
    with st.expander("政府保障、教育质量与其他"):
        item_rules(view)
    with st.expander("依据文件"):
        documents_table(view)
