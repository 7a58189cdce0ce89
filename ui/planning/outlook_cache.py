"""The caches of everything imagined: forecasts, plans, chances, coming years; long ones run as jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import streamlit as st

from core.delivery.project_effects import ComingYear, plan_in_year, plan_without_projects
from core.delivery.project_effects import coming_years as read_coming_years
from core.method.changes import NO_CHANGES
from core.outlook.baseline import Baseline
from core.outlook.cheapest.cheapest import CheapestPlan
from core.outlook.cheapest.frontier import FrontierPoint
from core.outlook.cheapest.frontier import frontier as make_frontier
from core.outlook.cheapest.full_plan import Terms, full_plan
from core.outlook.cheapest.model import Caps
from core.outlook.cheapest.necessary import Rolls
from core.outlook.forecast.chances import Chances
from core.outlook.forecast.chances import chances as estimate_chances
from core.outlook.forecast.cohorts import Cohorts
from core.outlook.forecast.cohorts import cohorts as read_cohorts
from core.outlook.forecast.forecast import BackTest, Forecast, back_test
from core.outlook.forecast.forecast import forecast as make_forecast
from core.outlook.forecast.forecast_effects import Break, forecast_changes, rolls_ahead
from core.outlook.forecast.forecast_effects import breaks as read_breaks
from core.outlook.remedies.coefficients import Judge
from core.outlook.what_if.scenario import load_scenario
from ui.cache import Key, assessment, baseline, county_as_filed, judge_for_jobs, judge_kept, situation, standard, store
from ui.jobs import Job


@st.cache_resource(max_entries=8, show_spinner=False)
def _cohorts(key: Key, years: tuple[int, ...]) -> Cohorts:
    return read_cohorts(store(), standard(), key.county_code, years)


def cohorts(key: Key, years: tuple[int, ...]) -> Cohorts:
    """The pupils by school and grade on record in these years."""
    return _cohorts(key.of_facts, years)


@st.cache_resource(max_entries=8, show_spinner=False)
def _tested(key: Key, years: tuple[int, ...]) -> tuple[BackTest, ...]:
    return back_test(cohorts(key, years))


def tested(key: Key, years: tuple[int, ...]) -> tuple[BackTest, ...]:
    """Past years of these forecast again from what was known before them."""
    return _tested(key.of_facts, years)


@st.cache_resource(max_entries=16, show_spinner=False)
def _forecast(key: Key, years: tuple[int, ...], migration: Decimal) -> Forecast:
    return make_forecast(cohorts(key, years), migration_share=migration)


def forecast(key: Key, years: tuple[int, ...], migration: Decimal) -> Forecast:
    """The pupils of the coming years."""
    return _forecast(key.of_facts, years, migration)


@st.cache_resource(max_entries=16, show_spinner="正在逐年判定……")
def _breaks(key: Key, years: tuple[int, ...], as_of: date, migration: Decimal) -> tuple[Break, ...]:
    year = years[-1]
    return read_breaks(
        forecast(key, years, migration),
        baseline(key, year, as_of),
        lambda changes: assessment(key, year, as_of, changes=changes),
    )


def breaks(key: Key, years: tuple[int, ...], as_of: date, migration: Decimal) -> tuple[Break, ...]:
    """Every limit that is broken in a coming year, those newly broken first."""
    return _breaks(key.of_facts, years, as_of, migration)


@dataclass(frozen=True)
class PlanTerms:
    """The terms of a cheapest plan: budget in yuan, posts (None: any), how far teachers move (None: not), whether it buys for
    the items too.

    `caps` hold for every school by kind, `school_caps` for one school and kind in their place;
    `pupils_of` is the coming year whose forecast pupils the plan is made for, None for those on record; `history`
    the years that the forecast knows.
    """

    budget_yuan: Decimal | None
    caps: tuple[tuple[str, int], ...]
    school_caps: tuple[tuple[str, str, int], ...]
    moves_within_km: float | None
    posts: int | None
    for_items: bool
    pupils_of: int | None
    history: tuple[int, ...]

    def most(self) -> Caps:
        """The caps as the plan takes them."""
        return Caps(dict(self.caps), {(school_id, code): most for school_id, code, most in self.school_caps})


@st.cache_resource(max_entries=16, show_spinner=False)
def _cheapest(key: Key, year: int, as_of: date, terms: PlanTerms) -> Job[CheapestPlan]:
    listed, (now, judge) = county_as_filed(key).price_list, _start(key, year, as_of, terms)
    rolls: Rolls = now.rolls_by_stage
    if terms.pupils_of is not None:
        rolls = rolls_ahead(forecast(key, terms.history, Decimal(0)), now, terms.pupils_of)
    asked = Terms(
        terms.most(), terms.budget_yuan, terms.posts, terms.moves_within_km, listed.salary_years, terms.for_items
    )
    return Job(lambda tell: full_plan(now, rolls, listed.by_code, judge, asked, tell=tell))


def cheapest(key: Key, year: int, as_of: date, terms: PlanTerms) -> Job[CheapestPlan]:
    """The cheapest plan under terms."""
    return _cheapest(key.without_records, year, as_of, terms)


def _start(key: Key, year: int, as_of: date, terms: PlanTerms) -> tuple[Baseline, Judge]:
    """What a plan starts from: the present, or a coming year's pupils with the teachers and premises of today."""
    now, judge = baseline(key, year, as_of), judge_for_jobs(key, year, as_of)
    if terms.pupils_of is None:
        return now, judge
    ahead = forecast_changes(forecast(key, terms.history, Decimal(0)), now, terms.pupils_of)
    return replace(now, assessment=judge(ahead)), lambda changes: judge([*ahead, *changes])


@st.cache_resource(max_entries=8, show_spinner=False)
def _frontier(key: Key, year: int, as_of: date, terms: PlanTerms) -> Job[tuple[FrontierPoint, ...]]:
    listed, (now, judge) = county_as_filed(key).price_list, _start(key, year, as_of, terms)
    return Job(
        lambda tell: make_frontier(
            now,
            listed.by_code,
            judge,
            caps=terms.most(),
            moves_within_km=terms.moves_within_km,
            salary_years=listed.salary_years,
            most_hires=terms.posts,
            tell=tell,
        )
    )


def frontier(key: Key, year: int, as_of: date, terms: PlanTerms) -> Job[tuple[FrontierPoint, ...]]:
    """What each budget buys; the terms' own budget does not matter."""
    return _frontier(key.without_records, year, as_of, replace(terms, budget_yuan=None))


@st.cache_resource(max_entries=8, show_spinner=False)
def _chances(
    key: Key,
    years: tuple[int, ...],
    as_of: date,
    year: int,
    scenario: int | None,
    migration: Decimal,
) -> Job[Chances]:
    pupils, now = cohorts(key, years), baseline(key, years[-1], as_of)
    judge = judge_for_jobs(key, years[-1], as_of)
    changes = NO_CHANGES if scenario is None else plan_in_year(load_scenario(store(), scenario), year)
    return Job(
        lambda tell: estimate_chances(pupils, now, judge, year, changes=changes, migration_share=migration, tell=tell)
    )


def chances(
    key: Key, years: tuple[int, ...], as_of: date, year: int, scenario: int | None, migration: Decimal
) -> Job[Chances]:
    """The chances of a coming year, with a saved scenario or none, after the pupils of these years."""
    return _chances(key.without_records, years, as_of, year, scenario, migration)


@st.cache_resource(max_entries=64, show_spinner=False)
def _coming_years(
    key: Key,
    years: tuple[int, ...],
    as_of: date,
    delays: tuple[tuple[str, int], ...],
    scenario: int | None,
) -> Job[tuple[ComingYear, ...]]:
    ahead, now = forecast(key, years, Decimal(0)), baseline(key, years[-1], as_of)
    stands, judge = situation(key, as_of), judge_kept(key, years[-1], as_of)
    changes = NO_CHANGES if scenario is None else plan_without_projects(load_scenario(store(), scenario))
    return Job(lambda tell: read_coming_years(now, ahead, judge, stands, dict(delays), changes=changes, tell=tell))


def coming_years(
    key: Key,
    years: tuple[int, ...],
    as_of: date,
    delays: tuple[tuple[str, int], ...],
    scenario: int | None,
) -> Job[tuple[ComingYear, ...]]:
    """The years after these with the projects finished by then, late by `delays` in months."""
    return _coming_years(key, years, as_of, delays, scenario)
