"""数据管理: is this year's workbook right, what would it change, and which batch counts?"""

from collections.abc import Callable

import streamlit as st

from core.access import Action
from ui.datasets.backup_view import back_up_store
from ui.datasets.batch_view import batch_history, draft_to_publish, headline
from ui.datasets.correction_view import correct_data
from ui.datasets.export_view import offer_blank_template, offer_workbooks
from ui.datasets.register_view import keep_register
from ui.datasets.self_survey_view import keep_self_surveys
from ui.datasets.upload_view import upload_workbook
from ui.draft import been_open
from ui.forms import show_announcements
from ui.frame import Desk, View, page
from ui.labels import plain

PARTS: dict[str, tuple[Callable[[View], None], Action]] = {
    "上传与发布": (upload_workbook, "load"),
    "更正数据": (correct_data, "load"),
    "学校名录": (keep_register, "load"),
    "满意度自测": (keep_self_surveys, "load"),
    "批次": (batch_history, "view"),
    "模板与导出": (offer_workbooks, "view"),
    "备份": (back_up_store, "backup"),
}


def first_workbook(desk: Desk) -> None:
    """Before any figures count, a workbook can still be loaded, checked and published."""
    show_announcements()
    st.title("还没有已发布的数据", anchor=False)
    offer_blank_template()
    upload_workbook(desk)
    draft_to_publish(desk)


with page(
    "datasets/batches",
    "年度数据报对了吗，会改变什么结论，现在用的是哪一批",
    before_figures=first_workbook,
    actions=("load", "publish", "backup"),
) as view:
    show_announcements()
    st.title(plain(headline(view)), anchor=False)
    # While a draft is looked at nothing may be written, and each part says so.
    parts = {n: d for n, (d, action) in PARTS.items() if view.actor.looks_at_a_draft or view.actor.may(action)}
    tabs = st.tabs(list(parts), key="data_part", bind="query-params", on_change="rerun")
    for (name, draw), tab in zip(parts.items(), tabs, strict=True):
        if been_open(f"data_part_{name}", is_open=bool(tab.open)):
            with tab:
                draw(view)
    # A draft waits below whatever tab it came from.
    draft_to_publish(view)
