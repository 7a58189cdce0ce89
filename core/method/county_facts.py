"""The reported figures of one county and year as plain values, for laying changes over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from core.method.changes import CLASS_FACTS, ENROLMENT_FACTS, PREMISES_FACTS

Figures = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class SchoolFacts:
    """One school of the year as reported."""

    school_id: str
    name: str
    kind: str
    township_code: str
    is_open: bool
    permanent: bool
    stages: tuple[str, ...]


@dataclass(frozen=True)
class CountyFacts:
    """The figures of one county and year on which changes are laid; read once, never altered.

    Townships are in order of their codes. Figures are by (school, stage) or by school; None is a figure not
    reported. `rooms` are (kind, ㎡) by school. `without_figures` are the townships with
    open schools of which the year has none.
    """

    township_names: Mapping[str, str]
    schools: Mapping[str, SchoolFacts]
    enrolment: Mapping[tuple[str, str], Figures]
    classes: Mapping[tuple[str, str], Figures]
    premises: Mapping[str, Figures]
    rooms: Mapping[str, tuple[tuple[str, Decimal | None], ...]]
    without_figures: tuple[str, ...] = ()


NO_FACTS = CountyFacts({}, {}, {}, {}, {}, {})


def county_facts(cursor: duckdb.DuckDBPyConnection) -> CountyFacts:
    """The reported figures as plain values, for laying changes over them."""
    schools: dict[str, SchoolFacts] = {}
    enrolment: dict[tuple[str, str], dict[str, Decimal | None]] = {}
    premises: dict[str, dict[str, Decimal | None]] = {}
    listed = ", ".join((*ENROLMENT_FACTS, *PREMISES_FACTS))
    for school_id, stage, name, kind, township, is_open, permanent, *figures in cursor.execute(
        f"select school_id, stage, name, kind, township_code, state = 'open', permanent = 1, {listed} from reported order by 1, 2"
    ).fetchall():
        stages = (*schools[school_id].stages, stage) if school_id in schools else (stage,)
        schools[school_id] = SchoolFacts(school_id, name, kind, township, is_open, bool(permanent), stages)
        enrolment[school_id, stage] = dict(zip(ENROLMENT_FACTS, figures, strict=False))
        premises[school_id] = dict(zip(PREMISES_FACTS, figures[len(ENROLMENT_FACTS) :], strict=True))
    columns = tuple(CLASS_FACTS.values())
    classes = {
        (school_id, stage): {
            fact: None if count is None else Decimal(count) for fact, count in zip(columns, counts, strict=True)
        }
        for school_id, stage, *counts in cursor.execute(
            f"select school_id, stage, {', '.join(columns)} from class_counts"
        ).fetchall()
    }
    rooms: dict[str, tuple[tuple[str, Decimal | None], ...]] = {}
    for school_id, kind, area in cursor.execute("select school_id, kind, area_m2 from rooms").fetchall():
        rooms[school_id] = (*rooms.get(school_id, ()), (kind, area))
    township_names = {
        code: name or code
        for code, name in cursor.execute("select township_code, name from townships order by township_code").fetchall()
    }
    without_figures = cursor.execute(
        """
        select distinct s.township_code
        from open_schools as o
        join schools as s on s.school_id = o.school_id
        join scope_townships as c on c.township_code = s.township_code
        where c.has_figures = 0
        order by s.township_code
        """
    ).fetchall()
    return CountyFacts(
        township_names, schools, enrolment, classes, premises, rooms, tuple(code for (code,) in without_figures)
    )
