"""Tables on the screen, each with its files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from core.access import Action
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.reports.tables import Origin, ReportTable, csv_of, file_name, workbook_of
from core.rules.standard import Standard
from core.wording.numbers import against_limit, range_text, whole_text
from core.wording.verdicts import BORDERLINE_SHAPE, SHAPES, VERDICT_COLOURS, VERDICT_FILLS, marked, row_name
from ui.access import while_permitted
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.links import school_address
from ui.markup.rows import table_html

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
    frame = pd.DataFrame(
        [[("…" if cell is None else cell) for cell in row] for row in table.rows],
        columns=[column.heading for column in table.columns],
    )
    st.dataframe(
        frame.astype(object).map(str) if frame.empty else frame.map(_shown),
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
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return str(cell)


def downloads(view: View, tables: Sequence[ReportTable], filter_: str, *, key: str, action: Action = "view") -> None:
    """What is on the screen as .xlsx, and its first table as .csv, for who may take the `action` when they are asked for."""
    origin = Origin(
        source="；".join(b.source_name for b in reversed(view.counting)),
        batch=view.batch_source(),
        data_as_of=f"{view.as_of:%Y-%m-%d}，{view.year} 学年",
        filter=filter_ or "全部",
        standard=view.standard.documents["standard"].number,
        made_at=datetime.now(),
        is_demo=view.is_demo,
    )
    name = tables[0].title

    def named(suffix: str) -> str:
        return file_name(
            name,
            f"{view.year}学年-截至{view.as_of:%Y%m%d}-批次{view.batch.batch_id}",
            filter_,
            suffix,
            is_demo=view.is_demo,
        )

    with st.container(horizontal=True, key=f"downloads_{key}"):
        st.download_button(
            "下载 Excel",
            while_permitted(action, lambda: workbook_of(tables, origin)),
            named("xlsx"),
            _XLSX,
            key=f"{key}_xlsx",
            icon=":material/download:",
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


def heat_strip(assessment: Assessment, rows: Sequence[SchoolRow], standard: Standard, *, key: str) -> SchoolRow | None:
    """One line a school row, seven cells coloured by verdict with value and shape; returns the row clicked."""
    codes = [i.code for i in standard.indicators]
    headers = {i.code: i.short_name for i in standard.indicators}
    frame = pd.DataFrame(
        [
            {
                "学校": row.name,
                "学段": stage_name(row.stage),
                "乡镇": assessment.township_names[row.township_code],
                "结论": marked(row.verdict, row.borderline),
                **{headers[code]: _cell(row, code) for code in codes},
                "在校生（人）": whole_text(row.pupils),
                "班级（个）": whole_text(row.classes),
                "最大班额（人）": range_text(row.largest_class, row.largest_class_at_most),
            }
            for row in rows
        ]
    )
    painted = {
        "结论": [_paint(row.verdict) for row in rows],
        **{headers[code]: [_paint(row.indicator(code).verdict) for row in rows] for code in codes},
    }
    plain_column = [""] * len(rows)
    fills = pd.DataFrame({column: painted.get(column, plain_column) for column in frame.columns}, index=frame.index)
    event = st.dataframe(
        frame.style.apply(lambda _: fills, axis=None),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        row_height=_ROW_HEIGHT,
        height=min(len(rows) + 1, 16) * _ROW_HEIGHT + 4,
        column_config={
            "学校": st.column_config.TextColumn(pinned=True, width=210),
            "结论": st.column_config.TextColumn(width=130),
            **{headers[c]: st.column_config.TextColumn(help=_meaning(c, standard)) for c in codes},
        },
    )
    chosen = event["selection"]["rows"]
    return rows[chosen[0]] if chosen else None


def _meaning(code: str, standard: Standard) -> str:
    indicator = standard.indicator(code)
    limits = "，".join(f"{stage_name(s)} ≥ {v.normalize():f}" for s, v in indicator.limit.items())
    return f"{indicator.name}（{indicator.unit}）：{limits}"


def _cell(row: SchoolRow, code: str) -> str:
    holding = row.indicator(code)
    floor_mark = "!" if holding.above_floor is False else ""
    borderline = BORDERLINE_SHAPE if holding.borderline else ""
    value = against_limit(holding.value, holding.limit, at_least=True)
    return f"{SHAPES[holding.verdict]}{floor_mark}{borderline} {value}"


def _paint(verdict: Verdict) -> str:
    return f"background-color: {VERDICT_FILLS[verdict]}; color: {VERDICT_COLOURS[verdict]}"


def row_cards(assessment: Assessment, rows: Sequence[SchoolRow], reasons: dict[tuple[str, str], str]) -> None:
    """School rows for a phone: the verdict and the reason first, the name a link to the profile."""
    cards = []
    for row in rows:
        lines = [
            f"**[{plain(row_name(row))}]({school_address(row.school_id)})** · "
            f"{plain(assessment.township_names[row.township_code])}",
            verdict_mark(row.verdict, row.borderline),
        ]
        if reasons.get(row.key):
            lines.append(f":small[{plain(reasons[row.key])}]")
        else:
            lines[-1] += f" · {row.met_count}/{len(row.indicators)} 项达标"
        cards.append("  \n".join(lines))
    st.markdown("\n\n---\n\n".join(cards))
