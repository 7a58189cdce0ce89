"""时间线: what was to be done by when, what is reached, what is late, and when must the rest be started?"""

import streamlit as st

from core.delivery.owed.targets import dated_targets
from ui.carrying_out.target_table import targets_table, yearly_table
from ui.carrying_out.timeline_view import (
    choose_timeline,
    content,
    headline,
    scope_words,
    summary,
    tasks_table,
    timeline_chart,
    timeline_files,
)
from ui.frame import page
from ui.labels import plain

with page(
    "carrying_out/timeline", "哪些目标实现了，哪些逾期，其余最迟什么时候启动", of_plan=True, by_township=True
) as view:
    answer = st.container()
    choice = choose_timeline(view)
    shown = content(view, choice)

    answer.title(plain(headline(view, shown, choice)), anchor=False)
    st.markdown(plain(summary(view, shown)))

    timeline_chart(view, shown, choice)
    tasks_table(view, shown, choice)

    st.header("倒排：到期必须达到什么", anchor=False)
    outlooks = shown.targets or dated_targets(view.situation)
    targets_table(view, outlooks)
    st.header("每年必须增长的投入", anchor=False)
    yearly_table(view)
    timeline_files(view, shown, outlooks, scope_words(view, choice))
