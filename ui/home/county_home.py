"""The county at a glance: the verdict, the four parts, the worst five with remedy and lead, what is overdue, where."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.wording.attention import Concern
from core.wording.positions import WORST_TITLE, no_plan_sentence
from core.wording.verdicts import county_headline, shortfall_sentence
from ui.conclusions.readings_view import other_reading_line, relief_lines
from ui.forwarding import forwarding
from ui.frame import View
from ui.home.concerns import concern_downloads, concern_list
from ui.home.due_view import overdue_list
from ui.home.gap_view import gap_table
from ui.home.tiles import part_tiles
from ui.labels import plain, verdict_mark
from ui.maps.township_tiles import township_tiles

# Shown until it is put away (`ui/assets/hands.html` remembers that in this browser).
_FIRST_VISIT = (
    '<div class="first-visit" hidden><p>● 达标　▲ 未达标　○ 数据不全、无法判定　◆ 临界。点方块、校名、单位看明细。'
    '<span class="at-a-desk"><br>上方选截至日、学年、乡镇，输入名称或拼音首字母查找；“复制链接”把看到的这一页发给他人。'
    "<br>按国家标准和本县方案判定；各页底部写明数据来自哪一批。</span></p>"
    '<button type="button" class="put-away">知道了</button></div>'
)


def county_home(view: View, worst: Sequence[Concern]) -> None:
    """The page of the whole county; `worst` are the concerns that stand first."""
    verdict = verdict_mark(view.assessment.verdict, worded=False)
    st.title(f"{verdict} {plain(county_headline(view.assessment, view.county_name, view.standard))}", anchor=False)
    st.markdown(plain(shortfall_sentence(view.assessment)))
    st.html(_FIRST_VISIT)
    part_tiles(view)
    wide, narrow = st.columns([1.75, 1], gap="medium")
    with wide:
        st.header(WORST_TITLE, anchor=False)
        if worst:
            concern_list(view, worst)
        else:
            st.markdown("没有未达标和无法判定的事项。")
        st.header("各乡镇", anchor=False)
        township_tiles(view, "")
    with narrow:
        if view.plan.exists:
            overdue_list(view)
        else:
            st.caption(plain(no_plan_sentence(view.county)))
        forwarding(view)
    other_reading_line(view)
    relief_lines(view, lambda s: s.kind in ("row", "balance", "item"), whole_county=True)
    with st.expander("县级合计缺口：各校每项补到标准，共需多少"):
        gap_table(view)
        concern_downloads(view, worst)
