"""The one place for caches: the open store, the rules, and judgements by what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar, cast

import streamlit as st

from core.batches import register
from core.batches.drafts import as_if_published
from core.batches.preview import BatchPreview
from core.batches.preview import preview as read_preview
from core.delivery.figures.facts_by_year import FactsByYear, facts_by_year
from core.delivery.records.amendments import amended_county
from core.delivery.records.records import records_version
from core.delivery.status.situation import Situation
from core.delivery.status.situation import situation as read_situation
from core.facts import county_facts, published
from core.lake.judging import MANIFEST
from core.lake.results import CountyResult
from core.lake.results import county_results as read_county_results
from core.method.assessment import Assessment
from core.method.changes import NO_CHANGES, Changes, fingerprint
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.baseline import baseline as read_baseline
from core.outlook.remedies.coefficients import Judge
from core.rules.county import County
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.county_files import county as read_county
from core.store.county_files import files_version
from core.store.database import Store
from ui.shared import viewed_draft
from ui.store_of_record import opened_store, store_of_record

T = TypeVar("T")
_KEPT_ASSESSMENTS = 256
_KEPT_PREVIEWS = 8


@dataclass(frozen=True)
class Key:
    """What every answer of a run depends on: the county, and the last of its publications, records and files; of a copy of
    the data also which opening of the data file left it.

    Taken once a run by the frame, so that a page never mixes what counted at two moments.
    """

    county_code: str
    facts: int
    records: int
    files: int
    opening: str = ""

    @property
    def of_facts(self) -> Key:
        """The key of what depends on published figures alone: a new record leaves it as it is."""
        return replace(self, records=0, files=0)

    @property
    def without_records(self) -> Key:
        """The key of what depends on figures and the county's files, such as its prices."""
        return replace(self, records=0)


def key() -> Key:
    """The key as it is now."""
    opened, record = store(), _store()
    now = opened.once(
        "key", lambda: Key(published.county_of(opened), published.facts_version(opened), records_version(opened), 0)
    )
    return replace(now, files=record.once("files", lambda: files_version(record)), opening=record.opening)


@st.cache_resource(show_spinner=False)
def standard() -> Standard:
    """The national standard."""
    return load_standard()


def _store() -> Store:
    with nullcontext() if opened_store() else st.spinner("正在打开数据……"):
        return store_of_record()


@st.cache_resource(max_entries=2, show_spinner="正在打开草稿……", on_release=Store.close)
def _draft_store(draft: int, facts_version: int) -> Store:
    return as_if_published(_store(), draft)


@st.cache_resource(max_entries=8, show_spinner=False)
def _county(of_files: Key, as_of: date | None) -> County:
    return read_county(_store(), of_files.county_code, as_of)


def county_as_filed(key: Key, as_of: date | None = None) -> County:
    """The county's name, maps, prices, and the plan that counts on a day, as its files say."""
    return _county(replace(key, facts=0, records=0), as_of)


@st.cache_resource(max_entries=16, show_spinner=False)
def county(key: Key, as_of: date) -> County:
    """The same with the plan as the office has changed it up to a day."""
    return amended_county(store(), county_as_filed(key, as_of), as_of)


def is_draft(batch_id: int) -> bool:
    """Whether a batch waits to be published."""
    return any(b.batch_id == batch_id and b.state == "draft" for b in register.batches(_store()))


def store() -> Store:
    """The open store; while a draft is looked at, a copy in which it counts."""
    draft = viewed_draft()
    return _store() if draft is None else _draft_store(draft, published.facts_version(_store()))


@st.cache_data(max_entries=8, show_spinner=False)
def _county_results(folder: str, judged_at: float, year: int) -> list[CountyResult]:
    return read_county_results(Path(folder), year)


def county_results(folder: Path, year: int) -> list[CountyResult]:
    """The verdicts of many counties in a school year, until they are judged anew."""
    return _county_results(str(folder), (folder / MANIFEST).stat().st_mtime, year)


@st.cache_resource(show_spinner=False)
def _previews() -> dict[tuple[int, int], BatchPreview]:
    """Previews by batch and data version. Kept by hand: a cached function may not show the steps it is going through."""
    return {}


def preview(batch_id: int, tell: Callable[[str], None]) -> BatchPreview:
    """What publishing a draft would change; `tell` hears the steps when it has to be worked out."""
    kept, version = _previews(), published.facts_version(_store())
    if (batch_id, version) not in kept:
        at = Key(register.batch(_store(), batch_id).county_code, version, 0, 0)

        def judged(year: int) -> Assessment:
            return _assessment(at, year, None, (), "", NO_CHANGES, store)

        # While a draft is looked at, the judgements at hand are that draft's.
        present = judged if viewed_draft() is None else None
        found = read_preview(_store(), standard(), batch_id, judged=present, tell=tell)
        for old in list(kept)[: max(0, len(kept) - _KEPT_PREVIEWS + 1)]:
            kept.pop(old, None)
        kept[batch_id, version] = found
    return kept[batch_id, version]


@st.cache_resource(max_entries=_KEPT_ASSESSMENTS, show_spinner=False)
def _assessment(
    key: Key,
    year: int,
    evidence_day: date | None,
    choices: tuple[tuple[str, str], ...],
    changes_fingerprint: str,
    _changes: Changes,
    _from: Callable[[], Store],
) -> Assessment:
    # Which store it is is asked for only where nothing is kept: a file that is made outside a run finds what its page judged.
    return assess(
        _from(), standard(), key.county_code, year, as_of=evidence_day, choices=dict(choices), changes=_changes
    )


@st.cache_resource(max_entries=_KEPT_ASSESSMENTS, show_spinner=False)
def _evidence_day(key: Key, year: int, as_of: date) -> date | None:
    return county_facts.evidence_day(store(), key.county_code, year, as_of)


def assessment(
    key: Key,
    year: int,
    as_of: date,
    choices: Mapping[str, str] | None = None,
    changes: Changes = NO_CHANGES,
    *,
    opened: Store | None = None,
) -> Assessment:
    """The judgement of a school year on the published figures and the documents of a day, of the store that a page has open."""
    chosen = tuple(sorted((choices or {}).items()))
    day = _evidence_day(key.of_facts, year, as_of)
    return _assessment(
        key.of_facts,
        year,
        day,
        chosen,
        fingerprint(changes) if changes else "",
        changes,
        store if opened is None else lambda: opened,
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _baseline(key: Key, year: int, as_of: date) -> Baseline:
    judged = assessment(key, year, as_of)
    return read_baseline(store(), standard(), key.county_code, year, assessment=judged)


def baseline(key: Key, year: int, as_of: date) -> Baseline:
    """The present of a year, from which every what-if starts, with the documents of a day."""
    return _baseline(key.of_facts, year, as_of)


@st.cache_resource(max_entries=64, show_spinner=False)
def _told(key: Key, year: int, as_of: date, about: str, _tell: Callable[[], object]) -> object:
    return _tell()


def told(key: Key, year: int, as_of: date, about: str, tell: Callable[[], T]) -> T:
    """What is told of the county, a department or a township (its code) on a day, made once."""
    return cast(T, _told(key, year, as_of, about, tell))


@st.cache_resource(max_entries=4, show_spinner=False)
def _facts(key: Key, _judged: Mapping[int, Assessment]) -> FactsByYear:
    return facts_by_year(store(), standard(), key.county_code, _judged)


@st.cache_resource(max_entries=16, show_spinner=False)
def situation(key: Key, as_of: date) -> Situation:
    """The county's plan on a day, with everything that was reported until then."""
    judged = {y: assessment(key, y, as_of) for y in published.published_years(store(), key.county_code)}
    # A new record leaves the figures as they are, another day too: only the documents of the judgements move with it.
    facts = replace(_facts(key.of_facts, judged), assessments=judged)
    return read_situation(store(), county(key, as_of), standard(), as_of, facts)


def judge_kept(key: Key, year: int, as_of: date) -> Judge:
    """The same as `judge_for_jobs` for a job that asks for few: what it asked is kept, so that after a record which touches
    none of it nothing is judged again.
    """
    opened, day = store(), _evidence_day(key.of_facts, year, as_of)
    return lambda changes: _assessment(
        key.of_facts, year, day, (), fingerprint(changes) if changes else "", changes, lambda: opened
    )


def judge_for_jobs(key: Key, year: int, as_of: date) -> Judge:
    """Judges a year with changes for a job: its thread knows no page, so what depends on one is looked up here."""
    opened, rules = store(), standard()
    return lambda changes: assess(opened, rules, key.county_code, year, as_of=as_of, changes=changes)
