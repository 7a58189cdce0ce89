"""The slim bar over every page: its name, the day, the school year, the township, what to find, the link to send."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from core.reports.tables import DEMO_MARK
from core.wording.planning.scenario import SIMULATION
from ui.draft import answered, choose, recall, remember, widget_value
from ui.labels import COUNTY_WIDE
from ui.links import carried
from ui.menu import page_file
from ui.pickers import WHOLE_COUNTY, coded_choice

_SEARCH, _LONGEST_SEARCH = "search_words", 30
# What the township was called on single pages before it stood in the bar; links of then still open.
_OLD_NAMES = ("place", "unit")


def page_name(name: str) -> None:
    """The page's name, as the menu has it."""
    st.html(Markup('<p class="page-name">{}</p>').format(name), width="content")


def township_picker(names: Mapping[str, str], *, matters: bool) -> str | None:
    """The one township of all pages, None for the whole county; a page to which it means nothing says so."""
    for old in _OLD_NAMES:
        meant = _code_of(st.query_params.get(old), names)
        if meant is not None:
            del st.query_params[old]
            answered(old)
            st.query_params["township"] = meant
    options = {WHOLE_COUNTY: COUNTY_WIDE, **names}
    chosen = coded_choice("乡镇", list(options), "township", names=options, width=124, labelled=False)
    if chosen != WHOLE_COUNTY and not matters:
        st.html('<p class="chip whole-county">本页按全县</p>', width="content")
    return None if chosen == WHOLE_COUNTY else chosen


def demo_chip() -> None:
    """Nobody takes synthetic figures for real ones."""
    mark, rest = DEMO_MARK[:2], DEMO_MARK[2:]
    st.html(Markup('<p class="chip demo">◇ {}<span>{}</span></p>').format(mark, rest), width="content")


def simulation_chip() -> None:
    """Nobody takes what is imagined for what was reported."""
    mark, _, rest = SIMULATION.partition("，")
    st.html(Markup('<p class="chip simulation">{}<span>，{}</span></p>').format(mark, rest), width="content")


def search_field() -> None:
    """Whatever has a name, from every page; Enter opens what was found."""
    st.text_input(
        "查找",
        key=_SEARCH,
        placeholder="查找学校、单位、条款",
        max_chars=_LONGEST_SEARCH,
        label_visibility="collapsed",
        on_change=_ask,
        width=190,
    )
    words = (recall(_SEARCH) or "").strip()
    remember(_SEARCH, None)
    if words:
        st.switch_page(page_file("conclusions/search"), query_params=carried(q=words))


def _ask() -> None:
    # The field is empty again for what is looked for next.
    remember(_SEARCH, str(widget_value(_SEARCH) or ""))
    choose(_SEARCH, "")


def copy_link_button() -> None:
    """The address of just what is on the screen, for a chat; `ui/assets/hands.html` does the copying."""
    st.html('<button type="button" class="copy-link">复制链接</button>', width="content")


def _code_of(asked: str | None, names: Mapping[str, str]) -> str | None:
    if asked is None or asked in names:
        return asked
    return next((code for code, name in names.items() if name == asked), None)
