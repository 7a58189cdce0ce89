"""Choices that travel: in the address, so that a link shows the same, and along when the page is switched."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.access import current_actor, may_see_drafts
from ui.draft import note_written, recall, remember, written


def carried_choice(key: str) -> str | None:
    """What was chosen: by the link that opened the page, by the browser's arrows, else on the page before."""
    if has_gone(key):
        remember(key, st.query_params.get(key))
    return st.query_params.get(key) or recall(key)


def has_gone(key: str) -> bool:
    """Whether the browser's arrows have changed a choice in the address since it was last put there on this page."""
    return written(key, st.query_params.get(key)) is False


def carry(key: str, value: str, default: str) -> None:
    """Keep a choice in the address (unless it is the default) and for the next page."""
    if value == default:
        remember(key, None)
        if key in st.query_params:
            del st.query_params[key]
    else:
        remember(key, value)
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    note_written(key, st.query_params.get(key))


def viewed_draft() -> int | None:
    """The draft batch that is looked at as if it counted, None for what counts and where no page runs."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    # A draft is for those who work on it.
    carried = carried_choice("draft") if may_see_drafts(current_actor()) else None
    return int(carried) if carried and carried.isdecimal() and carried.isascii() else None
