"""大屏: the county's figures for a wall, four pictures that turn by themselves; the same data as on every page.

`ui/assets/hands.html` turns them; arrows do so by hand. The figures are looked at anew every few minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from core.method.assessment import BalanceResult, Verdict
from core.naming import named
from core.rules.standard import STAGES
from core.wording.attention import Concern
from core.wording.numbers import against_limit, limit_text
from core.wording.remedies import missing_text
from core.wording.verdicts import county_headline, row_name, shortfall_sentence
from ui.frame import View
from ui.home.concerns import concern_list
from ui.home.due_view import overdue_list
from ui.home.tiles import part_tiles
from ui.labels import plain, stage_name, verdict_mark
from ui.links import school_address
from ui.maps.township_tiles import township_tiles
from ui.markup.figures import bullet
from ui.markup.lines import Line, lines_html
from ui.tables import sentence_table

_LISTED = 8


def wall(view: View, worst: Sequence[Concern]) -> None:
    """All pictures; the style sheet shows the one whose turn it is."""
    with st.container(key="wall"):
        with st.container(key="wall_0"):
            _verdict(view, worst)
        with st.container(key="wall_1"):
            _where(view)
        with st.container(key="wall_2"):
            _overdue(view)
        with st.container(key="wall_3"):
            _balance(view)
        st.html(Markup('<p class="wall-foot">{} <span data-wall-place></span></p>').format(view.source_line()))


def _verdict(view: View, worst: Sequence[Concern]) -> None:
    mark = verdict_mark(view.assessment.verdict, worded=False)
    st.title(f"{mark} {plain(county_headline(view.assessment, view.county_name, view.standard))}", anchor=False)
    st.markdown(plain(shortfall_sentence(view.assessment)))
    part_tiles(view)
    if worst:
        concern_list(view, worst)


def _where(view: View) -> None:
    failing = [row for row in view.assessment.rows if row.verdict is not Verdict.MET]
    places = [view.assessment.township_names[c] for c in dict.fromkeys(r.township_code for r in failing)]
    where = f"在{named(places, '个乡镇')}" if places else ""
    st.header(plain(f"未达标和无法判定的学校（分学段计）{len(failing)} 所{where}"), anchor=False)
    wide, narrow = st.columns([1.5, 1], gap="large")
    with wide:
        township_tiles(view, "")
    with narrow:
        st.html(
            lines_html(
                [
                    Line(
                        f"{verdict_mark(row.verdict, worded=False)} [{plain(row_name(row))}]({school_address(row.school_id)})",
                        f"  \n{plain(missing_text(row, view.standard))}",
                    )
                    for row in sorted(failing, key=lambda r: r.verdict is not Verdict.NOT_MET)[:_LISTED]
                ]
            )
        )


def _overdue(view: View) -> None:
    if view.plan.exists:
        overdue_list(view)
    else:
        st.header("没有实施方案，只按国家标准判定", anchor=False)


def _balance(view: View) -> None:
    st.header(plain("校际差异系数（长线为限值）"), anchor=False)
    for column, stage in zip(st.columns(2, gap="large"), STAGES, strict=True):
        with column:
            st.markdown(f"**{stage_name(stage)}**")
            sentence_table([_line(view, view.assessment.balance_of(stage, i.code)) for i in view.standard.indicators])


def _line(view: View, result: BalanceResult) -> dict[str, str]:
    value = against_limit(result.cv, result.limit, at_least=False, decimals=3)
    words = f"差异系数 {value}，限值 {limit_text(result.limit, 3)}"
    drawn = Markup("…") if result.cv is None else bullet(result.cv, float(result.limit), None, words, at_least=False)
    return {
        "指标": f"{verdict_mark(result.verdict, worded=False)} {plain(view.standard.indicator(result.code).short_name)}",
        "对照": drawn,
        "差异系数": plain(value),
        "限值": plain(f"≤ {limit_text(result.limit, 3)}"),
    }
