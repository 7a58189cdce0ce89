"""Which limits are broken now, and which will be in a coming year, school by school."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.outlook.forecast.forecast_effects import Break
from core.reports.tables import ReportColumn, ReportTable
from core.wording.planning.outlook import break_limit, break_sentence, break_stage, break_years, broken_since
from core.wording.planning.scenario import SIMULATION
from core.wording.school_names import school_names
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain
from ui.links import school_address
from ui.planning import outlook_cache
from ui.tables import downloads, sentence_table

_LISTED, _OPEN = 30, 3


def break_table(view: View, migration: Decimal) -> None:
    """Limits newly broken in a coming year, then those that are broken already, each with its years."""
    found = outlook_cache.breaks(view.key, view.earlier_years, view.as_of, migration)
    st.markdown(plain(break_sentence(found)))
    names = school_names(view.situation)
    _listed(view, "预测期内新出现", [b for b in found if not b.now], names)
    _listed(view, "现已超出或不足", [b for b in found if b.now], names)
    st.caption("按现有教师、校舍、设备和班级数逐年判定，只有学生数按预测变化。")
    table = ReportTable(
        "超出限值的学校",
        tuple(ReportColumn(c) for c in ("学校", "学段", "限值", "何时开始", "预测期内超出或不足的学年")),
        tuple(
            (
                names[b.school_id] if b.school_id else COUNTY_WIDE,
                break_stage(b),
                break_limit(b, view.standard),
                broken_since(b),
                break_years(b),
            )
            for b in found
        ),
        (SIMULATION, break_sentence(found)),
    )
    downloads(view, [table], f"进城{migration:+.0%}" if migration else "", key="breaks")


def _listed(view: View, heading: str, found: Sequence[Break], names: dict[str, str]) -> None:
    if not found:
        return
    st.markdown(f"**{heading}　{len(found)} 处**")
    sentence_table(
        [
            {
                "学校": f"**[{plain(names[b.school_id])}]({school_address(b.school_id)})**"
                if b.school_id
                else f"**{COUNTY_WIDE}**",
                "学段": break_stage(b),
                "限值": plain(break_limit(b, view.standard)),
                "何时开始": broken_since(b),
                "预测期内超出或不足的学年": break_years(b),
            }
            for b in found[:_LISTED]
        ],
        pressing=[not b.now or n < _OPEN for n, b in enumerate(found[:_LISTED])],
        fold="其余 {n} 处",
    )
    if len(found) > _LISTED:
        st.caption(f"表中列出前 {_LISTED} 处，全部见下载文件。")
