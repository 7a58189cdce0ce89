"""The shared choices: as-of day, school year, stage. They live in the URL and survive page switches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import streamlit as st

from core.rules.standard import Indicator, Standard
from ui.draft import choose, refuse
from ui.labels import stage_name
from ui.shared import carried_choice, carry, has_gone

WHOLE_COUNTY = "all"


def as_of_picker(default: date, earliest: date, latest: date) -> date:
    """数据截至: nothing later than this day is looked at."""
    gone = has_gone("as_of")
    carried = carried_choice("as_of")
    day = _day(carried, default, earliest, latest)
    if gone:
        choose("as_of_day", day)
    if carried != day.isoformat():
        refuse("as_of", "截至日期", day.isoformat())
    chosen = st.date_input(
        "截至",
        value=day,
        min_value=earliest,
        max_value=latest,
        key="as_of_day",
        format="YYYY-MM-DD",
        width=168,
    )
    if isinstance(chosen, date):
        day = chosen
    carry("as_of", day.isoformat(), default.isoformat())
    return day


def _day(text: str | None, default: date, earliest: date, latest: date) -> date:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return default
    return min(max(day, earliest), latest)


def year_picker(years: Sequence[int]) -> int:
    """The school year judged: the latest whose figures count at the as-of day, unless chosen otherwise."""
    newest_first = {str(y): f"{y} 学年" for y in sorted(years, reverse=True)}
    return int(coded_choice("学年", list(newest_first), "year", names=newest_first, width=112, labelled=False))


def stage_picker() -> str:
    """小学 or 初中."""
    stages = ["primary", "junior"]
    gone = has_gone("stage")
    carried = carried_choice("stage")
    if gone:
        choose("stage_choice", carried if carried in stages else stages[0])
    if carried not in stages:
        refuse("stage", "学段", stage_name(stages[0]))
    chosen = st.segmented_control(
        "学段",
        stages,
        default=carried if carried in stages else stages[0],
        required=True,
        format_func=stage_name,
        key="stage_choice",
    )
    stage = str(chosen or stages[0])
    carry("stage", stage, stages[0])
    return stage


def coded_choice(
    label: str,
    options: Sequence[str],
    key: str,
    *,
    names: Mapping[str, str] | None = None,
    default: str | None = None,
    width: int | Literal["stretch"] = "stretch",
    labelled: bool = True,
) -> str:
    """A choice, the default (the first where none is given) unless chosen otherwise, whose code, not its name, travels.

    A choice whose options explain themselves is not `labelled`, except for those who hear the page.
    """
    names, default = names or {}, default or options[0]
    gone = has_gone(key)
    carried = carried_choice(key)
    if gone:
        choose(f"{key}_choice", carried if carried in options else default)
    if carried not in options:
        refuse(key, label, names.get(default, default))
    chosen = st.selectbox(
        label,
        options,
        index=options.index(carried if carried in options else default),
        format_func=lambda option: names.get(option, option),
        key=f"{key}_choice",
        width=width,
        label_visibility="visible" if labelled else "collapsed",
    )
    value = str(chosen or default)
    carry(key, value, default)
    return value


def choose_indicator(standard: Standard, default: str | None = None) -> Indicator:
    """One of the seven indicators, the first or the default unless chosen otherwise."""
    names = {i.code: i.name for i in standard.indicators}
    return standard.indicator(coded_choice("指标", list(names), "indicator", names=names, default=default))
