"""近期提醒: what fell due, became late, fails anew or was opened again, for whoever looks?"""

import streamlit as st

from ui.carrying_out.digest_view import choose_span, headline, mail, sections
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain

with page("carrying_out/digest", "这段时间有什么到期、逾期、新不达标、重新打开", by_township=True) as view:
    answer = st.container()
    show_announcements()
    found, then = choose_span(view)
    answer.title(plain(view.of_township(headline(found))), anchor=False)
    sections(view, found)
    mail(view, then)
