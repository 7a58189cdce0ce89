"""补短板测算: what is the cheapest way to make every school and every coefficient pass?"""

import streamlit as st

from ui.frame import page
from ui.labels import plain
from ui.planning.frontier_view import money_and_rows
from ui.planning.plan_view import choose_terms, keep_as_scenario, make_plan, plan_notes, plan_sentence, plan_tables
from ui.planning.price_form import edit_prices

with page("planning/cheapest", "最少花多少钱、补在哪里，才能让各校和差异系数都达标", is_simulated=True) as view:
    answer = st.container()
    terms = choose_terms(view)
    plan = make_plan(view, terms)
    answer.title(plain(plan_sentence(plan, terms, view.standard)), anchor=False)
    plan_tables(view, plan)
    plan_notes(view, plan, terms)
    keep_as_scenario(view, plan)
    edit_prices(view)
    money_and_rows(view, terms)
