"""The same headline under another reading and under every relief that would change it: with and without."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.method.assessment import Assessment
from core.method.subjects import Subject
from core.wording.readings import PLAIN, RELIEVED, differences, other_reading, relief_sentence
from ui.frame import View
from ui.labels import plain


def other_reading_line(view: View) -> None:
    """The same headline without the exclusion of small teaching points, where one is left out."""
    option = view.standard.option("small_teaching_points")
    choice = next(name for name in option.choices if name != option.default)
    sentence = other_reading(view.assessment, _under(view, option.option_id, choice), view.standard)
    if sentence:
        st.caption(plain(sentence))


def relief_lines(view: View, concerned: Callable[[Subject], bool], *, whole_county: bool = False) -> None:
    """One line for each relief on which something concerned depends."""
    for option in view.standard.options:
        if option.kind != "relief":
            continue
        without, relieved = (_under(view, option.option_id, choice) for choice in (PLAIN, RELIEVED))
        found = [d for d in differences(without, relieved, view.standard) if concerned(d.subject)]
        if found:
            verdicts = (relieved.verdict, without.verdict) if whole_county else None
            st.caption(plain(relief_sentence(option, found, verdicts)))


def _under(view: View, option_id: str, choice: str) -> Assessment:
    if view.standard.option(option_id).default == choice:
        return view.assessment
    return view.judged(choices={option_id: choice})
