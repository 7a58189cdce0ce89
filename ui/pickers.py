"""The shared choices: as-of day, school year, stage, township. They live in the URL and survive page switches."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.method.assessment import Assessment
from ui.labels import COUNTY_WIDE, stage_name

SNAPSHOT_MONTH_DAY = (9, 1)


def counts_from(year: int) -> date:
    """The day from which a school year's figures count: its snapshot of 1 September."""
    return date(year, *SNAPSHOT_MONTH_DAY)


def as_of_picker(default: date, earliest: date, latest: date) -> date:
    """数据截至: nothing later than this day is looked at."""
    chosen = st.date_input(
        "截至",
        value=default,
        min_value=earliest,
        max_value=latest,
        key="as_of",
        bind="query-params",
        format="YYYY-MM-DD",
        help="只看这一天及以前的数据与记录",
        width=150,
    )
    return chosen if isinstance(chosen, date) else default


def year_picker(years: list[int]) -> int:
    """The school year judged: the latest whose figures count at the as-of day, unless chosen otherwise."""
    newest_first = sorted(years, reverse=True)
    chosen = st.selectbox(
        "学年", newest_first, key="year", bind="query-params", width=110, help="学年起始年份，9 月 1 日的数据"
    )
    return int(chosen) if chosen is not None else newest_first[0]


def stage_picker() -> str:
    """小学 or 初中."""
    chosen = st.segmented_control(
        "学段",
        ["primary", "junior"],
        default="primary",
        required=True,
        format_func=stage_name,
        key="stage",
        bind="query-params",
    )
    return str(chosen or "primary")


def township_picker(assessment: Assessment) -> str | None:
    """A township's code, None for the whole county."""
    names = {COUNTY_WIDE: None, **{name: code for code, name in assessment.township_names.items()}}
    chosen = st.selectbox("乡镇", list(names), key="township", bind="query-params", width=150)
    return names.get(str(chosen))
