"""What a forecast means: classes, rooms and teachers by year, and who breaks which limit first, as the method says.

Judged with the teachers, buildings and number of classes of today: what breaks is what must be acted on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from core.method.assessment import Assessment, Verdict
from core.method.changes import Change
from core.outlook.baseline import Baseline
from core.outlook.class_plan import class_changes
from core.outlook.cohorts import Cohorts, stage_of_grade
from core.outlook.forecast import Forecast, GradeForecast
from core.outlook.levelling import Judge
from core.rules.standard import STAGES


@dataclass(frozen=True)
class StageNeed:
    """Classes within the class-size limit that a school needs at a stage in a coming year, beside today's.

    `classes_high` is for the upper end of the interval. A room a class; teachers as the school staffs its classes
    today, None where that is not known.
    """

    school_id: str
    stage: str
    year: int
    pupils: int
    classes_now: int
    classes: int
    classes_high: int
    teachers_more: int | None

    @property
    def rooms_more(self) -> int:
        """Rooms beyond today's; 0 where there are enough."""
        return max(0, self.classes - self.classes_now)


@dataclass(frozen=True)
class Break:
    """A limit that holds today and does not in a coming year: the first year in which the method finds it broken.

    `code` is an indicator (L1–L7), a school item (G3–G6), or for `school_id` None a coefficient of the county.
    """

    year: int
    school_id: str | None
    stage: str | None
    code: str


def stage_needs(forecast: Forecast, baseline: Baseline) -> tuple[StageNeed, ...]:
    """Classes, rooms and teachers by school, stage and year, in the forecast's order."""
    limits = baseline.standard.item("G5").limit
    needs = []
    for (school_id, stage, year), grades in _by_stage(forecast.grades).items():
        now = sum(len(sizes) for sizes in baseline.rolls_by_stage.get((school_id, stage), {}).values())
        limit = int(limits[stage])
        classes = sum(-(-grade.pupils // limit) for grade in grades)
        teachers = baseline.facts.enrolment.get((school_id, stage), {}).get("teachers")
        more = None
        if teachers is not None and now:
            exact = Fraction(teachers) / now * max(0, classes - now)
            more = -(-exact.numerator // exact.denominator)
        needs.append(
            StageNeed(
                school_id,
                stage,
                year,
                sum(grade.pupils for grade in grades),
                now,
                classes,
                sum(-(-grade.high // limit) for grade in grades),
                more,
            )
        )
    return tuple(needs)


def forecast_changes(
    forecast: Forecast, baseline: Baseline, year: int, rooms: Mapping[str, int] | None = None
) -> list[Change]:
    """A coming year as changes to the present. Raises and shares out as `pupil_changes` does."""
    pupils = {
        (school_id, stage): {grade.grade: grade.pupils for grade in grades}
        for (school_id, stage, of_year), grades in _by_stage(forecast.grades).items()
        if of_year == year
    }
    return pupil_changes(pupils, baseline, rooms)


def drawn_changes(drawn: np.ndarray, cohorts: Cohorts, baseline: Baseline) -> list[Change]:
    """One draw of a coming year, schools × grades, as changes to the present."""
    # A stage that the draw leaves without pupils has none, not today's.
    pupils: dict[tuple[str, str], dict[int, int]] = {key: {} for key in baseline.facts.enrolment if key[1] in STAGES}
    for place, school_id in enumerate(cohorts.school_ids):
        for grade in np.flatnonzero(drawn[place]) + 1:
            key = (school_id, stage_of_grade(int(grade)))
            pupils.setdefault(key, {})[int(grade)] = int(drawn[place, grade - 1])
    return pupil_changes(pupils, baseline)


def pupil_changes(
    pupils: Mapping[tuple[str, str], Mapping[int, int]], baseline: Baseline, rooms: Mapping[str, int] | None = None
) -> list[Change]:
    """Pupils by school, stage and grade as changes, today's number of classes shared among the grades.

    Where classes would be over their limit as many more are opened as a school has new `rooms`.
    """
    changes: list[Change] = []
    free = dict(rooms or {})
    limits = baseline.standard.item("G5").limit
    for key, grades in pupils.items():
        if baseline.facts.enrolment.get(key, {}).get("pupils") is None:
            continue
        changes.append(Change(*key, "pupils", "set", Decimal(sum(grades.values()))))
        rolls = baseline.rolls_by_stage.get(key, {})
        if rolls:
            classes = sum(len(sizes) for sizes in rolls.values())
            needed = sum(-(-number // int(limits[key[1]])) for number in grades.values())
            more = min(max(0, needed - classes), free.get(key[0], 0))
            free[key[0]] = free.get(key[0], 0) - more
            changes += class_changes(key, _filled(grades, classes + more), baseline.standard)
    return changes


def breaks(forecast: Forecast, baseline: Baseline, judge: Judge) -> tuple[Break, ...]:
    """Every limit that is met today and broken in a coming year, with its first year, in order of year."""
    before = _met(baseline.assessment)
    found: dict[tuple[str | None, str | None, str], int] = {}
    for year in forecast.years:
        for key in _broken(judge(forecast_changes(forecast, baseline, year))):
            if key in before:
                found.setdefault(key, year)
    return tuple(Break(year, *key) for key, year in found.items())


def _by_stage(grades: Iterable[GradeForecast]) -> dict[tuple[str, str, int], list[GradeForecast]]:
    grouped: dict[tuple[str, str, int], list[GradeForecast]] = defaultdict(list)
    for grade in grades:
        grouped[grade.school_id, grade.stage, grade.year].append(grade)
    return grouped


def _filled(grades: Mapping[int, int], classes: int) -> dict[int, tuple[int, ...]]:
    """Pupils of each grade in classes, so many classes going where classes would be largest."""
    pupils = {grade: number for grade, number in grades.items() if number}
    counts = dict.fromkeys(pupils, 1)
    for _ in range(classes - len(counts) if counts else 0):
        fullest = max(counts, key=lambda grade: (Fraction(pupils[grade], counts[grade]), -grade))
        counts[fullest] += 1
    return {
        grade: tuple(number // counts[grade] + (place < number % counts[grade]) for place in range(counts[grade]))
        for grade, number in pupils.items()
    }


def _met(assessment: Assessment) -> set[tuple[str | None, str | None, str]]:
    return set(_judged(assessment, Verdict.MET))


def _broken(assessment: Assessment) -> list[tuple[str | None, str | None, str]]:
    return list(_judged(assessment, Verdict.NOT_MET))


def _judged(assessment: Assessment, verdict: Verdict) -> Iterable[tuple[str | None, str | None, str]]:
    for row in assessment.rows:
        yield from ((row.school_id, row.stage, h.code) for h in row.holdings if h.verdict is verdict)
    yield from ((item.school_id, None, item.code) for item in assessment.school_items if item.verdict is verdict)
    yield from ((None, b.stage, b.code) for b in assessment.balance if b.verdict is verdict)
