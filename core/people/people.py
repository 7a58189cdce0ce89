"""People as kept: a version a row, the latest is the person. Credentials are kept apart, by person_id (`ui/accounts`).

read_people(store) -> tuple[Person, ...]                           by person_id
person(store, person_id) -> Person | None
keep_people(store, drafts, actor, now) -> list[Person]             all or none
actor_of(person, today, origin) -> Actor | None                   None for who has no rights any more
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from core.access import ROLE_NAMES, ROLES, Actor, Role, require
from core.audit import keep_action
from core.dataset.characters import without_invisible
from core.dataset.typed_texts import check_typed
from core.errors import RequestInvalid
from core.store.database import Store

_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_.-]{1,29}")
_LONGEST = {"name": 20, "post": 40, "phone": 20}
_PHONE = re.compile(r"[0-9+][0-9 -]{5,19}")
_COLUMNS = "person_id, name, post, phone, units, townships, schools, roles, is_active, expires, number, recorded_at, changed_by"


@dataclass(frozen=True, kw_only=True)
class PersonDraft:
    """A person as typed: `person_id` is the account they log in with, and never changes."""

    person_id: str
    name: str
    post: str = ""
    phone: str = ""
    units: tuple[str, ...] = ()
    townships: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    is_active: bool = True
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class Person(PersonDraft):
    """A person as kept, with the version's number, day and writer."""

    number: int
    recorded_at: datetime
    changed_by: str

    def may_log_in(self, today: date) -> bool:
        """Whether the account is in force."""
        return self.is_active and (self.expires is None or today <= self.expires)


def read_people(store: Store) -> tuple[Person, ...]:
    """Everybody as they stand now, by account."""
    return tuple(map(_person, store.records(f"{_LATEST} order by person_id")))


def person(store: Store, person_id: str) -> Person | None:
    """One person as they stand now, None where nobody has the account."""
    found = store.records(
        f"select {_COLUMNS} from people where person_id = $1 order by number desc limit 1", [person_id]
    )
    return _person(found[0]) if found else None


def actor_of(known: Person, today: date, origin: str) -> Actor | None:
    """The person at work; None once the account is disabled or has expired."""
    if not known.may_log_in(today):
        return None
    return Actor(
        known.name,
        frozenset({*known.roles, "viewer"}),
        verified=True,
        person_id=known.person_id,
        units=frozenset(known.units),
        townships=frozenset(known.townships),
        schools=frozenset(known.schools),
        origin=origin,
    )


def keep_people(store: Store, drafts: Sequence[PersonDraft], actor: Actor, now: datetime) -> list[Person]:
    """Add people or change them, all or none.

    Raises RequestInvalid for an account, name or role that cannot be, for an account twice, and when nobody would be
    left who may manage people; NotPermitted for who may not.
    """
    require(actor, "people", "人员与权限")
    if twice := sorted({d.person_id for d in drafts if sum(d.person_id == o.person_id for o in drafts) > 1}):
        raise RequestInvalid(f"账号“{'”“'.join(twice)}”出现多次；每人一个账号。")
    for draft in drafts:
        _check(draft)
    with store.write() as cursor:
        known = {p.person_id: p for p in read_people(store)}
        changed = [d for d in drafts if d.person_id not in known or _said(known[d.person_id]) != asdict(d)]
        after: dict[str, PersonDraft] = {**known, **{d.person_id: d for d in changed}}
        if any(map(_stays_administrator, known.values())) and not any(map(_stays_administrator, after.values())):
            raise RequestInvalid("至少保留一名在用、不限期的系统管理员，否则再没有人能管理人员与权限。")
        kept = []
        for draft in changed:
            number = int(cursor.execute("select nextval('people_numbers')").fetchall()[0][0])
            kept.append(Person(**asdict(draft), number=number, recorded_at=now, changed_by=actor.name.strip()))
            row = asdict(kept[-1])
            cursor.execute(
                f"insert into people ({', '.join(row)}) values ({', '.join(f'${n + 1}' for n in range(len(row)))})",
                [list(value) if isinstance(value, tuple) else value for value in row.values()],
            )
            before = known.get(draft.person_id)
            subject = f"{draft.name}（{draft.person_id}）"
            keep_action(
                cursor, actor, "people", subject, now, before=_said(before) if before else None, after=asdict(draft)
            )
    return kept


def _stays_administrator(one: PersonDraft) -> bool:
    """Whether a person can manage people today and on any day to come."""
    return "administrator" in one.roles and one.is_active and one.expires is None


def renamed(known: PersonDraft, **changes: Any) -> PersonDraft:
    """The person as a draft with some things changed."""
    return PersonDraft(**{**_said(known), **changes})


def _said(known: PersonDraft) -> dict[str, Any]:
    said = asdict(known)
    return {name: said[name] for name in PersonDraft.__dataclass_fields__}


def _check(draft: PersonDraft) -> None:
    who = f"账号“{draft.person_id[:40]}”"
    if not _ACCOUNT.fullmatch(draft.person_id):
        raise RequestInvalid(f"{who}不合要求：2 至 30 个小写字母、数字、“.”“-”“_”，以字母或数字开头，如 zhang.san。")
    for field, longest in _LONGEST.items():
        text = getattr(draft, field)
        check_typed(text)
        if without_invisible(text) != text:
            raise RequestInvalid(
                f"{who}：“{without_invisible(text)}”前后或中间有看不见的字符或多余的空格，请重新输入。"
            )
        if len(text) > longest:
            raise RequestInvalid(f"{who}：“{text[:10]}……”有 {len(text)} 个字，最多 {longest} 个字。")
    if not draft.name.strip():
        raise RequestInvalid(f"{who}没有姓名。")
    if draft.phone and not _PHONE.fullmatch(draft.phone):
        raise RequestInvalid(f"{who}的电话“{draft.phone}”不是电话号码。")
    if not draft.roles or not set(draft.roles) <= set(ROLES):
        raise RequestInvalid(f"{who}没有岗位；可选：{'、'.join(ROLE_NAMES.values())}。")
    if "liaison" in draft.roles and not (draft.units or draft.townships):
        raise RequestInvalid(f"{who}是联络员，须写明所联系的部门或乡镇。")
    if {"school", "inspector"} & set(draft.roles) and not draft.schools:
        raise RequestInvalid(f"{who}是学校填报员或责任督学，须写明学校。")
    if {"school", "inspector"} <= set(draft.roles):
        raise RequestInvalid(f"{who}不能既是学校填报员又是责任督学：整改和复查须由不同的人办理。")


_LATEST = f"select {_COLUMNS} from people qualify row_number() over (partition by person_id order by number desc) = 1"


def _person(row: dict[str, Any]) -> Person:
    lists = {name: tuple(row[name]) for name in ("units", "townships", "schools", "roles")}
    return Person(**{**row, **lists})


def disabled(known: Person) -> PersonDraft:
    """The person without access; what they wrote stays theirs."""
    return replace(renamed(known), is_active=False)
