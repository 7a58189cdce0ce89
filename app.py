"""The platform's entry: the menu, then the page that was asked for."""

from pathlib import Path

import streamlit as st

from ui.menu import menu

st.set_page_config(
    page_title="义务教育优质均衡发展监测",
    page_icon=Path(__file__).parent / "ui" / "icon.png",
    layout="wide",
)
st.navigation(menu(), expanded=True).run()
