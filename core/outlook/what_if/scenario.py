"""Scenarios: named, frozen lists of changes on one year's facts; the facts themselves never change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from core.access import Actor, require
from core.audit import keep_action
from core.dataset.typed_texts import check_typed
from core.errors import NotPermitted, RequestInvalid
from core.method.assessment import Assessment
from core.method.changes import Change, SchoolChange
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.what_if.codec import changes_from, levers_from, to_text
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import Lever
from core.rules.standard import STAGES
from core.store.database import Store

_LONGEST_NAME = 60


@dataclass(frozen=True)
class Scenario:
    """What was imagined, on which year's facts, by whom and when. `levers` say what was wished, `changes` what it
    came to when it was saved; the changes are what is judged.
    """

    number: int
    county_code: str
    year: int
    facts_version: int
    name: str
    note: str
    levers: tuple[Lever, ...]
    changes: tuple[Change | SchoolChange, ...]
    copied_from: int | None
    actor: str
    recorded_at: datetime


def save_scenario(
    store: Store,
    baseline: Baseline,
    name: str,
    levers: Sequence[Lever],
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    copied_from: int | None = None,
) -> Scenario:
    """Freeze levers on the baseline's facts under a name, once their changes have been judged.

    `copied_from` is the number of the saved scenario from which it was made.

    Raises RequestInvalid when the name is missing, too long or taken, nothing is changed, or a lever cannot be;
    NotPermitted for readers. Then nothing is saved.
    """
    county_code, year = baseline.assessment.county_code, baseline.assessment.year
    require(actor, "imagine", county_code)
    name = _named(name)
    check_typed(note)
    changes = _judged(store, baseline, levers)
    with store.write() as cursor:
        _require_free(cursor, county_code, year, name)
        number = cursor.execute(
            """
            insert into scenarios
                (county_code, year, facts_version, name, note, levers, changes, copied_from, actor, recorded_at)
            select $1, $2, coalesce(max(number), 0), $3, $4, $5, $6, $7, $8, $9 from publications
            returning number
            """,
            [
                county_code,
                year,
                name,
                note.strip(),
                to_text(levers),
                to_text(changes),
                copied_from,
                actor.name,
                now,
            ],
        ).fetchall()[0][0]
        keep_action(cursor, actor, "imagine", f"方案 {number}", now, after={"name": name, "year": year})
    return load_scenario(store, int(number))


def rename_scenario(store: Store, number: int, name: str, actor: Actor, now: datetime) -> Scenario:
    """Give a saved scenario another name. Raises RequestInvalid as `save_scenario` does, NotPermitted for readers."""
    kept = load_scenario(store, number)
    require(actor, "imagine", kept.county_code)
    name = _named(name)
    with store.write() as cursor:
        _require_free(cursor, kept.county_code, kept.year, name, besides=number)
        cursor.execute("update scenarios set name = $1 where number = $2", [name, number])
        before = {"name": kept.name}
        keep_action(cursor, actor, "imagine", f"方案 {number}", now, before=before, after={"name": name})
    return load_scenario(store, number)


def change_scenario(
    store: Store, baseline: Baseline, number: int, levers: Sequence[Lever], actor: Actor, now: datetime
) -> Scenario:
    """Put other levers in the place of a saved scenario's own; the record of actions keeps what they were.

    Raises RequestInvalid as `save_scenario` does, NotPermitted for readers and for a scenario of somebody else.
    """
    kept = load_scenario(store, number)
    require(actor, "imagine", kept.county_code)
    if kept.actor != actor.name:
        raise NotPermitted(f"第 {number} 号方案由{kept.actor}保存，只能由本人改写；请另存为新方案。")
    changes = _judged(store, baseline, levers)
    with store.write() as cursor:
        cursor.execute(
            """
            update scenarios set levers = $1, changes = $2, recorded_at = $3,
                facts_version = (select coalesce(max(publications.number), 0) from publications)
            where scenarios.number = $4
            """,
            [to_text(levers), to_text(changes), now, number],
        )
        before = {"levers": to_text(kept.levers)}
        keep_action(cursor, actor, "imagine", f"方案 {number}", now, before=before, after={"levers": to_text(levers)})
    return load_scenario(store, number)


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise RequestInvalid("请填写方案名称。")
    if len(name) > _LONGEST_NAME:
        raise RequestInvalid(f"方案名称最多 {_LONGEST_NAME} 个字，现有 {len(name)} 个字。")
    check_typed(name)
    return name


def _judged(store: Store, baseline: Baseline, levers: Sequence[Lever]) -> Sequence[Change | SchoolChange]:
    changes = changes_for(levers, baseline)
    if not changes:
        raise RequestInvalid("方案没有任何调整，请先添加调整。")
    judged = baseline.assessment
    assess(store, baseline.standard, judged.county_code, judged.year, choices=judged.choices, changes=changes)
    return changes


def _require_free(cursor: DuckDBPyConnection, county_code: str, year: int, name: str, besides: int = 0) -> None:
    taken = cursor.execute(
        "select number from scenarios where county_code = $1 and year = $2 and name = $3 and number <> $4",
        [county_code, year, name, besides],
    ).fetchall()
    if taken:
        raise RequestInvalid(f"{year} 学年已有方案“{name}”（第 {taken[0][0]} 号），请换一个名称。")


def scenarios(store: Store, county_code: str, year: int | None = None) -> list[Scenario]:
    """The saved scenarios of a county, of one year or all, the newest first."""
    return [
        _scenario(row)
        for row in store.records(
            "select * from scenarios where county_code = $1 and ($2 is null or year = $2) order by number desc",
            [county_code, year],
        )
    ]


def load_scenario(store: Store, number: int) -> Scenario:
    """One saved scenario. Raises RequestInvalid when there is none of this number."""
    found = store.records("select * from scenarios where number = $1", [number])
    if not found:
        raise RequestInvalid(f"没有第 {number} 号方案，链接可能不完整。")
    return _scenario(found[0])


@dataclass(frozen=True)
class ClassTotals:
    """The classes of a stage over the county; `unknown` counts schools whose classes were not reported."""

    stage: str
    classes: int
    over_limit: int
    oversized: int
    largest: int
    unknown: int


def class_totals(assessment: Assessment) -> tuple[ClassTotals, ...]:
    """Classes and class sizes by stage, to lay the present and a scenario side by side."""
    totals = []
    for stage in STAGES:
        listed = [c for c in assessment.class_sizes if c.stage == stage]
        totals.append(
            ClassTotals(
                stage,
                sum(c.classes for c in listed),
                sum(c.over_limit for c in listed),
                sum(c.oversized for c in listed),
                max((c.largest for c in listed), default=0),
                sum(not c.known for c in listed),
            )
        )
    return tuple(totals)


def _scenario(row: dict[str, Any]) -> Scenario:
    levers, changes = levers_from(row.pop("levers")), changes_from(row.pop("changes"))
    return Scenario(**row, levers=tuple(levers), changes=tuple(changes))
