"""The present that every outlook starts from: one year's judgement, figures and class rolls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from propcache.api import cached_property

from core.errors import RequestInvalid
from core.facts.school_facts import ClassRoll, SchoolPlace, class_rolls, school_places
from core.method.assessment import Assessment, SchoolRow
from core.method.county_facts import CountyFacts, SchoolFacts
from core.method.engine import assess, reported_facts
from core.rules.standard import Standard
from core.store.database import Store

Scope = Literal["county", "township", "school"]


@dataclass(frozen=True)
class Place:
    """Where a lever works: one school, a township, or the whole county (no code)."""

    scope: Scope = "county"
    code: str = ""


WHOLE_COUNTY = Place()


@dataclass(frozen=True)
class Baseline:
    """One year as it is, before anything is imagined."""

    standard: Standard
    assessment: Assessment
    facts: CountyFacts
    rolls: tuple[ClassRoll, ...]
    places: tuple[SchoolPlace, ...]

    @cached_property
    def rolls_by_stage(self) -> Mapping[tuple[str, str], Mapping[int, tuple[int, ...]]]:
        """Pupils of every class by school and stage, then by grade; of the stages all of whose classes are known by roll."""
        grouped: dict[tuple[str, str], dict[int, tuple[int, ...]]] = {}
        for roll in self.rolls:
            grades = grouped.setdefault((roll.school_id, roll.stage), {})
            grades[roll.grade] = (*grades.get(roll.grade, ()), roll.pupils)
        classes = {key: figures.get("classes") for key, figures in self.facts.classes.items()}
        return {key: grades for key, grades in grouped.items() if classes.get(key) == sum(map(len, grades.values()))}

    def school(self, school_id: str) -> SchoolFacts:
        """An open school of the year. Raises RequestInvalid when there is none of this identifier."""
        found = self.facts.schools.get(school_id)
        if found is None or not found.is_open:
            raise RequestInvalid(f"没有学校“{school_id}”，或已停办，请从学校列表中选择。")
        return found

    def rows_in(self, place: Place, stage: str | None = None) -> list[SchoolRow]:
        """The evaluated school rows of a place and stage (None: both).

        Raises RequestInvalid when the place is unknown or has no evaluated row.
        """
        if place.scope == "school":
            name = self.school(place.code).name
        elif place.scope == "township":
            name = self.facts.township_names.get(place.code, "")
            if not name:
                raise RequestInvalid(f"没有乡镇“{place.code}”，请从乡镇列表中选择。")
        else:
            name = "全县"
        found = [
            row
            for row in self.assessment.rows
            if stage in (None, row.stage)
            and (place.scope != "school" or row.school_id == place.code)
            and (place.scope != "township" or row.township_code == place.code)
        ]
        if not found:
            raise RequestInvalid(f"{name}没有参评的学校，不能调整。")
        return found

    def held(self, code: str, place: Place) -> float:
        """What the evaluated rows of a place hold of a resource, in its unit; what was not reported adds nothing."""
        return sum(row.indicator(code).amount or 0.0 for row in self.rows_in(place))


def baseline(
    store: Store,
    standard: Standard,
    county_code: str,
    year: int,
    *,
    choices: Mapping[str, str] | None = None,
    assessment: Assessment | None = None,
) -> Baseline:
    """The present of a county and year; `assessment` saves judging again what the caller has judged."""
    judged = assessment or assess(store, standard, county_code, year, choices=choices)
    return Baseline(
        standard,
        judged,
        reported_facts(store, standard, county_code, year, choices=choices),
        tuple(class_rolls(store, county_code, year)),
        tuple(school_places(store, county_code, year)),
    )
