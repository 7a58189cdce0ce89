"""生源预测: how many pupils come in the next five years, and which schools will break a limit when?"""

import streamlit as st

from ui import charts
from ui.frame import page
from ui.labels import plain
from ui.planning.break_view import break_table
from ui.planning.chance_view import chance_of_passing
from ui.planning.forecast_view import (
    basis_caption,
    choose_migration,
    error_table,
    forecast_figure,
    forecast_sentence,
    need_table,
    pupils_table,
)

with page("planning/forecast", "未来五年有多少学生，哪些学校哪一年会超出限值", is_simulated=True) as view:
    answer = st.container()
    migration = choose_migration()
    answer.title(plain(forecast_sentence(view, migration)), anchor=False)
    charts.show(forecast_figure(view, migration), key="forecast", name="在校生预测")
    with st.expander("各学年的数"):
        basis_caption(view)
        pupils_table(view, migration)
    st.header("哪些学校哪一年会超出限值", anchor=False)
    break_table(view, migration)
    with st.expander("班级、教室与教师"):
        need_table(view, migration)
    chance_of_passing(view, migration)
    with st.expander("预测有多准"):
        error_table(view)
