"""实施方案: what does the plan lay down, what was changed since, what does the office list, and where does the county stand?"""

import streamlit as st

from ui.carrying_out.plan import county_plan_view, plan_editor, registers_view, stage_view
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain

with page("carrying_out/plan", "方案规定了什么，改过什么，清单列全没有，县里走到哪一步", of_plan=True) as view:
    st.title(plain(county_plan_view.headline(view)), anchor=False)
    show_announcements()
    text, changes, registers, stage = st.tabs(
        ["方案内容", "方案调整", "专项清单", "创建阶段"], key="plan_part", bind="query-params", on_change="rerun"
    )
    for tab, draw in (
        (text, county_plan_view.contents),
        (changes, plan_editor.changes),
        (registers, registers_view.registers),
        (stage, stage_view.stage),
    ):
        if tab.open:
            with tab:
                draw(view)
