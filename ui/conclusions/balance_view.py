"""The fourteen coefficients: over the years, by indicator, and who drives them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from core.method.assessment import BalanceResult, SchoolRow
from core.method.drivers import drivers
from core.outlook.remedies.coefficients import balance_remedies
from core.reports.tables import COEFFICIENT, PER_PUPIL, SHARE, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import Indicator
from core.wording.attention import balance_gap, drivers_text
from core.wording.explanations import balance_explained
from core.wording.numbers import (
    NOT_REPORTED,
    against_limit,
    decimal_text,
    limit_text,
    rounded_against,
    share_text,
    whole_text,
)
from core.wording.planning.outlook import balance_remedy_text
from core.wording.verdicts import WORDS, marked, row_name
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.markup.figures import sparkline
from ui.tables import downloads, sentence_table

_LISTED = 5


def widest(results: Sequence[BalanceResult]) -> str | None:
    """The indicator whose coefficient is the largest part of its limit, None where none is known."""
    known = [r for r in results if r.cv is not None]
    return max(known, key=lambda r: (r.cv or 0) / float(r.limit)).code if known else None


def coefficient_series(view: View, stage: str) -> dict[str, list[float | None]]:
    """Each indicator's coefficients over the years up to the chosen one."""
    return {
        i.short_name: [view.assessment_of(y).balance_of(stage, i.code).cv for y in view.earlier_years]
        for i in view.standard.indicators
    }


def history_table(view: View, stage: str) -> None:
    """Mean, deviation and coefficients over the years, as on the screen and as files."""
    years = view.earlier_years
    lines = []
    for indicator in view.standard.indicators:
        now = view.assessment.balance_of(stage, indicator.code)
        lines.append(
            {
                "指标": f"**{indicator.short_name}**",
                "结论": verdict_mark(now.verdict, now.borderline),
                "差异系数": plain(against_limit(now.cv, now.limit, at_least=False, decimals=3)),
                "限值": plain(f"≤ {limit_text(now.limit, 3)}"),
                "几年来": _course(view, stage, now),
                f"县均值（{view.year}）": plain(_mean(now, indicator)),
            }
        )
    sentence_table(lines)
    with st.expander("这是怎么算的"):
        st.markdown(
            "\n".join(
                f"- **{plain(i.name)}**　{plain(balance_explained(view.assessment.balance_of(stage, i.code), view.standard))}"
                for i in view.standard.indicators
            )
        )
        st.caption(plain(view.batch_source()))
    composite = view.assessment.composite(stage)
    st.caption(
        plain(
            f"综合差异系数{'无法计算' if composite is None else f' {decimal_text(composite, 3)}'}"
            "（七项平均，仅供参考，不作判定）。"
            f"{view.standard.balance.formula}；{view.standard.balance.clause}。"
        )
    )
    cells = [
        [_written(view.assessment_of(y).balance_of(stage, i.code)) for y in years] for i in view.standard.indicators
    ]
    table = ReportTable(
        f"{stage_name(stage)}差异系数",
        (ReportColumn("指标"), *(ReportColumn(f"{y} 学年", "", COEFFICIENT) for y in years)),
        tuple((i.name, *values) for i, values in zip(view.standard.indicators, cells, strict=True)),
    )
    downloads(view, [table], stage_name(stage), key="balance")


def _course(view: View, stage: str, now: BalanceResult) -> Markup:
    """The coefficient over the years as a line, and in words for who does not see it."""
    results = {y: view.assessment_of(y).balance_of(stage, now.code) for y in view.earlier_years}
    said = "、".join(f"{y} 学年 {against_limit(r.cv, r.limit, at_least=False, decimals=3)}" for y, r in results.items())
    return sparkline([r.cv for r in results.values()], said)


def _mean(result: BalanceResult, indicator: Indicator) -> str:
    return NOT_REPORTED if result.mean is None else f"{decimal_text(result.mean)} {indicator.unit}"


def _written(result: BalanceResult) -> ReportCell:
    return None if result.cv is None else rounded_against(result.cv, result.limit, at_least=False, decimals=3)


def indicator_sentence(view: View, stage: str, indicator: Indicator) -> str:
    """What one coefficient is and where it comes from."""
    result = view.assessment.balance_of(stage, indicator.code)
    start = f"{stage_name(stage)}{indicator.name}：{WORDS[result.verdict]}"
    if result.cv is None:
        return f"{start}，{balance_gap(view.assessment, result)}。"
    cv = against_limit(result.cv, result.limit, at_least=False, decimals=3)
    return f"{start}，差异系数 {cv}，限值 {limit_text(result.limit, 3)}。{drivers_text(view.assessment, result)}。"


def driver_table(view: View, stage: str, indicator: Indicator) -> None:
    """The schools by their exact share of CV²."""
    result = view.assessment.balance_of(stage, indicator.code)
    lines, ranked = [], drivers(view.assessment, stage, indicator.code)
    for row, share in ranked[:_LISTED]:
        holding = row.indicator(indicator.code)
        lines.append(
            {
                "学校": f"**{plain(row_name(row))}**",
                "占差异": share_text(share),
                "本校值": plain(f"{against_limit(holding.value, holding.limit, at_least=True)} {indicator.unit}"),
                "县均值": plain(_mean(result, indicator)),
                "在校生": f"{whole_text(row.pupils)} 人",
                "指标结论": verdict_mark(holding.verdict, holding.borderline),
            }
        )
    if lines:
        sentence_table(lines)
        which = f"共 {len(ranked)} 所学校（分学段计），表中列出占差异最大的 {_LISTED} 个，全部见下载文件。"
        st.caption(
            plain(
                f"{which if len(ranked) > _LISTED else ''}"
                "占差异 = 该学校对差异系数平方的贡献 ÷ 全部贡献；人数越多、离县均值越远，占比越大。"
            )
        )
        downloads(view, [_driver_file(stage, indicator, ranked)], stage_name(stage), key="drivers")


def _driver_file(stage: str, indicator: Indicator, ranked: Sequence[tuple[SchoolRow, float]]) -> ReportTable:
    columns = (
        ReportColumn("学校"),
        ReportColumn("占差异", "", SHARE),
        ReportColumn("本校值", indicator.unit, PER_PUPIL),
        ReportColumn("在校生", "人", WHOLE),
        ReportColumn("指标结论"),
    )
    rows = []
    for row, share in ranked:
        held = row.indicator(indicator.code)
        value = None if held.value is None else rounded_against(held.value, held.limit, at_least=True)
        rows.append((row_name(row), share, value, row.pupils, marked(held.verdict, held.borderline)))
    return ReportTable(f"{stage_name(stage)}{indicator.short_name}差距来源", columns, tuple(rows))


def fewest_units(view: View, stage: str) -> None:
    """For each coefficient of the stage over its limit the fewest units that bring it within, judged again."""
    for remedy in balance_remedies(view.assessment, view.with_changes):
        if remedy.stage == stage:
            st.markdown(f"**怎么补**　{plain(balance_remedy_text(remedy, view.assessment))}。")
