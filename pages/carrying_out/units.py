"""部门与乡镇: who leads what, what is due and late, has everyone reported?"""

import streamlit as st

from ui.carrying_out.confirmation_view import confirmation
from ui.carrying_out.monthly_view import monthly_report
from ui.carrying_out.persons_view import persons
from ui.carrying_out.unit_view import board, choose_unit, headline, township_sections, unit_sections
from ui.forms import show_announcements
from ui.forwarding import forwarding
from ui.frame import page
from ui.labels import plain
from ui.status_view import back_link

with page(
    "carrying_out/units", "谁牵头什么，本月该完成什么，拖了什么，报了没有", of_plan=True, by_township=True
) as view:
    answer = st.container()
    chosen = choose_unit(view)
    answer.title(plain(headline(view, chosen)), anchor=False)
    show_announcements()
    if chosen is not None:
        forwarding(view, chosen.unit_id, chosen.township_code)

    state, month = st.tabs(["情况", "月报"], key="unit_part", bind="query-params", on_change="rerun")
    if state.open:
        with state:
            if chosen is None:
                board(view)
            elif chosen.township_code is not None:
                township_sections(view, chosen.township_code)
            else:
                unit_sections(view, chosen)
                confirmation(view, chosen)
            if chosen is not None:
                persons(view, chosen)
    if month.open:
        with month:
            monthly_report(view, chosen)
    if chosen is not None:
        back_link(view, "units", "全部部门与乡镇")
