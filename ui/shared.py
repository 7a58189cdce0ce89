"""Choices that travel: in the address, so that a link shows the same, and along when the page is switched."""

from __future__ import annotations

import streamlit as st

from ui.access import current_actor
from ui.draft import recall, remember


def carried_choice(key: str) -> str | None:
    """What was chosen: by the link that opened the page, else on the page before."""
    return st.query_params.get(key) or recall(key)


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


def viewed_draft() -> int | None:
    """The draft batch that is looked at as if it counted, None for what counts."""
    # A draft is for those who work on it.
    carried = carried_choice("draft") if current_actor().can_write else None
    return int(carried) if carried and carried.isdecimal() and carried.isascii() else None
