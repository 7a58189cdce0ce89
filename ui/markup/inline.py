"""The screen's Markdown as HTML, for cells of tables: one language for words, wherever they stand.

Streamlit's own directives (`:red[…]`, `:small[…]`) become classes of the style sheet; HTML in a text stays text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

_DIRECTIVE = re.compile(r":(red|green|blue|yellow|orange|violet|gray|small)\[")
_KEPT = 20_000


@lru_cache(maxsize=_KEPT)
def html_of(markdown: str) -> Markup:
    """A cell's words, made by this package with `plain` around what came from data."""
    return Markup(_parser().renderInline(markdown))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False})
    parser.enable(["emphasis", "link", "escape", "newline", "backticks"])
    parser.inline.ruler.before("link", "directive", _directive)
    return parser


def _directive(state: StateInline, silent: bool) -> bool:
    found = _DIRECTIVE.match(state.src, state.pos)
    if found is None:
        return False
    inside = found.end()
    end = state.md.helpers.parseLinkLabel(state, inside - 1)
    if end < 0:
        return False
    if not silent:
        after, state.posMax = state.posMax, end
        state.push("span_open", "span", 1).attrs = {"class": f"mark {found.group(1)}"}
        state.pos = inside
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = after
    state.pos = end + 1
    return True
