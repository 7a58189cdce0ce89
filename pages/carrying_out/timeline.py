"""时间线: what was to be done by when, what is reached, what is late, and when must the rest be started?"""

import streamlit as st

from core.delivery.targets import dated_targets
from ui import charts
from ui.frame import page
from ui.labels import plain
from ui.target_table import targets_table, yearly_table
from ui.timeline_chart import timeline_figure
from ui.timeline_view import (
    choose_timeline,
    content,
    headline,
    lines,
    scope_words,
    summary,
    tasks_table,
    timeline_files,
)

with page("哪些目标实现了，哪些逾期，其余最迟什么时候启动") as view:
    choice = choose_timeline(view)
    shown = content(view, choice)

    st.title(plain(headline(view, shown, choice)), anchor=False)
    st.markdown(plain(summary(view, shown)))

    charts.show(
        timeline_figure(lines(view, shown, choice), view.plan.phases, view.as_of),
        key="timeline",
        name=f"时间线-{scope_words(view, choice)}",
    )
    st.caption("浅色框为计划工期，实心条为实际（颜色为现状），空心菱形为预计完成，竖短线为期限，实心菱形为目标判定日。")
    tasks_table(view, shown, choice)

    st.subheader("倒排：到期必须达到什么", anchor=False)
    outlooks = shown.targets or dated_targets(view.situation)
    targets_table(view, outlooks)
    st.subheader("每年必须增长的投入", anchor=False)
    yearly_table(view)
    timeline_files(view, shown, outlooks, scope_words(view, choice))
