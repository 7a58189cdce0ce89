"""The page of a briefing: what may stand on it, and its making as PDF.

    briefing_pdf(briefing) -> bytes        always one A4 page; lists are cut to fit and say how much is left out

Everything reaches the page as data, never as markup. The same briefing gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from core.method.assessment import Verdict
from core.method.failures import WORST_FIRST
from core.palette import INK
from core.reports.cells import Cell, colour_of
from core.reports.link_code import link_code
from core.reports.schematic_map import FILL_CLASSES, SchematicMap
from core.reports.tables import DEMO_MARK
from core.reports.typesetting import pdf_of
from core.wording.verdicts import SHAPES, WORDS

# Rows of a list that a page is to hold at least before its type is made smaller, and more than it can ever hold.
_ENOUGH, _MOST_ROWS = 5, 40
_LONGEST_REMARK, _LONGEST_CELL, _LONGEST_LINE = 60, 120, 420
_CUT = "……"
_TEMPLATE = Path(__file__).with_name("briefing.typ")


@dataclass(frozen=True)
class Column:
    """A column's name and its share of the width; 0 is as wide as its text."""

    name: str
    share: int


@dataclass(frozen=True)
class Section:
    """One list: its rows, the worst first, the words for none and for those left out; `beside` the map or above it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str
    empty: str
    beside: bool = False


@dataclass(frozen=True)
class Tile:
    """One figure with its name and a remark."""

    title: str
    value: str
    note: str
    colour: str = INK


@dataclass(frozen=True)
class Picture:
    """The map, its title, its width when the lists beside it take 1, and a remark."""

    title: str
    drawn: SchematicMap
    share: float
    note: str = ""


@dataclass(frozen=True)
class Briefing:
    """What stands on the page."""

    subject: str
    verdict: Verdict
    headline: str
    summary: str
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    picture: Picture | None
    source_line: str
    is_demo: bool
    # Where the page's figures are checked, empty where nobody pinned them.
    link: str = ""


def briefing_pdf(briefing: Briefing) -> bytes:
    """The briefing as a PDF of one A4 page."""
    return pdf_of(
        _TEMPLATE,
        {
            "briefing": json.dumps(_page(briefing), ensure_ascii=False),
            "map": "" if briefing.picture is None else briefing.picture.drawn.svg,
            "code": link_code(briefing.link) if briefing.link else "",
        },
    )


def _page(briefing: Briefing) -> dict[str, object]:
    colour = colour_of(briefing.verdict)
    return {
        "kicker": f"义务教育优质均衡发展 · 简报 · {_short(briefing.subject, _LONGEST_CELL)}",
        "mark": f"{DEMO_MARK}：学校与数字均为虚构" if briefing.is_demo else "",
        "title": {
            "text": _short(briefing.headline, _LONGEST_CELL),
            "shape": SHAPES[briefing.verdict],
            "colour": colour,
        },
        "summary": _short(briefing.summary, _LONGEST_LINE),
        "tiles": [
            {name: _short(text, _LONGEST_REMARK) for name, text in asdict(tile).items()} for tile in briefing.tiles
        ],
        "sections": [_section(section) for section in briefing.sections],
        "map": None if briefing.picture is None else _map(briefing.picture),
        "source": _short(briefing.source_line, _LONGEST_LINE),
        "link": briefing.link,
        "enough": _ENOUGH,
    }


def _section(section: Section) -> dict[str, object]:
    rows = [
        [{"text": _short(c.text, _LONGEST_CELL), "colour": c.colour} for c in row] for row in section.rows[:_MOST_ROWS]
    ]
    words = {
        name: _short(text, _LONGEST_CELL)
        for name, text in (("title", section.title), ("more", section.more), ("empty", section.empty))
    }
    return {**asdict(section), **words, "rows": rows, "total": len(section.rows)}


def _map(picture: Picture) -> dict[str, object]:
    drawn = picture.drawn
    marks = [
        {
            "text": f"{SHAPES[verdict]} {WORDS[verdict] if verdict is not Verdict.NOT_APPLICABLE else '未参评'} {drawn.counts[verdict]}",
            "colour": colour_of(verdict),
        }
        for verdict in WORST_FIRST
        if drawn.counts[verdict]
    ]
    unlocated = f"未定位 {drawn.unlocated} 所；" if drawn.unlocated else ""
    note = f"{picture.note}；" if picture.note else ""
    return {
        "title": picture.title,
        "share": picture.share,
        "fills": [{"name": name, "colour": colour} for name, colour in FILL_CLASSES],
        "marks": marks,
        "caption": f"标记为学校（所），底色为学校达标比例；{note}{unlocated}示意图，非行政区域界线",
    }


def _short(text: str, longest: int) -> str:
    """The text on one line, cut where it is longer than the page can bear."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - len(_CUT)] + _CUT
