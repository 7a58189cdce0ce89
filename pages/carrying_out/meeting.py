"""领导小组: what changed since the last meeting, what must be decided, and who owes what?"""

import streamlit as st

from ui.carrying_out.supervision.meeting_view import choose_since, headline, pack, pack_file
from ui.frame import page
from ui.labels import plain

with page("carrying_out/meeting", "上次会议以来变了什么，这次要定什么，谁还欠着", of_plan=True) as view:
    st.title(plain(headline(view)), anchor=False)
    found = choose_since(view)
    pack_file(view, found)
    pack(view, found)
