"""Lines: what it is about, what is said of it, and at the far end a figure; as they are they fit a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.markup.inline import html_of


@dataclass(frozen=True)
class Line:
    """One line; its three parts are Markdown made by this package."""

    title: str
    words: str = ""
    figure: str = ""


def lines_html(lines: Sequence[Line]) -> Markup:
    """The lines as a list."""
    drawn = Markup("").join(
        Markup('<li><span><b>{}</b> {}</span><span class="figure">{}</span></li>').format(
            html_of(line.title), html_of(line.words), html_of(line.figure)
        )
        for line in lines
    )
    return Markup('<ul class="lines">{}</ul>').format(drawn)
