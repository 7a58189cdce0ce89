"""The four parts as tiles that open the page behind them: n/N, what fails, the change, the course over the years."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import PartCount, Verdict
from core.wording.positions import county_parts
from core.wording.verdicts import SHAPES, VERDICT_MARKDOWN, WORDS
from ui.frame import View
from ui.labels import change_words
from ui.links import carried
from ui.menu import page_file

# In the order of the four parts.
_PAGES = ("schools", "balance", "items", "items")


def part_tiles(view: View) -> None:
    """One tile for each of the four parts of the standard."""
    years = view.earlier_years
    start = view.plan.phases[0].from_date.year if view.plan.phases else view.year
    parts = {year: county_parts(view.assessment_of(year), None) for year in years}
    with st.container(key="tiles"):
        for n, column in enumerate(st.columns(len(parts[view.year]))):
            part, unit = parts[view.year][n].now, parts[view.year][n].unit
            before = parts[view.year - 1][n].now.met if view.year - 1 in parts else None
            first = parts[start][n].now.met if start in parts and start < view.year else None
            with column, st.container(border=True, key=f"tile_{n}"):
                st.page_link(
                    page_file(f"conclusions/{_PAGES[n]}"), label=parts[view.year][n].title, query_params=carried()
                )
                st.metric(
                    parts[view.year][n].title,
                    f"{part.met} / {part.total} {unit}",
                    label_visibility="collapsed",
                    chart_data=[parts[y][n].now.met for y in years] if len(years) > 1 else None,
                )
                st.markdown(_unmet(part, unit))
                st.caption(change_words(part.met, before, unit, "上年"))
                if first is not None:
                    with st.container(key=f"desk_since_{n}"):
                        st.caption(change_words(part.met, first, unit, f" {start} 年"))


def _unmet(part: PartCount, unit: str) -> str:
    counts = ((Verdict.NOT_MET, part.not_met), (Verdict.NOT_ASSESSABLE, part.unknown))
    clauses = [
        f":{VERDICT_MARKDOWN[verdict]}[{SHAPES[verdict]} {number} {unit}{WORDS[verdict]}]"
        for verdict, number in counts
        if number
    ]
    met = f":{VERDICT_MARKDOWN[part.verdict]}[{SHAPES[part.verdict]} 全部{WORDS[part.verdict]}]"
    return "　".join(clauses) or met
