"""情景推演: if teachers, buildings, equipment, pupils or classes were different, what would the verdict be?"""

import streamlit as st

from core.wording.comparison import comparison_sentence
from ui.frame import page
from ui.labels import plain
from ui.lever_panel import choose_levers, reset_button
from ui.scenario_view import (
    changed_states,
    class_needs,
    coefficient_comparison,
    compared,
    scenario_words,
    simulation_mark,
)

with page("如果增人、扩校、调整班额或生源变化，结论会怎样") as view:
    simulation_mark()
    left, right = st.columns([1, 2.2], gap="medium")
    with left:
        wishes = choose_levers(view)
        reset_button()
    comparison = compared(view, wishes)
    with right:
        st.title(plain(comparison_sentence(comparison)), anchor=False)
        scenario_words(view, wishes)
        class_needs(view, wishes)
        changed_states(view, comparison)
        coefficient_comparison(view, comparison)
