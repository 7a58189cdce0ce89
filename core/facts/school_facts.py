"""Facts of schools that count now, as people look them up: class rolls, names, places."""

from __future__ import annotations

from dataclasses import dataclass

from core.facts.fact_selects import open_schools
from core.store.database import Store


@dataclass(frozen=True)
class ClassRoll:
    """One class of a school year."""

    school_id: str
    year: int
    stage: str
    grade: int
    class_no: str
    pupils: int
    kind: str
    name: str
    township_code: str
    central_area: bool | None


def class_rolls(
    store: Store, county_code: str, year: int, *, school_id: str | None = None, stage: str | None = None
) -> list[ClassRoll]:
    """The classes of open schools in a school year, by school, grade and class."""
    return [
        ClassRoll(**{**row, "central_area": None if row["central_area"] is None else bool(row["central_area"])})
        for row in store.records(
            f"""
            select
                c.school_id, c.year, c.stage, c.grade, c.class_no, c.pupils, s.kind,
                coalesce(s.name, s.school_id) as name, s.township_code, s.central_area
            from ({open_schools(store.schema)}) as s
            join classes as c on c.batch_id = s.batch_id and c.school_id = s.school_id
            where
                c.year = $year
                and ($school is null or c.school_id = $school)
                and ($stage is null or c.stage = $stage)
            order by c.school_id, c.stage desc, c.grade, length(c.class_no), c.class_no
            """,
            {"county": county_code, "year": year, "school": school_id, "stage": stage},
        )
    ]


@dataclass(frozen=True)
class SchoolPlace:
    """A school of the year: what it is, where it stands, with whom it works."""

    school_id: str
    name: str
    kind: str
    township_code: str
    ownership: str | None
    boarding: bool | None
    permanent: bool | None
    cluster: str | None
    paired_school_id: str | None
    pairing_kind: str | None
    lon: float | None
    lat: float | None
    central_area: bool | None


def school_places(store: Store, county_code: str, year: int) -> list[SchoolPlace]:
    """Every school open in the year, evaluated or not."""
    return [
        SchoolPlace(
            row["school_id"],
            row["name"],
            row["kind"],
            row["township_code"],
            row["ownership"],
            None if row["boarding"] is None else bool(row["boarding"]),
            None if row["permanent"] is None else bool(row["permanent"]),
            row["cluster"],
            row["paired_school_id"],
            row["pairing_kind"],
            None if row["lon"] is None else float(row["lon"]),
            None if row["lat"] is None else float(row["lat"]),
            None if row["central_area"] is None else bool(row["central_area"]),
        )
        for row in store.records(
            f"""
            select s.* replace (coalesce(s.name, s.school_id) as name)
            from ({open_schools(store.schema)}) as s
            order by s.school_id
            """,
            {"county": county_code, "year": year},
        )
    ]
