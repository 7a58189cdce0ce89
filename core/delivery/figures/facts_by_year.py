"""What the published figures say, several years at once, as the plan's metrics need it.

facts_by_year(store, standard, county_code, assessments) -> FactsByYear      assessments: {year: Assessment}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from core.facts import county_series
from core.facts.county_series import Attendance, SchoolOfYear
from core.method.assessment import Assessment
from core.rules.standard import Standard
from core.store.database import Store

_SNAPSHOT_MONTH, _SNAPSHOT_DAY = 9, 1


def snapshot(year: int) -> date:
    """The day that a school year's figures describe."""
    return date(year, _SNAPSHOT_MONTH, _SNAPSHOT_DAY)


def in_place_by(year: int) -> date:
    """What a snapshot shows was in place by the day before it."""
    return snapshot(year) - timedelta(days=1)


@dataclass(frozen=True)
class FactsByYear:
    """A county's judgements, figures, attendance and schools by school year."""

    county_code: str
    assessments: Mapping[int, Assessment]
    figures: Mapping[int, Mapping[str, Decimal]]
    school_sums: Mapping[int, Mapping[str, Decimal | None]]
    attendance: Mapping[int, Mapping[str, Attendance]]
    schools: Mapping[int, tuple[SchoolOfYear, ...]]
    published: Mapping[int, Mapping[str, date]]
    seats: Mapping[str, tuple[float, float]]
    # The attendance by which a township is judged: as reported, with what its cases prove.
    attendance_followed: Mapping[int, Mapping[str, Attendance]] = field(default_factory=dict)

    def years_until(self, as_of: date) -> list[int]:
        """The published school years whose snapshot lies on or before a day, in order."""
        return sorted(year for year in self.assessments if snapshot(year) <= as_of)

    def year_at(self, as_of: date) -> int | None:
        """The school year whose facts count on a day, None before the first one."""
        years = self.years_until(as_of)
        return years[-1] if years else None

    def figure(self, year: int, name: str) -> Decimal | None:
        """A county figure of a year, else the sum of what the schools report under that name."""
        value = self.figures.get(year, {}).get(name)
        return value if value is not None else self.school_sums.get(year, {}).get(name)

    def counted_from(self, year: int, township_code: str | None) -> date | None:
        """Since which day the facts of a year have counted: a township's, else the county's latest."""
        days = self.published.get(year, {})
        if township_code is not None:
            return days.get(township_code)
        return max(days.values(), default=None)


def facts_by_year(
    store: Store, standard: Standard, county_code: str, assessments: Mapping[int, Assessment]
) -> FactsByYear:
    """Everything that the metrics read, for the years that were judged."""
    return FactsByYear(
        county_code=county_code,
        assessments=dict(assessments),
        figures=county_series.figures(store, county_code),
        school_sums=county_series.school_sums(store, county_code, standard.kinds_without_staff),
        attendance=county_series.attendance(store, county_code),
        seats=county_series.township_seats(store, county_code),
        schools={year: county_series.schools_of_year(store, county_code, year) for year in assessments},
        published=county_series.publication_days(store, county_code),
    )
