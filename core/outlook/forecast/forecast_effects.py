"""What a forecast means: classes, rooms and teachers by year, and who breaks which limit first, as the method says.

Judged with the teachers, buildings and number of classes of today: what breaks is what must be acted on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from heapq import heapify, heapreplace

import numpy as np

from core.method.assessment import Assessment, Verdict
from core.method.changes import Change
from core.outlook.baseline import Baseline
from core.outlook.forecast.cohorts import Cohorts, stage_of_grade
from core.outlook.forecast.forecast import Forecast, GradeForecast
from core.outlook.remedies.coefficients import Judge
from core.outlook.what_if.class_plan import class_changes

_CLASS_SIZE, _OF_SCHOOLS = "G5", ("G3", "G4", "G6")
_Limit = tuple[str | None, str | None, str]


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
    """A limit that the method finds broken, `now` or only in a coming year, and the coming `years` in which it is.

    `code` is an indicator (L1–L7), a school item (G3–G6), or for `school_id` None a coefficient of the county;
    `stage` is None for an item of the whole school.
    """

    school_id: str | None
    stage: str | None
    code: str
    now: bool
    years: tuple[int, ...]


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


def rolls_ahead(forecast: Forecast, baseline: Baseline, year: int) -> dict[tuple[str, str], dict[int, tuple[int, ...]]]:
    """The classes of a coming year by school and stage, then by grade: today's number of them, shared among the grades."""
    return {
        (school_id, stage): _filled({grade.grade: grade.pupils for grade in grades}, sum(map(len, rolls.values())))
        for (school_id, stage, of_year), grades in _by_stage(forecast.grades).items()
        if of_year == year and (rolls := baseline.rolls_by_stage.get((school_id, stage), {}))
    }


def drawn_changes(drawn: np.ndarray, cohorts: Cohorts, baseline: Baseline) -> list[Change]:
    """One draw of a coming year, schools × grades, as changes to the present."""
    # A stage that the draw leaves without pupils has none; one that nobody forecasts, for want of its classes, has today's.
    pupils: dict[tuple[str, str], dict[int, int]] = {}
    for place, school_id in enumerate(cohorts.school_ids):
        for grade in np.flatnonzero(cohorts.pupils[-1, place]) + 1:
            pupils.setdefault((school_id, stage_of_grade(int(grade))), {})
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
    """Every limit newly broken in a coming year, in order of its first year, then those broken now.

    What cannot be judged today is no break, what is not evaluated today may become one.
    """
    before = _standing(baseline.assessment)
    found: dict[_Limit, list[int]] = {key: [] for key, verdict in before.items() if verdict is Verdict.NOT_MET}
    for year in forecast.years:
        for key, verdict in _standing(judge(forecast_changes(forecast, baseline, year))).items():
            if verdict is Verdict.NOT_MET and before.get(key) is not Verdict.NOT_ASSESSABLE:
                found.setdefault(key, []).append(year)
    listed = [Break(*key, before.get(key) is Verdict.NOT_MET, tuple(years)) for key, years in found.items()]
    return tuple(sorted(listed, key=lambda b: (b.now, 0 if b.now else b.years[0])))


def _by_stage(grades: Iterable[GradeForecast]) -> dict[tuple[str, str, int], list[GradeForecast]]:
    grouped: dict[tuple[str, str, int], list[GradeForecast]] = defaultdict(list)
    for grade in grades:
        grouped[grade.school_id, grade.stage, grade.year].append(grade)
    return grouped


def _filled(grades: Mapping[int, int], classes: int) -> dict[int, tuple[int, ...]]:
    """Pupils of each grade in classes, so many classes going where classes would be largest."""
    pupils = {grade: number for grade, number in grades.items() if number}
    counts = dict.fromkeys(pupils, 1)
    # The fullest grade stands first; of equals the lowest.
    fullest = [(Fraction(-number), grade) for grade, number in pupils.items()]
    heapify(fullest)
    for _ in range(classes - len(counts) if counts else 0):
        grade = fullest[0][1]
        counts[grade] += 1
        heapreplace(fullest, (Fraction(-pupils[grade], counts[grade]), grade))
    return {
        grade: tuple(number // counts[grade] + (place < number % counts[grade]) for place in range(counts[grade]))
        for grade, number in pupils.items()
    }


def _standing(assessment: Assessment) -> dict[_Limit, Verdict]:
    """The verdict on every limit that pupils move; of class sizes by stage."""
    standing: dict[_Limit, Verdict] = {}
    for row in assessment.rows:
        standing |= {(row.school_id, row.stage, h.code): h.verdict for h in row.indicators}
    oversized = {(c.school_id, c.stage): c.over_limit > 0 for c in assessment.class_sizes if c.known}
    for item in assessment.school_items:
        if item.code == _CLASS_SIZE:
            stages = {stage: over for (school_id, stage), over in oversized.items() if school_id == item.school_id}
            for stage, over in stages.items():
                standing[item.school_id, stage, item.code] = Verdict.NOT_MET if over else Verdict.MET
        elif item.code in _OF_SCHOOLS:
            standing[item.school_id, None, item.code] = item.verdict
    return standing | {(None, b.stage, b.code): b.verdict for b in assessment.balance}
