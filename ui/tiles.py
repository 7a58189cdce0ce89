"""The four parts as tiles: n/N, what fails, the change in words, and the course over the years."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import PartCount
from core.wording.positions import county_parts
from core.wording.verdicts import SHAPES, WORDS, Verdict, other_reading
from ui import cache
from ui.frame import View
from ui.labels import change_words, plain, verdict_mark


def part_tiles(view: View) -> None:
    """One tile for each of the four parts of the standard."""
    years = view.earlier_years
    start = view.plan.phases[0].from_date.year
    parts = {year: county_parts(view.assessment_of(year), None) for year in years}
    with st.container(key="tiles"):
        for n, column in enumerate(st.columns(len(parts[view.year]))):
            part, unit = parts[view.year][n].now, parts[view.year][n].unit
            before = parts[view.year - 1][n].now.met if view.year - 1 in parts else None
            first = parts[start][n].now.met if start in parts and start < view.year else None
            with column, st.container(border=True):
                st.metric(
                    parts[view.year][n].title,
                    f"{part.met} / {part.total} {unit}",
                    chart_data=[parts[y][n].now.met for y in years] if len(years) > 1 else None,
                )
                st.markdown(f"{verdict_mark(part.verdict)}　:small[{_unmet(part, unit)}]")
                since = "" if first is None else f"；{change_words(part.met, first, unit, f' {start} 年')}"
                st.caption(change_words(part.met, before, unit, "上年") + since)


def _unmet(part: PartCount, unit: str) -> str:
    clauses = []
    if part.not_met:
        clauses.append(f"{SHAPES[Verdict.NOT_MET]} {part.not_met} {unit}{WORDS[Verdict.NOT_MET]}")
    if part.unknown:
        clauses.append(f"{SHAPES[Verdict.NOT_ASSESSABLE]} {part.unknown} {unit}{WORDS[Verdict.NOT_ASSESSABLE]}")
    return " ".join(clauses) or "全部达标"


def other_reading_line(view: View) -> None:
    """The same headline without the exclusion of small teaching points, where one is left out."""
    option = view.standard.option("small_teaching_points")
    choice = next(name for name in option.choices if name != option.default)
    other = cache.assessment(view.county_code, view.year, {option.option_id: choice})
    sentence = other_reading(view.assessment, other, view.standard)
    if sentence:
        st.caption(plain(sentence))
