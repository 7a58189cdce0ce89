"""Pupils by school and grade in every year on record, as a table of numbers to forecast from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.errors import FiguresMissing
from core.method.class_bands import counted_rolls
from core.rules.standard import Standard
from core.store.database import Store

GRADES = 9
_FEWEST_YEARS = 2


@dataclass(frozen=True)
class Cohorts:
    """Pupils of the class rolls: `pupils[year, school, grade − 1]`, of the schools open in the last year.

    Years follow each other without a gap. A school that was not open, or has no such grade, holds 0.
    `recorded` counts everybody by year and stage, those of schools closed since too.
    """

    years: tuple[int, ...]
    school_ids: tuple[str, ...]
    names: tuple[str, ...]
    townships: tuple[str, ...]
    is_central: np.ndarray
    pupils: np.ndarray
    recorded: Mapping[tuple[int, str], int]

    def until(self, year: int) -> Cohorts:
        """What was known in an earlier year."""
        count = self.years.index(year) + 1
        return replace(self, years=self.years[:count], pupils=self.pupils[:count])


def stage_of_grade(grade: int) -> str:
    """The stage of a grade, 1–9."""
    return "primary" if grade <= 6 else "junior"


def cohorts(store: Store, standard: Standard, county_code: str, years: Sequence[int]) -> Cohorts:
    """The cohorts of the schools that the standard counts, on record until the last of these years; earlier years before a gap are left away.

    Raises FiguresMissing when fewer than two years in a row have class rolls.
    """
    rolls = {year: counted_rolls(store, standard, county_code, year) for year in sorted(years)}
    kept: list[int] = []
    for year in sorted(rolls, reverse=True):
        if not rolls[year] or (kept and year != kept[0] - 1):
            break
        kept.insert(0, year)
    if len(kept) < _FEWEST_YEARS:
        raise FiguresMissing(f"连续有班级数据的学年不足 {_FEWEST_YEARS} 个，不能预测；请先导入往年的“班级”表。")
    last = {roll.school_id: roll for roll in rolls[kept[-1]]}
    places = {school_id: place for place, school_id in enumerate(sorted(last))}
    pupils = np.zeros((len(kept), len(places), GRADES))
    recorded: Counter[tuple[int, str]] = Counter()
    for place, year in enumerate(kept):
        for roll in rolls[year]:
            recorded[year, roll.stage] += roll.pupils
            if roll.school_id in places:
                pupils[place, places[roll.school_id], roll.grade - 1] += roll.pupils
    listed = [last[school_id] for school_id in places]
    return Cohorts(
        tuple(kept),
        tuple(places),
        tuple(roll.name for roll in listed),
        tuple(roll.township_code for roll in listed),
        np.array([bool(roll.central_area) for roll in listed]),
        pupils,
        recorded,
    )
