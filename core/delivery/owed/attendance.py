"""What a school year's children owe, township by township and school by school.

townships_explained(situation) -> tuple[TownshipAttendance, ...]
school_months(situation, month) -> tuple[SchoolMonth, ...]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.delivery.attendance.cases import AttendanceCase, school_year_of
from core.delivery.attendance.counts import Explained, cases_of, explanation
from core.delivery.attendance.months import AttendanceMonth
from core.delivery.status.situation import Situation
from core.facts.county_series import Attendance


@dataclass(frozen=True)
class TownshipAttendance:
    """A township's year: as reported, with its cases counted, how far these account for it."""

    township_code: str
    name: str
    reported: Attendance | None
    followed: Attendance | None
    explained: Explained


@dataclass(frozen=True)
class SchoolMonth:
    """A school's month: what it said, None while nothing; how many of its cases are open on the day."""

    school_id: str
    township_code: str
    said: AttendanceMonth | None
    open_cases: int

    @property
    def absent_without_case(self) -> int:
        """How many absent pupils no case stands for."""
        return max(self.said.absent - self.open_cases, 0) if self.said else 0

    @property
    def cases_beyond(self) -> int:
        """How many open cases say that more pupils are absent than the school does."""
        return max(self.open_cases - self.said.absent, 0) if self.said else 0


def cases_of_year(situation: Situation) -> tuple[AttendanceCase, ...]:
    """The cases of the school year whose figures count on the day, and those still open from earlier ones."""
    year = situation.year if situation.year is not None else school_year_of(situation.as_of)
    return tuple(
        c for c in situation.cases if not c.is_void and (c.school_year >= year or (c.is_open and c.school_year < year))
    )


def townships_explained(situation: Situation) -> tuple[TownshipAttendance, ...]:
    """Every township with its figures of the day's school year and its cases."""
    year = situation.year
    if year is None:
        return ()
    reported = situation.facts.attendance.get(year, {})
    counted = situation.facts.attendance_followed.get(year, {})
    return tuple(
        TownshipAttendance(
            code,
            name,
            reported.get(code),
            counted.get(code),
            explanation(reported.get(code), cases_of(situation.cases, year, code)),
        )
        for code, name in sorted(situation.township_names.items())
    )


def school_months(situation: Situation, month: date) -> tuple[SchoolMonth, ...]:
    """Every school of the day's school year with pupils, and what it said of a month."""
    year = situation.year
    listed = situation.facts.schools.get(year, ()) if year is not None else ()
    return tuple(
        SchoolMonth(
            school.school_id,
            school.township_code,
            situation.months.get((school.school_id, month)),
            sum(c.is_open and c.school_id == school.school_id for c in situation.cases),
        )
        for school in listed
        if school.pupils != 0
    )
