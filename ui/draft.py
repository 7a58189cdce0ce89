"""The one place for session state: what this person chose or typed and has not saved."""

from __future__ import annotations

import streamlit as st

_CHOICE = "choice_"


def remember(key: str, value: str | None) -> None:
    """Keep a choice for the pages that follow; None forgets it."""
    if value is None:
        st.session_state.pop(_CHOICE + key, None)
    else:
        st.session_state[_CHOICE + key] = value


def recall(key: str) -> str | None:
    """The choice kept under a key."""
    value: str | None = st.session_state.get(_CHOICE + key)
    return value
