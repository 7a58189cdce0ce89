"""The four parts as tiles that open the page behind them: n/N, how much is missing, the course over the years."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from core.method.assessment import PartCount, Verdict
from core.wording.positions import Part, county_parts
from core.wording.verdicts import SHAPES, VERDICT_MARKDOWN, WORDS
from ui.frame import View
from ui.labels import change_words
from ui.links import address
from ui.markup.figures import gap_bar, sparkline

# In the order of the four parts.
_PAGES = ("schools", "balance", "items", "items")
_TILE = Markup(
    '<a class="tile" href="{}"><span class="tile-title">{}</span>'
    '<span class="tile-figure"><b>{}</b> / {} {}{}</span>{}<span class="tile-words">{}</span>'
    '<span class="tile-change">{}</span></a>'
)


def part_tiles(view: View) -> None:
    """One tile for each of the four parts of the standard."""
    courses = [county_parts(view.assessment_of(year), None) for year in view.earlier_years]
    before = courses[-2] if view.year - 1 in view.earlier_years else None
    tiles = Markup("").join(
        _tile(part, page, [parts[n].now.met for parts in courses], before[n].now.met if before else None, view)
        for n, (part, page) in enumerate(zip(courses[-1], _PAGES, strict=True))
    )
    st.html(Markup('<nav class="tiles" aria-label="四个方面">{}</nav>').format(tiles))


def _tile(part: Part, page: str, course: list[int], before: int | None, view: View) -> Markup:
    now = part.now
    first = view.earlier_years[0]
    return _TILE.format(
        address(page),
        part.title,
        now.met,
        now.total,
        part.unit,
        sparkline(course, f"{first} 至 {view.year} 学年达标数：{'、'.join(map(str, course))}"),
        gap_bar(now.met, now.not_met, now.unknown),
        _unmet(now, part.unit),
        change_words(now.met, before, part.unit, "上年"),
    )


def _unmet(part: PartCount, unit: str) -> Markup:
    counts = ((Verdict.NOT_MET, part.not_met), (Verdict.NOT_ASSESSABLE, part.unknown))
    clauses = [_mark(verdict, f"{number} {unit}{WORDS[verdict]}") for verdict, number in counts if number]
    return Markup(" ").join(clauses) or _mark(part.verdict, f"全部{WORDS[part.verdict]}")


def _mark(verdict: Verdict, words: str) -> Markup:
    return Markup('<span class="mark {}">{} {}</span>').format(VERDICT_MARKDOWN[verdict], SHAPES[verdict], words)
