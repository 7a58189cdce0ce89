"""Pupils of the coming years with their interval, what follows from them, and how far such forecasts were off."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from core.outlook.forecast.forecast import Forecast
from core.outlook.forecast.forecast_effects import stage_needs
from core.outlook.forecast.spread import INTERVAL_SHARE
from core.palette import BLUE, INK
from core.reports.tables import SHARE, WHOLE, ReportColumn, ReportTable
from core.rules.standard import STAGES
from core.wording.numbers import share_text, whole_text
from core.wording.planning.outlook import interval_text, pupils_basis_text
from core.wording.planning.scenario import SIMULATION
from ui import charts
from ui.frame import View
from ui.labels import plain, stage_name
from ui.planning import outlook_cache
from ui.planning.outlook_charts import band_lines, time_figure
from ui.tables import downloads, sentence_table


def choose_migration() -> Decimal:
    """How many of the pupils outside the town centre move there each year beyond the past, as a share."""
    percent = st.slider(
        "每年额外进城比例（%）",
        -5,
        10,
        0,
        key="migration",
        bind="query-params",
        format="%+d%%",
        help="城关中心区以外的学生，每年在近年趋势之外另有多少转入城关中心区；负数为转出",
    )
    return Decimal(percent) / 100


def pupils_ahead(view: View, migration: Decimal) -> Forecast:
    """The forecast at the chosen migration."""
    return outlook_cache.forecast(view.key, view.earlier_years, migration)


def _on_record(view: View) -> Mapping[tuple[int, str], int]:
    """The pupils of the class rolls by year and stage, as the forecast counts them."""
    return outlook_cache.cohorts(view.key, view.earlier_years).recorded


def basis_caption(view: View) -> None:
    """Whom the forecast counts, and why other pages name another number."""
    st.caption(plain(pupils_basis_text(view.assessment, _on_record(view), view.standard)))


def forecast_sentence(view: View, migration: Decimal) -> str:
    """The county's pupils in the last year of the forecast beside today's."""
    ahead = pupils_ahead(view, migration)
    parts = []
    for stage in STAGES:
        last = next(f for f in reversed(ahead.county) if f.stage == stage)
        now = _on_record(view)[view.year, stage]
        change = last.pupils - now
        parts.append(f"{stage_name(stage)}{'增加' if change >= 0 else '减少'} {abs(change):,} 人")
    assumed = f"、每年额外进城 {migration:+.0%}" if migration else ""
    return f"按近年趋势{assumed}，到 {ahead.years[-1]} 学年比 {view.year} 学年" + "，".join(parts)


def forecast_figure(view: View, migration: Decimal) -> charts.Figure:
    """Pupils on record and forecast, with the interval as a band."""
    ahead = pupils_ahead(view, migration)
    data: list[dict[str, Any]] = []
    for stage, colour in zip(STAGES, (BLUE, INK), strict=True):
        past = [(year, pupils) for (year, known), pupils in sorted(_on_record(view).items()) if known == stage]
        future = [f for f in ahead.county if f.stage == stage]
        years = [f.year for f in future]
        data += band_lines(
            stage_name(stage),
            past,
            [(f.year, f.pupils) for f in future],
            [f.low for f in future],
            [f.high for f in future],
            years,
            colour,
        )
    return time_figure(data)


def pupils_table(view: View, migration: Decimal) -> None:
    """The same as numbers."""
    ahead = pupils_ahead(view, migration)
    rows = [(stage_name(f.stage), f.year, f.pupils, f.low, f.high) for f in ahead.county]
    sentence_table(
        [
            {
                "学段": f"**{s}**",
                "学年": str(y),
                "预测（人）": whole_text(p),
                "区间（人）": f"{whole_text(low)}–{whole_text(high)}",
            }
            for s, y, p, low, high in rows
        ]
    )
    st.caption(plain(interval_text(ahead)))
    columns = ("学段", "学年", "预测", "区间下限", "区间上限")
    table = ReportTable(
        "在校生预测",
        tuple(ReportColumn(c, "人" if n > 1 else "", WHOLE if n > 1 else "0") for n, c in enumerate(columns)),
        tuple(rows),
        (SIMULATION,),
    )
    downloads(view, [table], f"进城{migration:+.0%}" if migration else "", key="forecast")


def need_table(view: View, migration: Decimal) -> None:
    """Classes, rooms and teachers beyond today's, by year, and the schools that need most."""
    needs = stage_needs(pupils_ahead(view, migration), view.baseline)
    counts = {"需新增教室": "间", "需新增教师": "名", "需要新增教室的学校": "所"}
    rows = tuple(
        (
            year,
            sum(n.rooms_more for n in needs if n.year == year),
            sum(max(0, n.teachers_more or 0) for n in needs if n.year == year),
            len({n.school_id for n in needs if n.year == year and n.rooms_more}),
        )
        for year in sorted({n.year for n in needs})
    )
    sentence_table(
        [
            {
                "学年": f"**{year}**",
                **{
                    name: f"{whole_text(number)} {unit}"
                    for (name, unit), number in zip(counts.items(), numbers, strict=True)
                },
            }
            for year, *numbers in rows
        ]
    )
    table = ReportTable(
        "新增班级教室教师",
        (ReportColumn("学年", "", "0"), *(ReportColumn(name, unit, WHOLE) for name, unit in counts.items())),
        rows,
        (SIMULATION,),
    )
    st.caption(plain("按每班不超过国家班额限值编班，不减少现有班级；一班一间教室，教师按各校现有配备比例。"))
    downloads(view, [table], f"进城{migration:+.0%}" if migration else "", key="needs")


def error_table(view: View) -> None:
    """Past years forecast again from what was known before them, beside "same as last year"."""
    tested = outlook_cache.tested(view.key, view.earlier_years)
    sentence_table(
        [
            {
                "提前": f"**{t.years_ahead} 年**",
                "预测误差": share_text(t.error_share),
                "“与上年相同”的误差": share_text(t.same_as_last_year_share),
                "“班级顺升”的误差": share_text(t.moved_up_share),
                "落在区间内的": share_text(t.coverage),
                "比较的学校（个）": whole_text(t.compared),
            }
            for t in tested
        ]
    )
    meaning = (
        "误差为各学校预测与实际之差的绝对值合计 ÷ 实际学生数，包括其后停办的学校。“与上年相同”按上年学生数不变，“班级顺升”按各班"
        f"整班升级、新生与上年一样多。落在区间内的应接近 {share_text(Decimal(str(INTERVAL_SHARE)), 0)}，区间按当时已知的数据给出。"
    )
    st.caption(meaning)
    table = ReportTable(
        "预测误差",
        (
            ReportColumn("提前", "年", WHOLE),
            *(
                ReportColumn(name, "", SHARE)
                for name in ("预测误差", "“与上年相同”的误差", "“班级顺升”的误差", "落在区间内的")
            ),
            ReportColumn("比较的学校", "个", WHOLE),
        ),
        tuple(
            (t.years_ahead, t.error_share, t.same_as_last_year_share, t.moved_up_share, t.coverage, t.compared)
            for t in tested
        ),
        (meaning,),
    )
    downloads(view, [table], "", key="forecast_error")
