"""Mock evaluations as records: drawn, concluded stage by stage, closed.

    read_evaluations(store, county_code, as_of) -> tuple[Evaluation, ...]        the latest first
    open_evaluation(store, facts, draft, actor, now) -> Evaluation
    close_evaluation(store, county_code, evaluation_id, day, note, actor, now)
    conclude_stage(store, county_code, draft, actor, now)

The stages follow the state's procedure; what the figures say of each is worked out anew, what the group says is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

import duckdb

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.evaluation.draw import draw, drawable
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, header
from core.errors import RequestInvalid
from core.store.database import Store

EvaluationStage = Literal["qualification", "monitoring", "satisfaction", "indicators", "visit"]
STAGES: tuple[EvaluationStage, ...] = get_args(EvaluationStage)
_LONGEST_TITLE = 60


@dataclass(frozen=True, kw_only=True)
class EvaluationDraft:
    """A mock evaluation of a school year: how many schools, drawn by which seed."""

    title: str
    year: int
    seed: str
    sample_size: int
    day: date
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StageDraft:
    """What the group finds at a stage; `note` says on what grounds."""

    evaluation_id: str
    stage: EvaluationStage
    passed: bool
    note: str
    day: date


@dataclass(frozen=True, kw_only=True)
class StageConclusion(StageDraft, Written):
    """A recorded conclusion."""


@dataclass(frozen=True, kw_only=True)
class Evaluation(EvaluationDraft, Written):
    """A mock evaluation as it stands: drawn from `pool_ids`, with the last conclusion of each stage."""

    evaluation_id: str
    pool_ids: tuple[str, ...]
    school_ids: tuple[str, ...]
    state: Literal["open", "closed"]
    begun_on: date
    conclusions: Mapping[str, StageConclusion] = field(default_factory=dict)


def read_evaluations(store: Store, county_code: str, as_of: date) -> tuple[Evaluation, ...]:
    """Every mock evaluation by the end of a day."""
    stages: dict[str, dict[str, StageConclusion]] = {}
    for row in store.records(
        "select * from evaluation_stages where county_code = $1 and day <= $2"
        " qualify row_number() over (partition by evaluation_id, stage order by number desc) = 1",
        [county_code, as_of],
    ):
        stages.setdefault(row["evaluation_id"], {})[row["stage"]] = StageConclusion(**row)
    rows = store.records(
        "select *, first(day order by number) over (partition by evaluation_id) as begun_on from evaluations"
        " where county_code = $1 and day <= $2"
        " qualify row_number() over (partition by evaluation_id order by number desc) = 1 order by begun_on desc, number desc",
        [county_code, as_of],
    )
    return tuple(_evaluation(row, stages.get(row["evaluation_id"], {})) for row in rows)


def _evaluation(row: dict[str, Any], conclusions: Mapping[str, StageConclusion]) -> Evaluation:
    lists = {name: tuple(row[name]) for name in ("school_ids", "pool_ids")}
    return Evaluation(**{**row, **lists}, conclusions=conclusions)


def open_evaluation(
    store: Store, facts: FactsByYear, draft: EvaluationDraft, actor: Actor, now: datetime
) -> Evaluation:
    """Draw the sample and keep it: nobody draws again until a sample pleases without that being seen."""
    county_code = facts.county_code
    require(actor, "supervise", county_code)
    check_day(draft.day, now.date())
    if not draft.title.strip() or len(draft.title) > _LONGEST_TITLE:
        raise RequestInvalid(f"请填写模拟评估名称，1 至 {_LONGEST_TITLE} 个字。")
    if draft.year not in facts.assessments:
        raise RequestInvalid(f"{draft.year} 学年没有已发布的数据，不能抽样。")
    pool = drawable(facts.assessments[draft.year])
    drawn = draw(pool, draft.seed, draft.sample_size)
    with store.write() as cursor:
        number = take_numbers(cursor, 1)[0]
        row = {
            **asdict(draft),
            "evaluation_id": f"M{number:05d}",
            "pool_ids": tuple(school.school_id for school in pool),
            "school_ids": drawn,
            "state": "open",
            **header(number, county_code, actor, now),
        }
        keep_action(cursor, actor, "supervise", f"模拟评估 {row['evaluation_id']}", now, after=row)
        add_rows(cursor, "evaluations", [row])
    return Evaluation(**row, begun_on=draft.day)


def close_evaluation(
    store: Store, county_code: str, evaluation_id: str, day: date, note: str, actor: Actor, now: datetime
) -> None:
    """Close an evaluation; its conclusions, tables and issues stay."""
    require(actor, "supervise", county_code)
    check_day(day, now.date())
    with store.write() as cursor:
        before = standing_evaluation(cursor, county_code, evaluation_id)
        check_not_before(day, before["day"])
        number = take_numbers(cursor, 1)[0]
        kept = {name: value for name, value in before.items() if name not in header(0, "", actor, now)}
        row = {**kept, "state": "closed", "day": day, "note": note, **header(number, county_code, actor, now)}
        keep_action(cursor, actor, "supervise", f"模拟评估 {evaluation_id}", now, before=before, after=row)
        add_rows(cursor, "evaluations", [row])


def conclude_stage(store: Store, county_code: str, draft: StageDraft, actor: Actor, now: datetime) -> None:
    """Keep what the group finds at a stage. Raises RequestInvalid without its grounds, or once the evaluation is closed."""
    require(actor, "supervise", county_code)
    check_day(draft.day, now.date())
    check_choice(draft.stage, EvaluationStage, "环节")
    if not draft.note.strip():
        raise RequestInvalid("请写明结论的依据：看了什么、核对了什么。")
    with store.write() as cursor:
        check_not_before(draft.day, standing_evaluation(cursor, county_code, draft.evaluation_id)["day"])
        row = {**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now)}
        keep_action(cursor, actor, "supervise", f"模拟评估 {draft.evaluation_id} {draft.stage}", now, after=row)
        add_rows(cursor, "evaluation_stages", [row])


def check_not_before(day: date, earlier: date) -> None:
    """Raises RequestInvalid for a day before that of what it is about."""
    if day < earlier:
        raise RequestInvalid(f"日期 {day} 早于所依据的登记日期 {earlier}；请填写实际发生的日期。")


def standing_evaluation(cursor: duckdb.DuckDBPyConnection, county_code: str, evaluation_id: str) -> dict[str, Any]:
    """The last row of an open evaluation. Raises RequestInvalid for one that is unknown or closed."""
    result = cursor.execute(
        "select * from evaluations where county_code = $1 and evaluation_id = $2 order by number desc limit 1",
        [county_code, evaluation_id],
    )
    names = [column[0] for column in result.description or []]
    found = result.fetchall()
    row = dict(zip(names, found[0], strict=True)) if found else None
    if row is None:
        raise RequestInvalid(f"没有模拟评估“{evaluation_id}”；请从名单中选择。")
    if row["state"] == "closed":
        raise RequestInvalid(f"“{row['title']}”已结束，不能再登记；确需补充的，请另起一次模拟评估。")
    return row
