"""社会认可度: the survey that decides, and the county's own beside it, marked as such."""

from __future__ import annotations

import streamlit as st

from core.dataset.dictionary import name_of
from core.facts import county_facts
from core.reports.survey_tables import self_survey_by_group, self_survey_by_school, survey_table
from core.self_survey.self_surveys import SelfSurvey, all_of, self_surveys
from core.wording.numbers import share_text, whole_text
from core.wording.self_survey import (
    groups_text,
    missing_groups_text,
    satisfied_text,
    self_survey_sentence,
    silent_schools_text,
)
from ui.frame import View
from ui.labels import plain
from ui.tables import downloads, sentence_table

_SHOWN_SCHOOLS = 30


def show_survey(view: View) -> None:
    """The counts of the survey, as 表Ⅵ lists them."""
    rows = county_facts.survey(view.store, view.county_code, view.year)
    if not rows:
        st.info("没有填报满意度调查。")
        return
    sentence_table(
        [
            {
                "对象": "合计" if row["survey_group"] == "all" else name_of("survey_group", row["survey_group"]),
                "发放问卷（份）": whole_text(row["issued"]),
                "有效问卷（份）": whole_text(row["valid"]),
                "满意问卷（份）": whole_text(row["satisfied"]),
                "满意率": share_text(row["satisfied"] / row["valid"])
                if row["valid"] and row["satisfied"] is not None
                else "…",
                "走访（人）": whole_text(row["visited"]),
                "走访满意（人）": whole_text(row["visited_satisfied"]),
            }
            for row in rows
        ]
    )
    downloads(view, [survey_table(rows)], "", key="survey")


def show_self_surveys(view: View) -> None:
    """The county's own surveys of the year, the latest in full."""
    held = self_surveys(view.store, view.county_code, view.year, view.as_of)
    if not held:
        return
    limit = view.standard.item("satisfaction").numbers["share"]
    latest, *others = held
    with st.container(border=True):
        st.markdown(f"**{plain(self_survey_sentence(latest, limit))}**")
        if missing := missing_groups_text(latest):
            st.markdown(plain(missing))
        table = self_survey_by_group(latest)
        sentence_table(
            [
                {
                    "对象": plain(name),
                    "收回问卷（份）": whole_text(tally.returned),
                    "有效问卷（份）": whole_text(tally.valid),
                    "满意问卷（份）": whole_text(tally.satisfied),
                    "满意率": satisfied_text(tally, limit),
                }
                for (name, *_), tally in zip(table.rows, [latest.total, *latest.by_group().values()], strict=True)
            ],
        )
        downloads(view, [table], "", key="self_survey_groups")
        _schools(view, latest)
        for other in others:
            st.caption(plain(self_survey_sentence(other, limit)))


def _schools(view: View, survey: SelfSurvey) -> None:
    """The schools of which questionnaires came in, the least satisfied first, and those of which none did."""
    listed = view.situation.facts.schools.get(view.year, ())
    names = {school.school_id: school.name for school in listed}
    heard = survey.by_school()
    if not heard:
        return
    limit = view.standard.item("satisfaction").numbers["share"]
    table = self_survey_by_school(survey, names, limit)
    with st.expander(f"按学校：{len(heard)} 所学校有问卷，满意率低的在前"):
        if silent := silent_schools_text(survey, [(s.school_id, s.name) for s in listed]):
            st.markdown(f":orange[◇ {plain(silent)}]")
        sentence_table(
            [
                {
                    "学校": f"**{plain(names.get(school_id, school_id))}**",
                    "有效问卷（份）": whole_text(all_of(groups).valid),
                    "满意率": satisfied_text(all_of(groups), limit),
                    "各对象": plain(groups_text(groups, limit)),
                }
                for school_id, groups in list(heard.items())[:_SHOWN_SCHOOLS]
            ],
        )
        if len(table.rows) > _SHOWN_SCHOOLS:
            st.caption(f"共 {len(table.rows)} 所，表中列出前 {_SHOWN_SCHOOLS} 所，全部见下载文件。")
        downloads(view, [table], "", key="self_survey_schools")
