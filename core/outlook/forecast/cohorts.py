"""Pupils by school and grade in every year on record, as a table of numbers to forecast from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.errors import FiguresMissing
from core.facts.school_facts import GradePupils
from core.method.class_bands import counted_grades
from core.rules.standard import Standard
from core.store.database import Store

GRADES = 9
_FEWEST_YEARS = 2


@dataclass(frozen=True)
class Cohorts:
    """Pupils by grade: `pupils[year, school, grade − 1]`, of every school that had any, closed since or not.

    Years follow each other without a gap. A school that was not open, or has no such grade, holds 0.
    `recorded` counts everybody by year and stage.
    """

    years: tuple[int, ...]
    school_ids: tuple[str, ...]
    names: tuple[str, ...]
    townships: tuple[str, ...]
    is_central: np.ndarray
    pupils: np.ndarray
    recorded: Mapping[tuple[int, str], int]

    @property
    def standing(self) -> np.ndarray:
        """Which schools had pupils in the last year: only these are forecast."""
        found: np.ndarray = self.pupils[-1].sum(1) > 0
        return found

    def until(self, year: int) -> Cohorts:
        """What was known in an earlier year."""
        count = self.years.index(year) + 1
        return replace(self, years=self.years[:count], pupils=self.pupils[:count])


def stage_of_grade(grade: int) -> str:
    """The stage of a grade, 1–9."""
    return "primary" if grade <= 6 else "junior"


def cohorts(store: Store, standard: Standard, county_code: str, years: Sequence[int]) -> Cohorts:
    """The cohorts of the schools that the standard counts, on record until the last of these years; earlier years before a gap are left away.

    Raises FiguresMissing when fewer than two years in a row have pupils by grade, from class rolls or reported so.
    """
    return cohorts_of({year: counted_grades(store, standard, county_code, year) for year in sorted(years)})


def cohorts_of(grades: Mapping[int, Sequence[GradePupils]]) -> Cohorts:
    """The same from the pupils by grade of each year. Raises as `cohorts` does."""
    kept: list[int] = []
    for year in sorted(grades, reverse=True):
        if not grades[year] or (kept and year != kept[0] - 1):
            break
        kept.insert(0, year)
    if len(kept) < _FEWEST_YEARS:
        raise FiguresMissing(
            f"连续有分年级学生数的学年不足 {_FEWEST_YEARS} 个，不能预测；请先导入往年的“班级”或“分年级学生数”表（可只上传这张表）。"
        )
    last = {grade.school_id: grade for year in kept for grade in grades[year]}
    places = {school_id: place for place, school_id in enumerate(sorted(last))}
    pupils = np.zeros((len(kept), len(places), GRADES))
    recorded: Counter[tuple[int, str]] = Counter()
    for place, year in enumerate(kept):
        for grade in grades[year]:
            recorded[year, grade.stage] += grade.pupils
            pupils[place, places[grade.school_id], grade.grade - 1] += grade.pupils
    listed = [last[school_id] for school_id in places]
    return Cohorts(
        tuple(kept),
        tuple(places),
        tuple(school.name for school in listed),
        tuple(school.township_code for school in listed),
        np.array([bool(school.central_area) for school in listed]),
        pupils,
        recorded,
    )
