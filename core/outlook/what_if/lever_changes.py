"""Turns levers into changes, one after the other.

A wish for a township or the county is a total: it first brings the rows that miss least up to their limit, one
after the other, then goes by pupils. Assumptions: who is hired or moved holds a certificate, the higher degree and
the completed training; backbone teachers are recognised among the school's own unless moved; classes stay when
pupils change, each growing or shrinking in proportion, until a class-size cap divides them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.dataset.dictionary import name_of
from core.dataset.school_kinds import STAGES_OF_KIND
from core.errors import RequestInvalid
from core.method.assessment import SchoolRow
from core.method.changes import Change, CloseSchool, MergeSchool, OpenSchool, SchoolChange
from core.method.county_facts import SchoolFacts
from core.outlook.baseline import Baseline
from core.outlook.what_if.class_plan import (
    changed_by_percent,
    class_changes,
    divided,
    require_cap,
    split_at_cap,
    with_pupils,
)
from core.outlook.what_if.levers import (
    HIRED,
    AddResource,
    ClassCap,
    FinishProject,
    Lever,
    Levers,
    MovePupils,
    MoveTeachers,
    OpenClasses,
    PupilsPercent,
    resource_of,
)


@dataclass
class _Draft:
    """The county while levers are pulled one after the other: what stands at each school by now."""

    baseline: Baseline
    changes: list[Change | SchoolChange] = field(default_factory=list)
    pupils: dict[tuple[str, str], int] = field(default_factory=dict)
    rolls: dict[tuple[str, str], dict[int, tuple[int, ...]]] = field(default_factory=dict)
    opened: dict[str, OpenSchool] = field(default_factory=dict)
    finished: set[tuple[str, str]] = field(default_factory=set)

    def school(self, school_id: str) -> SchoolFacts:
        """A school of the year, or one opened by an earlier lever."""
        if school_id in self.opened:
            new = self.opened[school_id]
            return SchoolFacts(school_id, new.name, new.kind, new.township_code, True, False, STAGES_OF_KIND[new.kind])
        return self.baseline.school(school_id)

    def held(self, school_id: str, stage: str, fact: str) -> Decimal | None:
        """What a stage has of a figure by now; None when it was not reported."""
        is_new = school_id in self.opened
        reported = Decimal(0) if is_new else self.baseline.facts.enrolment.get((school_id, stage), {}).get(fact)
        if reported is None:
            return None
        added = (
            c.amount
            for c in self.changes
            if isinstance(c, Change) and (c.school_id, c.stage, c.fact, c.operation) == (school_id, stage, fact, "add")
        )
        return reported + sum(added, Decimal(0))

    def pupils_of(self, school_id: str, stage: str) -> int:
        """Pupils of a stage by now. Raises RequestInvalid when they were not reported."""
        key = (school_id, stage)
        if key not in self.pupils:
            school = self.school(school_id)
            if stage not in school.stages:
                raise RequestInvalid(f"{school.name}没有{name_of('stage', stage)}学段，不能调整该学段的学生。")
            is_new = school_id in self.opened
            reported = Decimal(0) if is_new else self.baseline.facts.enrolment.get(key, {}).get("pupils")
            if reported is None:
                raise RequestInvalid(f"{school.name}{name_of('stage', stage)}学段的在校生数未报，不能调整学生。")
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
        if key[0] in self.opened and key[1] in self.baseline.standard.item("G5").limit:
            limit = int(self.baseline.standard.item("G5").limit[key[1]])
            self.set_rolls(key, split_at_cap({0: (pupils,)}, limit) if pupils else {})
        elif rolls := self.rolls_of(key):
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
            case OpenClasses():
                _open_classes(draft, lever)
            case FinishProject():
                _finish(draft, lever)
            case OpenSchool():
                draft.opened[lever.school_id] = lever
                draft.changes.append(lever)
            case Change() | CloseSchool():
                draft.changes.append(lever)
            case MergeSchool():
                _merge(draft, lever)
    return draft.changes


def _add(draft: _Draft, lever: AddResource) -> None:
    resource = resource_of(lever.code)
    if lever.place.scope == "school" and lever.place.code in draft.opened:
        shares = [(lever.place.code, lever.stage or draft.school(lever.place.code).stages[0], lever.amount)]
    else:
        rows = draft.baseline.rows_in(lever.place, lever.stage)
        shares = _spread(rows if resource.is_teacher else _one_a_school(rows, lever.code), lever)
    for school_id, row_stage, amount in shares:
        stage = row_stage if resource.is_teacher else None
        draft.changes += [Change(school_id, stage, fact, "add", Decimal(amount)) for fact in resource.facts]


def _one_a_school(rows: list[SchoolRow], code: str) -> list[SchoolRow]:
    """Of a school with several rows the one that misses most: its buildings serve all of them."""
    kept: dict[str, SchoolRow] = {}
    for row in sorted(rows, key=lambda r: -r.indicator(code).whole_units_missing()):
        kept.setdefault(row.school_id, row)
    return list(kept.values())


def _spread(rows: list[SchoolRow], lever: AddResource) -> list[tuple[str, str, int]]:
    """How a total is shared out: what is missing first, least first, then by pupils with the largest remainders."""
    amount, code = lever.amount, lever.code
    if len(rows) == 1:
        return [(*rows[0].key, amount)] if amount else []
    shares = dict.fromkeys((row.key for row in rows), 0)
    rest = amount
    if amount > 0 and lever.by == "need":
        missing = {row.key: row.indicator(code).whole_units_missing() for row in rows}
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
    return [(*key, share) for key, share in shares.items() if share]


def move_changes(lever: MoveTeachers) -> list[Change]:
    """What a move changes at the two schools."""
    return [
        Change(school_id, lever.stage, fact, "add", Decimal(amount))
        for fact in dict.fromkeys((*HIRED, *resource_of(lever.code).facts))
        for school_id, amount in ((lever.from_school, -lever.count), (lever.to_school, lever.count))
    ]


def finish_changes(lever: FinishProject) -> list[Change]:
    """What a finished project changes at its school."""
    areas = {
        "teaching_area_m2": lever.teaching_area_m2,
        "sports_ground_area_m2": lever.sports_ground_area_m2,
    }
    return [Change(lever.school_id, None, fact, "add", amount) for fact, amount in areas.items() if amount]


def without_projects(
    changes: Sequence[Change | SchoolChange], projects: Iterable[Lever]
) -> list[Change | SchoolChange]:
    """The changes without those that the projects among the levers bring."""
    left = list(changes)
    for project in projects:
        for brought in finish_changes(project) if isinstance(project, FinishProject) else ():
            if brought in left:
                left.remove(brought)
    return left


def _open_classes(draft: _Draft, lever: OpenClasses) -> None:
    school, key = draft.school(lever.school_id), (lever.school_id, lever.stage)
    rolls = draft.rolls_of(key)
    sizes = rolls.get(lever.grade, ())
    if not sizes:
        raise RequestInvalid(f"{school.name}没有 {lever.grade} 年级的班级，不能增开；请核对学校、学段和年级。")
    if not 0 < lever.count <= sum(sizes) - len(sizes):
        most = sum(sizes) - len(sizes)
        raise RequestInvalid(
            f"{school.name} {lever.grade} 年级有学生 {sum(sizes)} 人、{len(sizes)} 个班，可增开 1–{most} 个，现为 {lever.count} 个。"
        )
    draft.set_rolls(key, rolls | {lever.grade: divided(sum(sizes), len(sizes) + lever.count)})


def _finish(draft: _Draft, lever: FinishProject) -> None:
    school = draft.school(lever.school_id)
    key = (lever.name, lever.school_id)
    if key in draft.finished:
        raise RequestInvalid(f"项目“{lever.name}”已在方案中，不能重复计入。")
    if not (lever.completed_on == "" or _is_day(lever.completed_on)):
        raise RequestInvalid(f"项目“{lever.name}”的完工日期应为“年-月-日”，现为“{lever.completed_on}”。")
    brought = finish_changes(lever)
    if not brought or any(change.amount < 0 for change in brought):
        raise RequestInvalid(f"项目“{lever.name}”没有给{school.name}交付面积，不能计入；请先在“项目与台账”中填写。")
    draft.finished.add(key)
    draft.changes += brought


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _move_teachers(draft: _Draft, lever: MoveTeachers) -> None:
    resource = resource_of(lever.code)
    if not resource.is_teacher:
        raise RequestInvalid(f"{resource.name}不是教师，不能在学校之间调动。")
    _require_move(draft, lever.count, lever.from_school, lever.to_school, "名教师")
    held = draft.held(lever.from_school, lever.stage, resource.fact)
    name = draft.school(lever.from_school).name
    if held is None:
        raise RequestInvalid(f"{name}的{resource.name}人数未报，不能调出；请先补报。")
    if held < lever.count:
        raise RequestInvalid(f"{name}只有{resource.name} {int(held)} 名，不能调出 {lever.count} 名。")
    draft.changes += move_changes(lever)


def _move_pupils(draft: _Draft, lever: MovePupils) -> None:
    _require_move(draft, lever.count, lever.from_school, lever.to_school, "名学生")
    leaving = draft.pupils_of(lever.from_school, lever.stage)
    if lever.count > leaving:
        name = draft.school(lever.from_school).name
        raise RequestInvalid(f"{name}该学段只有学生 {leaving} 人，不能转出 {lever.count} 人。")
    arriving = draft.pupils_of(lever.to_school, lever.stage)
    draft.set_pupils((lever.from_school, lever.stage), leaving - lever.count)
    draft.set_pupils((lever.to_school, lever.stage), arriving + lever.count)


def _require_move(draft: _Draft, count: int, from_school: str, to_school: str, what: str) -> None:
    if count <= 0:
        raise RequestInvalid(f"转出、转入的人数应大于 0，现为 {count} {what}。")
    if draft.school(from_school) == draft.school(to_school):
        raise RequestInvalid("调出学校与调入学校相同，请选择两所不同的学校。")


def _merge(draft: _Draft, lever: MergeSchool) -> None:
    draft.changes.append(lever)
    for stage in draft.school(lever.school_id).stages:
        left, moved = (lever.school_id, stage), (lever.into, stage)
        joined = draft.rolls_of(moved)
        for grade, sizes in draft.rolls_of(left).items():
            joined[grade] = (*joined.get(grade, ()), *sizes)
        if stage in draft.school(lever.into).stages:
            draft.pupils[moved] = draft.pupils_of(*moved) + draft.pupils_of(*left)
