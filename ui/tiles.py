"""The four parts as tiles: n/N, what fails, the change in words, and the course over the years."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import Assessment, PartCount
from core.wording.verdicts import SHAPES, WORDS, Verdict, other_reading
from ui import cache
from ui.frame import View
from ui.labels import change_words, plain, verdict_mark

_PARTS = (
    ("资源配置 · 校段", "个", lambda a: a.schools_part),
    ("资源配置 · 差异系数", "项", lambda a: a.balance_part),
    ("政府保障程度", "项", lambda a: a.items_part("government")),
    ("教育质量与认可度", "项", lambda a: a.items_part("quality", "satisfaction")),
)


def part_tiles(view: View) -> None:
    """One tile for each of the four parts of the standard."""
    years = view.earlier_years
    start = view.plan.phases[0].from_date.year
    judged: dict[int, Assessment] = {year: view.assessment_of(year) for year in years}
    with st.container(key="tiles"):
        for column, (title, unit, part_of) in zip(st.columns(4), _PARTS, strict=True):
            part: PartCount = part_of(judged[view.year])
            before = part_of(judged[view.year - 1]).met if view.year - 1 in judged else None
            first = part_of(judged[start]).met if start in judged and start < view.year else None
            with column, st.container(border=True):
                st.metric(
                    title,
                    f"{part.met} / {part.total} {unit}",
                    chart_data=[part_of(judged[y]).met for y in years] if len(years) > 1 else None,
                )
                st.markdown(f"{verdict_mark(part.verdict)}　:small[{_unmet(part, unit)}]")
                st.caption(
                    f"{change_words(part.met, before, unit, '上年')}；"
                    f"{change_words(part.met, first, unit, f' {start} 年')}"
                )


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
