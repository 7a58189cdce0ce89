"""One figure corrected with a reason, as a small draft through the same gate as a workbook."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.errors import InputRejected
from core.rules.standard import STAGES
from core.store.corrections import Correction, correct_figures
from core.store.current import current_tables
from core.store.dictionary import codes, sheet
from ui.draft import announce
from ui.frame import View
from ui.labels import plain, stage_name

_SHEETS = ("enrolment", "premises", "county_figures")


def correct_one_figure(view: View) -> None:
    """Choose a figure of the chosen year, see what counts now, write the new one and why."""
    st.markdown(
        plain(
            f"更正 {view.year} 学年的一个数：写明理由，存为草稿，预览结论后发布；随时可以回滚。在校生数与班级人数须一致，请用工作簿更正。"
        )
    )
    chosen = st.selectbox("工作表", _SHEETS, format_func=lambda s: sheet(s).name, key="correct_sheet")
    known = sheet(str(chosen))
    key = _choose_row(view, known.identifier)
    if key is None:
        return
    # A school's pupils agree with its class rolls: both change together, in the workbook.
    columns = [c for c in known.columns if not c.is_key and (known.identifier, c.identifier) != ("enrolment", "pupils")]
    column = st.selectbox("数据项", columns, format_func=lambda c: c.header, key="correct_column")
    tables = current_tables(view.store, view.county_code, year=view.year)
    row = next((r for r in tables[known.identifier] if all(r[k] == v for k, v in key.items())), None)
    now = None if row is None else row[column.identifier]
    st.markdown(plain(f"现行数：{'未报' if now is None else f'{now} {column.unit}'}"))
    with st.form("correction"):
        value = st.text_input(f"更正为（{column.unit or '数值'}）", placeholder="未报请留空")
        reason = st.text_input("理由（必填）", placeholder="如：核对固定资产台账后更正")
        wanted = st.form_submit_button("存为草稿并预览", disabled=not view.actor.can_write)
    if not wanted:
        return
    try:
        number = correct_figures(
            view.store,
            view.standard,
            view.county_code,
            [Correction(known.identifier, key, column.identifier, value)],
            view.actor,
            datetime.now(),
            reason,
        )
    except InputRejected as rejected:
        st.error(plain("更正没有保存："))
        for problem in rejected.problems:
            st.markdown(f"- {plain(problem.sentence())}")
        return
    announce(f"更正已存为草稿，批次 {number}；请到“上传与发布”核对预览后发布。")
    st.rerun()


def _choose_row(view: View, sheet_id: str) -> dict[str, str | int] | None:
    if sheet_id == "county_figures":
        figure = st.selectbox(
            "县级数据", list(codes("figure")), format_func=lambda c: codes("figure")[c].name, key="correct_figure"
        )
        return {"year": view.year, "figure": str(figure)}
    names = {row.school_id: row.name for row in view.assessment.rows}
    names.update({x.school_id: x.name for x in view.assessment.left_out if x.reason != "closed"})
    school = st.selectbox(
        "学校",
        sorted(names),
        format_func=lambda s: f"{names[s]} {s}",
        index=None,
        placeholder="输入校名查找",
        key="correct_school",
    )
    if school is None:
        return None
    key: dict[str, str | int] = {"school_id": school, "year": view.year}
    if sheet_id == "enrolment":
        rows = current_tables(view.store, view.county_code, year=view.year)["enrolment"]
        stages = [s for s in (*STAGES, "senior") if any(r["school_id"] == school and r["stage"] == s for r in rows)]
        stage = st.selectbox("学段", stages, format_func=stage_name, key="correct_stage")
        if stage is None:
            return None
        key["stage"] = stage
    return key
