"""学校: which schools pass, which do not, and why?"""

import streamlit as st

from core.facts.school_facts import grades_taught
from core.method.subjects import Subject
from core.reports.declaration_forms import form_tables
from core.reports.school_tables import left_out_notes, schools_table
from core.wording.verdicts import BORDERLINE_MEANING, row_reason, units_text
from ui.conclusions.readings_view import relief_lines
from ui.conclusions.school_filter import choose_rows, nothing_found
from ui.frame import page
from ui.labels import plain
from ui.links import carried
from ui.menu import page_file
from ui.tables import downloads, heat_strip, row_cards

with page("conclusions/schools", "哪些学校达标，哪些不达标，为什么", by_township=True) as view:
    assessment, chosen = view.assessment, None
    filtered = choose_rows(assessment, view.standard, view.township)
    rows = filtered.rows

    if rows:
        st.title(plain(filtered.answer), anchor=False)
        st.caption(plain(f"{view.standard.school_rule.name}为达标。! 低于底线；◆ {BORDERLINE_MEANING}。"))
        shown = {Subject.of_row(r.school_id, r.stage) for r in rows}
        relief_lines(view, lambda s: s in shown)
        with st.container(key="desk_schools"):
            chosen = heat_strip(assessment, rows, view.standard, key="schools_strip")
            st.caption(plain(f"勾选一行看画像；表格可左右滑动。{units_text(view.standard)}"))
        with st.container(key="phone_schools"):
            row_cards(assessment, rows, {r.key: row_reason(r, view.standard) or "" for r in rows})
    else:
        st.title("没有符合条件的学校", anchor=False)
        nothing_found(filtered)
    evaluated, *left_out = left_out_notes(len(rows), filtered.left_out, view.standard)
    for note in [evaluated, *left_out] if rows else left_out:
        st.caption(plain(note))
    if rows:
        listed = schools_table(assessment, rows, filtered.left_out, view.standard)
        grades = grades_taught(view.store, view.county_code, view.year)
        downloads(view, [listed, *form_tables(assessment, view.standard, grades)], filtered.words, key="schools")
    if chosen is not None:
        st.switch_page(page_file("conclusions/profile"), query_params=carried(school=chosen.school_id))
