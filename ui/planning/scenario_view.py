"""The present and the imagined side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.method.changes import Change, SchoolChange
from core.method.comparison import Comparison, compare
from core.outlook.what_if.class_plan import ClassPlanRow, class_plan
from core.outlook.what_if.cost import Cost, cost_of
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.scenario import save_scenario
from core.reports.scenario_table import coefficient_table, cost_table
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.rules.standard import STAGES
from core.wording.comparison import change_texts
from core.wording.numbers import against_limit, amount_text, wan_text, whole_text
from core.wording.scenario import (
    COMMITTED,
    PRICE_ASSUMPTION,
    SIMULATION,
    class_size_text,
    completion_text,
    cost_text,
    delivered_text,
    scenario_text,
)
from ui import charts
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.planning.adjustments import opened_number
from ui.planning.lever_panel import Wishes
from ui.tables import downloads, sentence_table

_LISTED = 15


def simulation_mark() -> None:
    """Stands on everything imagined."""
    st.badge(SIMULATION, icon=":material/science:", color="violet")


@dataclass(frozen=True)
class Imagined:
    """What the wishes come to: the changes, and their judgement beside that of the facts."""

    changes: tuple[Change | SchoolChange, ...]
    comparison: Comparison


def imagine(view: View, wishes: Wishes) -> Imagined:
    """The wishes as changes, judged by the same method as the facts."""
    changes = tuple(changes_for(wishes.levers, view.baseline))
    after = view.judged(changes=changes) if changes else view.assessment
    return Imagined(changes, compare(view.assessment, after))


def scenario_words(view: View, wishes: Wishes, imagined: Imagined) -> None:
    """The wishes in words, what they do to classes, and what they cost."""
    if not imagined.changes:
        st.markdown(
            "拖动滑块，结论随之改变；班额上限须打开“按班额上限重新编班”才计入结论。本页地址即为方案，可复制给他人。"
        )
        return
    now = view.baseline
    cost = cost_of(imagined.changes, now.facts, view.county.prices, wishes.levers)
    st.markdown(f"**方案**　{plain(scenario_text(wishes.levers, now))}")
    st.markdown(f"**班额**　{plain(class_size_text(imagined.comparison.before, imagined.comparison.after))}")
    st.markdown(f"**费用与周期**　{plain(cost_text(cost))}")
    if cost.lines or cost.projects:
        with st.expander("费用明细"):
            sentence_table(_cost_lines(cost))
            downloads(view, [cost_table(cost)], "方案", key="costs")
            st.caption(plain(f"{PRICE_ASSUMPTION}。{COMMITTED}。" if cost.projects else f"{PRICE_ASSUMPTION}。"))


def _cost_lines(cost: Cost) -> list[dict[str, str]]:
    """What is to be paid, then the projects whose money is committed."""
    lines = [
        {
            "内容": f"**{plain(line.name)}**",
            "数量": plain(amount_text(line.quantity, line.unit)),
            "费用": plain(wan_text(line.yuan)),
            "支付": {"once": "一次性", "yearly": "每年"}[line.paid],
            "何时见效": f"约 {line.lead_months} 个月",
        }
        for line in cost.lines
    ]
    lines += [
        {
            "内容": f"**{plain(project.name)}**",
            "数量": plain(delivered_text(project)),
            "费用": "已列投资，不另计",
            "支付": "—",
            "何时见效": plain(completion_text(project)),
        }
        for project in cost.projects
    ]
    return lines


def keep_scenario(view: View, wishes: Wishes, imagined: Imagined) -> None:
    """Save the wishes under a name; what is saved is frozen."""
    with st.form("save_scenario", border=True):
        st.markdown("**保存方案**")
        name = st.text_input("方案名称（必填）", placeholder="如：2024 年补充骨干教师")
        note = st.text_input("说明", placeholder="可不填")
        if not view.actor.may("imagine"):
            st.caption("您的岗位不能保存方案；可以复制本页地址。")
        elif not imagined.changes:
            st.caption("还没有任何调整，先拖动滑块再保存。")
        wanted = st.form_submit_button("保存", disabled=not (view.actor.may("imagine") and imagined.changes))
    if wanted:
        now = view.baseline
        kept = save_scenario(
            view.store, now, name, wishes.levers, view.actor, datetime.now(), note=note, copied_from=opened_number(view)
        )
        st.success(plain(f"已保存为第 {kept.number} 号方案“{kept.name}”。"))


def class_needs(view: View, wishes: Wishes) -> None:
    """Classes, rooms and teachers that the caps need, in total and by school."""
    plan = class_plan(
        view.baseline,
        primary_cap=wishes.caps["primary"],
        junior_cap=wishes.caps["junior"],
        pupils_percent=wishes.pupils_percent,
    )
    total = plan.totals[-1]
    st.subheader("按班额上限编班需要多少", anchor=False)
    st.markdown(
        plain(
            f"小学 ≤ {wishes.caps['primary']} 人、初中 ≤ {wishes.caps['junior']} 人，学生 {total.pupils:,} 人：需 {total.classes:,} 个班，"
            f"比现有多 {total.rooms_more:,} 个班，须增 {total.rooms_more:,} 间教室、{total.teachers_more:,} 名教师。"
        )
    )
    st.caption("按班额上限和学生数变化推算，不含逐项调整；所需教师的工资不在“费用与周期”之内，可另用教师滑块计入。")
    sentence_table(
        [
            {
                "学段": f"**{stage_name(t.stage) if t.stage else '合计'}**",
                "学生": f"{whole_text(t.pupils_now)} → {whole_text(t.pupils)} 人",
                "班级": f"{whole_text(t.classes_now)} → {whole_text(t.classes)} 个",
                "现有超过上限的班": f"{whole_text(t.over_cap_now)} 个",
                "需增教室": f"{whole_text(t.rooms_more)} 间",
                "需增教师": f"{whole_text(t.teachers_more)} 名",
            }
            for t in plan.totals
        ],
    )
    needing = sorted((r for r in plan.rows if r.rooms_more), key=lambda r: -r.rooms_more)
    counts = {"学生数": "人", "现有班级": "个", "所需班级": "个", "需增教室": "间", "需增教师": "名"}
    table = ReportTable(
        "按班额上限编班",
        (ReportColumn("学校"), ReportColumn("学段"), *(ReportColumn(c, unit, WHOLE) for c, unit in counts.items())),
        tuple(
            (r.name, stage_name(r.stage), r.pupils, r.classes_now, r.classes, r.rooms_more, r.teachers_more)
            for r in needing
        ),
        (SIMULATION, "新增班级按该校现有的教师与班级之比配备教师；未报班级的学校不在内。"),
    )
    totals = ReportTable(
        "各学段合计",
        (
            ReportColumn("学段"),
            *(ReportColumn(name, "人", WHOLE) for name in ("现有学生", "学生")),
            *(ReportColumn(name, "个", WHOLE) for name in ("现有班级", "所需班级", "现有超过上限的班")),
            *(ReportColumn(name, counts[name], WHOLE) for name in ("需增教室", "需增教师")),
        ),
        tuple(
            (
                stage_name(t.stage) if t.stage else "合计",
                *(t.pupils_now, t.pupils, t.classes_now, t.classes, t.over_cap_now, t.rooms_more, t.teachers_more),
            )
            for t in plan.totals
        ),
        table.notes,
    )
    listed = st.expander(
        f"需要增班的学校 {len(needing)} 所（学校）", key="needing", on_change="rerun", bind="query-params"
    )
    # Built when looked at: it is long, and changes with every slider.
    if listed.open:
        with listed:
            _needing(needing)
            for note in table.notes:
                st.caption(plain(note))
    downloads(view, [table, totals], "方案" if wishes.levers else "现状", key="class_plan")


def _needing(needing: Sequence[ClassPlanRow]) -> None:
    sentence_table(
        [
            {
                "学校": f"**{plain(r.name)}**",
                "学段": stage_name(r.stage),
                "班级": f"{r.classes_now} → {r.classes} 个",
                "最大班额": f"{r.largest_now} → {r.largest} 人",
                "需增教室": f"{whole_text(r.rooms_more)} 间",
                "需增教师": f"{whole_text(r.teachers_more)} 名",
            }
            for r in needing[:_LISTED]
        ]
    )
    if len(needing) > _LISTED:
        st.caption(f"表中列出需增最多的 {_LISTED} 个，全部见下载文件。")


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
    table = ReportTable("结论改变", (ReportColumn("改变"),), tuple((text,) for text in texts), (SIMULATION,))
    downloads(view, [table], "方案", key="changed_states")


def coefficient_comparison(view: View, comparison: Comparison) -> None:
    """The fourteen coefficients against their limits, with a tick where they stand today."""
    st.subheader("十四项差异系数", anchor=False)
    for column, stage in zip(st.columns(2), STAGES, strict=True):
        with column:
            st.markdown(f"**{stage_name(stage)}**（竖线为现状）")
            after = [comparison.after.balance_of(stage, i.code) for i in view.standard.indicators]
            before = {b.code: b.cv for b in comparison.before.balance if b.stage == stage}
            name = f"{stage_name(stage)}差异系数（{SIMULATION}）"
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
        ],
    )
    table = coefficient_table(comparison, view.standard)
    downloads(view, [table], "现状" if comparison.after is comparison.before else "方案", key="coefficients")
