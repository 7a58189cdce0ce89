"""人员与权限: who works here, who may do what, and what was done?"""

import streamlit as st

from ui.datasets.audit_view import show_audit
from ui.datasets.people_view import add_many, headline, list_people, show_rights
from ui.forms import show_announcements
from ui.frame import Desk, page
from ui.labels import plain

PARTS = {"人员": list_people, "批量登记": add_many, "岗位与权限": show_rights, "操作记录": show_audit}


def people(desk: Desk) -> None:
    """The parts; people come before any figures do."""
    st.title(plain(headline(desk)), anchor=False)
    show_announcements()
    tabs = st.tabs(list(PARTS), key="people_part", bind="query-params", on_change="rerun")
    for draw, tab in zip(PARTS.values(), tabs, strict=True):
        if tab.open:
            with tab:
                draw(desk)


with page("datasets/people", "谁在用，谁能做什么，做过什么", before_figures=people, actions=("people",)) as view:
    people(view)
