"""控辍保学: which children of school age are not at school, and what was done about each of them?"""

import streamlit as st

from ui.carrying_out.attendance.case_view import dropouts, suspected
from ui.carrying_out.attendance.month_view import months
from ui.carrying_out.attendance.platform_view import platform_list
from ui.carrying_out.attendance.township_view import headline, townships
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain

with page(
    "carrying_out/attendance", "哪些适龄儿童、少年不在学，通知送达没有，限期内返校没有", by_township=True
) as view:
    st.title(plain(headline(view)), anchor=False)
    show_announcements()
    parts = (
        ("适龄儿童", townships),
        ("疑似辍学", suspected),
        ("辍学", dropouts),
        ("在校月报", months),
        ("平台名单", platform_list),
    )
    names = [name for name, _ in parts]
    tabs = st.tabs(names, key="attendance_part", bind="query-params", on_change="rerun")
    for tab, (_, draw) in zip(tabs, parts, strict=True):
        if tab.open:
            with tab:
                draw(view)
