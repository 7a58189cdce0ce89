"""The present and the imagined side by side."""

from __future__ import annotations

import streamlit as st

from core.method.comparison import Comparison, compare
from core.outlook.class_plan import class_plan
from core.outlook.lever_changes import changes_for
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.rules.standard import STAGES
from core.wording.comparison import change_texts
from core.wording.numbers import against_limit, whole_text
from ui import cache, charts
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.lever_panel import Wishes
from ui.tables import downloads, sentence_table

SIMULATION_MARK = "模拟，非填报数据"
_LISTED = 15


def simulation_mark() -> None:
    """Stands on everything imagined."""
    st.badge(SIMULATION_MARK, icon=":material/science:", color="violet")


def compared(view: View, wishes: Wishes) -> Comparison:
    """The judgement of the wishes beside that of the facts."""
    if not wishes.levers:
        return compare(view.assessment, view.assessment)
    changes = changes_for(wishes.levers, cache.baseline(view.county_code, view.year))
    return compare(view.assessment, cache.assessment(view.county_code, view.year, changes=tuple(changes)))


def scenario_words(view: View, wishes: Wishes) -> None:
    """The wishes in words."""
    if wishes.words:
        st.markdown(f"**方案**　{plain('；'.join(wishes.words))}。")
    else:
        st.markdown("拖动左侧滑块，结论随之改变；这一页的地址即为方案，可复制给他人。")


def class_needs(view: View, wishes: Wishes) -> None:
    """Classes, rooms and teachers that the caps need, in total and by school."""
    plan = class_plan(
        cache.baseline(view.county_code, view.year),
        primary_cap=wishes.caps["primary"],
        junior_cap=wishes.caps["junior"],
        pupils_percent=wishes.pupils_percent,
    )
    total = plan.totals[-1]
    st.subheader("按班额上限编班需要多少", anchor=False)
    st.markdown(
        plain(
            f"小学 ≤ {wishes.caps['primary']} 人、初中 ≤ {wishes.caps['junior']} 人，学生 {total.pupils:,} 人：需 {total.classes:,} 个班，"
            f"比现有多 {total.rooms_more:,} 个班、{total.rooms_more:,} 间教室，教师 {total.teachers_more:,} 名。"
        )
    )
    sentence_table(
        [
            {
                "学段": f"**{stage_name(t.stage) if t.stage else '合计'}**",
                "学生": f"{whole_text(t.pupils_now)} → {whole_text(t.pupils)}",
                "班级": f"{whole_text(t.classes_now)} → {whole_text(t.classes)}",
                "现有超过上限的班": whole_text(t.over_cap_now),
                "需增教室": whole_text(t.rooms_more),
                "需增教师": whole_text(t.teachers_more),
            }
            for t in plan.totals
        ]
    )
    needing = sorted((r for r in plan.rows if r.rooms_more), key=lambda r: -r.rooms_more)
    columns = ("学校", "学段", "学生数", "现有班级", "所需班级", "需增教室", "需增教师")
    table = ReportTable(
        "按班额上限编班",
        tuple(ReportColumn(c, "", WHOLE if n > 1 else "General") for n, c in enumerate(columns)),
        tuple(
            (r.name, stage_name(r.stage), r.pupils, r.classes_now, r.classes, r.rooms_more, r.teachers_more)
            for r in needing
        ),
        (SIMULATION_MARK, "新增班级按该校现有的教师与班级之比配备教师；未报班级的学校不在内。"),
    )
    with st.expander(f"需要增班的学校 {len(needing)} 所（校段）"):
        sentence_table(
            [
                {
                    "学校": f"**{plain(r.name)}**",
                    "学段": stage_name(r.stage),
                    "班级": f"{r.classes_now} → {r.classes}",
                    "最大班额": f"{r.largest_now} → {r.largest}",
                    "需增教室": whole_text(r.rooms_more),
                    "需增教师": whole_text(r.teachers_more),
                }
                for r in needing[:_LISTED]
            ]
        )
        if len(needing) > _LISTED:
            st.caption(f"表中列出需增最多的 {_LISTED} 个，全部见下载文件。")
        for note in table.notes:
            st.caption(plain(note))
    downloads(view, [table], "；".join(wishes.words) or "现状", key="class_plan")


def changed_states(view: View, comparison: Comparison) -> None:
    """What changes state, by name."""
    st.subheader("结论改变的学校与项目", anchor=False)
    texts = change_texts(comparison, view.standard)
    if not texts:
        st.markdown("没有学校、差异系数或项目的结论改变。")
        return
    st.markdown("\n".join(f"- {plain(text)}" for text in texts[:_LISTED]))
    if len(texts) > _LISTED:
        with st.expander(f"其余 {len(texts) - _LISTED} 项"):
            st.markdown("\n".join(f"- {plain(text)}" for text in texts[_LISTED:]))


def coefficient_comparison(view: View, comparison: Comparison) -> None:
    """The fourteen coefficients against their limits, with a tick where they stand today."""
    st.subheader("十四项差异系数", anchor=False)
    for column, stage in zip(st.columns(2), STAGES, strict=True):
        with column:
            st.markdown(f"**{stage_name(stage)}**（竖线为现状）")
            after = [comparison.after.balance_of(stage, i.code) for i in view.standard.indicators]
            before = {b.code: b.cv for b in comparison.before.balance if b.stage == stage}
            name = f"{stage_name(stage)}差异系数（{SIMULATION_MARK}）"
            charts.show(charts.coefficient_bars(after, view.standard, before), key=f"cv_{stage}", name=name)
    sentence_table(
        [
            {
                "差异系数": f"**{stage_name(b.stage)}{view.standard.indicator(b.code).short_name}**",
                "现状": plain(
                    against_limit(comparison.before.balance_of(b.stage, b.code).cv, b.limit, at_least=False, decimals=3)
                ),
                "方案": plain(against_limit(b.cv, b.limit, at_least=False, decimals=3)),
                "限值": plain(f"≤ {b.limit.normalize():f}"),
                "方案结论": verdict_mark(b.verdict, b.borderline),
            }
            for b in comparison.after.balance
        ]
    )
