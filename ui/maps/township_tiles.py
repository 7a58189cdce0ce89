"""The townships of a county at a glance: how many school rows pass in each, where some fail or cannot be judged."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import PartCount, Verdict, count
from core.wording.verdicts import SHAPES, WORDS
from ui.frame import View
from ui.links import address
from ui.maps.township_grid import GRID_CREDIT, TownshipTile, township_grid


def township_tiles(view: View, page: str) -> None:
    """The tiles; each opens a page of the platform on its township."""
    st.html(
        township_grid(
            [_tile(view, code, name, page) for code, name in view.assessment.township_names.items()], seats(view)
        )
    )
    key = "　".join(f"{SHAPES[v]} {WORDS[v]}" for v in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE))
    st.caption(f"达标数/参评数。{key}。{GRID_CREDIT}示意图，非行政区域界线。")


def seats(view: View) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the townships' seats, as far as they are known."""
    return dict(view.situation.facts.seats)


def _tile(view: View, code: str, name: str, page: str) -> TownshipTile:
    part = count(row.verdict for row in view.assessment.rows if row.township_code == code)
    link = address(page, township=code)
    if not part.total:
        return TownshipTile(code, name, "无参评学校", (), "empty", link)
    return TownshipTile(code, name, f"{part.met}/{part.total}", unmet_words(part), tile_kind(part), link)


def tile_kind(part: PartCount, *, chosen: bool = False) -> str:
    """The class under which the style sheet draws a township's tile."""
    kind = "failed" if part.not_met else "unknown" if part.unknown else "met" if part.total else "empty"
    return f"{kind} chosen" if chosen else kind


def unmet_words(part: PartCount) -> tuple[tuple[str, str], ...]:
    """Shape with number and word of what fails and of what cannot be judged."""
    counts = ((Verdict.NOT_MET, part.not_met), (Verdict.NOT_ASSESSABLE, part.unknown))
    return tuple((f"{SHAPES[verdict]} {number}", WORDS[verdict]) for verdict, number in counts if number)
