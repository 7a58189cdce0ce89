"""The tables of a page as frames, read from the HTML that the page is given."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
from streamlit.testing.v1 import AppTest


def tables(app: AppTest) -> list[pd.DataFrame]:
    """Every table of the page in order, its first column the index, as `st.table` would give it."""
    frames = []
    for body in html_bodies(app):
        reader = _Reader()
        reader.feed(body)
        frames += [pd.DataFrame(lines[1:], columns=lines[0]).set_index(lines[0][0]) for lines in reader.tables]
    return frames


def html_bodies(app: AppTest) -> list[str]:
    """What the page says in HTML of its own, without scripts and style sheets."""
    bodies = [str(element.proto.body) for element in app.get("html")]
    return [body for body in bodies if "<script" not in body and "<style" not in body]


def spoken(body: str) -> str:
    """The words of a piece of HTML; a line for each cell."""
    reader = _Reader()
    reader.feed(re.sub("</tr>|</td>|</th>|<br>|</p>", "\n", body))
    return "".join(reader.words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.words: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True
        elif tag == "br" and self._in_cell:
            self.tables[-1][-1][-1] += "  \n"

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._in_cell:
            self.tables[-1][-1][-1] += data
