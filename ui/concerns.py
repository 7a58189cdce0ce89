"""What needs attention, as a table at a desk and as cards on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.wording.attention import Concern
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.tables import sentence_table


def concern_list(view: View, concerns: Sequence[Concern], key: str) -> None:
    """Where it fails, how to repair it, who owes it and when it must start at the latest."""
    with st.container(key=f"desk_{key}"):
        sentence_table(
            [
                {
                    "对象": f"**{plain(c.name)}**  \n{verdict_mark(c.verdict, c.borderline)}",
                    "差在哪": plain(c.reason),
                    "怎么补": plain(c.remedy),
                    "责任单位": plain(c.owner or "—"),
                    "见效约需": f"{c.lead_months} 个月" if c.lead_months else "—",
                }
                for c in concerns
            ]
        )
    with st.container(key=f"phone_{key}"):
        for c in concerns:
            with st.container(border=True):
                st.markdown(f"**{plain(c.name)}** {verdict_mark(c.verdict, c.borderline)}")
                st.markdown(f"{plain(c.reason)}  \n**怎么补** {plain(c.remedy)}  \n**责任** {plain(c.owner or '—')}")


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before a day."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
