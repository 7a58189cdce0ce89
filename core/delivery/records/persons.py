"""Who answers by name: for a sub-item, a project, an issue, a decision; who inspects a school; whom to ask at a unit.

    persons_of(store, county_code, as_of) -> dict[PersonKey, ResponsiblePerson]
    person_history(store, county_code, key, as_of) -> tuple[ResponsiblePerson, ...]      the oldest first
    name_persons(store, plan, county_code, drafts, actor, now) -> tuple[ResponsiblePerson, ...]

Append-only: what changes hands keeps its history. A phone number is shown to nobody who does not see names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal, get_args

import duckdb

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.owners import lead_of, project_unit
from core.delivery.records.records import Written, add_rows, standing_row, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, check_township, header, unit_scope
from core.errors import RequestInvalid
from core.rules.plan import TOWNSHIPS_KIND, Plan
from core.store.database import Store

AnsweredFor = Literal["sub_item", "project", "issue", "decision", "unit", "school"]
_PHONE = re.compile(r"[0-9+][0-9 -]{2,19}")
_LONGEST = {"姓名": 20, "职务": 40}


@dataclass(frozen=True)
class PersonKey:
    """What somebody answers for, in a township where each has its own person: kind and identifier."""

    kind: AnsweredFor
    identifier: str
    township_code: str | None = None

    @property
    def subject(self) -> str:
        """As the table keeps it, such as sub_item:T01-1."""
        return f"{self.kind}:{self.identifier}"


@dataclass(frozen=True, kw_only=True)
class ResponsiblePersonDraft:
    """A person named on a day; `person_id` is their account where they have one."""

    key: PersonKey
    person: str
    day: date
    post: str = ""
    phone: str = ""
    person_id: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ResponsiblePerson(Written):
    """A recorded person responsible."""

    subject: str
    township_code: str | None
    person: str
    post: str
    phone: str
    person_id: str
    day: date
    note: str

    @property
    def key(self) -> PersonKey:
        """What this person answers for."""
        kind, _, identifier = self.subject.partition(":")
        return PersonKey(next(k for k in get_args(AnsweredFor) if k == kind), identifier, self.township_code)


def persons_of(store: Store, county_code: str, as_of: date) -> dict[PersonKey, ResponsiblePerson]:
    """Everybody who answered for something at the end of a day."""
    found = (
        ResponsiblePerson(**row)
        for row in store.records(
            "select * from responsible_persons where county_code = $1 and day <= $2 qualify"
            " row_number() over (partition by subject, township_code order by day desc, number desc) = 1",
            [county_code, as_of],
        )
    )
    return {person.key: person for person in found}


def person_history(store: Store, county_code: str, key: PersonKey, as_of: date) -> tuple[ResponsiblePerson, ...]:
    """Everybody who has answered for a thing up to a day."""
    return tuple(
        ResponsiblePerson(**row)
        for row in store.records(
            "select * from responsible_persons where county_code = $1 and subject = $2"
            " and township_code is not distinct from $3 and day <= $4 order by day, number",
            [county_code, key.subject, key.township_code, as_of],
        )
    )


def name_persons(
    store: Store,
    plan: Plan,
    county_code: str,
    drafts: Sequence[ResponsiblePersonDraft],
    actor: Actor,
    now: datetime,
) -> tuple[ResponsiblePerson, ...]:
    """Name persons responsible, all or none.

    Raises RequestInvalid for a draft without a name or out of bounds, NotPermitted outside the writer's own units.
    """
    if not drafts:
        raise RequestInvalid("没有选择事项；请先选择由谁负责什么。")
    for draft in drafts:
        check_person(county_code, draft, now.date())
    with store.write() as cursor:
        for draft in drafts:
            if draft.key.kind == "school":
                # Who inspects a school is for the office to say, not for the school.
                require(actor, "supervise", f"学校 {draft.key.identifier}")
                check_school(cursor, draft.key.identifier)
                continue
            unit_id = _unit_of(cursor, plan, county_code, draft.key)
            require(actor, "report", unit_scope(plan, unit_id, draft.key.township_code))
        kept = [
            ResponsiblePerson(
                **{name: value for name, value in asdict(draft).items() if name != "key"},
                subject=draft.key.subject,
                township_code=draft.key.township_code,
                **header(number, county_code, actor, now),
            )
            for draft, number in zip(drafts, take_numbers(cursor, len(drafts)), strict=True)
        ]
        for person in kept:
            before = standing_row(
                cursor,
                "responsible_persons",
                county_code=county_code,
                subject=person.subject,
                township_code=person.township_code,
            )
            # The record of actions is read by more people than may see a telephone number.
            shown = [None if row is None else {**row, "phone": "（不列）"} for row in (before, asdict(person))]
            keep_action(cursor, actor, "report", f"责任人 {person.subject}", now, before=shown[0], after=shown[1])
        add_rows(cursor, "responsible_persons", [asdict(person) for person in kept])
    return tuple(kept)


def _unit_of(cursor: duckdb.DuckDBPyConnection, plan: Plan, county_code: str, key: PersonKey) -> str:
    """Whose matter it is. Raises RequestInvalid for one that does not exist, or of a township that does not lead it."""
    unit_id: str | None
    match key.kind:
        case "sub_item":
            unit_id = lead_of(cursor, plan, county_code, key.identifier)
        case "project":
            unit_id = project_unit(cursor, county_code, key.identifier)
        case "decision":
            held = standing_row(cursor, "decisions", county_code=county_code, decision_id=key.identifier)
            unit_id = None if held is None else held["owner_unit_id"]
        case "issue":
            number = int(key.identifier) if key.identifier.isdecimal() else 0
            step = standing_row(
                cursor, "ledger_steps", county_code=county_code, issue_number=number, step_id="assigned"
            )
            unit_id = None if step is None else step["unit_id"]
        case _:
            unit_id = key.identifier if any(u.unit_id == key.identifier for u in plan.units) else None
    if unit_id is None:
        raise RequestInvalid(f"没有事项“{key.identifier}”，或它还没有责任单位；请从名单中选择。")
    if (key.township_code is not None) != (plan.unit(unit_id).kind == TOWNSHIPS_KIND):
        raise RequestInvalid(f"事项“{key.identifier}”：由各乡镇负责的须指明是哪个乡镇，其他的不填乡镇。")
    return unit_id


def check_school(cursor: duckdb.DuckDBPyConnection, school_id: str) -> None:
    """Raises RequestInvalid for a school that no batch has listed."""
    if not cursor.execute("select 1 from schools where school_id = $1 limit 1", [school_id]).fetchall():
        raise RequestInvalid(f"没有学校“{school_id}”；请从学校名单中选择。")


def check_person(county_code: str, draft: ResponsiblePersonDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a person responsible."""
    check_choice(draft.key.kind, AnsweredFor, "事项类别")
    check_township(county_code, draft.key.township_code)
    check_day(draft.day, today)
    if not draft.person.strip():
        raise RequestInvalid("责任人姓名不能为空。")
    for name, text in (("姓名", draft.person), ("职务", draft.post)):
        if len(text) > _LONGEST[name]:
            raise RequestInvalid(f"责任人{name}共 {len(text)} 个字，最多 {_LONGEST[name]} 个字。")
    if draft.phone and not _PHONE.fullmatch(draft.phone):
        raise RequestInvalid(f"电话“{draft.phone}”不能识别；应为 3 至 20 位的数字，可用空格或短横分开。")
