"""The one place for session state: what this person chose, typed and has not saved, or asked for by a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from ui.address_bounds import inadmissible, parameter_name

T = TypeVar("T")
_CHOICE = "choice_"
_SAID, _EDITION, _OPENED, _WORKED_OUT = "said", "edition_", "opened_", "worked_out_"
_SESSION, _GIVEN_UP, _BEEN_OPEN = "session", "given_up_", "been_open_"
_WRITTEN = "written_"
_PAGE, _ASKED, _REFUSED, _SETTLED = "page_open", "page_asked", "page_refused", "page_settled"


@dataclass(frozen=True)
class Refusal:
    """What a link asked for and did not get: the choice and its name, what it said, what stands instead.

    `name` is None where a widget corrected the address by itself, `shown` where nothing is chosen now.
    """

    key: str
    asked: str
    name: str | None
    shown: str | None


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


def note_written(key: str, value: str | None) -> None:
    """Note what now stands in this page's address of a choice."""
    st.session_state[_WRITTEN + key] = st.session_state.get(_PAGE), value


def written(key: str, value: str | None) -> bool | None:
    """Whether this page's address says of a choice what was last noted; None where nothing was noted on this page."""
    page, noted = st.session_state.get(_WRITTEN + key, (None, None))
    return None if page is None or page != st.session_state.get(_PAGE) else noted == value


def choose(widget: str, value: object) -> None:
    """Give a widget a value before it is drawn."""
    st.session_state[widget] = value


def widget_value(widget: str) -> object:
    """What a widget holds, for what is to happen when it changes."""
    return st.session_state.get(widget)


def been_open(part: str, *, is_open: bool) -> bool:
    """Whether a part of a page is open or was: it is drawn from then on, so that what was typed outlasts a look elsewhere."""
    been: bool = st.session_state.get(_BEEN_OPEN + part, False) or is_open
    st.session_state[_BEEN_OPEN + part] = been
    return been


def this_session() -> object:
    """What tells this person's open page from every other."""
    return st.session_state.setdefault(_SESSION, object())


def give_up(place: str, computation: object | None) -> None:
    """Note which computation this person waits for no more; None forgets it."""
    st.session_state[_GIVEN_UP + place] = computation


def has_given_up(place: str, computation: object) -> bool:
    """Whether this person waits no more for just this computation."""
    return st.session_state.get(_GIVEN_UP + place) is computation


def put_back(defaults: Mapping[str, object]) -> None:
    """Give widgets their default values again; what is bound to the address follows."""
    for key, value in defaults.items():
        st.session_state[key] = value


def arrive(page: str) -> None:
    """Note what a link asks of a page that is newly opened, before any choice corrects the address."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_ASKED] = st.query_params.to_dict()
        st.session_state[_REFUSED] = {}
    # At every run: an address also changes by the browser's own arrows.
    asked = st.query_params.to_dict()
    # What a widget of this page holds was typed here, and the page itself says what is wrong with it.
    refused = [key for key in inadmissible(asked) if key not in st.session_state]
    for key in refused:
        del st.query_params[key]
        st.session_state[_REFUSED][key] = Refusal(key, asked[key], parameter_name(key), None)
    if refused:
        # A widget bound to the address reads it as it was when the run began.
        st.rerun()


def answered(key: str) -> None:
    """What a link asked under a name of an earlier edition was understood: nothing is to be said of it."""
    st.session_state.get(_ASKED, {}).pop(key, None)


def refuse(key: str, name: str, shown: str | None) -> None:
    """A choice says that it cannot be what the link asked for."""
    asked = st.session_state.get(_ASKED, {}).get(key)
    if asked:
        st.session_state[_REFUSED][key] = Refusal(key, asked, name, shown)


def refusals() -> list[Refusal]:
    """What the link that opened the page asked in vain; called once the page stands, each kept until it is chosen anew.

    Widgets bound to the address correct it themselves and say nothing: theirs are found by comparing.
    """
    refused: dict[str, Refusal] = st.session_state[_REFUSED]
    if _ASKED in st.session_state:
        for key, asked in st.session_state.pop(_ASKED).items():
            if key in st.session_state and st.query_params.get(key) != asked:
                value = st.session_state[key]
                if not _says(asked, value):
                    refused[key] = Refusal(key, asked, None, None if value is None else str(value))
        st.session_state[_SETTLED] = {key: _chosen(key) for key in refused}
    settled: dict[str, object] = st.session_state[_SETTLED]
    return [refusal for key, refusal in refused.items() if settled.setdefault(key, _chosen(key)) == _chosen(key)]


def _chosen(key: str) -> object:
    """What is chosen now: a bound widget's value, else what stands in the address."""
    return st.session_state[key] if key in st.session_state else st.query_params.get(key)


def _says(asked: str, value: object) -> bool:
    """Whether the text of a link means a widget's value."""
    try:
        return asked.lower() == str(value).lower() or float(asked) == float(str(value))
    except ValueError:
        return False
