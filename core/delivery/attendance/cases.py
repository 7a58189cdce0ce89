"""Children of school age who are not at school, case by case: nothing of a case is text, so that no name can stand in it.

    read_cases(store, county_code, as_of) -> tuple[AttendanceCase, ...]        the oldest first
    keep_cases(store, schools, county_code, drafts, actor, now) -> tuple[str, ...]
    check_outcome(store, schools, county_code, case_number, passed, actor, now)

Append-only: a later row of a case says how it stands. An outcome counts once a second person, whom a login vouches
for, has checked it; until then the child is not at school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Literal

import duckdb

from core.access import LOCAL_ADMINISTRATOR, Actor, Scope, require
from core.audit import keep_action
from core.dataset.characters import as_compared
from core.delivery.records.records import add_rows, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, check_township, header
from core.errors import NotPermitted, RequestInvalid
from core.rules.plan import TOWNSHIPS_KIND, Plan
from core.store.database import Store

CaseKind = Literal["not_enrolled", "left"]
CaseSource = Literal["school", "township", "platform"]
Outcome = Literal[
    "returned", "home_teaching", "transferred", "deferred", "suspended", "abroad", "registration", "lost", "mistaken"
]
Proof = Literal[
    "attendance_record",
    "approval",
    "transfer_record",
    "exit_record",
    "household_record",
    "search_record",
    "roll_record",
]

# Where a child is at school after all; where the law excuses it; what is left is still owed.
AT_SCHOOL = frozenset({"returned", "home_teaching", "transferred"})
EXCUSED = frozenset({"deferred", "suspended", "abroad", "registration"})
# There was no such child: once that is checked the case counts for nothing.
NO_CHILD = "mistaken"
# By which paper an outcome is shown.
PROOF_OF: Mapping[str, tuple[Proof, ...]] = {
    "returned": ("attendance_record",),
    "home_teaching": ("approval", "attendance_record"),
    "transferred": ("transfer_record",),
    "deferred": ("approval",),
    "suspended": ("approval",),
    "abroad": ("exit_record",),
    "registration": ("household_record",),
    "lost": ("search_record",),
    "mistaken": ("roll_record",),
}
OLDEST_DAYS, MOST_AT_ONCE = 3 * 366, 500
# A notice calls a child to school within days; a term of months would keep a case from ever being late.
_LONGEST_TERM_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class CaseDraft:
    """How a case stands: a known `case_id` continues it, `seen` is the row that its writer had before them.

    `kind`: never enrolled, or left a school · `confirmed_on`: since when it counts as 辍学 and no longer as 疑似 ·
    `notice_number` is the notice's serial within its year, `term` by when it calls the child to school.
    """

    kind: CaseKind
    source: CaseSource
    township_code: str
    grade: int
    found_on: date
    day: date
    school_id: str | None = None
    confirmed_on: date | None = None
    notice_number: int | None = None
    notice_on: date | None = None
    term: date | None = None
    outcome: Outcome | None = None
    outcome_on: date | None = None
    proof: Proof | None = None
    case_id: str = ""
    seen: int = 0


@dataclass(frozen=True, kw_only=True)
class AttendanceCase:
    """A case as it stands; `checked` is what a second person found of it as it stands now, None while nobody did."""

    number: int
    case_id: str
    kind: CaseKind
    source: CaseSource
    township_code: str
    school_id: str | None
    grade: int
    found_on: date
    confirmed_on: date | None
    notice_number: int | None
    notice_on: date | None
    term: date | None
    outcome: Outcome | None
    outcome_on: date | None
    proof: Proof | None
    day: date
    actor: str
    verified: bool
    checked: bool | None = None
    checked_by: str = ""

    @property
    def proven(self) -> bool:
        """Whether its outcome was written at a login, checked by a second person, and holds."""
        return self.outcome is not None and self.verified and self.checked is True

    @property
    def at_school(self) -> bool:
        """Whether the child is proven to be at school."""
        return self.proven and self.outcome in AT_SCHOOL

    @property
    def excused(self) -> bool:
        """Whether the child is proven to be excused by law."""
        return self.proven and self.outcome in EXCUSED

    @property
    def is_open(self) -> bool:
        """Whether the child is not proven to be at school or excused."""
        return not (self.at_school or self.excused or self.is_void)

    @property
    def is_void(self) -> bool:
        """Whether it is proven to have been written by mistake."""
        return self.proven and self.outcome == NO_CHILD

    @property
    def school_year(self) -> int:
        """The school year in which it was found, by the year in which that began."""
        return school_year_of(self.found_on)

    def is_late(self, as_of: date) -> bool:
        """Whether its notice's term is over and the child not at school."""
        return self.is_open and self.term is not None and self.term < as_of


def without_typed_name(actor: Actor) -> Actor:
    """The writer under a name that a login vouches for, else as whoever sits at the machine: a typed name could be a child's."""
    return actor if actor.verified else replace(actor, name=LOCAL_ADMINISTRATOR.name)


def school_year_of(day: date) -> int:
    """The year in which the school year of a day began, on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


def read_cases(store: Store, county_code: str, as_of: date) -> tuple[AttendanceCase, ...]:
    """Every case by the end of a day."""
    rows = store.records(
        "select c.* exclude (county_code, recorded_at), k.passed and k.verified as holds, k.passed, k.actor as checker"
        " from (select * from attendance_cases where county_code = $1 and day <= $2"
        " qualify row_number() over (partition by case_id order by number desc) = 1) c"
        " left join (select * from attendance_checks where day <= $2"
        " qualify row_number() over (partition by case_number order by verified desc, number desc) = 1) k"
        " on k.case_number = c.number"
        " order by c.found_on, c.case_id",
        [county_code, as_of],
    )
    return tuple(_case(row) for row in rows)


def _case(row: dict[str, Any]) -> AttendanceCase:
    passed, holds, checker = row.pop("passed"), row.pop("holds"), row.pop("checker")
    # A name that no login vouches for confirms nothing, but may well send back.
    checked = None if passed is None or (passed and not holds) else bool(passed)
    return AttendanceCase(**row, checked=checked, checked_by=checker or "")


def case_scope(plan: Plan, schools: Mapping[str, str], township_code: str, school_id: str | None) -> Scope:
    """Whose a case is: the township's, and the school's where there is one; `schools` are the townships by school."""
    townships = next((u.unit_id for u in plan.units if u.kind == TOWNSHIPS_KIND), None)
    ids = frozenset({school_id}) if school_id in schools and school_id is not None else frozenset[str]()
    return Scope(f"学校（{school_id}）" if ids else f"乡镇 {township_code}", townships, township_code, ids)


def keep_cases(
    store: Store,
    plan: Plan,
    schools: Mapping[str, str],
    county_code: str,
    drafts: Sequence[CaseDraft],
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Keep cases as they now stand, all or none; their ids in order. `schools` are the townships by school.

    Raises RequestInvalid with the first thing wrong, or where somebody wrote of the case meanwhile; NotPermitted
    outside the writer's own schools and townships.
    """
    actor = without_typed_name(actor)
    if not 0 < len(drafts) <= MOST_AT_ONCE:
        raise RequestInvalid(f"一次登记 1 至 {MOST_AT_ONCE} 件个案，现有 {len(drafts)} 件。")
    for draft in drafts:
        require(actor, "attend", case_scope(plan, schools, draft.township_code, draft.school_id))
        check_case(schools, county_code, draft, now.date())
    ids = []
    with store.write() as cursor:
        rows = []
        for draft, number in zip(drafts, take_numbers(cursor, len(drafts)), strict=True):
            before = _standing(cursor, county_code, draft.case_id) if draft.case_id else None
            if draft.case_id:
                _continue(plan, schools, draft, before, actor)
            case_id = draft.case_id or f"K{number:05d}"
            kept = {f.name: getattr(draft, f.name) for f in fields(draft) if f.name != "seen"}
            row = {**kept, "case_id": case_id, **header(number, county_code, actor, now)}
            keep_action(cursor, actor, "attend", f"控辍保学 {case_id}", now, before=before, after=row)
            rows.append(row)
            ids.append(case_id)
        add_rows(cursor, "attendance_cases", rows)
    return tuple(ids)


def _continue(
    plan: Plan, schools: Mapping[str, str], draft: CaseDraft, before: dict[str, Any] | None, actor: Actor
) -> None:
    if before is None:
        raise RequestInvalid(f"没有个案“{draft.case_id}”；请从台账中选择。")
    if before["number"] != draft.seen:
        raise RequestInvalid(f"您填写期间，{before['actor']}已更新个案 {draft.case_id}；请核对最新情况后再登记。")
    # Whose it was must be the writer's too: nobody takes another township's case over.
    require(actor, "attend", case_scope(plan, schools, before["township_code"], before["school_id"]))
    if before["found_on"] != draft.found_on or before["kind"] != draft.kind:
        raise RequestInvalid(f"个案 {draft.case_id} 的类别和发现日期登记后不能改；登记有误的，请另立一件。")


def _standing(cursor: duckdb.DuckDBPyConnection, county_code: str, case_id: str) -> dict[str, Any] | None:
    result = cursor.execute(
        "select * from attendance_cases where county_code = $1 and case_id = $2 order by number desc limit 1",
        [county_code, case_id],
    )
    names = [column[0] for column in result.description or []]
    found = result.fetchall()
    return dict(zip(names, found[0], strict=True)) if found else None


def check_outcome(
    store: Store,
    plan: Plan,
    schools: Mapping[str, str],
    county_code: str,
    case_number: int,
    passed: bool,
    day: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Confirm the outcome of a case as it stands, or send it back, as another person than those who wrote of it."""
    actor = without_typed_name(actor)
    check_day(day, now.date())
    with store.write() as cursor:
        held = cursor.execute(
            "select case_id from attendance_cases where county_code = $1 and number = $2", [county_code, case_number]
        ).fetchall()
        row = _standing(cursor, county_code, held[0][0]) if held else None
        if row is None:
            raise RequestInvalid(f"没有编号为 {case_number} 的个案登记；请从台账中选择。")
        require(actor, "check", case_scope(plan, schools, row["township_code"], row["school_id"]))
        if row["number"] != case_number:
            raise RequestInvalid(f"个案 {row['case_id']} 已另行登记，请按最新的登记核查。")
        if day < row["day"]:
            raise RequestInvalid(f"核查日期 {day} 早于去向的登记日期 {row['day']}；请填写实际核查的日期。")
        if row["outcome"] is None:
            raise RequestInvalid(f"个案 {row['case_id']} 还没有登记去向，没有可核查的内容。")
        writers = cursor.execute(
            "select distinct actor from attendance_cases where county_code = $1 and case_id = $2",
            [county_code, row["case_id"]],
        ).fetchall()
        if as_compared(actor.name) in {as_compared(writer) for (writer,) in writers}:
            raise NotPermitted(f"个案 {row['case_id']} 由{actor.name}登记过，应由另一人核查。")
        number = take_numbers(cursor, 1)[0]
        check = {"case_number": case_number, "passed": passed, "day": day, **header(number, county_code, actor, now)}
        keep_action(cursor, actor, "check", f"控辍保学 {row['case_id']}", now, after=check)
        add_rows(cursor, "attendance_checks", [check])


def check_case(schools: Mapping[str, str], county_code: str, draft: CaseDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a case; `schools` are the townships by school."""
    check_day(draft.day, today)
    check_choice(draft.kind, CaseKind, "个案类别")
    check_choice(draft.source, CaseSource, "来源")
    check_township(county_code, draft.township_code)
    if draft.school_id is not None and draft.school_id not in schools:
        raise RequestInvalid("没有这所学校；请从学校名单中选择。")
    if draft.school_id is None and draft.kind == "left":
        raise RequestInvalid("离校的须选择原就读学校。")
    if draft.school_id is None and draft.township_code not in schools.values():
        raise RequestInvalid("请选择乡镇。")
    if draft.school_id is not None and schools[draft.school_id] != draft.township_code:
        raise RequestInvalid("学校不在这个乡镇；请核对。")
    if not 1 <= draft.grade <= 9:
        raise RequestInvalid(f"年级 {draft.grade} 应在一年级至九年级之间。")
    if not 0 <= (draft.day - draft.found_on).days <= OLDEST_DAYS:
        raise RequestInvalid(f"发现日期 {draft.found_on} 应在登记日期 {draft.day} 及以前，且在三年以内。")
    for what, day in (
        ("确认为辍学的日期", draft.confirmed_on),
        ("送达日期", draft.notice_on),
        ("去向日期", draft.outcome_on),
    ):
        if day is not None and not draft.found_on <= day <= draft.day:
            raise RequestInvalid(f"{what} {day} 应在发现日期 {draft.found_on} 与登记日期 {draft.day} 之间。")
    if len({value is None for value in (draft.notice_number, draft.notice_on, draft.term)}) > 1:
        raise RequestInvalid("送达通知书的，文书号、送达日期、限期都要填。")
    if draft.notice_number is not None and not 1 <= draft.notice_number <= 99_999:
        raise RequestInvalid(f"文书号 {draft.notice_number} 应在 1 至 99999 之间，只填序号。")
    if draft.notice_on is not None and draft.term is not None and draft.term <= draft.notice_on:
        raise RequestInvalid(f"限期 {draft.term} 应在送达日期 {draft.notice_on} 之后。")
    if (
        draft.notice_on is not None
        and draft.term is not None
        and (draft.term - draft.notice_on).days > _LONGEST_TERM_DAYS
    ):
        raise RequestInvalid(f"限期 {draft.term} 距送达超过 {_LONGEST_TERM_DAYS} 天；请按通知书填写。")
    if (draft.outcome is None) != (draft.outcome_on is None) or (draft.outcome is None) != (draft.proof is None):
        raise RequestInvalid("登记去向的，去向、日期、凭据都要填。")
    if draft.outcome is not None:
        check_choice(draft.outcome, Outcome, "去向")
        if draft.proof not in PROOF_OF[draft.outcome]:
            raise RequestInvalid("凭据与去向不符；请按去向选择凭据。")
