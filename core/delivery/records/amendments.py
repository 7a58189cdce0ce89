"""The plan as the office has changed it: append-only over the plan's file, each with a day, a reason and its ground.

    amended_county(store, county, as_of=None) -> County        with the plan in force on a day
    read_amendments(store, county_code, as_of=None) -> tuple[Amendment, ...]      the oldest first
    amend(store, county_code, draft, actor, now, adds=False) -> Amendment
    differences(baseline, now) -> tuple[Difference, ...]
    missed_deadlines(amendments, filed, target_id) -> tuple[Missed, ...]

Who leads a sub-item and by when is confirmed, not amended (records_writing.confirm): that has one home. Everything
else of an entry is what the last amendment says. A change after which the plan would contradict itself is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_day, header
from core.errors import RequestInvalid, RulesInvalid
from core.rules.county import County
from core.rules.plan import Plan
from core.rules.plan_amending import SECTIONS, Change, amended, entries_of, entry_from, entry_of, entry_text
from core.rules.plan_loading import plan_from
from core.store.county_files import county as county_on
from core.store.database import Store

SECTION_NAMES: Mapping[str, str] = {
    "tasks": "任务",
    "sub_items": "具体措施",
    "dated_targets": "限期目标",
    "yearly_targets": "年度目标",
    "phases": "实施阶段",
    "units": "单位",
    "goals": "工作目标",
    "remedies": "补救办法和周期",
    "routes": "问题分办",
    "project_slots": "项目“六个一”",
    "warning_levels": "预警天数",
    "letters": "督办文书",
    "divisions": "股室",
}
_IN_APP = Path("方案（平台内调整）")
# Of a sub-item that the plan has, these are confirmed with the unit and not amended.
_CONFIRMED = ("lead", "due")
_MOST = 2_000


@dataclass(frozen=True, kw_only=True)
class AmendmentDraft:
    """A change of one entry; `entry` is None where it is taken out. `rests_on` is a decision or a document."""

    section: str
    entry_id: str
    entry: Mapping[str, Any] | None
    day: date
    rests_on: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Amendment(AmendmentDraft, Written):
    """A recorded change of the plan in the loaded file of that number, 0 for the one that ships."""

    plan_file: int = 0

    @property
    def change(self) -> Change:
        """What it does to the tables of the plan."""
        return Change(self.section, self.entry_id, self.entry)


def read_amendments(store: Store, county_code: str, as_of: date | None = None) -> tuple[Amendment, ...]:
    """Every change up to a day, in the order in which they count."""
    rows = store.records(
        "select * from plan_amendments where county_code = $1 and day <= $2 order by day, number",
        [county_code, as_of or date.max],
    )
    return tuple(
        Amendment(**{**row, "entry": None if row["entry"] is None else entry_from(row["entry"])}) for row in rows
    )


def amended_county(store: Store, county: County, as_of: date | None = None) -> County:
    """The county with its plan as it stands on a day. Raises RulesInvalid where the changes no longer fit the file."""
    changes = [amendment.change for amendment in of_this_plan(read_amendments(store, county.code, as_of), county)]
    return plan_with(county, changes) if changes else county


def of_this_plan(amendments: Sequence[Amendment], county: County) -> tuple[Amendment, ...]:
    """The changes of the plan in force: what was changed of another stays with that one."""
    return tuple(a for a in amendments if a.plan_file == county.plan_file)


def plan_with(county: County, changes: Sequence[Change]) -> County:
    """The county with its plan changed. Raises RulesInvalid with every contradiction."""
    table = amended(county.plan_table, changes)
    return replace(county, plan=plan_from(table, _IN_APP), plan_table=table)


def amend(
    store: Store, county_code: str, draft: AmendmentDraft, actor: Actor, now: datetime, *, adds: bool = False
) -> Amendment:
    """Change the plan that is in force on the draft's day; `adds` says that the entry is to be a new one.

    Raises NotPermitted for anybody but the office, RequestInvalid with every contradiction the change would bring on
    its day or any later one.
    """
    require(actor, "plan", county_code)
    county = county_on(store, county_code, draft.day)
    check_amendment(county, draft, now.date())
    with store.write() as cursor:
        held = of_this_plan(read_amendments(store, county_code), county)
        if len(held) >= _MOST:
            raise RequestInvalid(f"方案已调整 {len(held):,} 次，请导出为文件、核对后作为新方案载入。")
        earlier = [a for a in held if a.day <= draft.day]
        before_table = amended(county.plan_table, [a.change for a in earlier])
        before = entry_of(before_table, draft.section, draft.entry_id)
        _check_against(draft, before, held, now.date(), adds=adds)
        entry = None if draft.entry is None else entry_from(entry_text(draft.entry))
        filed = entry_of(county.plan_table, draft.section, draft.entry_id)
        if draft.section == "sub_items" and entry is not None and (known := before or filed) is not None:
            entry |= {name: known[name] for name in _CONFIRMED if name in known}
        row = {
            **asdict(replace(draft, entry=None)),
            "entry": None if entry is None else entry_text(entry),
            "plan_file": county.plan_file,
            **header(take_numbers(cursor, 1)[0], county_code, actor, now),
        }
        record = Amendment(**{**row, "entry": entry})
        _check_from_its_day_on(county, [*earlier, record, *(a for a in held if a.day > draft.day)], draft.day)
        subject = f"方案 {SECTION_NAMES[draft.section]} {draft.entry_id}"
        kept = None if before is None else dict(before)
        keep_action(cursor, actor, "plan", subject, now, before=kept, after=row)
        add_rows(cursor, "plan_amendments", [row])
    return record


def _check_against(
    draft: AmendmentDraft, before: Mapping[str, Any] | None, held: Sequence[Amendment], today: date, *, adds: bool
) -> None:
    name = f"{SECTION_NAMES[draft.section]}“{draft.entry_id}”"
    if adds and before is not None:
        raise RequestInvalid(f"{name}已经有了，请换一个编号；要改它的，请在条目中选它。")
    if draft.entry is None and before is None:
        raise RequestInvalid(f"方案中没有{name}，不能删除。")
    later = [a for a in held if a.day > draft.day and (a.section, a.entry_id) == (draft.section, draft.entry_id)]
    if later:
        raise RequestInvalid(
            f"{name}在 {later[-1].day} 已另有调整，{draft.day} 的调整不会作数；请填写不早于 {later[-1].day} 的日期。"
        )
    deadline = (before or {}).get("deadline")
    is_moved = draft.entry is not None and draft.entry.get("deadline") != deadline
    if isinstance(deadline, date) and is_moved and draft.day <= deadline < today:
        raise RequestInvalid(f"{name}的期限 {deadline} 已过；改期的日期应在原期限之后，原期限记为未达到。")


def _check_from_its_day_on(county: County, ordered: Sequence[Amendment], day: date) -> None:
    """Whatever day is looked at, the changes up to it must leave a plan."""
    for each in sorted({a.day for a in ordered if a.day >= day}):
        try:
            plan_with(county, [a.change for a in ordered if a.day <= each])
        except RulesInvalid as refused:
            raise RequestInvalid(f"方案没有调整：按 {each} 的方案，{'；'.join(refused.faults)}。") from None


def check_amendment(county: County, draft: AmendmentDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing that a change lacks; whether a plan comes of it is seen when it is laid."""
    check_day(draft.day, today)
    if not county.plan.exists:
        raise RequestInvalid(f"{county.name}没有载入实施方案，不能调整。")
    if draft.section not in SECTIONS:
        raise RequestInvalid(f"方案没有“{draft.section}”这一部分。")
    if draft.section == "units" and draft.entry is None:
        raise RequestInvalid(
            "单位不能删去：已有的填报、台账和佐证都写着它；不再承担任务的，请改各具体措施的牵头和配合单位。"
        )
    if not draft.entry_id.strip():
        raise RequestInvalid("没有写明编号。")
    if not draft.rests_on.strip():
        raise RequestInvalid("请写明依据：领导小组的哪项决定，或哪份文件。")
    if not draft.note.strip():
        raise RequestInvalid("请写明调整的理由。")


@dataclass(frozen=True)
class Missed:
    """A due date that had passed when another was set in its place: on which day, resting on what."""

    due: date
    replaced_on: date
    rests_on: str


@dataclass(frozen=True)
class Difference:
    """An entry that reads otherwise than the file: as it stood there (None: added), as it stands (None: taken out)."""

    section: str
    entry_id: str
    baseline: Mapping[str, Any] | None
    amended: Mapping[str, Any] | None


def differences(baseline: County, now: County) -> tuple[Difference, ...]:
    """What reads otherwise than in the plan's file, in the order of the file."""
    found = []
    for section, key in SECTIONS.items():
        old = {e[key]: e for e in entries_of(baseline.plan_table, section)}
        new = {e[key]: e for e in entries_of(now.plan_table, section)}
        found += [
            Difference(section, entry_id, old.get(entry_id), new.get(entry_id))
            for entry_id in dict.fromkeys((*old, *new))
            if old.get(entry_id) != new.get(entry_id)
        ]
    return tuple(found)


def missed_deadlines(amendments: Sequence[Amendment], filed: Plan, target_id: str) -> tuple[Missed, ...]:
    """The deadlines of a target that had passed when another was set in their place."""
    known = [t.deadline for t in filed.dated_targets if t.target_id == target_id]
    missed = []
    for amendment in amendments:
        if (amendment.section, amendment.entry_id) != ("dated_targets", target_id) or amendment.entry is None:
            continue
        deadline = amendment.entry.get("deadline")
        if not isinstance(deadline, date):
            continue
        if known and known[-1] != deadline and known[-1] < amendment.day:
            missed.append(Missed(known[-1], amendment.day, amendment.rests_on))
        known.append(deadline)
    return tuple(missed)
