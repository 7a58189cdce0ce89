"""The month by workbook: the unit's own handed out, the filled one checked and, once it is right, reported."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.owed.month import Month
from core.delivery.records.records_writing import append_updates
from core.errors import InputRejected
from core.intake.reading.sources import open_uploads
from core.reports.month_workbook import ReturnedMonth, month_workbook, returned_month
from core.reports.tables import file_name
from core.wording.delivery import REPORTED_LABELS, receipt_sentence
from ui import draft
from ui.access import while_permitted
from ui.carrying_out.unit_view import Chosen
from ui.forms import send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.tables import sentence_table

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 30


def by_workbook(view: View, chosen: Chosen, month: Month, allowed: bool) -> None:
    """Hand the unit's workbook out, and take it back."""
    form = f"month_file_{chosen.unit_id}_{chosen.township_code}_{view.as_of}"
    st.markdown("**用表格填报**　下载本单位的表，填好后上传")
    st.download_button(
        "下载本月填报表",
        while_permitted("view", lambda: month_workbook(view.situation, month, is_demo=view.is_demo)),
        file_name("月报", f"{view.as_of:%Y年%m月}", chosen.name, "xlsx", is_demo=view.is_demo),
        _XLSX,
        key=f"{form}_xlsx",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption("填了“状态”的行才报送；进度、说明已带入上次内容。各股室的表可分别上传。")
    if not allowed:
        return
    file = st.file_uploader("填好的月报表（.xlsx、.xls 或 .ods）", key=f"{form}_{draft.edition(form)}")
    if file is not None:
        _take_back(view, chosen, month, form, file.name, file.getvalue())


def _take_back(view: View, chosen: Chosen, month: Month, form: str, name: str, content: bytes) -> None:
    try:
        source = draft.worked_out(form, (name, content), lambda: open_uploads([(name, content)]))
        found = returned_month(source, view.situation, month, datetime.now().date())
    except InputRejected as rejected:
        found = ReturnedMonth((), tuple(rejected.problems))
    if found.problems:
        st.error(plain(f"体检发现 {len(found.problems)} 处错误，没有报送。请在表中更正后重新上传。"))
        st.markdown("\n".join(f"- {plain(p.sentence())}" for p in found.problems[:_SHOWN]))
        if len(found.problems) > _SHOWN:
            st.caption(f"另有 {len(found.problems) - _SHOWN} 处同类错误没有列出。")
        return
    titles = {s.sub_item_id: s.title for s in view.plan.sub_items()}
    st.success(plain(f"体检通过：将报送 {len(found.drafts)} 项，请核对后确认。"))
    sentence_table(
        [
            {
                "具体措施": plain(f"{kept.sub_item_id} {titles[kept.sub_item_id]}"),
                "状态": plain(REPORTED_LABELS[kept.status]),
                "进度": plain("—" if kept.progress is None else f"{kept.progress}%"),
                "预计完成": plain(kept.forecast_date or "—"),
                "说明": plain(kept.note or "—"),
            }
            for kept, _ in found.drafts
        ]
    )
    with st.form(f"{form}_send", border=False):
        actor = writer(view, "填报人", f"{form}_name")

        def write() -> str:
            now = datetime.now()
            for receipt in append_updates(view.store, view.plan, view.county_code, found.drafts, actor, now):
                if told := receipt_sentence(receipt):
                    draft.announce(f"{receipt.record.sub_item_id}：{told}", warning=True)
            return f"{chosen.name}已按表报送 {len(found.drafts)} 项。"

        send_button(f"确认报送 {len(found.drafts)} 项", form, True, write)
