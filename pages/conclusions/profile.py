"""学校画像: how does one school stand, what does it lack, how did it get there?"""

import streamlit as st

from core.method.subjects import Subject
from core.wording.numbers import whole_text
from core.wording.remedies import row_remedy
from core.wording.verdicts import row_name, row_reason
from ui.conclusions.readings_view import relief_lines
from ui.conclusions.school_card import about_the_school, class_table, fragility, history, indicators
from ui.conclusions.school_choice import choose_school_row
from ui.forwarding import forwarding
from ui.frame import page
from ui.labels import kind_name, plain, verdict_mark
from ui.links import address

with page("conclusions/profile", "这所学校达标吗，缺什么，几年来怎样", by_township=True) as view:
    answer = st.container()
    row = choose_school_row(view)
    if row is not None:
        with answer:
            st.title(f"{verdict_mark(row.verdict, row.borderline)}　{plain(row_name(row))}", anchor=False)
            township = view.assessment.township_names[row.township_code]
            st.markdown(
                f"{plain(row_reason(row, view.standard) or '符合学校达标规定')}。  \n"
                f":gray[{plain(township)} · {kind_name(row.kind)} · 在校生 {whole_text(row.pupils)} 人]　"
                f"[全部学校]({address('schools')})"
            )
        own = Subject.of_row(row.school_id, row.stage)
        relief_lines(view, lambda s: s == own or (s.kind == "school_item" and s.school_id == own.school_id))
        remedy = row_remedy(row, view.standard)
        if remedy:
            st.markdown(f"**怎么补**　{plain(remedy)}")
        fragility(view, row)
        indicators(view, row)
        about_the_school(view, row)
        forwarding(view, school_id=row.school_id)
        st.header("几年来", anchor=False)
        history(view, row)
        with st.expander("各年级班额"):
            class_table(view, row)
