"""情景推演: if teachers, buildings, equipment, pupils or classes were different, what would the verdict be?"""

import streamlit as st

from core.wording.comparison import comparison_sentence
from ui.frame import View, page, redrawn_alone
from ui.labels import plain
from ui.planning.adjustments import add_adjustment, adjustments, forget_adjustments
from ui.planning.lever_panel import choose_levers, reset_button
from ui.planning.saved_scenarios import saved_scenarios
from ui.planning.scenario_view import (
    changed_states,
    class_needs,
    coefficient_comparison,
    imagine,
    keep_scenario,
    scenario_words,
    simulation_mark,
)


def draw(view: View) -> None:
    """The levers, and everything that moves with them."""
    answer = st.container()
    left, right = st.columns([1, 2.2], gap="medium")
    with left:
        wishes = choose_levers(view)
        so_far = adjustments(view)
        add_adjustment(view, so_far)
        reset_button(forget_adjustments)
    wishes = wishes.with_also(so_far)
    imagined = imagine(view, wishes)
    with left:
        keep_scenario(view, wishes, imagined)
    with answer:
        st.title(plain(comparison_sentence(imagined.comparison)), anchor=False)
        scenario_words(view, wishes, imagined)
    with right:
        class_needs(view, wishes)
        changed_states(view, imagined.comparison)
        coefficient_comparison(view, imagined.comparison)
    saved_scenarios(view)


with page("planning/scenario", "如果增人、扩校、调整班额或生源变化，结论会怎样") as view:
    simulation_mark()
    redrawn_alone(view, draw)
