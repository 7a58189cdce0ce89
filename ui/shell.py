"""What every run begins with: the platform's dress and words, the menu, then the page that was asked for."""

from pathlib import Path

import streamlit as st

from core.errors import NotPermitted, PlatformError
from ui.access import asks_for_login, current_actor
from ui.accounts.at_screen import person_at_screen, say_login_is_over
from ui.labels import plain
from ui.menu import menu

ASSETS = Path(__file__).parent / "assets"
_MENU_WIDTH = 208

st.set_page_config(
    page_title="义务教育优质均衡发展监测",
    page_icon=ASSETS / "icon.png",
    layout="wide",
    initial_sidebar_state=_MENU_WIDTH,
)
st.html(ASSETS / "style.css")
for script in ("chinese", "links", "hands"):
    st.html((ASSETS / f"{script}.html").read_text("utf-8"), unsafe_allow_javascript=True)
try:
    actor = current_actor()
except NotPermitted as over:
    say_login_is_over(plain(over))
except PlatformError as refusal:
    # Without the data nobody can be told from anybody.
    st.error(plain(refusal))
    st.stop()
opened = st.navigation(menu(actor), expanded=True)
if asks_for_login():
    person_at_screen(actor)
opened.run()
