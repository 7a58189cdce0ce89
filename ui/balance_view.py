"""The fourteen coefficients: over the years, by indicator, and who drives them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.method.assessment import BalanceResult
from core.outlook.levelling import balance_remedies
from core.reports.tables import COEFFICIENT, ReportCell, ReportColumn, ReportTable
from core.rules.standard import Indicator, Standard
from core.wording.attention import balance_gap, drivers, drivers_text
from core.wording.numbers import against_limit, decimal_text, plain_text, rounded_against, share_text, whole_text
from core.wording.outlook import balance_remedy_text
from core.wording.verdicts import WORDS, row_name
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.pickers import coded_choice
from ui.tables import downloads, sentence_table

_NAMED = 10


def choose_indicator(standard: Standard, default: str | None = None) -> Indicator:
    """One of the seven indicators, the first or the default unless chosen otherwise."""
    names = {i.code: f"{i.code} {i.name}" for i in standard.indicators}
    return standard.indicator(coded_choice("指标", list(names), "indicator", names=names, default=default))


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
                "指标": f"**{indicator.code} {indicator.short_name}**",
                "结论": verdict_mark(now.verdict, now.borderline),
                "差异系数": plain(against_limit(now.cv, now.limit, at_least=False, decimals=3)),
                "限值": plain(f"≤ {plain_text(now.limit)}"),
                f"县均值（{view.year}）": plain(f"{decimal_text(now.mean)} {indicator.unit}"),
                **{
                    f"{y}": plain(
                        against_limit(
                            view.assessment_of(y).balance_of(stage, indicator.code).cv,
                            now.limit,
                            at_least=False,
                            decimals=3,
                        )
                    )
                    for y in years[:-1]
                },
            }
        )
    sentence_table(lines)
    composite = view.assessment.composite(stage)
    st.caption(
        plain(
            f"综合差异系数 {decimal_text(composite, 3)}（七项平均，仅供参考，不作判定）。"
            f"{view.standard.balance.formula}；{view.standard.balance.clause}。"
        )
    )
    cells = [
        [_written(view.assessment_of(y).balance_of(stage, i.code)) for y in years] for i in view.standard.indicators
    ]
    table = ReportTable(
        f"{stage_name(stage)}差异系数",
        (ReportColumn("指标"), *(ReportColumn(f"{y} 学年", "", COEFFICIENT) for y in years)),
        tuple((f"{i.code} {i.name}", *values) for i, values in zip(view.standard.indicators, cells, strict=True)),
    )
    downloads(view, [table], stage_name(stage), key="balance")


def _written(result: BalanceResult) -> ReportCell:
    return None if result.cv is None else rounded_against(result.cv, result.limit, at_least=False, decimals=3)


def indicator_sentence(view: View, stage: str, indicator: Indicator) -> str:
    """What one coefficient is and where it comes from."""
    result = view.assessment.balance_of(stage, indicator.code)
    start = f"{stage_name(stage)}{indicator.name}：{WORDS[result.verdict]}"
    if result.cv is None:
        return f"{start}，{balance_gap(view.assessment, result)}。"
    cv = against_limit(result.cv, result.limit, at_least=False, decimals=3)
    return f"{start}，差异系数 {cv}，限值 {plain_text(result.limit)}。{drivers_text(view.assessment, result)}。"


def driver_table(view: View, stage: str, indicator: Indicator) -> None:
    """The schools by their exact share of CV²."""
    result = view.assessment.balance_of(stage, indicator.code)
    lines = []
    for row, share in drivers(view.assessment, stage, indicator.code)[:_NAMED]:
        holding = row.holding(indicator.code)
        lines.append(
            {
                "学校": f"**{plain(row_name(row))}**",
                "占差异": share_text(share),
                "本校值": plain(f"{against_limit(holding.value, holding.limit, at_least=True)} {indicator.unit}"),
                "县均值": decimal_text(result.mean),
                "在校生": whole_text(row.pupils),
                "指标结论": verdict_mark(holding.verdict, holding.borderline),
            }
        )
    if lines:
        sentence_table(lines)
        st.caption("占差异 = 该校对 CV² 的贡献 ÷ 全部贡献；人数越多、离县均值越远，占比越大。")


def fewest_units(view: View, stage: str) -> None:
    """For each coefficient of the stage over its limit the fewest units that bring it within, judged again."""
    for remedy in balance_remedies(view.assessment, view.with_changes):
        if remedy.stage == stage:
            st.markdown(f"**怎么补**　{plain(balance_remedy_text(remedy, view.assessment))}。")
