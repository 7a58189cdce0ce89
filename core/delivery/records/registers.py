"""What the plan names without listing it, as the office lists it: the plan's text holds no such list, and none is invented.

    read_registers(store, county_code, as_of) -> tuple[RegisterEntry, ...]
    keep_entry(store, plan, county_code, draft, actor, now) -> RegisterEntry

Clusters (小片区), entrusted schools (委托管理), schools kept for good (永久性保留), changes of the layout (布局调整), the
eight programmes (八大提升工程), the five centres (五个中心). An entry that is withdrawn stays in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Literal

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.records import Written, add_rows, standing_row, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, check_unit, header
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

Register = Literal["cluster", "entrusted", "kept", "layout", "programme", "centre"]
REGISTER_NAMES: Mapping[Register, str] = {
    "cluster": "小片区管理",
    "entrusted": "委托管理",
    "kept": "永久性保留学校",
    "layout": "布局调整",
    "programme": "八大提升工程",
    "centre": "进修学校“五个中心”",
}
# How many the plan speaks of, where it gives a number.
EXPECTED: Mapping[Register, int] = {"programme": 8, "centre": 5}
_OF_SCHOOLS: tuple[Register, ...] = ("cluster", "entrusted", "kept", "layout")


@dataclass(frozen=True, kw_only=True)
class RegisterDraft:
    """An entry as it stands on a day; a known `entry_id` continues that entry.

    `school_ids` are the schools concerned, `supporting_school_id` the one that leads or is entrusted with them;
    `content` says what is shared, or why and with what forecast of enrolment.
    """

    register: Register
    name: str
    day: date
    entry_id: str = ""
    school_ids: tuple[str, ...] = ()
    supporting_school_id: str | None = None
    unit_id: str | None = None
    since: date | None = None
    until: date | None = None
    content: str = ""
    withdrawn: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisterEntry(RegisterDraft, Written):
    """A recorded entry."""


def read_registers(store: Store, county_code: str, as_of: date) -> tuple[RegisterEntry, ...]:
    """Every entry that stands on a day, register by register."""
    rows = store.records(
        "select * from register_entries where county_code = $1 and day <= $2 qualify"
        " row_number() over (partition by register, entry_id order by day desc, number desc) = 1"
        " order by register, entry_id",
        [county_code, as_of],
    )
    entries = (RegisterEntry(**{**row, "school_ids": tuple(row["school_ids"])}) for row in rows)
    return tuple(entry for entry in entries if not entry.withdrawn)


def keep_entry(
    store: Store, plan: Plan, county_code: str, draft: RegisterDraft, actor: Actor, now: datetime
) -> RegisterEntry:
    """List something, or say how it now stands. Raises RequestInvalid with the first thing that is missing."""
    require(actor, "plan", county_code)
    check_entry(plan, draft, now.date())
    with store.write() as cursor:
        number = take_numbers(cursor, 1)[0]
        kept = draft if draft.entry_id else replace(draft, entry_id=f"Q{number:05d}")
        record = RegisterEntry(**asdict(kept), **header(number, county_code, actor, now))
        before = standing_row(
            cursor, "register_entries", county_code=county_code, register=kept.register, entry_id=kept.entry_id
        )
        subject = f"{REGISTER_NAMES[kept.register]} {kept.name}"
        keep_action(cursor, actor, "plan", subject, now, before=before, after=asdict(record))
        add_rows(cursor, "register_entries", [asdict(record)])
    return record


def check_entry(plan: Plan, draft: RegisterDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing that an entry lacks."""
    check_day(draft.day, today)
    check_choice(draft.register, Register, "清单")
    what = f"{REGISTER_NAMES[draft.register]}“{draft.name}”"
    if not draft.name.strip():
        raise RequestInvalid("请写明名称。")
    if draft.unit_id:
        check_unit(plan, draft.unit_id)
    if draft.since and draft.until and draft.until < draft.since:
        raise RequestInvalid(f"{what}：截止日期 {draft.until} 早于开始日期 {draft.since}。")
    if draft.register in _OF_SCHOOLS and not draft.school_ids and not draft.withdrawn:
        raise RequestInvalid(f"{what}：没有选择学校。")
    if draft.register == "entrusted" and not draft.supporting_school_id:
        raise RequestInvalid(f"{what}：没有写明由哪所学校受托管理。")
    if draft.register in ("kept", "layout") and not draft.content.strip():
        raise RequestInvalid(f"{what}：请写明理由和生源预测。")
    if draft.withdrawn and not draft.note.strip():
        raise RequestInvalid(f"{what}：撤销须写明理由。")
