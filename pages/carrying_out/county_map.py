"""一张图: where do schools pass and fail, what is being built, how far apart are pairs?"""

import streamlit as st

from ui.carrying_out.map_card import card
from ui.carrying_out.map_view import (
    choose_map,
    content,
    draw_map,
    failing_list,
    headline,
    legend,
    mirror_list,
    township_ground,
)
from ui.frame import View, page, redrawn_alone
from ui.labels import plain
from ui.maps.map_ground import MAP_CREDIT
from ui.maps.township_grid import GRID_CREDIT


def draw(view: View) -> None:
    """The map of the year that the buttons choose, and everything that goes with it."""
    answer = st.container()
    choice = choose_map(view)
    shown = content(view, choice.year, choice)
    answer.title(plain(headline(view, shown, choice)), anchor=False)

    with st.container(key="map_and_card"):
        if choice.beside is not None:
            other = content(view, choice.beside, choice)
            for column, side, key in zip(st.columns(2), (shown, other), ("map", "map_beside"), strict=True):
                with column:
                    st.markdown(f"**{plain(headline(view, side, choice))}**")
                    card(view, side, draw_map(view, side, choice, key), key=f"card_{key}")
        else:
            wide, narrow = st.columns([2.2, 1])
            with wide:
                township_ground(view, shown)
                clicked = draw_map(view, shown, choice, "map")
                legend(view, shown, choice)
            with narrow:
                card(view, shown, clicked, key="card")
                with st.container(key="failing"):
                    failing_list(view, shown, choice)
    st.caption(f"地图为 {shown.year} 学年。{GRID_CREDIT}{MAP_CREDIT}")
    mirror_list(shown, choice)


with page("carrying_out/county_map", "达标与不达标的学校在哪里，项目在哪里", by_township=True) as view:
    redrawn_alone(view, draw)
