"""Current published figures of several years, attendance, schools with their links.

    figures(store, county_code) -> {year: {figure: Decimal}}
    school_sums(store, county_code, without_kinds) -> {year: {column: Decimal | None}}
    without_contract_teachers(store, county_code, year, without_kinds) -> int
    attendance(store, county_code) -> {year: {township_code: Attendance}}
    schools_of_year(store, county_code, year) -> tuple[SchoolOfYear, ...]
    township_seats(store, county_code) -> {township_code: (lon, lat)}
    publication_days(store, county_code) -> {year: {township_code: date}}

A figure that was not reported is absent or None, never 0.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.facts.fact_selects import open_schools
from core.store.database import Store


@dataclass(frozen=True)
class Attendance:
    """What one township reports of its school-age children in one school year; None where it did not."""

    township_code: str
    school_age: int | None
    enrolled: int | None
    dropped_out: int | None
    notices_served: int | None
    notices_returned: int | None

    def figure(self, column: str) -> int | None:
        """The figure of a column such as notices_served."""
        value: int | None = getattr(self, column)
        return value


@dataclass(frozen=True)
class SchoolOfYear:
    """A school open in a year: where it lies, its cluster (小片区) and the school it is paired with.

    `pupils` are those of primary and junior stages; None when one of them was not reported.
    """

    school_id: str
    name: str
    kind: str
    township_code: str
    zone: str | None
    central_area: bool | None
    ownership: str | None
    permanent: bool | None
    cluster: str | None
    paired_school_id: str | None
    pairing_kind: str | None
    lon: float | None
    lat: float | None
    pupils: int | None


def figures(store: Store, county_code: str) -> dict[int, dict[str, Decimal]]:
    """The county's own figures that count now, by year."""
    found: dict[int, dict[str, Decimal]] = {}
    for year, figure, value in store.rows(
        f"select c.year, f.figure, f.value from {store.schema}.current_county_sheets as c"
        f" join {store.schema}.county_figures as f on f.batch_id = c.batch_id and f.year = c.year"
        " where c.county_code = $1 order by c.year",
        [county_code],
    ):
        values = found.setdefault(year, {})
        if value is not None:
            values[figure] = value
    return found


def _open_schools(store: Store) -> str:
    """The schools open in each year but those of the kinds $kinds, and `people`: what each reports of all its stages."""
    return f"""
    with open_schools as (
        select c.year as year, s.batch_id as batch_id, s.school_id as school_id
        from {store.schema}.current_coverage as c
        join {store.schema}.schools as s on s.batch_id = c.batch_id and s.township_code = c.township_code
        where c.county_code = $county and not list_contains($kinds, s.kind)
            and coalesce(s.opened_year, c.year) <= c.year and coalesce(s.closed_year, c.year + 1) > c.year
    ),
    people as (
        select o.year as year, o.school_id as school_id,
            case when count(e.pupils) = count(*) then sum(e.pupils) end as pupils,
            case when count(e.teachers) = count(*) then sum(e.teachers) end as teachers,
            case when count(e.contract_teachers) = count(*) then sum(e.contract_teachers) end as contract_teachers
        from open_schools as o
        left join {store.schema}.enrolment as e
            on e.batch_id = o.batch_id and e.school_id = o.school_id and e.year = o.year and e.stage <> 'preschool'
        group by o.year, o.school_id
    )
    """


def school_sums(store: Store, county_code: str, without_kinds: Collection[str]) -> dict[int, dict[str, Decimal | None]]:
    """Sums over the open schools of all other kinds, by year; None when a school did not report."""
    found: dict[int, dict[str, Decimal | None]] = {}
    for record in store.records(
        f"""
        {_open_schools(store)}
        select o.year as year,
            case when count(p.operating_funds_yuan) = count(*) then sum(p.operating_funds_yuan) end
                as operating_funds_yuan,
            case when count(n.pupils) = count(*) then sum(n.pupils) end as pupils,
            case when count(n.teachers) = count(*) then sum(n.teachers) end as teachers,
            case when count(n.contract_teachers) = count(*) then sum(n.contract_teachers) end as contract_teachers
        from open_schools as o
        join people as n on n.year = o.year and n.school_id = o.school_id
        left join {store.schema}.premises as p
            on p.batch_id = o.batch_id and p.school_id = o.school_id and p.year = o.year
        group by o.year
        order by o.year
        """,
        {"county": county_code, "kinds": sorted(without_kinds)},
    ):
        year = int(record.pop("year"))
        found[year] = {column: None if v is None else Decimal(v) for column, v in record.items()}
    return found


def without_contract_teachers(store: Store, county_code: str, year: int, without_kinds: Collection[str]) -> int:
    """How many schools of a year leave the sum of contract teachers unknown: one of their stages did not report it."""
    found = store.rows(
        f"{_open_schools(store)} select count(*) from people where year = $year and contract_teachers is null",
        {"county": county_code, "year": year, "kinds": sorted(without_kinds)},
    )
    return int(found[0][0])


def township_seats(store: Store, county_code: str) -> dict[str, tuple[float, float]]:
    """Longitude and latitude (degrees) of the townships' seats, as published last; those without are absent."""
    return {
        code: (float(lon), float(lat))
        for code, lon, lat in store.rows(
            f"select t.code, arg_max(t.lon, b.number), arg_max(t.lat, b.number) from {store.schema}.live_batches as b"
            f" join {store.schema}.townships as t on t.batch_id = b.batch_id"
            " where b.county_code = $1 and t.lon is not null and t.lat is not null group by t.code order by t.code",
            [county_code],
        )
    }


def attendance(store: Store, county_code: str) -> dict[int, dict[str, Attendance]]:
    """School-age children, drop-outs and notices by year and township."""
    found: dict[int, dict[str, Attendance]] = {}
    for year, township_code, *cells in store.rows(
        "select c.year, a.township_code, a.school_age, a.enrolled, a.dropped_out, a.notices_served,"
        f" a.notices_returned from {store.schema}.current_coverage as c"
        f" join {store.schema}.attendance as a on a.batch_id = c.batch_id"
        " and a.township_code = c.township_code and a.year = c.year"
        " where c.county_code = $1 order by c.year, a.township_code",
        [county_code],
    ):
        counts = [None if cell is None else int(cell) for cell in cells]
        found.setdefault(year, {})[township_code] = Attendance(township_code, *counts)
    return found


def schools_of_year(store: Store, county_code: str, year: int) -> tuple[SchoolOfYear, ...]:
    """The schools open in a year, by school_id."""
    return tuple(
        SchoolOfYear(
            school_id=r["school_id"],
            name=r["name"] or r["school_id"],
            kind=r["kind"],
            township_code=r["township_code"],
            zone=r["zone"],
            central_area=None if r["central_area"] is None else bool(r["central_area"]),
            ownership=r["ownership"],
            permanent=None if r["permanent"] is None else bool(r["permanent"]),
            cluster=r["cluster"],
            paired_school_id=r["paired_school_id"],
            pairing_kind=r["pairing_kind"],
            lon=None if r["lon"] is None else float(r["lon"]),
            lat=None if r["lat"] is None else float(r["lat"]),
            pupils=None if r["pupils"] is None else int(r["pupils"]),
        )
        for r in store.records(
            f"""
            select s.*, (
                select case when count(e.pupils) = count(*) then sum(e.pupils) end
                from {store.schema}.enrolment as e
                where e.batch_id = s.batch_id and e.school_id = s.school_id and e.year = $year
                    and e.stage in ('primary', 'junior')
            ) as pupils
            from ({open_schools(store.schema)}) as s
            order by s.school_id
            """,
            {"county": county_code, "year": year},
        )
    )


def publication_days(store: Store, county_code: str) -> dict[int, dict[str, date]]:
    """Since which day the facts that count for a year and township have counted.

    A rollback lets older facts count again; they then count from the day of the rollback.
    """
    published = store.rows(
        f"select b.batch_id, p.action, p.recorded_at from {store.schema}.publications as p"
        f" join {store.schema}.batches as b on b.batch_id = p.batch_id where b.county_code = $1 order by p.number",
        [county_code],
    )
    # A batch of the county's own sheets alone covers no township.
    covered: dict[int, set[tuple[int, str]]] = {batch_id: set() for batch_id, _, _ in published}
    for batch_id, township_code, year in store.rows(
        f"select c.batch_id, c.township_code, c.year from {store.schema}.batch_coverage as c"
        f" join {store.schema}.batches as b on b.batch_id = c.batch_id where b.county_code = $1",
        [county_code],
    ):
        covered.setdefault(batch_id, set()).add((year, township_code))
    return _since_when(published, covered)


def _since_when(
    published: list[tuple[int, str, datetime]], covered: dict[int, set[tuple[int, str]]]
) -> dict[int, dict[str, date]]:
    since: dict[int, dict[str, date]] = {}
    live: list[int] = []
    for batch_id, action, recorded_at in published:
        before = {place: _deciding(live, covered, place) for place in covered[batch_id]}
        live = [b for b in live if b != batch_id] + ([batch_id] if action == "publish" else [])
        for place in covered[batch_id]:
            year, township_code = place
            if _deciding(live, covered, place) is None:
                since.get(year, {}).pop(township_code, None)
            elif _deciding(live, covered, place) != before[place]:
                since.setdefault(year, {})[township_code] = recorded_at.date()
    return since


def _deciding(live: list[int], covered: dict[int, set[tuple[int, str]]], place: tuple[int, str]) -> int | None:
    return next((batch_id for batch_id in reversed(live) if place in covered[batch_id]), None)
