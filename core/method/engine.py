"""Judges a county: composes the method's SELECTs over the store's current facts, with changes laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.errors import RequestInvalid
from core.method.answers import assessment_of
from core.method.assessment import Assessment
from core.method.changes import NO_CHANGES, Changes
from core.method.county_facts import CountyFacts
from core.method.overlay import lay_over
from core.method.workbench import bench, judge, room_areas
from core.rules.standard import Standard
from core.store.database import Store


def assess(
    store: Store,
    standard: Standard,
    county_code: str,
    year: int,
    *,
    as_of: date | None = None,
    choices: Mapping[str, str] | None = None,
    changes: Changes = NO_CHANGES,
) -> Assessment:
    """Judge one county in one school year on the facts that count now, with changes laid over them in order.

    A judgement whose document is later than `as_of` is not there yet: its item is as if nobody had judged it. None
    takes every document, as the `assess` command does.

    Raises RequestInvalid when no figures of that county and year are published, an option is unknown, or a change
    cannot be (an unknown school, a figure below zero, a school with pupils closed).
    """
    chosen = _chosen(standard, choices)
    with bench(store, standard, county_code, year, as_of, chosen) as (cursor, found):
        facts = _published(found.facts, county_code, year)
        answer = judge(cursor, county_code, lay_over(changes, facts, room_areas(standard)))
    return assessment_of(answer, standard, county_code, year, chosen, facts.township_names, facts.without_figures)


def reported_facts(
    store: Store, standard: Standard, county_code: str, year: int, *, choices: Mapping[str, str] | None = None
) -> CountyFacts:
    """The figures of a county and year that count now, as changes are laid over them. Raises as `assess` does."""
    with bench(store, standard, county_code, year, None, _chosen(standard, choices)) as (_, found):
        return _published(found.facts, county_code, year)


def _chosen(standard: Standard, choices: Mapping[str, str] | None) -> dict[str, str]:
    chosen = standard.choices(choices)
    known = {o.option_id: o.choices for o in standard.options}
    for option_id, choice in chosen.items():
        if choice not in known.get(option_id, {}):
            raise RequestInvalid(f"没有这种口径：{option_id} = {choice}。")
    return chosen


def _published(facts: CountyFacts, county_code: str, year: int) -> CountyFacts:
    if not facts.township_names:
        raise RequestInvalid(f"没有 {county_code} {year} 学年已发布的数据。")
    return facts
