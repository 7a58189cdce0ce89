"""总览: does the county pass, what fails, who owes what?"""

import streamlit as st

from core.wording.attention import concern_summary, concerns, with_fewest_units
from core.wording.positions import WORST, WORST_TITLE
from core.wording.verdicts import county_headline
from ui.conclusions.concerns import concern_list
from ui.conclusions.due_view import due_list, meeting_line, overdue_sentence
from ui.conclusions.gap_view import gap_table
from ui.conclusions.readings_view import other_reading_line, relief_lines
from ui.conclusions.tiles import part_tiles
from ui.forwarding import forwarding
from ui.frame import page
from ui.labels import plain

with page("conclusions/overview", "全县是否达到国家标准，差在哪里，由谁来补", by_township=True) as view:
    listed = concerns(view.assessment, view.standard, view.situation.plan)
    st.title(plain(county_headline(view.assessment, view.county_name, view.standard)), anchor=False)
    part_tiles(view)
    st.markdown("  \n".join(plain(s) for s in (*concern_summary(listed), overdue_sentence(view))))
    meeting_line(view)
    other_reading_line(view)
    relief_lines(view, lambda s: s.kind in ("row", "balance", "item"), whole_county=True)
    forwarding(view)

    st.subheader(WORST_TITLE, anchor=False)
    concern_list(view, with_fewest_units(listed[:WORST], view.assessment, view.with_changes))
    st.subheader("县级合计缺口", anchor=False)
    gap_table(view)
    st.subheader("到期与逾期", anchor=False)
    due_list(view)
