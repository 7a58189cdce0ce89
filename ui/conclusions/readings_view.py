"""The same headline under another reading and under every relief that would change it: with and without."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.method.subjects import Subject
from core.wording.readings import other_reading, relief_sentences
from ui.frame import View
from ui.labels import plain


def other_reading_line(view: View) -> None:
    """The same headline without the exclusion of small teaching points, where one is left out."""
    if sentence := other_reading(view.assessment, view.read_as, view.standard):
        st.caption(plain(sentence))


def relief_lines(view: View, concerned: Callable[[Subject], bool], *, whole_county: bool = False) -> None:
    """One line for each relief on which something concerned depends."""
    for sentence in relief_sentences(
        view.assessment, view.read_as, view.standard, concerned, whole_county=whole_county
    ):
        st.caption(plain(sentence))
