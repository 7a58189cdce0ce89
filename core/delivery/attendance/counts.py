"""The townships' attendance with the cases counted: what each proven case changes of what was reported.

    followed(reported, cases) -> Attendance
    explanation(reported, cases) -> Explained

A proven case of a child that was never enrolled adds one to the enrolled where it is at school now, and takes one from
those of school age where the law excuses it. A child that left a school stood on its roll when the figures were taken.
The notices are those of the cases once these are as many as were reported; before, what was reported stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.delivery.attendance.cases import AttendanceCase
from core.facts.county_series import Attendance


@dataclass(frozen=True)
class Explained:
    """How far the cases account for a township's figures of a school year; None where these were not reported.

    `missing` children of school age stood on no roll; `without_case` of them have no case, and `beyond` open cases say
    that more children are missing than was reported. `notices_without_case` are notices that no case stands for.
    """

    missing: int | None
    without_case: int | None
    beyond: int
    notices_without_case: int | None
    cases: int
    open: int
    unchecked: int


def followed(reported: Attendance, cases: Sequence[AttendanceCase]) -> Attendance:
    """The township's figures of a school year with its cases of that year counted."""
    if not cases:
        return reported
    absent = [c for c in cases if c.kind == "not_enrolled"]
    at_school, excused = sum(c.at_school for c in absent), sum(c.excused for c in absent)
    school_age, enrolled = reported.school_age, reported.enrolled
    if school_age is not None and enrolled is not None:
        # More open cases than children reported missing: so many of those reported enrolled are not.
        enrolled = max(min(enrolled, school_age - len(absent)), 0) if enrolled <= school_age else enrolled
        if enrolled < school_age:
            # No case makes more children enrolled than there are.
            school_age = max(school_age - excused, enrolled)
            enrolled = min(enrolled + at_school, school_age)
    served, returned = reported.notices_served, reported.notices_returned
    noticed = [c for c in cases if c.notice_on is not None]
    if noticed and len(noticed) >= (served or 0):
        served = sum(not c.excused for c in noticed)
        returned = sum(c.at_school for c in noticed)
    return replace(reported, school_age=school_age, enrolled=enrolled, notices_served=served, notices_returned=returned)


def explanation(reported: Attendance | None, cases: Sequence[AttendanceCase]) -> Explained:
    """How far the cases account for what a township reported."""
    missing = without = notices = None
    beyond = 0
    absent = sum(c.kind == "not_enrolled" for c in cases)
    if reported is not None and reported.school_age is not None and reported.enrolled is not None:
        missing = max(reported.school_age - reported.enrolled, 0)
        without, beyond = max(missing - absent, 0), max(absent - missing, 0)
    if reported is not None and reported.notices_served is not None:
        notices = max(reported.notices_served - sum(c.notice_on is not None for c in cases), 0)
    unchecked = sum(c.outcome is not None and c.checked is None for c in cases)
    return Explained(missing, without, beyond, notices, len(cases), sum(c.is_open for c in cases), unchecked)


def cases_of(
    cases: Iterable[AttendanceCase], year: int, township_code: str | None = None
) -> tuple[AttendanceCase, ...]:
    """The cases found in a school year, of one township where it is given; none written by mistake."""
    return tuple(
        c for c in cases if c.school_year == year and township_code in (None, c.township_code) and not c.is_void
    )


def attendance_followed(
    reported: Mapping[int, Mapping[str, Attendance]], cases: Sequence[AttendanceCase]
) -> dict[int, dict[str, Attendance]]:
    """Every year's attendance by township, with the cases counted."""
    return {
        year: {code: followed(one, cases_of(cases, year, code)) for code, one in of_year.items()}
        for year, of_year in reported.items()
    }
