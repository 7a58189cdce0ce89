"""Upload and check-up: every finding at its cell; FAIL blocks, each WARN is confirmed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from core.errors import InputRejected, Problem
from core.store import batches
from core.store.checking import Dataset, check
from core.store.corrections import only_listed_schools
from core.store.current import current_tables
from core.store.fault_rows import fault_workbook, with_corrected_rows
from core.store.sources import Source, open_workbook
from ui.draft import announce, edition, sent
from ui.frame import Desk
from ui.labels import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM = "upload"
_LISTED = 200
_ONE_BY_ONE = 20


def upload_workbook(view: Desk) -> None:
    """Take a workbook in, check it, and keep it as a draft once every warning is confirmed."""
    st.markdown(
        "模板 → 上传 → **体检**（错误须更正，提示须逐条说明）→ **预览**（改了哪些数，哪些结论因此改变）→ **发布** → 可回滚"
    )
    if not view.actor.can_write:
        st.info("当前为只读访问，不能上传数据；需要填报时，请停止平台后不带 --lan 重新启动。")
        return
    number = edition(_FORM)
    left, right = st.columns(2)
    with left:
        file = st.file_uploader("年度工作簿（.xlsx）", type=["xlsx", "xlsm", "xls", "ods"], key=f"workbook_{number}")
    with right:
        rows = st.file_uploader("更正后的问题行（可选）", type=["xlsx"], key=f"corrected_{number}")
    some = st.checkbox("只更新工作簿中列出的学校，同乡镇其余学校保持不变", key=f"some_schools_{number}")
    if file is None:
        return
    source: Source | None = None
    try:
        with st.spinner("正在体检……"):
            source = open_workbook(file.name, file.getvalue())
            if rows is not None:
                source = with_corrected_rows(source, open_workbook(rows.name, rows.getvalue()))
            dataset = check(source, earlier=partial(current_tables, view.store))
            if some:
                dataset = only_listed_schools(view.store, dataset)
    except InputRejected as rejected:
        _rejected(source, rejected.problems)
        return
    st.success(f"体检通过：没有错误，{len(dataset.warnings)} 处提示。")
    _confirm(view, source, dataset)


def _rejected(source: Source | None, problems: Sequence[Problem]) -> None:
    failures = [p for p in problems if p.level == "FAIL"]
    st.error(plain(f"发现 {len(failures)} 处错误，数据没有导入，原有数据未改动。请更正后重新上传。"))
    _findings(problems)
    if source is not None:
        _offer_fault_rows(source, problems)


def _findings(problems: Sequence[Problem]) -> None:
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "级别": {"FAIL": "▲ 错误", "WARN": "◆ 提示"}[p.level],
                    "工作表": p.sheet,
                    "行": "" if p.row is None else str(p.row),
                    "列": p.column or "",
                    "发现": p.found,
                    "应为": p.expected,
                    "建议": p.advice,
                }
                for p in problems[:_LISTED]
            ]
        ),
        hide_index=True,
    )
    if len(problems) > _LISTED:
        st.caption(f"共 {len(problems)} 处，表中列出前 {_LISTED} 处，全部见下载文件。")


def _offer_fault_rows(source: Source, problems: Sequence[Problem]) -> None:
    st.download_button(
        "下载问题行（更正后与原文件一起上传）",
        lambda: fault_workbook(source, problems),
        f"问题行_{source.name.rsplit('.', 1)[0]}.xlsx",
        _XLSX,
        icon=":material/download:",
        on_click="ignore",
    )


def _confirm(view: Desk, source: Source, dataset: Dataset) -> None:
    given = _reasons(source, dataset)
    note = st.text_input("批次说明", placeholder="如：2024 学年初报", key=f"note_{edition(_FORM)}")
    missing = sum(not text for text in given)
    if missing:
        st.caption(f"还有 {missing} 处提示没有说明。")
    if st.button("存为草稿并预览", type="primary", disabled=bool(missing)):
        batch_id = batches.load(
            view.store,
            dataset,
            view.standard,
            view.actor,
            datetime.now(),
            note=note,
            warning_reasons=dict(enumerate(given)),
        )
        announce(f"已存为草稿，批次 {batch_id}；请核对下面的预览后发布。")
        sent(_FORM)
        st.rerun()


def _reasons(source: Source, dataset: Dataset) -> list[str]:
    """The reason for each warning; many are explained in a grid, a few each beside its sentence."""
    if not dataset.warnings:
        return []
    st.warning(f"有 {len(dataset.warnings)} 处提示，请逐条核实并写明情况，说明将随批次留存。")
    _offer_fault_rows(source, dataset.warnings)
    if len(dataset.warnings) > _ONE_BY_ONE:
        sentences = pd.DataFrame([{"提示": w.sentence(), "说明（必填）": ""} for w in dataset.warnings])
        filled = st.data_editor(sentences, hide_index=True, disabled=["提示"], key=f"reasons_{edition(_FORM)}")
        return [str(text).strip() for text in filled["说明（必填）"]]
    return [
        (
            st.text_input(plain(w.sentence()), placeholder="说明（必填）", key=f"reason_{edition(_FORM)}_{n}") or ""
        ).strip()
        for n, w in enumerate(dataset.warnings)
    ]
