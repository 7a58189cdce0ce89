"""督导督办: which schools were visited, what was found there, which letters are due and were answered?"""

import streamlit as st

from ui.carrying_out.supervision import inspection_view, letter_view
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain

with page(
    "carrying_out/supervision", "责任督学到校没有，发现了什么，该发的文书发了没有", of_plan=True, by_township=True
) as view:
    answer = st.container()
    schools, visits, letters = st.tabs(
        ["挂牌督导", "督导记录", "督办文书"], key="supervision_part", bind="query-params", on_change="rerun"
    )
    for tab, headline, draw in (
        (schools, inspection_view.headline, inspection_view.schools),
        (visits, inspection_view.headline, inspection_view.visits),
        (letters, letter_view.headline, letter_view.letters),
    ):
        if tab.open:
            with tab:
                answer.title(plain(headline(view)), anchor=False)
                show_announcements()
                draw(view)
