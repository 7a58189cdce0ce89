"""The levers of a what-if in the address, in the order in which they work; the address is the scenario.

Links of earlier editions, with a parameter for every slider and a saved scenario beside further levers, still open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from core.errors import InputRejected, PlatformError, RequestInvalid
from core.outlook.baseline import WHOLE_COUNTY, Baseline, Place
from core.outlook.what_if.codec import levers_from, to_text
from core.outlook.what_if.levers import RESOURCES, AddResource, ClassCap, Lever, PupilsPercent
from core.outlook.what_if.scenario import Scenario, load_scenario
from core.rules.standard import STAGES
from ui.draft import announce
from ui.frame import View

LEVERS, OPENED, EDITED, BASE = "also", "opened", "edited", "base"
# Each is drawn, and laid over all figures again whenever one moves.
MOST_LEVERS = 40
_YUAN_PER_WAN = 10_000
_OLD_SLIDERS = (*(f"lever_{code}" for code in RESOURCES), "lever_pupils")
_OLD = (*_OLD_SLIDERS, "lever_place", "lever_regroup", *(f"lever_cap_{stage}" for stage in STAGES))


@dataclass(frozen=True)
class Wishes:
    """The levers asked for: those of a saved scenario that is too long to be drawn line by line, then those listed."""

    block: tuple[Lever, ...] = ()
    listed: tuple[Lever, ...] = ()

    @property
    def levers(self) -> tuple[Lever, ...]:
        """All of them in the order in which they work."""
        return (*self.block, *self.listed)


def wishes_in_address(view: View) -> Wishes:
    """What the address asks for. Raises RequestInvalid for what cannot be read, for too many levers, and for a scenario
    of another year.
    """
    _follow_old_links(view)
    number = st.query_params.get(BASE)
    block = _of_this_year(view, int(number)).levers if number else ()
    levers = levers_from(st.query_params.get(LEVERS, "[]"))
    if len(levers) > MOST_LEVERS:
        raise RequestInvalid(f"链接中有 {len(levers)} 项调整，最多 {MOST_LEVERS} 项；请分成几个方案保存。")
    return Wishes(block, tuple(levers))


def keep_levers(levers: Sequence[Lever]) -> None:
    """Put levers into the address."""
    if levers:
        st.query_params[LEVERS] = to_text(levers)
    else:
        st.query_params.pop(LEVERS, None)


def forget_levers() -> None:
    """Back to the present; a saved scenario that was opened is closed."""
    for key in (LEVERS, OPENED, EDITED, BASE, *_OLD):
        st.query_params.pop(key, None)


def edited_scenario(view: View) -> Scenario | None:
    """The saved scenario from which the levers came, None for none or one that cannot be opened here."""
    number = st.query_params.get(EDITED)
    if not number:
        return None
    try:
        return _of_this_year(view, int(number))
    except PlatformError:
        return None


def _of_this_year(view: View, number: int) -> Scenario:
    scenario = load_scenario(view.store, number)
    if (scenario.county_code, scenario.year) != (view.county_code, view.year):
        raise RequestInvalid(f"第 {number} 号方案属于 {scenario.year} 学年，请先在页面上方选择该学年。")
    return scenario


def _follow_old_links(view: View) -> None:
    asked = st.query_params.to_dict()
    number = asked.get(OPENED)
    if not number and not any(asked.get(key) for key in _OLD):
        return
    levers = levers_from(asked.get(LEVERS, "[]"))
    if number:
        opened = _of_this_year(view, int(number)).levers
        st.query_params[EDITED] = number
        if len(opened) + len(levers) > MOST_LEVERS:
            st.query_params[BASE] = number
        else:
            levers = [*opened, *levers]
    try:
        levers = [*_of_sliders(view.baseline, asked), *levers]
    except (InputRejected, ValueError, RequestInvalid):
        announce("链接中的滑块取值无法识别，已按现状显示；请重新添加调整，或向发来链接的人核对。", warning=True)
    for key in (OPENED, *_OLD):
        st.query_params.pop(key, None)
    keep_levers(levers)


def _of_sliders(now: Baseline, asked: dict[str, str]) -> list[Lever]:
    """What the sliders of an earlier edition meant."""
    place = _place_named(now, asked.get("lever_place", ""))
    levers: list[Lever] = []
    percent = Decimal(asked.get("lever_pupils") or 0)
    if percent:
        levers.append(PupilsPercent(percent, place))
    if asked.get("lever_regroup", "").lower() == "true":
        limit = now.standard.item("G5").limit
        caps = {stage: int(Decimal(asked.get(f"lever_cap_{stage}") or limit[stage])) for stage in STAGES}
        stages = {row.stage for row in now.rows_in(place)}
        levers += [ClassCap(stage, caps[stage], place) for stage in STAGES if stage in stages]
    for code, resource in RESOURCES.items():
        more = int(Decimal(asked.get(f"lever_{code}") or 0))
        if more:
            levers.append(AddResource(code, more * _YUAN_PER_WAN if resource.unit == "元" else more, place))
    return levers


def _place_named(now: Baseline, name: str) -> Place:
    """The place of a name as the old choice listed it: a township, a school with its identifier, else the county."""
    township = next((code for code, known in now.facts.township_names.items() if known == name), None)
    if township is not None:
        return Place("township", township)
    school = name.rsplit(" ", 1)[-1]
    return Place("school", school) if school in now.facts.schools else WHOLE_COUNTY
