"""Classes, rooms and teachers that a class-size cap needs, grade by grade from the class rolls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from core.errors import RequestInvalid
from core.method.changes import CLASS_FACTS, Change
from core.outlook.baseline import Baseline
from core.rules.standard import STAGES, Standard

# The range of caps that make sense to try, in pupils a class.
CAP_RANGE = {"primary": (35, 45), "junior": (40, 50)}
_STAGE_NAMES = {"primary": "小学", "junior": "初中"}
_MOST_PERCENT = 900
Grades = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class ClassPlanRow:
    """One school and stage under the cap. Rooms are one a class; None where the ratio of teachers is unknown.

    `teachers_per_class` is the school's own today: the assumption by which the new classes are staffed.
    """

    school_id: str
    name: str
    stage: str
    township_code: str
    pupils_now: int
    pupils: int
    classes_now: int
    classes: int
    largest_now: int
    largest: int
    over_cap_now: int
    teachers_now: int | None
    teachers_per_class: float | None
    teachers_more: int | None

    @property
    def rooms_more(self) -> int:
        """Classrooms for the classes that are to be opened."""
        return self.classes - self.classes_now


@dataclass(frozen=True)
class ClassPlanTotal:
    """The sum of a stage, or of both (`stage` None); `unknown` counts schools whose teachers are not known."""

    stage: str | None
    pupils_now: int
    pupils: int
    classes_now: int
    classes: int
    over_cap_now: int
    rooms_more: int
    teachers_more: int
    unknown: int


@dataclass(frozen=True)
class ClassPlan:
    """What a cap needs, by school and in total (primary, junior, both)."""

    rows: tuple[ClassPlanRow, ...]
    totals: tuple[ClassPlanTotal, ...]


def class_plan(
    baseline: Baseline,
    *,
    primary_cap: int = CAP_RANGE["primary"][1],
    junior_cap: int = CAP_RANGE["junior"][1],
    pupils_percent: Decimal = Decimal(0),
) -> ClassPlan:
    """Classes, rooms and teachers needed at the caps when pupils change by so many percent everywhere.

    Schools without class rolls are not in it. No class is ever saved: schools keep those they have.
    Raises RequestInvalid for a cap out of range or more than 100 % fewer pupils.
    """
    caps = {"primary": primary_cap, "junior": junior_cap}
    for stage, cap in caps.items():
        require_cap(stage, cap)
    rows = []
    for (school_id, stage), grades in baseline.rolls_by_stage.items():
        school = baseline.facts.schools.get(school_id)
        if school is None or school.kind in baseline.standard.uncounted_kinds:
            continue
        now = sum(sum(rolls) for rolls in grades.values())
        pupils = changed_by_percent(now, pupils_percent)
        planned = split_at_cap(with_pupils(grades, pupils), caps[stage])
        teachers = baseline.facts.enrolment[school_id, stage]["teachers"]
        classes_now, classes = _count(grades), _count(planned)
        per_class = None if teachers is None or not classes_now else Fraction(teachers) / classes_now
        rows.append(
            ClassPlanRow(
                school_id=school_id,
                name=school.name,
                stage=stage,
                township_code=school.township_code,
                pupils_now=now,
                pupils=pupils,
                classes_now=classes_now,
                classes=classes,
                largest_now=_largest(grades),
                largest=_largest(planned),
                over_cap_now=sum(size > caps[stage] for rolls in grades.values() for size in rolls),
                teachers_now=None if teachers is None else int(teachers),
                teachers_per_class=None if per_class is None else float(per_class),
                teachers_more=None if per_class is None else _ceiling(per_class * (classes - classes_now)),
            )
        )
    return ClassPlan(tuple(rows), tuple(_total(rows, stage) for stage in (*STAGES, None)))


def require_cap(stage: str, cap: int) -> None:
    """Refuse a class size that is no cap to try."""
    if stage not in CAP_RANGE:
        raise RequestInvalid(f"没有“{stage}”学段的班额上限，可选：{'、'.join(_STAGE_NAMES.values())}。")
    low, high = CAP_RANGE[stage]
    if not low <= cap <= high:
        raise RequestInvalid(f"{_STAGE_NAMES[stage]}班额上限应在 {low}–{high} 人之间，现为 {cap} 人。")


def changed_by_percent(pupils: int, percent: Decimal) -> int:
    """Pupils after a change in percent, rounded half up. Raises RequestInvalid below −100 % and beyond tenfold."""
    if percent > _MOST_PERCENT:
        raise RequestInvalid(f"学生数最多增加 {_MOST_PERCENT}%。")
    if percent < -100:
        raise RequestInvalid(f"学生数最多减少 100%，现为减少 {-percent:f}%。")
    return int((pupils * (100 + percent) / 100).to_integral_value(ROUND_HALF_UP))


def with_pupils(grades: Grades, pupils: int) -> dict[int, tuple[int, ...]]:
    """The same classes with so many pupils in all, each class growing or shrinking in proportion."""
    sizes = [(grade, place, size) for grade, rolls in grades.items() for place, size in enumerate(rolls)]
    total = sum(size for _, _, size in sizes)
    if not total or pupils == total:
        return {grade: tuple(rolls) for grade, rolls in grades.items()}
    exact = [Fraction(size * pupils, total) for _, _, size in sizes]
    whole = [int(number) for number in exact]
    rest = pupils - sum(whole)
    for place in sorted(range(len(sizes)), key=lambda n: (whole[n] - exact[n], n))[:rest]:
        whole[place] += 1
    scaled: dict[int, tuple[int, ...]] = {}
    for (grade, _, _), size in zip(sizes, whole, strict=True):
        scaled[grade] = (*scaled.get(grade, ()), size)
    return scaled


def split_at_cap(grades: Grades, cap: int) -> dict[int, tuple[int, ...]]:
    """Grades with a class over the cap divided evenly into as many classes as it takes; the others as they are."""
    planned = {}
    for grade, rolls in grades.items():
        if max(rolls, default=0) <= cap:
            planned[grade] = tuple(rolls)
            continue
        pupils = sum(rolls)
        planned[grade] = divided(pupils, max(len(rolls), -(-pupils // cap)))
    return planned


def divided(pupils: int, classes: int) -> tuple[int, ...]:
    """Pupils divided among so many classes as evenly as can be."""
    return tuple(pupils // classes + (place < pupils % classes) for place in range(classes))


def class_changes(key: tuple[str, str], grades: Grades, standard: Standard) -> list[Change]:
    """The class counts of a school and stage set to those of these rolls."""
    sizes = [size for rolls in grades.values() for size in rolls]
    bands, limit = standard.class_bands, standard.item("G5").limit[key[1]]
    counts = {
        "classes": len(sizes),
        "classes_over_limit": sum(size > limit for size in sizes),
        "classes_large": sum(bands.large_from <= size <= bands.large_to for size in sizes),
        "classes_oversized": sum(size >= bands.oversized_from for size in sizes),
        "classes_super_oversized": sum(size >= bands.super_oversized_from for size in sizes),
        "classes_unsure": 0,
        "largest_class": max(sizes, default=0),
        "largest_class_at_most": max(sizes, default=0),
    }
    return [Change(*key, fact, "set", Decimal(counts[fact])) for fact in CLASS_FACTS]


def _count(grades: Grades) -> int:
    return sum(len(rolls) for rolls in grades.values())


def _largest(grades: Grades) -> int:
    return max((size for rolls in grades.values() for size in rolls), default=0)


def _ceiling(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def _total(rows: Sequence[ClassPlanRow], stage: str | None) -> ClassPlanTotal:
    listed = [row for row in rows if stage in (None, row.stage)]
    return ClassPlanTotal(
        stage,
        sum(row.pupils_now for row in listed),
        sum(row.pupils for row in listed),
        sum(row.classes_now for row in listed),
        sum(row.classes for row in listed),
        sum(row.over_cap_now for row in listed),
        sum(row.rooms_more for row in listed),
        sum(row.teachers_more or 0 for row in listed),
        sum(row.teachers_more is None for row in listed),
    )
