"""The one place for caches: the open store, the rules, and judgements by what they depend on."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import streamlit as st

from core.access import LOCAL_ADMINISTRATOR
from core.delivery.history import load_history
from core.delivery.project_effects import ComingYear
from core.delivery.project_effects import coming_years as read_coming_years
from core.delivery.records import records_version
from core.delivery.situation import Situation
from core.delivery.situation import situation as read_situation
from core.method.assessment import Assessment
from core.method.batch_preview import BatchPreview
from core.method.batch_preview import preview as read_preview
from core.method.changes import NO_CHANGES, Changes, fingerprint
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.baseline import baseline as read_baseline
from core.outlook.chances import Chances
from core.outlook.chances import chances as estimate_chances
from core.outlook.cheapest import Plan as CheapestPlan
from core.outlook.cheapest import cheapest_plan
from core.outlook.cohorts import Cohorts
from core.outlook.cohorts import cohorts as read_cohorts
from core.outlook.forecast import Forecast
from core.outlook.forecast import forecast as make_forecast
from core.outlook.forecast_effects import forecast_changes
from core.outlook.frontier import FrontierPoint
from core.outlook.frontier import frontier as make_frontier
from core.outlook.levelling import Judge
from core.outlook.plan_model import Caps
from core.outlook.scenario import load_scenario
from core.rules.plan import Plan
from core.rules.plan_loading import load_plan
from core.rules.prices import Prices, load_prices
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store import batches
from core.store.counties import demo_folder
from core.store.database import Store, database_path
from core.store.drafts import as_if_published
from ui.jobs import Job
from ui.shared import viewed_draft

_KEPT_ASSESSMENTS = 256
_KEPT_PREVIEWS = 8


@st.cache_resource(show_spinner=False)
def standard() -> Standard:
    """The national standard."""
    return load_standard()


@st.cache_resource(show_spinner=False)
def plan() -> Plan:
    """The county's plan."""
    return load_plan()


@st.cache_resource(show_spinner=False)
def prices() -> Prices:
    """The assumed prices and lead times of what a what-if buys."""
    return load_prices()


@st.cache_resource(show_spinner="正在打开数据……")
def _store() -> Store:
    """The open store; a new one is filled with the demonstration county, labelled as such, unless COUNTY_DEMO=0."""
    opened = Store.open(database_path(), standard())
    folder = demo_folder() if os.environ.get("COUNTY_DEMO") != "0" else None
    if folder is not None and not batches.batches(opened):
        batches.import_folder_or_workbook(
            opened, folder, standard(), LOCAL_ADMINISTRATOR, datetime.now(), note="演示数据", is_demo=True
        )
        load_history(opened, plan(), folder / "records", folder.name, LOCAL_ADMINISTRATOR, datetime.now())
    return opened


@st.cache_resource(max_entries=2, show_spinner="正在打开草稿……", on_release=Store.close)
def _draft_store(draft: int, facts_version: int) -> Store:
    return as_if_published(_store(), draft)


def is_draft(batch_id: int) -> bool:
    """Whether a batch waits to be published."""
    return any(b.batch_id == batch_id and b.state == "draft" for b in batches.batches(_store()))


def store() -> Store:
    """The open store; while a draft is looked at, a copy in which it counts."""
    draft = viewed_draft()
    return _store() if draft is None else _draft_store(draft, batches.facts_version(_store()))


@st.cache_resource(show_spinner=False)
def _previews() -> dict[tuple[int, int], BatchPreview]:
    """Previews by batch and data version. Kept by hand: a cached function may not show the steps it is going through."""
    return {}


def preview(batch_id: int, tell: Callable[[str], None]) -> BatchPreview:
    """What publishing a draft would change; `tell` hears the steps when it has to be worked out."""
    kept, version = _previews(), batches.facts_version(_store())
    if (batch_id, version) not in kept:
        county_code = batches.batch(_store(), batch_id).county_code

        def judged(year: int) -> Assessment:
            return _assessment(county_code, year, version, (), "", NO_CHANGES)

        # While a draft is looked at, the judgements at hand are that draft's.
        present = judged if viewed_draft() is None else None
        found = read_preview(_store(), standard(), batch_id, judged=present, tell=tell)
        for old in list(kept)[: max(0, len(kept) - _KEPT_PREVIEWS + 1)]:
            kept.pop(old, None)
        kept[batch_id, version] = found
    return kept[batch_id, version]


@st.cache_resource(max_entries=_KEPT_ASSESSMENTS, show_spinner=False)
def _assessment(
    county_code: str,
    year: int,
    facts_version: int,
    choices: tuple[tuple[str, str], ...],
    changes_fingerprint: str,
    _changes: Changes,
) -> Assessment:
    return assess(store(), standard(), county_code, year, choices=dict(choices), changes=_changes)


def assessment(
    county_code: str,
    year: int,
    choices: dict[str, str] | None = None,
    changes: Changes = NO_CHANGES,
) -> Assessment:
    """The judgement of a county and school year on the facts that count now."""
    chosen = tuple(sorted((choices or {}).items()))
    version = batches.facts_version(store())
    return _assessment(county_code, year, version, chosen, fingerprint(changes) if changes else "", changes)


@st.cache_resource(max_entries=16, show_spinner=False)
def _baseline(county_code: str, year: int, facts_version: int) -> Baseline:
    judged = assessment(county_code, year)
    return read_baseline(store(), standard(), county_code, year, assessment=judged)


def baseline(county_code: str, year: int) -> Baseline:
    """The present of a year, from which every what-if starts."""
    return _baseline(county_code, year, batches.facts_version(store()))


@st.cache_resource(max_entries=16, show_spinner=False)
def _situation(county_code: str, as_of: date, facts_version: int, records_version: int) -> Situation:
    judged = assessments(county_code, batches.published_years(store(), county_code))
    return read_situation(store(), plan(), standard(), county_code, as_of, judged)


def situation(county_code: str, as_of: date) -> Situation:
    """The county's plan on a day, with everything that was reported until then."""
    return _situation(county_code, as_of, batches.facts_version(store()), records_version(store()))


def assessments(county_code: str, years: list[int]) -> dict[int, Assessment]:
    """The judgement of several school years."""
    return {year: assessment(county_code, year) for year in years}


@st.cache_resource(max_entries=8, show_spinner=False)
def _cohorts(county_code: str, years: tuple[int, ...], facts_version: int) -> Cohorts:
    return read_cohorts(store(), county_code, years)


def cohorts(county_code: str, years: tuple[int, ...]) -> Cohorts:
    """The pupils by school and grade on record in these years."""
    return _cohorts(county_code, years, batches.facts_version(store()))


@st.cache_resource(max_entries=16, show_spinner=False)
def _forecast(county_code: str, years: tuple[int, ...], facts_version: int, migration: Decimal) -> Forecast:
    return make_forecast(cohorts(county_code, years), migration_share=migration)


def forecast(county_code: str, years: tuple[int, ...], migration: Decimal) -> Forecast:
    """The pupils of the coming years."""
    return _forecast(county_code, years, batches.facts_version(store()), migration)


@dataclass(frozen=True)
class PlanTerms:
    """The terms of a cheapest plan: budget in yuan (None: any), caps per school, how far teachers move (None: not).

    `pupils_of` is the coming year whose forecast pupils the plan is made for, None for those on record; `history`
    the years that the forecast knows.
    """

    budget_yuan: Decimal | None
    caps: tuple[tuple[str, int], ...]
    moves_within_km: float | None
    pupils_of: int | None
    history: tuple[int, ...]


@st.cache_resource(max_entries=16, show_spinner=False)
def _cheapest(county_code: str, year: int, facts_version: int, terms: PlanTerms) -> Job[CheapestPlan]:
    costs, (now, judge) = prices(), _start(county_code, year, terms)
    return Job(
        lambda tell: cheapest_plan(
            now,
            costs,
            judge,
            caps=Caps(dict(terms.caps), {}),
            budget_yuan=terms.budget_yuan,
            moves_within_km=terms.moves_within_km,
            tell=tell,
        )
    )


def cheapest(county_code: str, year: int, terms: PlanTerms) -> Job[CheapestPlan]:
    """The cheapest plan under terms."""
    return _cheapest(county_code, year, batches.facts_version(store()), terms)


def _start(county_code: str, year: int, terms: PlanTerms) -> tuple[Baseline, Judge]:
    """What a plan starts from: the present, or a coming year's pupils with the teachers and premises of today."""
    now, judge = baseline(county_code, year), _judge(county_code, year)
    if terms.pupils_of is None:
        return now, judge
    ahead = forecast_changes(forecast(county_code, terms.history, Decimal(0)), now, terms.pupils_of)
    return replace(now, assessment=judge(ahead)), lambda changes: judge([*ahead, *changes])


@st.cache_resource(max_entries=8, show_spinner=False)
def _frontier(county_code: str, year: int, facts_version: int, terms: PlanTerms) -> Job[tuple[FrontierPoint, ...]]:
    costs, (now, judge) = prices(), _start(county_code, year, terms)
    caps = Caps(dict(terms.caps), {})
    return Job(
        lambda tell: make_frontier(now, costs, judge, caps=caps, moves_within_km=terms.moves_within_km, tell=tell)
    )


def frontier(county_code: str, year: int, terms: PlanTerms) -> Job[tuple[FrontierPoint, ...]]:
    """What each budget buys; the terms' own budget does not matter."""
    return _frontier(county_code, year, batches.facts_version(store()), replace(terms, budget_yuan=None))


@st.cache_resource(max_entries=8, show_spinner=False)
def _chances(
    county_code: str, years: tuple[int, ...], facts_version: int, year: int, scenario: int | None, migration: Decimal
) -> Job[Chances]:
    pupils, now, judge = cohorts(county_code, years), baseline(county_code, years[-1]), _judge(county_code, years[-1])
    changes = _saved(scenario)
    return Job(
        lambda tell: estimate_chances(pupils, now, judge, year, changes=changes, migration_share=migration, tell=tell)
    )


def chances(
    county_code: str, years: tuple[int, ...], year: int, scenario: int | None, migration: Decimal
) -> Job[Chances]:
    """The chances of a coming year, with a saved scenario or none, after the pupils of these years."""
    return _chances(county_code, years, batches.facts_version(store()), year, scenario, migration)


@st.cache_resource(max_entries=64, show_spinner=False)
def _coming_years(
    county_code: str,
    years: tuple[int, ...],
    as_of: date,
    versions: tuple[int, int],
    delays: tuple[tuple[str, int], ...],
    scenario: int | None,
) -> Job[tuple[ComingYear, ...]]:
    ahead, now = forecast(county_code, years, Decimal(0)), baseline(county_code, years[-1])
    stands, judge, changes = situation(county_code, as_of), _judge(county_code, years[-1]), _saved(scenario)
    return Job(lambda tell: read_coming_years(now, ahead, judge, stands, dict(delays), changes=changes, tell=tell))


def coming_years(
    county_code: str,
    years: tuple[int, ...],
    as_of: date,
    delays: tuple[tuple[str, int], ...],
    scenario: int | None,
) -> Job[tuple[ComingYear, ...]]:
    """The years after these with the projects finished by then, late by `delays` in months."""
    versions = (batches.facts_version(store()), records_version(store()))
    return _coming_years(county_code, years, as_of, versions, delays, scenario)


def _judge(county_code: str, year: int) -> Judge:
    """Judges changes for a job: its thread knows no page, so what depends on one is looked up here."""
    opened, rules = store(), standard()
    return lambda changes: assess(opened, rules, county_code, year, changes=changes)


def _saved(scenario: int | None) -> Changes:
    return NO_CHANGES if scenario is None else load_scenario(store(), scenario).changes
