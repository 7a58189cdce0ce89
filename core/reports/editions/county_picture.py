"""The county's briefing as a picture of 1,080 points across, for a chat group where nobody opens a file.

county_picture(briefing) -> bytes          PNG, as high as what it says
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from core.reports.briefing.page import Briefing, Section
from core.reports.cells import colour_of
from core.reports.tables import DEMO_MARK
from core.reports.typesetting import picture_of, printable
from core.wording.verdicts import SHAPES

WIDTH_PIXELS = 1080
_TEMPLATE = Path(__file__).with_name("county_picture.typ")
_ROWS_SHOWN, _LONGEST = 5, 80
# What a line on a phone has no room for: it stands in the file.
_LEFT_OUT = {"差在哪", "责任单位"}


def county_picture(briefing: Briefing) -> bytes:
    """The verdict, the four parts, the first rows of each list, the map."""
    drawn = briefing.picture
    said = {
        "mark": f"{DEMO_MARK}：学校与数字均为虚构" if briefing.is_demo else "",
        "title": printable(briefing.headline),
        "shape": SHAPES[briefing.verdict],
        "colour": colour_of(briefing.verdict),
        "tiles": [{name: printable(text) for name, text in asdict(tile).items()} for tile in briefing.tiles],
        "sections": [_section(section) for section in briefing.sections],
        "map": None if drawn is None else {"title": printable(drawn.title), "svg": drawn.drawn.svg},
        "source": printable(briefing.source_line),
    }
    return picture_of(_TEMPLATE, {"picture": json.dumps(said, ensure_ascii=False)}, WIDTH_PIXELS)


def _section(section: Section) -> dict[str, object]:
    """A list's first rows: whom, the verdict, what to do; figures that are nothing without their heading carry it."""
    is_figures = all(column.share == 0 for column in section.columns[1:])
    names = [column.name for column in section.columns]
    rows = [
        [
            {
                "text": printable(_short(f"{names[n]} {cell.text}" if n and is_figures else cell.text)),
                "colour": cell.colour,
            }
            for n, cell in enumerate(row)
            if names[n] not in _LEFT_OUT
        ]
        for row in section.rows[:_ROWS_SHOWN]
    ]
    return {
        "title": printable(section.title),
        "rows": rows,
        "more": section.more if len(section.rows) > _ROWS_SHOWN else "",
        "empty": section.empty,
    }


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
