"""Who answers by name: for a sub-item, a project, an issue, a decision; and whom to ask at a unit. Append-only.

    persons_of(store, county_code, as_of) -> dict[PersonKey, ResponsiblePerson]
    person_history(store, county_code, key, as_of) -> tuple[ResponsiblePerson, ...]      the oldest first
    name_persons(store, plan, county_code, drafts, actor, now) -> tuple[ResponsiblePerson, ...]

What changes hands keeps its history. A phone number is shown to nobody who does not see names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal, get_args

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.records import Written, add_rows, standing_row, take_numbers
from core.delivery.records.records_writing import check_day, check_township, check_unit, header, unit_scope
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

AnsweredFor = Literal["sub_item", "project", "issue", "decision", "unit"]
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
    """A person named on a day; `unit_id` is the unit whose matter it is, `person_id` their account where they have one."""

    key: PersonKey
    unit_id: str
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
    for draft in drafts:
        require(actor, "report", unit_scope(plan, draft.unit_id, draft.key.township_code))
        check_person(plan, county_code, draft, now.date())
    with store.write() as cursor:
        kept = [
            ResponsiblePerson(
                **{name: value for name, value in asdict(draft).items() if name not in ("key", "unit_id")},
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


def check_person(plan: Plan, county_code: str, draft: ResponsiblePersonDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a person responsible."""
    check_unit(plan, draft.unit_id)
    check_township(county_code, draft.key.township_code)
    check_day(draft.day, today)
    if not draft.person.strip():
        raise RequestInvalid("责任人姓名不能为空。")
    for name, text in (("姓名", draft.person), ("职务", draft.post)):
        if len(text) > _LONGEST[name]:
            raise RequestInvalid(f"责任人{name}共 {len(text)} 个字，最多 {_LONGEST[name]} 个字。")
    if draft.phone and not _PHONE.fullmatch(draft.phone):
        raise RequestInvalid(f"电话“{draft.phone}”不能识别；应为 3 至 20 位的数字，可用空格或短横分开。")
