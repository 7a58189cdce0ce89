"""班额测算: how many classes, rooms and teachers it takes to keep every class within a size."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.outlook.what_if.class_plan import CAP_RANGE, ClassPlanRow, class_plan
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.rules.standard import STAGES
from core.wording.numbers import whole_text
from core.wording.planning.scenario import SIMULATION
from ui.frame import View
from ui.labels import plain, stage_name
from ui.tables import downloads, sentence_table

_LISTED = 15
_MOST_PERCENT = 30


def _choices() -> tuple[dict[str, int], Decimal]:
    """The class size of each stage and the change of the pupils in percent, in the URL."""
    columns = st.columns(3)
    caps: dict[str, int] = {}
    for column, stage in zip(columns, STAGES, strict=False):
        least, most = CAP_RANGE[stage]
        label = f"{stage_name(stage)}班额上限（人）"
        caps[stage] = column.slider(label, least, most, most, key=f"class_cap_{stage}", bind="query-params")
    percent = columns[2].slider(
        "学生数变化（%）",
        -_MOST_PERCENT,
        _MOST_PERCENT,
        0,
        key="class_pupils",
        bind="query-params",
        format="%+d%%",
    )
    return caps, Decimal(percent)


def class_needs(view: View) -> None:
    """Classes, rooms and teachers that the caps need, in total and by school."""
    caps, percent = _choices()
    plan = class_plan(view.baseline, primary_cap=caps["primary"], junior_cap=caps["junior"], pupils_percent=percent)
    total = plan.totals[-1]
    st.markdown(
        plain(
            f"小学 ≤ {caps['primary']} 人、初中 ≤ {caps['junior']} 人，学生 {total.pupils:,} 人：需 {total.classes:,} 个班，"
            f"比现有多 {total.rooms_more:,} 个班，须增 {total.rooms_more:,} 间教室、{total.teachers_more:,} 名教师。"
        )
    )
    st.caption("按班额上限和学生数变化推算，不含“情景”中的调整；要计入结论，请在“情景”中加一项“班额上限”。")
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
    downloads(view, [table, totals], "班额测算", key="class_plan")


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
