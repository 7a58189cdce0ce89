"""模拟评估: would the county pass if the inspectors came today, and what did the visits find?"""

import streamlit as st

from ui.carrying_out.evaluation.evaluation_view import (
    choose_evaluation,
    close_form,
    draw_form,
    headline,
    protocol,
    schools,
    stages,
)
from ui.carrying_out.evaluation.site_table_view import site_table_of
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain
from ui.status_view import back_link

with page(
    "carrying_out/evaluation", "按国家认定的程序自己先评一遍：资格、监测、认可度、指标、实地核查", of_plan=True
) as view:
    answer = st.container()
    chosen = choose_evaluation(view)
    answer.title(plain(headline(view, chosen)), anchor=False)
    show_announcements()
    if chosen is None:
        draw_form(view, is_first=True)
    elif site_table_of(view, chosen):
        back_link(view, "evaluation", "回到抽中的学校", evaluation=chosen.evaluation_id)
    else:
        stages(view, chosen)
        schools(view, chosen)
        protocol(view, chosen)
        close_form(view, chosen)
        draw_form(view)
