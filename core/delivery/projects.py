"""Building projects: the six slots that each one fills (六个一), what it delivers, and when; by versions.

    read_projects(store, county_code, as_of) -> tuple[Project, ...]
    project_history(store, county_code, project_id, as_of) -> tuple[Project, ...]
    append_project(store, plan, county_code, draft, seen, actor, now) -> ProjectReceipt
    blank_slots(plan, project) -> tuple[ProjectSlot, ...]

Areas are in ㎡. A deliverable that was not stated is None, not 0. The slot `responsible_unit` holds a unit's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.owners import RESPONSIBLE_UNIT
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_day, check_township, check_unit, header, unit_scope
from core.errors import RequestInvalid
from core.rules.plan import Plan, ProjectSlot
from core.store.database import Store


@dataclass(frozen=True, kw_only=True)
class ProjectDraft:
    """A project as it stands on a day; a known `project_id` continues that project.

    `slots` holds what is filled in, by slot id; a slot that is absent or blank shows as blank.
    """

    day: date
    project_id: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    township_code: str | None = None
    school_id: str | None = None
    places: int | None = None
    teaching_area_m2: Decimal | None = None
    sports_area_m2: Decimal | None = None
    rooms: int | None = None
    progress: int | None = None
    planned_start: date | None = None
    planned_completion: date | None = None
    forecast_completion: date | None = None
    actual_completion: date | None = None
    lon: Decimal | None = None
    lat: Decimal | None = None
    note: str = ""
    tendered_on: date | None = None
    contract_on: date | None = None
    contract_yuan: Decimal | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Project(ProjectDraft, Written):
    """A recorded version of a project."""

    @property
    def name(self) -> str:
        """The project's name, else its number."""
        return self.slots.get("project") or self.project_id

    @property
    def unit_id(self) -> str | None:
        """The responsible unit, None while the slot is blank."""
        return self.slots.get(RESPONSIBLE_UNIT) or None


@dataclass(frozen=True)
class ProjectReceipt:
    """The version as kept, and the versions that others wrote meanwhile."""

    record: Project
    intervening: tuple[Project, ...]


def blank_slots(plan: Plan, project: ProjectDraft) -> tuple[ProjectSlot, ...]:
    """The slots of the plan that the project leaves blank."""
    return tuple(slot for slot in plan.project_slots if not project.slots.get(slot.slot_id, "").strip())


def read_projects(store: Store, county_code: str, as_of: date) -> tuple[Project, ...]:
    """Every project as it stood at the end of a day, by project_id."""
    with store.reading() as cursor:
        return _read(
            cursor,
            "county_code = $1 and day <= $2"
            " qualify row_number() over (partition by project_id order by day desc, number desc) = 1"
            " order by project_id",
            [county_code, as_of],
        )


def first_planned(store: Store, county_code: str, as_of: date) -> dict[str, date]:
    """The earliest completion that was ever planned of each project, whatever later versions say."""
    return dict(
        store.rows(
            "select project_id, min(planned_completion) from projects where county_code = $1 and day <= $2"
            " and planned_completion is not null group by 1",
            [county_code, as_of],
        )
    )


def project_history(store: Store, county_code: str, project_id: str, as_of: date) -> tuple[Project, ...]:
    """Every version of a project up to a day, the oldest first."""
    with store.reading() as cursor:
        return _read(
            cursor,
            "county_code = $1 and project_id = $2 and day <= $3 order by day, number",
            [county_code, project_id, as_of],
        )


def append_project(
    store: Store, plan: Plan, county_code: str, draft: ProjectDraft, seen: int, actor: Actor, now: datetime
) -> ProjectReceipt:
    """Keep a new version; `seen` is the number of the version the writer had before its eyes, 0 for a new project.

    Raises NotPermitted for another unit's project, and for another unit put in its place by anybody but the office.
    """
    unit_id = draft.slots.get(RESPONSIBLE_UNIT, "")
    require(actor, "report", unit_scope(plan, unit_id))
    check_project(plan, county_code, draft, now.date())
    with store.write() as cursor:
        number = take_numbers(cursor, 1)[0]
        kept = draft if draft.project_id else replace(draft, project_id=f"P{number:05d}")
        intervening = _read(
            cursor,
            "county_code = $1 and project_id = $2 and number > $3 and day <= $4 order by number",
            [county_code, kept.project_id, seen, kept.day],
        )
        record = Project(**vars(kept), **header(number, county_code, actor, now))
        versions = _read(
            cursor, "county_code = $1 and project_id = $2 order by day, number", [county_code, kept.project_id]
        )
        if versions and (standing := versions[-1].slots.get(RESPONSIBLE_UNIT, "")) != unit_id:
            # Whose a project is the office decides: nobody takes one over, or gives one away, by writing of it.
            require(actor, "plan", unit_scope(plan, standing))
        before = asdict(versions[-1]) if versions else None
        keep_action(cursor, actor, "report", f"项目 {kept.project_id}", now, before=before, after=asdict(record))
        add_projects(cursor, [record])
    return ProjectReceipt(record, intervening)


def add_projects(cursor: duckdb.DuckDBPyConnection, records: Sequence[Project]) -> None:
    """Insert versions with their filled slots."""
    rows = [asdict(record) for record in records]
    slots: list[dict[str, Any]] = [
        {"number": row["number"], "slot_id": slot_id, "content": content.strip()}
        for row in rows
        for slot_id, content in row.pop("slots").items()
        if content.strip()
    ]
    add_rows(cursor, "projects", rows)
    add_rows(cursor, "project_slots", slots)


def _read(cursor: duckdb.DuckDBPyConnection, chosen: str, parameters: list[object]) -> tuple[Project, ...]:
    result = cursor.execute(f"select * from projects where {chosen}", parameters)
    names = [column[0] for column in result.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    slots: dict[int, dict[str, str]] = {row["number"]: {} for row in rows}
    for number, slot_id, content in cursor.execute(
        "select number, slot_id, content from project_slots where number in (select unnest($1))", [list(slots)]
    ).fetchall():
        slots[number][slot_id] = content
    return tuple(Project(**row, slots=slots[row["number"]]) for row in rows)


def check_project(plan: Plan, county_code: str, draft: ProjectDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a project."""
    place = f"项目“{draft.slots.get('project') or draft.project_id or '未命名'}”"
    check_day(draft.day, today)
    check_township(county_code, draft.township_code)
    known = {slot.slot_id: slot.name for slot in plan.project_slots}
    for slot_id in draft.slots:
        if slot_id not in known:
            raise RequestInvalid(f"{place}：方案没有“{slot_id}”这一项；应为：{'、'.join(known.values())}。")
    if draft.slots.get(RESPONSIBLE_UNIT):
        check_unit(plan, draft.slots[RESPONSIBLE_UNIT])
    for name, value in (
        ("新增学位", draft.places),
        ("教学及辅助用房面积", draft.teaching_area_m2),
        ("体育运动场馆面积", draft.sports_area_m2),
        ("新增教室", draft.rooms),
    ):
        if value is not None and value < 0:
            raise RequestInvalid(f"{place}：{name} {value} 不能小于 0。")
    if draft.progress is not None and not 0 <= draft.progress <= 100:
        raise RequestInvalid(f"{place}：进度 {draft.progress} 应在 0 至 100 之间。")
    start, planned = draft.planned_start, draft.planned_completion
    if start is not None and planned is not None and planned < start:
        raise RequestInvalid(f"{place}：计划完工 {planned} 早于计划开工 {start}。")
    if draft.contract_yuan is not None and draft.contract_yuan < 0:
        raise RequestInvalid(f"{place}：合同金额 {draft.contract_yuan} 不能小于 0。")
    steps = [
        (name, day)
        for name, day in (
            ("招标", draft.tendered_on),
            ("签订合同", draft.contract_on),
            ("实际完工", draft.actual_completion),
            ("竣工验收", draft.accepted_on),
        )
        if day is not None
    ]
    for (earlier, day), (later, next_day) in pairwise(steps):
        if next_day < day:
            raise RequestInvalid(f"{place}：{later} {next_day} 早于{earlier} {day}。")
    if draft.accepted_on is not None and draft.accepted_on > draft.day:
        raise RequestInvalid(f"{place}：竣工验收 {draft.accepted_on} 晚于填报日期 {draft.day}。")
    if draft.actual_completion is not None and draft.actual_completion > draft.day:
        raise RequestInvalid(f"{place}：实际完工 {draft.actual_completion} 晚于填报日期 {draft.day}。")
