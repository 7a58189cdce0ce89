"""Tables on the screen, each with its files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from core.access import Action
from core.reports.tables import Origin, ReportTable, csv_of, file_name, workbook_of
from ui.access import while_permitted
from ui.frame import View
from ui.labels import plain
from ui.markup.rows import table_html

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROW_HEIGHT = 36
# So many columns fit a phone.
_COLUMNS_ABREAST = 4


def sentence_table(
    rows: Sequence[Mapping[str, str]], *, pressing: Sequence[bool] | None = None, fold: str = ""
) -> None:
    """A table of sentences that wrap; on a phone one compact row each. Cells are Markdown made by this package only.

    `pressing` says of each row whether it stands open; the others fold behind one line, worded by `fold` (`{n}` of them).
    """
    if rows:
        st.html(table_html(rows, pressing, fold))


def report_table(table: ReportTable, *, key: str, height: int | None = None) -> None:
    """A table as the reports know it: units in the header, … where nothing was reported."""
    st.dataframe(
        {column.heading: [_shown(row[place]) for row in table.rows] for place, column in enumerate(table.columns)},
        hide_index=True,
        height=height or "auto",
        key=key,
    )
    if len(table.columns) > _COLUMNS_ABREAST:
        with st.container(key=f"phone_{key}_hint"):
            st.caption("↔ 在表中左右滑动，可看其余各列。")
    for note in table.notes:
        st.caption(plain(note))


def _shown(cell: object) -> str:
    if cell is None:
        return "…"
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return str(cell)


def downloads(view: View, tables: Sequence[ReportTable], filter_: str, *, key: str, action: Action = "view") -> None:
    """What is on the screen as .xlsx, and its first table as .csv, for who may take the `action` when they are asked for."""
    origin = origin_of(view, filter_)
    name = tables[0].title

    def named(suffix: str) -> str:
        return file_name(
            name,
            f"{view.year}学年-截至{view.as_of:%Y%m%d}-批次{view.batch.batch_id}",
            filter_,
            suffix,
            is_demo=view.is_demo,
        )

    with st.popover("下载", icon=":material/download:", key=f"downloads_{key}"):
        st.download_button(
            "下载 Excel",
            while_permitted(action, lambda: workbook_of(tables, origin)),
            named("xlsx"),
            XLSX_TYPE,
            key=f"{key}_xlsx",
            on_click="ignore",
        )
        st.download_button(
            "下载 CSV",
            while_permitted(action, lambda: csv_of(tables[0], origin)),
            named("csv"),
            "text/csv",
            key=f"{key}_csv",
            on_click="ignore",
        )


def origin_of(view: View, filter_: str) -> Origin:
    """Where the figures of a file come from, as its last sheet says it."""
    return Origin(
        source="；".join(b.source_name for b in reversed(view.counting)),
        batch=view.batch_source(),
        data_as_of=f"{view.as_of:%Y-%m-%d}，{view.year} 学年",
        filter=filter_ or "全部",
        standard=view.standard.documents["standard"].number,
        made_at=datetime.now(),
        is_demo=view.is_demo,
    )
