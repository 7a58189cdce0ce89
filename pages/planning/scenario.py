"""情景推演: if teachers, buildings, equipment, pupils or classes were different, what would the verdict be?"""

import streamlit as st

from ui.forms import show_announcements
from ui.frame import View, page, redrawn_alone
from ui.planning.class_needs_view import class_needs
from ui.planning.lever_forms import add_lever
from ui.planning.lever_list import lever_list
from ui.planning.saved_scenarios import compared_scenarios, saved_scenarios
from ui.planning.scenario_view import (
    answer_band,
    change_files,
    changes_since_now,
    coefficient_comparison,
    cost_of_levers,
    imagine,
    keep_scenario,
    scenario_words,
)
from ui.planning.suggestion_view import suggestion_buttons


def draw(view: View) -> None:
    """The levers, and everything that moves with them."""
    band = st.container()
    imagining, sizes, kept = st.tabs(
        ["情景", "班额测算", "已保存的方案"], key="scenario_part", bind="query-params", on_change="rerun"
    )
    with imagining:
        left, right = st.columns([1, 1.5], gap="medium")
        with left:
            show_announcements()
            wishes = lever_list(view)
            suggestion_buttons(view, wishes)
            add_lever(view, wishes)
        levers = wishes.levers
        imagined = imagine(view, levers)
        cost = cost_of_levers(view, levers, imagined)
        with right:
            changes_since_now(view, imagined.comparison)
            scenario_words(view, levers, imagined, cost)
            coefficient_comparison(view, imagined.comparison)
            change_files(view, imagined.comparison)
        with left:
            keep_scenario(view, levers, imagined)
    with band:
        answer_band(imagined, cost)
    if sizes.open:
        with sizes:
            class_needs(view)
    if kept.open:
        with kept:
            saved_scenarios(view)
            compared_scenarios(view)


with page("planning/scenario", "如果增人、扩校、调整班额或生源变化，结论会怎样", is_simulated=True) as view:
    redrawn_alone(view, draw)
