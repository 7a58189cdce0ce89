"""What schools say at a month's end: how many stand on the roll, how many attend.

    read_months(store, county_code, as_of) -> dict[tuple[str, date], AttendanceMonth]
    keep_month(store, plan, schools, county_code, draft, actor, now)

A school that says nothing has said nothing: that nobody is missing must be written too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.attendance.cases import case_scope, without_typed_name
from core.delivery.records.records import add_rows, take_numbers
from core.delivery.records.records_writing import check_day, header
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

_MOST_PUPILS, _OLDEST_DAYS = 20_000, 366


@dataclass(frozen=True, kw_only=True)
class MonthDraft:
    """A school's month; `month` is its first day."""

    school_id: str
    month: date
    on_roll: int
    attending: int
    day: date


@dataclass(frozen=True, kw_only=True)
class AttendanceMonth(MonthDraft):
    """A recorded month."""

    actor: str
    verified: bool

    @property
    def absent(self) -> int:
        """How many stand on the roll and do not attend."""
        return self.on_roll - self.attending


def read_months(store: Store, county_code: str, as_of: date) -> dict[tuple[str, date], AttendanceMonth]:
    """The last word on every school's month by the end of a day."""
    rows = store.records(
        "select school_id, month, on_roll, attending, day, actor, verified from attendance_months"
        " where county_code = $1 and day <= $2"
        " qualify row_number() over (partition by school_id, month order by number desc) = 1",
        [county_code, as_of],
    )
    return {(row["school_id"], row["month"]): AttendanceMonth(**row) for row in rows}


def keep_month(
    store: Store,
    plan: Plan,
    schools: Mapping[str, str],
    county_code: str,
    draft: MonthDraft,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a school's month; `schools` are the townships by school. Raises RequestInvalid, NotPermitted."""
    actor = without_typed_name(actor)
    if draft.school_id not in schools:
        raise RequestInvalid("没有这所学校；请从学校名单中选择。")
    require(actor, "attend", case_scope(plan, schools, schools[draft.school_id], draft.school_id))
    check_month(draft, now.date())
    with store.write() as cursor:
        row = {**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now)}
        keep_action(cursor, actor, "attend", f"在校月报 {draft.school_id} {draft.month:%Y-%m}", now, after=row)
        add_rows(cursor, "attendance_months", [row])


def check_month(draft: MonthDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a school's month."""
    check_day(draft.day, today)
    if draft.month.day != 1 or not 0 <= (draft.day - draft.month).days <= _OLDEST_DAYS:
        raise RequestInvalid(f"月份 {draft.month:%Y-%m} 应是登记日期 {draft.day} 当月或此前一年内的月份。")
    if draft.on_roll != int(draft.on_roll) or draft.attending != int(draft.attending):
        raise RequestInvalid("学籍人数、实到人数应为整数。")
    if not 0 <= draft.on_roll <= _MOST_PUPILS:
        raise RequestInvalid(f"学籍人数 {draft.on_roll:,} 应在 0 至 {_MOST_PUPILS:,} 之间。")
    if not 0 <= draft.attending <= draft.on_roll:
        raise RequestInvalid(f"实到人数 {draft.attending:,} 应在 0 至学籍人数 {draft.on_roll:,} 之间。")
