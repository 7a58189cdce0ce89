"""Where the county stands with its recognition: 创建, 已申报, 已认定（监测复查）.

    stage_on(store, county_code, as_of) -> CountyStage | None        None while nobody has said anything: 创建
    stages(store, county_code, as_of) -> tuple[CountyStage, ...]     the oldest first
    enter_stage(store, county_code, draft, actor, now) -> CountyStage

Once recognised, a county is monitored year by year; the plan that led there is history and nothing of it is overdue.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.records import Written, add_rows, standing_row, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, header
from core.errors import RequestInvalid
from core.store.database import Store

Stage = Literal["creating", "declared", "recognised"]


@dataclass(frozen=True, kw_only=True)
class CountyStageDraft:
    """From which day the county stands where; `document` is the number of the paper that says so."""

    stage: Stage
    day: date
    document: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CountyStage(CountyStageDraft, Written):
    """A recorded stage."""


def stages(store: Store, county_code: str, as_of: date) -> tuple[CountyStage, ...]:
    """Every stage entered up to a day."""
    return tuple(
        CountyStage(**row)
        for row in store.records(
            "select * from county_stages where county_code = $1 and day <= $2 order by day, number",
            [county_code, as_of],
        )
    )


def stage_on(store: Store, county_code: str, as_of: date) -> CountyStage | None:
    """The stage that counts on a day."""
    entered = stages(store, county_code, as_of)
    return entered[-1] if entered else None


def enter_stage(store: Store, county_code: str, draft: CountyStageDraft, actor: Actor, now: datetime) -> CountyStage:
    """Say from when the county stands where. Raises RequestInvalid without the paper that says so."""
    require(actor, "plan", county_code)
    check_stage(draft, now.date())
    with store.write() as cursor:
        record = CountyStage(**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now))
        before = standing_row(cursor, "county_stages", county_code=county_code)
        keep_action(cursor, actor, "plan", "创建阶段", now, before=before, after=asdict(record))
        add_rows(cursor, "county_stages", [asdict(record)])
    return record


def check_stage(draft: CountyStageDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing that a stage lacks."""
    check_day(draft.day, today)
    check_choice(draft.stage, Stage, "阶段")
    if draft.stage != "creating" and not draft.document.strip():
        raise RequestInvalid("申报、认定须写明文号或公告名称。")
