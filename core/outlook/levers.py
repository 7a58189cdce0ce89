"""Levers: what a planner can pull, as typed wishes; `changes_for` turns a list of them into changes, in order.

A wish for a township or the county is a total: it first brings the rows that miss least up to their limit, one
after the other, then goes by pupils. Assumptions: who is hired or moved holds a certificate, the higher degree and
the completed training; backbone teachers are recognised among the school's own unless moved; classes stay when
pupils change, each growing or shrinking in proportion, until a class-size cap divides them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from core.errors import RequestInvalid
from core.method.assessment import SchoolRow
from core.method.changes import Change, CloseSchool, MergeSchool, OpenSchool, SchoolChange
from core.outlook.baseline import WHOLE_COUNTY, Baseline, Place
from core.outlook.class_plan import changed_by_percent, class_changes, require_cap, split_at_cap, with_pupils

Group = Literal["teachers", "premises", "equipment", "pupils", "classes", "schools"]
GROUP_NAMES: dict[Group, str] = {
    "teachers": "教师",
    "premises": "校舍",
    "equipment": "设备",
    "pupils": "生源",
    "classes": "班额",
    "schools": "学校",
}


@dataclass(frozen=True)
class Resource:
    """What can be added: the indicator it serves (L1–L7), and the figures that one unit of it moves."""

    code: str
    group: Group
    name: str
    unit: str
    facts: tuple[str, ...]
    is_teacher: bool = False


_HIRED = ("teachers", "teachers_above_degree", "certified_teachers", "trained_teachers")
RESOURCES = {
    resource.code: resource
    for resource in (
        Resource("L1", "teachers", "高于规定学历教师", "名", _HIRED, True),
        Resource("L2", "teachers", "县级以上骨干教师", "名", ("backbone_teachers",), True),
        Resource("L3", "teachers", "体育艺术专任教师", "名", (*_HIRED, "pe_arts_teachers"), True),
        Resource("L4", "premises", "教学及辅助用房", "㎡", ("teaching_area_m2",)),
        Resource("L5", "premises", "体育运动场地", "㎡", ("sports_ground_area_m2",)),
        Resource("L6", "equipment", "教学仪器设备", "元", ("equipment_value_yuan",)),
        Resource("L7", "equipment", "网络多媒体教室", "间", ("multimedia_rooms",)),
    )
}


@dataclass(frozen=True)
class AddResource:
    """So much more of one resource, by indicator code, in whole units of it; less when negative."""

    code: str
    amount: int
    place: Place = WHOLE_COUNTY
    stage: str | None = None


@dataclass(frozen=True)
class MoveTeachers:
    """Teachers of a kind (L1, L2, L3) who change from one school to another at one stage."""

    code: str
    count: int
    from_school: str
    to_school: str
    stage: str


@dataclass(frozen=True)
class PupilsPercent:
    """Pupils more or fewer by so many percent in every school of a place."""

    percent: Decimal
    place: Place = WHOLE_COUNTY
    stage: str | None = None


@dataclass(frozen=True)
class MovePupils:
    """Pupils who change from one school to another at one stage."""

    count: int
    from_school: str
    to_school: str
    stage: str


@dataclass(frozen=True)
class ClassCap:
    """No class of a stage larger than so many pupils in any school of a place."""

    stage: str
    cap: int
    place: Place = WHOLE_COUNTY


Lever = AddResource | MoveTeachers | PupilsPercent | MovePupils | ClassCap | Change | SchoolChange
Levers = Sequence[Lever]


def group_of(lever: Lever) -> Group:
    """The group under which a lever stands on the screen."""
    match lever:
        case AddResource():
            return RESOURCES[lever.code].group
        case MoveTeachers():
            return "teachers"
        case PupilsPercent() | MovePupils():
            return "pupils"
        case ClassCap():
            return "classes"
        case Change():
            return "teachers" if lever.stage else "premises"
    return "schools"


@dataclass
class _Draft:
    """The county while levers are pulled one after the other: what stands at each school by now."""

    baseline: Baseline
    changes: list[Change | SchoolChange] = field(default_factory=list)
    pupils: dict[tuple[str, str], int] = field(default_factory=dict)
    rolls: dict[tuple[str, str], dict[int, tuple[int, ...]]] = field(default_factory=dict)

    def pupils_of(self, school_id: str, stage: str) -> int:
        """Pupils of a stage by now. Raises RequestInvalid when they were not reported."""
        key = (school_id, stage)
        if key not in self.pupils:
            school = self.baseline.school(school_id)
            reported = self.baseline.facts.enrolment.get(key, {}).get("pupils")
            if reported is None:
                raise RequestInvalid(f"{school.name}没有该学段的在校生数，不能调整学生。")
            self.pupils[key] = int(reported)
        return self.pupils[key]

    def rolls_of(self, key: tuple[str, str]) -> dict[int, tuple[int, ...]]:
        """Class rolls of a stage by now; empty where none were reported."""
        reported = self.baseline.rolls_by_stage.get(key, {})
        return self.rolls.setdefault(key, {grade: tuple(sizes) for grade, sizes in reported.items()})

    def set_pupils(self, key: tuple[str, str], pupils: int) -> None:
        """Change a stage's pupils, and its classes in proportion."""
        before = self.pupils_of(*key)
        self.pupils[key] = pupils
        self.changes.append(Change(*key, "pupils", "add", Decimal(pupils - before)))
        if rolls := self.rolls_of(key):
            total = sum(sum(sizes) for sizes in rolls.values())
            self.set_rolls(key, with_pupils(rolls, round(total * pupils / before) if before else 0))

    def set_rolls(self, key: tuple[str, str], rolls: dict[int, tuple[int, ...]]) -> None:
        """Change a stage's classes."""
        if rolls != self.rolls_of(key):
            self.rolls[key] = rolls
            self.changes += class_changes(key, rolls, self.baseline.standard)


def changes_for(levers: Levers, baseline: Baseline) -> list[Change | SchoolChange]:
    """The changes that a list of levers asks for, in its order.

    Raises RequestInvalid with what is wrong; then nothing of the list has been applied. What only the figures as
    they stand can refuse (more teachers moved than there are) is refused when the changes are judged.
    """
    draft = _Draft(baseline)
    for lever in levers:
        match lever:
            case AddResource():
                _add(draft, lever)
            case MoveTeachers():
                _move_teachers(draft, lever)
            case PupilsPercent():
                for row in baseline.rows_in(lever.place, lever.stage):
                    if row.pupils is not None:
                        pupils = draft.pupils_of(*row.key)
                        draft.set_pupils(row.key, changed_by_percent(pupils, lever.percent))
            case MovePupils():
                _move_pupils(draft, lever)
            case ClassCap():
                require_cap(lever.stage, lever.cap)
                for row in baseline.rows_in(lever.place, lever.stage):
                    draft.set_rolls(row.key, split_at_cap(draft.rolls_of(row.key), lever.cap))
            case Change() | OpenSchool() | CloseSchool():
                draft.changes.append(lever)
            case MergeSchool():
                _merge(draft, lever)
    return draft.changes


def _add(draft: _Draft, lever: AddResource) -> None:
    resource = RESOURCES[lever.code]
    rows = draft.baseline.rows_in(lever.place, lever.stage)
    if not resource.is_teacher:
        rows = _one_a_school(rows)
    for row, amount in _spread(lever.amount, rows, lever.code):
        stage = row.stage if resource.is_teacher else None
        draft.changes += [Change(row.school_id, stage, fact, "add", Decimal(amount)) for fact in resource.facts]


def _one_a_school(rows: list[SchoolRow]) -> list[SchoolRow]:
    kept: dict[str, SchoolRow] = {}
    for row in rows:
        kept.setdefault(row.school_id, row)
    return list(kept.values())


def _spread(amount: int, rows: list[SchoolRow], code: str) -> list[tuple[SchoolRow, int]]:
    """How a total is shared out: what is missing first, least first, then by pupils with the largest remainders."""
    if len(rows) == 1:
        return [(rows[0], amount)] if amount else []
    shares = dict.fromkeys((row.key for row in rows), 0)
    rest = amount
    if amount > 0:
        missing = {row.key: row.holding(code).whole_units_missing() for row in rows}
        for key in sorted(missing, key=lambda k: (missing[k], k)):
            shares[key] = min(missing[key], rest)
            rest -= shares[key]
    weights = [row.pupils or 0 for row in rows]
    if rest and sum(weights):
        exact = [abs(rest) * weight / sum(weights) for weight in weights]
        whole = [int(number) for number in exact]
        left = abs(rest) - sum(whole)
        for place in sorted(range(len(rows)), key=lambda n: (whole[n] - exact[n], rows[n].key))[:left]:
            whole[place] += 1
        for row, more in zip(rows, whole, strict=True):
            shares[row.key] += more if rest > 0 else -more
    return [(row, shares[row.key]) for row in rows if shares[row.key]]


def _move_teachers(draft: _Draft, lever: MoveTeachers) -> None:
    resource = RESOURCES[lever.code]
    if not resource.is_teacher:
        raise RequestInvalid(f"{resource.name}不是教师，不能在学校之间调动。")
    _require_move(draft, lever.count, lever.from_school, lever.to_school, "名教师")
    held = draft.baseline.facts.enrolment.get((lever.from_school, lever.stage), {}).get(resource.facts[-1])
    if lever.code == "L1":
        held = draft.baseline.facts.enrolment.get((lever.from_school, lever.stage), {}).get("teachers_above_degree")
    name = draft.baseline.school(lever.from_school).name
    if held is None or held < lever.count:
        raise RequestInvalid(f"{name}只有{resource.name} {held or 0:f} 名，不能调出 {lever.count} 名。")
    for fact in dict.fromkeys((*_HIRED, *resource.facts)):
        for school_id, amount in ((lever.from_school, -lever.count), (lever.to_school, lever.count)):
            draft.changes.append(Change(school_id, lever.stage, fact, "add", Decimal(amount)))


def _move_pupils(draft: _Draft, lever: MovePupils) -> None:
    _require_move(draft, lever.count, lever.from_school, lever.to_school, "名学生")
    leaving = draft.pupils_of(lever.from_school, lever.stage)
    if lever.count > leaving:
        name = draft.baseline.school(lever.from_school).name
        raise RequestInvalid(f"{name}该学段只有学生 {leaving} 人，不能转出 {lever.count} 人。")
    arriving = draft.pupils_of(lever.to_school, lever.stage)
    draft.set_pupils((lever.from_school, lever.stage), leaving - lever.count)
    draft.set_pupils((lever.to_school, lever.stage), arriving + lever.count)


def _require_move(draft: _Draft, count: int, from_school: str, to_school: str, what: str) -> None:
    if count <= 0:
        raise RequestInvalid(f"调动人数应大于 0，现为 {count} {what}。")
    if draft.baseline.school(from_school) == draft.baseline.school(to_school):
        raise RequestInvalid("调出学校与调入学校相同，请选择两所不同的学校。")


def _merge(draft: _Draft, lever: MergeSchool) -> None:
    draft.changes.append(lever)
    for stage in draft.baseline.school(lever.school_id).stages:
        left, moved = (lever.school_id, stage), (lever.into, stage)
        joined = draft.rolls_of(moved)
        for grade, sizes in draft.rolls_of(left).items():
            joined[grade] = (*joined.get(grade, ()), *sizes)
        if lever.into in draft.baseline.facts.schools:
            draft.pupils[moved] = draft.pupils_of(*moved) + draft.pupils_of(*left)
