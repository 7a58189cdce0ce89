"""Every school with its responsible inspector (责任督学) and how often it was visited.

inspections(situation) -> tuple[SchoolInspection, ...]
"""

from __future__ import annotations

from dataclasses import dataclass

from core.delivery.records.persons import PersonKey, ResponsiblePerson
from core.delivery.status.situation import Situation
from core.delivery.supervision.visits import Visit


@dataclass(frozen=True)
class SchoolInspection:
    """A school, who inspects it, how often it was visited in the month of the day, and when last."""

    school_id: str
    township_code: str
    inspector: ResponsiblePerson | None
    this_month: int
    last: Visit | None
    open_issues: int


def inspections(situation: Situation) -> tuple[SchoolInspection, ...]:
    """Every school that the day's figures list, those without an inspector and those not visited first."""
    year, month = situation.year, situation.as_of.replace(day=1)
    found = []
    for school in situation.facts.schools.get(year, ()) if year is not None else ():
        visits = [v for v in situation.visits if v.school_id == school.school_id]
        found.append(
            SchoolInspection(
                school.school_id,
                school.township_code,
                situation.persons.get(PersonKey("school", school.school_id)),
                sum(v.day >= month for v in visits),
                visits[0] if visits else None,
                sum(state.is_open for _, state in situation.issues_of_school(school.school_id)),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.inspector is not None, s.this_month, s.school_id)))
