"""The confirmation of responsibilities: who leads a sub-item and by when."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.records.records import ConfirmationDraft
from core.delivery.records.records_writing import confirm
from core.wording.delivery import BASIS_LABELS
from ui import draft
from ui.carrying_out.unit_view import Chosen
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View


def confirmation(view: View, chosen: Chosen) -> None:
    """Confirm who leads a sub-item and by when: 默认推定 becomes 已确认."""
    plan, now = view.plan, view.situation
    owed = [o for s in plan.sub_items() if (o := now.obligation(s)).lead_unit_id == chosen.unit_id]
    if not owed:
        return
    presumed = sum(o.lead_basis == "default" for o in owed)
    form = f"confirm_{chosen.unit_id}"
    with st.expander(f"确认责任与期限：{len(owed)} 项中 {presumed} 项为默认推定"):
        names = {
            o.sub_item.sub_item_id: f"{o.sub_item.sub_item_id} {o.sub_item.title}（{BASIS_LABELS[o.lead_basis]}）"
            for o in sorted(owed, key=lambda o: o.lead_basis != "default")
        }
        sub_item_id = str(st.selectbox("具体措施", list(names), format_func=lambda i: names[i], key=f"{form}_item"))
        binding = now.obligation(plan.sub_item(sub_item_id))
        units = [u.unit_id for u in plan.units]
        allowed = may(view, "plan")
        place = f"{form}_{sub_item_id}_{draft.edition(form)}"
        with st.form(place, border=False):
            lead = st.selectbox(
                "牵头单位",
                units,
                index=units.index(binding.lead_unit_id) if binding.lead_unit_id in units else None,
                format_func=lambda u: plan.unit(u).name,
                key=f"{place}_lead",
            )
            due = optional_day("完成期限", binding.due, f"{place}_due")
            day = day_field(view, "确认日期", f"{place}_day")
            note = st.text_input("说明", key=f"{place}_note", max_chars=200)
            actor = writer(view, "确认人", f"{place}_name")

            def write() -> str:
                kept = ConfirmationDraft(
                    sub_item_id=sub_item_id, lead_unit_id=str(lead), due=due or binding.due, day=day, note=note
                )
                confirm(view.store, plan, view.county_code, kept, actor, datetime.now())
                return f"已确认 {sub_item_id}：{plan.unit(kept.lead_unit_id).name}牵头，{kept.due} 前完成。"

            send_button("确认", form, allowed, write)
