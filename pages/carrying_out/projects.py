"""项目与台账: how do the projects stand, which problems are open, what was decided, which evidence is missing?"""

import streamlit as st

from ui.carrying_out import decision_view, evidence_view, project_view
from ui.carrying_out.supervision import ledger_view
from ui.forms import show_announcements
from ui.frame import page
from ui.labels import plain

with page(
    "carrying_out/projects", "项目建得怎样，问题销号没有，议定的事办了没有，佐证齐不齐", of_plan=True, by_township=True
) as view:
    answer = st.container()
    built, issues, decisions, evidence = st.tabs(
        ["项目六个一", "督办台账", "议定事项", "佐证目录"], key="part", bind="query-params", on_change="rerun"
    )
    for tab, part in (
        (built, project_view),
        (issues, ledger_view),
        (decisions, decision_view),
        (evidence, evidence_view),
    ):
        if tab.open:
            answer.title(plain(part.headline(view)), anchor=False)
            with tab:
                show_announcements()
    if built.open:
        with built:
            project_view.project_cards(view)
            project_view.project_form(view)
    if issues.open:
        with issues:
            ledger_view.ledger(view)
    if decisions.open:
        with decisions:
            decision_view.decision_list(view)
            decision_view.decision_form(view)
    if evidence.open:
        with evidence:
            evidence_view.catalogue(view)
            evidence_view.evidence_form(view)
            evidence_view.review_form(view)
