"""Many counties: the answer, the points, a table to sort, and one county opened below it, all read-only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from core.errors import FiguresMissing
from core.lake.results import CountyResult, county_detail, read_manifest, results_folder
from core.method.assessment import Verdict
from core.method.failures import WORST_FIRST
from core.reports.tables import DEMO_MARK
from core.rules.standard import Standard
from core.wording.numbers import against_limit, limit_text, share_text
from core.wording.regions.county_lines import (
    causes,
    county_headline,
    history_text,
    region_headline,
    share_met,
    short_text,
)
from core.wording.verdicts import SHAPES, WORDS, marked, staged_name
from ui import cache
from ui.labels import plain, stage_name, verdict_mark
from ui.maps.county_points import county_points
from ui.pickers import coded_choice
from ui.tables import sentence_table
from ui.top_bar import demo_chip

_ALL = "全部"
_TABLE_HEIGHT = 420
_ROWS_SHOWN = 200


def source_line() -> str:
    """Where the page's figures come from."""
    folder = results_folder()
    if folder is None:
        return ""
    judged = read_manifest(folder)
    demo = f"{DEMO_MARK} · " if judged.is_demo else ""
    return f"{demo}{judged.judged_at} 由 {judged.engine} 判定 · 规则 {judged.standard} · 各县数据的写入时间见表"


def region(standard: Standard) -> None:
    """The counties of a school year. Raises FiguresMissing where this installation shows one county alone."""
    folder = results_folder()
    if folder is None:
        raise FiguresMissing(
            "本机没有设置多县汇总。市、省用 assess-many 命令判定各县写入的汇总库后，用环境变量 COUNTY_RESULTS 指向它的结果。"
        )
    judged = read_manifest(folder)
    answer = st.container()
    with st.container(horizontal=True, key="choices_region", vertical_alignment="bottom"):
        years = {str(year): f"{year} 学年" for year in sorted(judged.counties, reverse=True)}
        year = int(coded_choice("学年", list(years), "region_year", names=years, width=130))
        verdict = st.selectbox(
            "结论",
            [_ALL, *(WORDS[v] for v in WORST_FIRST[:3])],
            key="region_verdict",
            bind="query-params",
            width=130,
        )
        name = st.text_input(
            "县名",
            key="region_name",
            bind="query-params",
            placeholder="输入县名中的字或县代码",
            width=200,
            max_chars=30,
        )
        if judged.is_demo:
            demo_chip()
    counties = cache.county_results(folder, year)
    answer.title(plain(region_headline(year, counties)), anchor=False)
    shown = [
        c
        for c in counties
        if verdict in (_ALL, WORDS[c.verdict]) and (not name or name in c.name or c.county_code.startswith(name))
    ]
    where, why = st.columns(2)
    with where:
        if points := county_points(shown):
            st.html(points)
            legend = "　".join(marked(v) for v in WORST_FIRST[:3])
            st.caption(f"{legend}。示意图：点在各县所报乡镇坐标的中间，非行政区域界线。")
    with why:
        sentence_table([{"未达标在": name, "县数": f"{number:,}"} for name, number in causes(shown)])
        st.caption("一个县可以有几处未达标。")
    chosen = _table(shown, sorted(y for y in judged.counties if y <= year))
    if chosen is not None:
        st.query_params["county"] = chosen
    asked = st.query_params.get("county")
    if asked is not None:
        _county(folder, next((c for c in counties if c.county_code == asked), None), asked, year, standard)


def _table(shown: Sequence[CountyResult], years: Sequence[int]) -> str | None:
    """The counties as a table that every column sorts; returns the county that was clicked."""
    if not shown:
        st.info("没有符合条件的县，请放宽结论或县名。")
        return None
    frame = pd.DataFrame(
        {
            "县": [c.name for c in shown],
            "结论": [f"{SHAPES[c.verdict]} {WORDS[c.verdict]}" for c in shown],
            "未达标项": [c.not_met for c in shown],
            "无法判定项": [c.unknown for c in shown],
            "学校达标率": [None if (share := share_met(c.schools)) is None else share * 100 for c in shown],
            "未达标学校": [c.schools.not_met for c in shown],
            "超限系数": [c.coefficients.not_met for c in shown],
            "最大系数": [None if c.widest is None else c.widest * 100 for c in shown],
            "历年学校达标率": [[None if s is None else s * 100 for s in c.shares] for c in shown],
            "县代码": [c.county_code for c in shown],
            "数据写入": [c.exported_at for c in shown],
        }
    )
    percent = "%.1f%%"
    event = st.dataframe(
        frame,
        hide_index=True,
        height=_TABLE_HEIGHT,
        key="region_table",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "学校达标率": st.column_config.NumberColumn(format=percent, help="达标的学校占参评学校（分学段计）"),
            "最大系数": st.column_config.NumberColumn(
                "最大系数/限值", format=percent, help="十四项差异系数中与限值之比最大的一项，超过 100% 即超限"
            ),
            "历年学校达标率": st.column_config.LineChartColumn(
                f"{years[0]}–{years[-1]} 学校达标率", y_min=0, y_max=100
            ),
            "数据写入": st.column_config.DatetimeColumn(format="YYYY-MM-DD"),
        },
    )
    st.caption(f"共 {len(shown)} 个县。点列名排序；点左侧方框看一个县。")
    rows = event.selection.rows
    return str(frame["县代码"].iloc[rows[0]]) if rows and rows[0] < len(frame) else None


def _county(folder: Path, county: CountyResult | None, asked: str, year: int, standard: Standard) -> None:
    """One county of the year: verdict by year, coefficients, items and school rows that are not met."""
    detail = None if county is None else county_detail(folder, county.county_code, year)
    if county is None or detail is None:
        st.info(plain(f"{year} 学年没有县代码为“{asked}”的县。"))
        return
    st.header(plain(county_headline(county, year)), anchor=False)
    st.caption(plain(history_text(detail)))
    st.subheader("差异系数", anchor=False)
    sentence_table(
        [
            {
                "学段": stage_name(c.stage),
                "指标": plain(standard.indicator(c.code).name),
                "差异系数": against_limit(c.cv, c.limit, at_least=False, decimals=3),
                "限值": f"≤ {limit_text(c.limit)}",
                "结论": verdict_mark(c.verdict),
            }
            for c in detail.coefficients
        ],
        pressing=[c.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE) for c in detail.coefficients],
        fold="达标或不适用的 {n} 项",
    )
    if detail.items:
        st.subheader("未达标或无法判定的保障、质量等项目", anchor=False)
        sentence_table(
            [
                {
                    "项目": plain(f"{standard.item(code).name}"),
                    "结论": verdict_mark(verdict),
                    "未达标数": "" if failing is None else str(failing),
                    "比例": share_text(value) if value is not None and standard.item(code).percentage else "",
                }
                for code, verdict, value, failing in detail.items
            ]
        )
    if detail.rows:
        st.subheader("未达标或无法判定的学校", anchor=False)
        sentence_table(
            [
                {
                    "学校": plain(staged_name(row.name, row.kind, row.stage)),
                    "结论": verdict_mark(row.verdict),
                    "差在哪里": plain(short_text(row, standard)),
                }
                for row in detail.rows[:_ROWS_SHOWN]
            ]
        )
        if len(detail.rows) > _ROWS_SHOWN:
            st.caption(f"只列前 {_ROWS_SHOWN} 条，共 {len(detail.rows)} 条。")
