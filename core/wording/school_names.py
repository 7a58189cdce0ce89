"""Schools by name on any day: what a record names may not be open yet, or no longer."""

from __future__ import annotations

from collections.abc import Collection

from core.delivery.status.situation import Situation
from core.rules.standard import STAGES
from core.wording.verdicts import staged_name

NOT_YET = "建成后开办"
NO_LONGER = "已停办"


def school_names(situation: Situation) -> dict[str, str]:
    """The latest name of every school of any school year, by its id."""
    schools = situation.facts.schools
    return {school.school_id: school.name for year in sorted(schools) for school in schools[year]}


def row_names(situation: Situation, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """School rows (school_id, stage) by name, whether or not they are evaluated in the year that is looked at.

    Keys of coefficients (stage, code) are left away.
    """
    schools = situation.facts.schools
    latest = {school.school_id: school for year in sorted(schools) for school in schools[year]}
    return {
        (school_id, stage): staged_name(latest[school_id].name, latest[school_id].kind, stage)
        if school_id in latest
        else school_in_year(situation, school_id, max(schools))
        for school_id, stage in keys
        if school_id not in STAGES
    }


def is_open(situation: Situation, school_id: str, year: int) -> bool:
    """Whether a school stands in the figures of a school year."""
    return any(school.school_id == school_id for school in situation.facts.schools.get(year, ()))


def school_in_year(situation: Situation, school_id: str, year: int) -> str:
    """A school's name, and whether in this school year it is still to open or has closed."""
    name = school_names(situation).get(school_id)
    if name is None:
        return f"拟建学校（标识码 {school_id}，{NOT_YET}）"
    if is_open(situation, school_id, year):
        return name
    opened = min(y for y in situation.facts.schools if is_open(situation, school_id, y))
    return f"{name}（{NOT_YET if opened > year else NO_LONGER}）"
