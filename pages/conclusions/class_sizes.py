"""班额校额: how many classes and schools are too large, where, and are the plan's targets met?"""

import streamlit as st

from core.palette import BANDS
from ui import charts
from ui.conclusions.class_size_view import (
    band_shares,
    band_table,
    choose_scope,
    headline,
    oversized_classes,
    school_sizes,
    township_table,
)
from ui.conclusions.readings_view import relief_lines
from ui.conclusions.size_targets import targets_table
from ui.frame import page
from ui.labels import plain

with page("conclusions/class_sizes", "班额、校额超标的有多少，在哪里，目标实现了没有", by_township=True) as view:
    st.title(plain(headline(view)), anchor=False)
    relief_lines(view, lambda s: s.kind == "item" and s.code in ("G4", "G5"))

    st.header("国家标准与方案目标" if view.plan.exists else "国家标准", anchor=False)
    targets_table(view)

    st.header("超过限值的班级", anchor=False)
    scope = choose_scope(view)
    oversized_classes(view, scope)
    st.header("班额分布", anchor=False)
    shares = band_shares(view, scope)
    charts.show(charts.stacked_bands(shares.by_band, shares.labels, BANDS), key="bands", name="班额分布")
    band_table(view, scope, shares)
    st.header("各乡镇", anchor=False)
    township_table(view)
    st.header("学校规模", anchor=False)
    school_sizes(view)
