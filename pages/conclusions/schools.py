"""学校: which schools pass, which do not, and why?"""

import streamlit as st

from core.facts.school_facts import grades_taught
from core.method.subjects import Subject
from core.reports.declaration.resource_forms import form_tables
from core.reports.school_tables import left_out_notes, schools_table
from core.wording.verdicts import BORDERLINE_MEANING, units_text
from ui.conclusions.readings_view import relief_lines
from ui.conclusions.school_filter import choose_rows, nothing_found
from ui.conclusions.school_rows import school_rows
from ui.frame import page
from ui.labels import plain
from ui.tables import downloads

with page("conclusions/schools", "哪些学校达标，哪些不达标，为什么", by_township=True) as view:
    assessment = view.assessment
    answer = st.container()
    filtered = choose_rows(assessment, view.standard, view.township)
    rows = filtered.rows

    if rows:
        answer.title(plain(filtered.answer), anchor=False)
        shown = {Subject.of_row(r.school_id, r.stage) for r in rows}
        relief_lines(view, lambda s: s in shown)
        school_rows(assessment, rows, view.standard)
        rule = f"{view.standard.school_rule.name}为达标；深色为低于底线。◆ {BORDERLINE_MEANING}。最差的在前。"
        st.caption(plain(f"{rule}{units_text(view.standard)}"))
    else:
        answer.title("没有符合条件的学校", anchor=False)
        nothing_found(filtered)
    evaluated, *left_out = left_out_notes(len(rows), filtered.left_out, view.standard)
    for note in [evaluated, *left_out] if rows else left_out:
        st.caption(plain(note))
    if rows:
        listed = schools_table(assessment, rows, filtered.left_out, view.standard)
        grades = grades_taught(view.store, view.county_code, view.year)
        downloads(view, [listed, *form_tables(assessment, view.standard, grades)], filtered.words, key="schools")
