"""Facts of schools that count now, as people look them up: class rolls, names, places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.dataset.school_kinds import STAGES_AS_REPORTED, STAGES_OF_KIND
from core.facts.fact_selects import open_schools
from core.store.database import Store


@dataclass(frozen=True)
class SchoolJudgement:
    """What people judged of an open school's item on which document; everything None where nobody did."""

    school_id: str
    name: str
    township_code: str
    item: str
    status: str | None
    document: str | None
    document_date: date | None


def school_judgements(store: Store, county_code: str, year: int) -> list[SchoolJudgement]:
    """Every item that is judged of some school, with every open school: by item, school by school."""
    return [
        SchoolJudgement(**row)
        for row in store.records(
            f"""
            with listed as ({open_schools(store.schema)}),
            told as (
                select j.*
                from listed as s
                join {store.schema}.school_judgements as j
                    on j.batch_id = s.batch_id and j.school_id = s.school_id and j.year = $year
            )
            select
                s.school_id as school_id,
                s.name as name,
                s.township_code as township_code,
                i.item as item,
                t.status as status,
                t.document as document,
                t.document_date as document_date
            from listed as s
            cross join (select distinct item from told) as i
            left join told as t on t.school_id = s.school_id and t.item = i.item
            order by i.item, s.school_id
            """,
            {"county": county_code, "year": year},
        )
    ]


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
                s.name, s.township_code, s.central_area
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
class BandedClasses:
    """Classes of a school year that are known by their band of size only; no `grade` where none or several share them."""

    school_id: str
    year: int
    stage: str
    grade: int | None
    band: str
    classes: int
    kind: str
    name: str
    township_code: str
    central_area: bool | None


def banded_classes(
    store: Store, county_code: str, year: int, *, school_id: str | None = None, stage: str | None = None
) -> list[BandedClasses]:
    """The classes by band of open schools, of grades that have no rolls, by school, grade and size."""
    return [
        BandedClasses(**{**row, "central_area": None if row["central_area"] is None else bool(row["central_area"])})
        for row in store.records(
            f"""
            select
                b.school_id, b.year, b.stage, b.grade, b.band, b.classes, s.kind,
                s.name, s.township_code, s.central_area
            from ({open_schools(store.schema)}) as s
            join class_bands as b on b.batch_id = s.batch_id and b.school_id = s.school_id
            where
                b.year = $year
                and b.classes > 0
                and ($school is null or b.school_id = $school)
                and ($stage is null or b.stage = $stage)
                and not exists (
                    select 1
                    from classes as c
                    where c.batch_id = b.batch_id and c.school_id = b.school_id and c.year = b.year
                        and c.stage = b.stage and c.grade = b.grade
                )
            order by b.school_id, b.stage desc, b.grade nulls last, cast(regexp_extract(b.band, '[0-9]+') as integer)
            """,
            {"county": county_code, "year": year, "school": school_id, "stage": stage},
        )
    ]


@dataclass(frozen=True)
class GradePupils:
    """The pupils of one grade of a school."""

    school_id: str
    stage: str
    grade: int
    pupils: int
    kind: str
    name: str
    township_code: str
    central_area: bool | None


def pupils_by_grade(store: Store, county_code: str, year: int) -> list[GradePupils]:
    """The pupils of open schools by grade: those of the class rolls, where a grade has none those reported by grade."""
    return [
        GradePupils(**{**row, "central_area": None if row["central_area"] is None else bool(row["central_area"])})
        for row in store.records(
            f"""
            with open_of_year as ({open_schools(store.schema)}),
            rolls as (
                select batch_id, school_id, stage, grade, cast(sum(pupils) as integer) as pupils
                from classes
                where year = $year
                group by batch_id, school_id, stage, grade
            ),
            grades as (
                select * from rolls
                union all
                select g.batch_id, g.school_id, g.stage, g.grade, g.pupils
                from grade_enrolment as g
                anti join rolls as r
                    on r.batch_id = g.batch_id and r.school_id = g.school_id and r.stage = g.stage and r.grade = g.grade
                where g.year = $year and g.pupils is not null
            )
            select
                g.school_id, g.stage, g.grade, g.pupils, s.kind,
                s.name, s.township_code, s.central_area
            from open_of_year as s
            join grades as g on g.batch_id = s.batch_id and g.school_id = s.school_id
            order by g.school_id, g.grade
            """,
            {"county": county_code, "year": year},
        )
    ]


def grades_taught(store: Store, county_code: str, year: int) -> dict[tuple[str, str], int]:
    """How many grades a school teaches at a stage, by school and stage; absent where no class says of which grade it is.

    A stage with classes that several grades share, or that are known without their grade, is left out.
    """
    taught: dict[tuple[str, str], set[int | None]] = {}
    for one in pupils_by_grade(store, county_code, year):
        if one.pupils:
            taught.setdefault((one.school_id, one.stage), set()).add(one.grade)
    for band in banded_classes(store, county_code, year):
        taught.setdefault((band.school_id, band.stage), set()).add(band.grade)
    return {key: len(grades) for key, grades in taught.items() if None not in grades}


@dataclass(frozen=True)
class StagePeople:
    """What a school open in the year reports of a compulsory stage; None where it did not, all None without a row."""

    school_id: str
    kind: str
    stage: str
    pupils: int | None
    teachers: int | None
    staff: int | None


def stage_people(store: Store, county_code: str, year: int) -> list[StagePeople]:
    """Every compulsory stage that an open school reports or, by its kind, should report."""
    return [
        StagePeople(**{name: row[name] for name in StagePeople.__dataclass_fields__})
        for row in store.records(
            f"""
            select
                s.school_id, s.kind, g.stage, e.pupils, e.teachers, e.staff, e.school_id is not null as reported
            from ({open_schools(store.schema)}) as s
            cross join (select unnest(['primary', 'junior']) as stage) as g
            left join enrolment as e
                on e.batch_id = s.batch_id and e.school_id = s.school_id and e.year = $year and e.stage = g.stage
            order by s.school_id, g.stage desc
            """,
            {"county": county_code, "year": year},
        )
        if row["reported"] or (row["stage"] in STAGES_OF_KIND[row["kind"]] and row["kind"] not in STAGES_AS_REPORTED)
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
            select s.*
            from ({open_schools(store.schema)}) as s
            order by s.school_id
            """,
            {"county": county_code, "year": year},
        )
    ]
