"""How likely a coming year is without a failure, which uncertainty weighs most, and what fails most often."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.outlook.forecast.chances import Chances
from core.outlook.forecast.forecast import HORIZON
from core.reports.tables import SHARE, ReportColumn, ReportTable
from core.wording.numbers import share_text
from core.wording.planning.chances import SOURCE_WORDS, chance_sentence, failing_name, weight_sentence
from core.wording.planning.scenario import LEFT_AWAY, SIMULATION
from core.wording.school_names import row_names
from ui import charts
from ui.frame import View
from ui.jobs import finished
from ui.labels import plain
from ui.planning import outlook_cache
from ui.planning.outlook_charts import failure_counts_figure
from ui.planning.plan_choice import choose_plan
from ui.tables import downloads, sentence_table

_LISTED = 12


def chance_of_passing(view: View, migration: Decimal) -> None:
    """The chance of a year to choose, with or without a saved plan; asked for, since it takes some seconds."""
    st.header("目标学年全部达标的把握有多大", anchor=False)
    last = view.earlier_years[-1]
    with st.container(horizontal=True, key="choices_chance", vertical_alignment="bottom"):
        year = st.selectbox(
            "目标学年", [last + n for n in range(1, HORIZON + 1)], key="target_year", bind="query-params", width=140
        )
        plan = choose_plan(view)
        wanted = st.toggle("估算把握", key="chance", bind="query-params")
    if not wanted:
        st.caption("按预测的不确定性反复抽样，每一次都用同一套标准判定全县，约需十秒。")
        return
    number = None if plan is None else plan.number
    found = finished(
        outlook_cache.chances(view.key, view.earlier_years, view.as_of, int(year), number, migration),
        "正在反复判定 ",
        "chance",
    )
    st.markdown(f"**{plain(chance_sentence(found))}**")
    st.markdown(plain(weight_sentence(found)))
    charts.show(
        failure_counts_figure(found.whole.failing), key="chance_chart", name=f"{found.year} 学年不达标处数的可能性"
    )
    _tables(view, found)
    notes = ["学生与班级按预测，教师、校舍、设备按现状" + (f"加所选方案（{LEFT_AWAY}）" if plan else "")]
    notes.append("在建项目须加入所选方案，并在目标学年 9 月 1 日及以前完工，才计入")
    notes.append("政府保障、教育质量等其余项目按现状，不在估算之内")
    st.caption(plain("；".join(notes) + "。"))
    unknown = row_names(view.situation, found.unreported).values()
    if unknown:
        st.warning(plain(f"数据未报、无法判定，不在估算之内：{'、'.join(unknown)}。"))


def _tables(view: View, found: Chances) -> None:
    names = row_names(view.situation, [key for key, _ in found.rows])
    ordered = sorted(
        [
            *((failing_name(key, names, view.standard), share) for key, share in found.rows),
            *((failing_name(key, names, view.standard), share) for key, share in found.coefficients),
        ],
        key=lambda entry: -entry[1],
    )
    left, right = st.columns(2)
    with left:
        st.markdown("**最常不达标的**")
        if ordered:
            sentence_table(
                [{"学校或差异系数": f"**{plain(n)}**", "不达标的可能": share_text(s, 0)} for n, s in ordered[:_LISTED]]
            )
        else:
            st.markdown("抽样中没有一处不达标。")
    with right:
        st.markdown("**各种不确定性单独变动时**")
        sentence_table(
            [
                {
                    "不确定性": f"**{SOURCE_WORDS[c.source]}**",
                    "达标的可能": share_text(c.share, 0),
                    "不达标处数的波动": f"{c.spread:.2f} 处",
                }
                for c in found.alone
                if c.source is not None
            ]
        )
    table = ReportTable(
        "达标把握",
        (ReportColumn("学校或差异系数"), ReportColumn("不达标的可能", "", SHARE)),
        tuple(ordered),
        (SIMULATION, chance_sentence(found), weight_sentence(found)),
    )
    downloads(view, [table], f"{found.year}学年", key="chance")
