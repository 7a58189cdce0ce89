"""查找: where is the school, unit, rule, task or issue of this name?"""

import streamlit as st

from ui.frame import page
from ui.home.search_view import found_lines, headline, results
from ui.labels import plain

with page("conclusions/search", "叫这个名字的学校、单位、条款、任务和台账在哪里") as view:
    words = st.query_params.get("q", "").strip()
    found = results(view, words)
    st.title(plain(headline(words, found)), anchor=False)
    found_lines(words, found)
