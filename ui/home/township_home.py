"""One township at a glance, the home of whoever works there: its schools, what it owes, what falls due."""

from __future__ import annotations

import streamlit as st

from core.delivery.owed.units import township_page
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.positions import no_plan_sentence, township_concerns, township_headline, township_verdict
from ui.carrying_out.unit_view import township_facts
from ui.forwarding import forwarding
from ui.frame import View
from ui.home.concerns import concern_list
from ui.labels import plain, verdict_mark
from ui.links import address
from ui.status_view import status_table


def township_home(view: View, township_code: str) -> None:
    """The page of one township."""
    now = view.situation
    page = township_page(now, township_code)
    st.title(
        f"{verdict_mark(township_verdict(now, page), worded=False)} {plain(township_headline(page))}", anchor=False
    )
    failing = township_concerns(now, township_code)
    if failing:
        st.header(plain(f"未达标和无法判定的学校 {len(failing)} 所（分学段计）"), anchor=False)
        concern_list(view, failing)
    else:
        st.markdown("参评学校全部达标。" if page.school_rows.total else "没有参评学校。")
    leads = any(u.kind == TOWNSHIPS_KIND for u in view.plan.units)
    if leads:
        owed = list({s.sub_item.sub_item_id: s for s in (*page.late, *page.short, *page.due_this_month)}.values())
        st.header(plain(f"逾期、本月到期 {len(owed)} 项"), anchor=False)
        status_table(view, owed, "没有逾期和本月到期的具体措施。")
    else:
        st.caption(plain(no_plan_sentence(view.county)))
    st.header("基本情况", anchor=False)
    township_facts(view, page)
    links = [f"[本乡镇学校]({address('schools')})"]
    if leads:
        links += [f"[全部牵头事项]({address('units')})", f"[填报月报]({address('units', unit_part='月报')})"]
    links.append(f"[看全县]({address('', township='all')})")
    st.markdown("　".join(links))
    if leads:
        forwarding(view, township_code=township_code)
