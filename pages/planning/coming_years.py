"""达标年份: when will every school and coefficient pass, if the projects are in time or late?"""

import streamlit as st

from ui import charts
from ui.frame import page
from ui.labels import plain
from ui.planning.coming_years_view import (
    choose_delay,
    earliest_sentence,
    look_ahead,
    not_counted,
    what_slips,
    years_figure,
    years_table,
)

with page("planning/coming_years", "最早哪一年能全部达标，项目推迟会耽误什么", is_simulated=True) as view:
    answer = st.container()
    asked = choose_delay(view)
    ahead = look_ahead(view, asked)
    answer.title(plain(earliest_sentence(ahead, asked)), anchor=False)
    charts.show(years_figure(ahead, asked), key="coming_years", name="各学年不达标处数")
    years_table(view, ahead)
    what_slips(view, ahead, asked)
    not_counted(view, ahead, asked)
