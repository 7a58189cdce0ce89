"""Corrections with a reason, as small drafts through the same gate as a workbook: a figure, or the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.batches.corrections import AnyCorrection, Correction, RowsCorrection, class_corrections, correct_figures
from core.dataset.dictionary import Column, Sheet, codes, name_of, sheet
from core.dataset.rows import Row, Tables
from core.errors import InputRejected, RequestInvalid
from core.facts.current import current_tables
from core.rules.standard import STAGES
from ui.datasets.row_editor import edited_rows
from ui.draft import announce, edition, sent
from ui.forms import may
from ui.frame import View
from ui.labels import plain, stage_name

_FORM = "correction"
_FIGURES = ("enrolment", "premises", "county_figures")
_ROWS_OF_SCHOOL = ("classes", "special_rooms")
_ROWS_OF_COUNTY = ("survey", "monitoring")
_SHEETS = ("enrolment", "premises", *_ROWS_OF_SCHOOL, "attendance", "county_figures", "judgements", *_ROWS_OF_COUNTY)
_NAMES = {"enrolment": "在校生与教师（学生数见“班级”）", "classes": "班级（连同在校生数）"}
_NO_JUDGEMENT = "未判定"


def correct_data(view: View) -> None:
    """Choose what is wrong in the chosen year, see what counts now, write what is right and why."""
    st.markdown(plain(f"更正 {view.year} 学年的数据：写明理由，存为草稿，在下面核对改变的结论后发布；随时可以回滚。"))
    if not may(view, "load"):
        return
    chosen = str(
        st.selectbox("工作表", _SHEETS, format_func=lambda s: _NAMES.get(s, sheet(s).name), key="correct_sheet")
    )
    # The stages that a school reports stand in the enrolment.
    known, needed = sheet(chosen), {chosen, "enrolment", "townships"}
    tables = current_tables(view.store, view.county_code, year=view.year, sheet_ids=needed)
    if chosen in _FIGURES:
        _correct_figure(view, known, tables)
    elif chosen in _ROWS_OF_SCHOOL:
        _correct_rows_of_school(view, known, tables)
    elif chosen == "attendance":
        _correct_attendance(view, known, tables)
    elif chosen == "judgements":
        _correct_judgement(view, known, tables)
    else:
        key: dict[str, str | int] = {"year": view.year}
        rows = edited_rows(known, key, tables[chosen], f"{_FORM}_{chosen}_{view.year}_{edition(_FORM)}")
        send_correction(view, [RowsCorrection(chosen, key, rows)])


def _correct_figure(view: View, known: Sheet, tables: Tables) -> None:
    key = _chosen_figure(view) if known.identifier == "county_figures" else _chosen_school_row(view, known, tables)
    if key is None:
        return
    # Pupils agree with the class rolls: both change together, under 班级. Senior classes are not reported.
    is_with_classes = known.identifier == "enrolment" and key.get("stage") in STAGES
    columns = [c for c in known.columns if not c.is_key and not (is_with_classes and c.identifier == "pupils")]
    column = st.selectbox("数据项", columns, format_func=lambda c: c.header, key="correct_column")
    row = _found(tables[known.identifier], key)
    now = None if row is None else row[column.identifier]
    unit = codes("figure")[str(key["figure"])].unit if "figure" in key else column.unit
    st.markdown(plain(f"现行数：{'未报' if now is None else f'{now} {unit}'}"))
    value = st.text_input(
        f"更正为（{unit or '数值'}）",
        placeholder="未报请留空",
        key=f"correct_value_{known.identifier}_{edition(_FORM)}",
    )
    if known.identifier == "county_figures":
        send_correction(view, [RowsCorrection(known.identifier, key, ({"value": value or ""},))])
    else:
        send_correction(view, [Correction(known.identifier, key, column.identifier, value or "")])


def _chosen_figure(view: View) -> dict[str, str | int]:
    figure = st.selectbox(
        "县级数据", list(codes("figure")), format_func=lambda c: codes("figure")[c].name, key="correct_figure"
    )
    return {"year": view.year, "figure": str(figure)}


def _chosen_school_row(view: View, known: Sheet, tables: Tables) -> dict[str, str | int] | None:
    """The key of a school's row, with the stage where the sheet has one."""
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
    if "stage" in {c.identifier for c in known.columns}:
        offered = STAGES if known.identifier == "classes" else (*STAGES, "senior")
        stages = [s for s in offered if _found(tables["enrolment"], {**key, "stage": s}) is not None]
        stage = st.selectbox("学段", stages, format_func=stage_name, key=f"correct_stage_{known.identifier}")
        if stage is None:
            return None
        key["stage"] = stage
    return key


def _correct_rows_of_school(view: View, known: Sheet, tables: Tables) -> None:
    key = _chosen_school_row(view, known, tables)
    if key is None:
        return
    place = "_".join(str(part) for part in key.values())
    rows = edited_rows(known, key, tables[known.identifier], f"{_FORM}_{known.identifier}_{place}_{edition(_FORM)}")
    corrections: list[AnyCorrection] = [RowsCorrection(known.identifier, key, rows)]
    if known.identifier == "classes":
        corrections = class_corrections(tables, str(key["school_id"]), view.year, str(key["stage"]), rows)
        roll = _found(tables["enrolment"], key)
        now = None if roll is None else roll["pupils"]
        totals = [c.value for c in corrections if isinstance(c, Correction)]
        after = f"按各班合计一并更正为 {totals[0]} 人" if totals else "与各班合计一致"
        st.markdown(plain(f"在校生数：现行 {'未报' if now is None else now}，{after}。"))
    send_correction(view, corrections)


def _correct_attendance(view: View, known: Sheet, tables: Tables) -> None:
    names = {str(row["code"]): str(row["name"] or row["code"]) for row in tables["townships"]}
    code = str(st.selectbox("乡镇", list(names), format_func=lambda c: names[c], key="correct_township"))
    key: dict[str, str | int] = {"township_code": code, "year": view.year}
    row, form = _found(tables["attendance"], key), f"{code}_{view.year}_{edition(_FORM)}"
    cells = {
        column.identifier: st.text_input(
            column.header,
            "" if row is None or row[column.identifier] is None else str(row[column.identifier]),
            placeholder="未报请留空",
            key=f"correct_{column.identifier}_{form}",
        )
        for column in known.columns
        if not column.is_key
    }
    send_correction(view, [RowsCorrection("attendance", key, (cells,))])


def _correct_judgement(view: View, known: Sheet, tables: Tables) -> None:
    item = str(st.selectbox("项目", list(codes("judged_item")), format_func=_item_name, key="correct_item"))
    key: dict[str, str | int] = {"year": view.year, "item": item}
    row = _found(tables["judgements"], key)
    form = f"{item}_{view.year}_{edition(_FORM)}"
    listed = {entry.name: code for code, entry in codes("judgement").items()}
    now = _NO_JUDGEMENT if row is None or row["status"] is None else name_of("judgement", str(row["status"]))
    words = [*listed, _NO_JUDGEMENT]
    st.caption("“符合”表示要求已达到；一票否决项的“符合”表示未发现此类情形。未判定的项目按无法判定处理。")
    status = st.radio("结论", words, index=words.index(now), horizontal=True, key=f"correct_status_{form}")
    cells = {
        column.identifier: _text_of(column, row, form)
        for column in known.columns
        if column.type in ("text", "date") and not column.is_key
    }
    rows = () if status == _NO_JUDGEMENT else ({"status": listed[str(status)], **cells},)
    send_correction(view, [RowsCorrection("judgements", key, rows)])


def _item_name(item: str) -> str:
    """The item's name behind its number where it has one."""
    name = name_of("judged_item", item)
    return f"{item} {name}" if item[0].isupper() else name


def _text_of(column: Column, row: Row | None, form: str) -> str:
    now = None if row is None else row[column.identifier]
    hint = "如 2023-09-01" if column.type == "date" else ""
    return st.text_input(
        column.name, "" if now is None else str(now), key=f"correct_{column.identifier}_{form}", placeholder=hint
    )


def _found(rows: Sequence[Row], key: dict[str, str | int]) -> Row | None:
    return next((row for row in rows if all(row[c] == v for c, v in key.items())), None)


def send_correction(view: View, corrections: Sequence[AnyCorrection], form: str = _FORM) -> None:
    """The reason and the button of a form; a refusal stands beside what was typed."""
    number = edition(form)
    reason = st.text_input("理由（必填）", placeholder="如：核对原始报表后更正", key=f"{form}_reason_{number}")
    if not st.button(
        "存为草稿并预览", key=f"{form}_send_{number}", type="primary", disabled=not view.actor.may("load")
    ):
        return
    try:
        batch_id = correct_figures(
            view.store, view.standard, view.county_code, corrections, view.actor, datetime.now(), reason or ""
        )
    except InputRejected as rejected:
        st.error("更正没有保存：\n" + "\n".join(f"- {plain(p.sentence())}" for p in rejected.problems))
        return
    except RequestInvalid as refusal:
        st.error(plain(refusal))
        return
    announce(f"更正已存为草稿，批次 {batch_id}；请核对下面的预览后发布。")
    sent(form)
    st.rerun()
