"""The one place for session state: what this person chose or typed and has not saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

T = TypeVar("T")
_CHOICE = "choice_"
_SAID, _EDITION, _OPENED, _WORKED_OUT = "said", "edition_", "opened_", "worked_out_"


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


def announce(sentence: str, *, warning: bool = False) -> None:
    """Keep a sentence for the next run: a page that was written to is drawn anew."""
    st.session_state.setdefault(_SAID, []).append((sentence, warning))


def announced() -> list[tuple[str, bool]]:
    """The sentences kept, each once, with whether it is a warning."""
    said: list[tuple[str, bool]] = st.session_state.pop(_SAID, [])
    return said


def edition(form: str) -> int:
    """How often a form was sent; part of its fields' keys, so that a sent form is empty again."""
    number: int = st.session_state.get(_EDITION + form, 0)
    return number


def sent(form: str) -> None:
    """Begin a form anew; what was opened and worked out for it is forgotten."""
    st.session_state[_EDITION + form] = edition(form) + 1
    st.session_state.pop(_OPENED + form, None)
    st.session_state.pop(_WORKED_OUT + form, None)


def opened(form: str, make: Callable[[], T]) -> T:
    """What a person had before their eyes when they opened a form, until it is sent."""
    if _OPENED + form not in st.session_state:
        st.session_state[_OPENED + form] = make()
    kept: T = st.session_state[_OPENED + form]
    return kept


def worked_out(form: str, identity: object, make: Callable[[], T]) -> T:
    """What was worked out for a form, kept until what it was worked out from changes."""
    kept: tuple[object, T] | None = st.session_state.get(_WORKED_OUT + form)
    if kept is None or kept[0] != identity:
        kept = identity, make()
        st.session_state[_WORKED_OUT + form] = kept
    return kept[1]


def put_back(defaults: Mapping[str, object]) -> None:
    """Give widgets their default values again; what is bound to the address follows."""
    for key, value in defaults.items():
        st.session_state[key] = value
