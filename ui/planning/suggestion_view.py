"""可以这样补: suggestions as buttons, each with its effect and its price; one press takes it into the scenario."""

from __future__ import annotations

import streamlit as st

from core.outlook.remedies.suggestions import Suggestion, suggestions
from core.outlook.what_if.levers import resource_of
from core.wording.numbers import amount_text, wan_text
from core.wording.verdicts import row_name
from ui import cache
from ui.frame import View
from ui.labels import plain, stage_name
from ui.planning.lever_address import Wishes
from ui.planning.lever_forms import add_levers

_SHOWN = 6


def suggestion_buttons(view: View, wishes: Wishes) -> None:
    """What is not taken in yet, the schools first."""
    found = cache.told(
        view.key.without_records,
        view.year,
        view.as_of,
        "suggestions",
        lambda: suggestions(view.baseline, view.county.price_list, view.with_changes),
    )
    waiting = [s for s in found if not set(s.levers) <= set(wishes.levers)]
    if not waiting:
        return
    st.markdown("**可以这样补**")
    with st.container(key="suggestions", gap="small"):
        for number, suggestion in enumerate(waiting[:_SHOWN]):
            if st.button(_words(view, suggestion), key=f"suggestion_{number}"):
                add_levers(view, wishes, suggestion.levers)


def _words(view: View, suggestion: Suggestion) -> str:
    about = suggestion.subject
    amounts: dict[str, int] = {}
    for lever in suggestion.levers:
        amounts[lever.code] = amounts.get(lever.code, 0) + lever.amount
    added = "、".join(f"{resource_of(c).name} {amount_text(n, resource_of(c).unit)}" for c, n in amounts.items())
    if about.school_id is not None:
        row = view.assessment.row(about.school_id, str(about.stage))
        where, goal = row_name(row) if row else "", "达标"
    else:
        where = f"{len(suggestion.levers)} 校"
        goal = f"{stage_name(str(about.stage))}{view.standard.indicator(str(about.code)).short_name}差异系数达标"
    cost = suggestion.cost
    money = [f"每年 {wan_text(cost.yearly_yuan)}"] if cost.yearly_yuan else []
    money = [f"一次性 {wan_text(cost.once_yuan)}", *money] if cost.once_yuan else money
    return plain(f"{where} 增{added} → {goal}（{'，'.join(money) or '没有新增投入'}）")
