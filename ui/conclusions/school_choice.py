"""Which school is looked at; a link opens the very school."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import SchoolRow
from ui.frame import View
from ui.labels import plain, stage_name
from ui.links import linked_choice


def choose_school_row(view: View) -> SchoolRow | None:
    """The school in the URL at one of its stages; says why when the school is not evaluated."""
    assessment = view.assessment
    names = {row.school_id: row.name for row in assessment.rows}
    names.update({x.school_id: x.name for x in assessment.left_out})
    school_id = linked_choice("学校", sorted(names), "school", names, placeholder="输入校名查找")
    if school_id is None:
        st.title("学校画像", anchor=False)
        st.info("请选择一所学校，或在“学校”页点击一行。")
        return None
    rows = [row for row in assessment.rows if row.school_id == school_id]
    if not rows:
        st.title(plain(f"{names[school_id]}未参评"), anchor=False)
    for out in assessment.left_out:
        if out.school_id == school_id:
            reason = view.standard.exclusion(out.reason)
            st.warning(plain(f"{out.name}{stage_name(out.stage)}学段未参评：{reason.name}（{reason.clause}）。"))
    if len(rows) < 2:
        return rows[0] if rows else None
    stage = st.segmented_control(
        "学段",
        [row.stage for row in rows],
        default=rows[0].stage,
        required=True,
        format_func=stage_name,
        key="school_row_stage",
    )
    return next(row for row in rows if row.stage == (stage or rows[0].stage))
