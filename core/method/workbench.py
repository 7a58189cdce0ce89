"""A cursor made ready to judge: rules and facts laid out once, the method's statements prepared once.

Judging again with other changes then only refills the relations that changes touch. What lies on a cursor is known
by the standard, the county, the year, the day, the choices and the facts' version, all read in the same transaction, so that
facts published meanwhile are never missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import duckdb

from core.dataset.school_kinds import STAGES_OF_KIND
from core.method.answers import COLUMNS
from core.method.changes import CLASS_FACTS, ENROLMENT_FACTS, PREMISES_FACTS
from core.method.county_facts import NO_FACTS, CountyFacts, county_facts
from core.method.overlay import Overlay
from core.method.relations import (
    FIXED_FILES,
    METHOD_FILES,
    fact_relations,
    literal,
    merges,
    method_relations,
    rule_relations,
)
from core.rules.standard import Standard
from core.store.database import Store

T = TypeVar("T")
_ROOM_AREAS = {"music": "music_room_area", "art": "art_room_area"}
_PEOPLE, _AMOUNT = "decimal(9, 0)", "decimal(18, 4)"
# What is worked out in another way where small teaching points are merged.
_OF_MERGING = ("school_rows",)
# What changes bring, empty when nothing is changed.
_CHANGE_TABLES = {
    "changed_stages": {"school_id": "varchar", "stage": "varchar", **dict.fromkeys(ENROLMENT_FACTS, _PEOPLE)},
    "changed_premises": {"school_id": "varchar", **dict.fromkeys(PREMISES_FACTS, _AMOUNT)},
    "changed_classes": {
        "school_id": "varchar",
        "stage": "varchar",
        **dict.fromkeys(CLASS_FACTS.values(), "integer"),
    },
    "closed_schools": {"school_id": "varchar"},
    "added_rooms": {"school_id": "varchar", "kind": "varchar", "area_m2": _AMOUNT},
}


_ADDED_SCHOOL = (
    "county_code",
    "school_id",
    "stage",
    "name",
    "kind",
    "township_code",
    "zone",
    "central_area",
    "ownership",
    "sponsor_code",
    "built_year",
    "state",
    "reported",
)


@dataclass(frozen=True)
class Wanted:
    """What is to be judged: which county and year, with the documents of which day, by which choices, on which facts."""

    county_code: str
    year: int
    as_of: date
    chosen: tuple[tuple[str, str], ...]
    version: int


# What is prepared on a cursor: the method's relations, and the columns of those that hold the standard's numbers and
# choices.
Statements = tuple[tuple[tuple[str, str], ...], tuple[str, ...], tuple[str, ...]]


@dataclass
class Bench:
    """What lies on a cursor: the standard and the store its relations are made for, the rules by relation, and the facts,
    None until laid out.
    """

    standard: Standard
    schema: str
    statements: Statements
    laid_out: Wanted | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    facts: CountyFacts = NO_FACTS


_benches: WeakKeyDictionary[duckdb.DuckDBPyConnection, Bench] = WeakKeyDictionary()


@contextmanager
def bench(
    store: Store, standard: Standard, county_code: str, year: int, as_of: date | None, chosen: Mapping[str, str]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Bench]]:
    """A cursor inside a transaction, with rules and facts of the county, year and day (None: any) laid out on it.

    The transaction is rolled back in the end: of what is judged in it nothing stays.
    """
    choices = tuple(sorted(chosen.items()))
    with store.judging() as cursor:
        found = _benches.get(cursor)
        if found is None or found.standard is not standard:
            found = _benches[cursor] = _made_for(cursor, store, standard, found)
        try:
            while True:
                cursor.execute("begin")
                version = int(cursor.execute("execute facts_version").fetchall()[0][0])
                wanted = Wanted(county_code, year, as_of or date.max, choices, version)
                if found.laid_out == wanted:
                    break
                before, found.laid_out = found.laid_out, None
                _lay_out(cursor, found, before, wanted)
                cursor.execute("commit")
                found.laid_out = wanted
            yield cursor, found
        finally:
            cursor.execute("rollback")


def _made_for(cursor: duckdb.DuckDBPyConnection, store: Store, standard: Standard, found: Bench | None) -> Bench:
    """The cursor for a standard: set up, unless it was for one of the same statements, which differs in values alone."""
    relations = method_relations((*FIXED_FILES, *METHOD_FILES), standard)
    statements = relations, tuple(standard.numbers()), tuple(standard.choices())
    if found is None or found.statements != statements:
        _set_up(cursor, store, standard)
    return Bench(standard, store.schema, statements)


def _set_up(cursor: duckdb.DuckDBPyConnection, store: Store, standard: Standard) -> None:
    """Create every relation empty and prepare the method's statements.

    Outside a transaction: DuckDB plans a prepared statement anew at every run when its tables were not committed.
    """
    # DuckDB keeps the plan of a prepared statement only where the optimiser is off; planning anew costs three
    # times the work itself at the size of a county.
    cursor.execute("pragma disable_optimizer")
    try:
        _create_relations(cursor, store, standard)
        cursor.execute("prepare facts_version as select coalesce(max(number), 0) from publications")
        for name, sql in (*fact_relations(store.schema), *method_relations(FIXED_FILES, standard)):
            cursor.execute(f"prepare lay_{name} as insert into {name} {sql}")
        for merging, names in ((False, METHOD_FILES), (True, _OF_MERGING)):
            for name, sql in method_relations(names, standard, merging=merging):
                answered = f" returning {COLUMNS[name]}" if name in COLUMNS else ""
                cursor.execute(f"prepare {_filling(name, merging)} as insert into {name} {sql}{answered}")
    finally:
        cursor.execute("pragma enable_optimizer")


def _create_relations(cursor: duckdb.DuckDBPyConnection, store: Store, standard: Standard) -> None:
    chosen = tuple(sorted(standard.choices().items()))
    for name, columns in _CHANGE_TABLES.items():
        listed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        cursor.execute(f"create or replace temp table {name} (county_code varchar, {listed})")
    for name, sql in rule_relations(standard, chosen, date.max.year):
        cursor.execute(f"create or replace temp table {name} as select * from (\n{sql}\n) limit 0")
    for name, sql in (
        *fact_relations(store.schema),
        *method_relations(FIXED_FILES, standard),
        # A school that is imagined stands like a reported one.
        ("added_schools", "select r.* from reported as r"),
        *method_relations(METHOD_FILES, standard),
    ):
        _create_like(cursor, name, sql)


# The columns of a relation by its name and SELECT: planning a SELECT only to learn them is most of a set-up.
_columns: dict[tuple[str, str], str] = {}


def _create_like(cursor: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    """Create a relation empty, with the columns of its SELECT."""
    known = _columns.get((name, sql))
    if known is not None:
        cursor.execute(f"create or replace temp table {name} ({known})")
        return
    bound = _bound(sql, {"year": 0, "county": "", "as_of": date.max})
    cursor.execute(f"create or replace temp table {name} as select * from (\n{sql}\n) limit 0", bound)
    described = cursor.execute(f"describe {name}").fetchall()
    _columns[name, sql] = ", ".join(f"{column} {type_}" for column, type_, *_ in described)


def _lay_out(cursor: duckdb.DuckDBPyConnection, found: Bench, before: Wanted | None, wanted: Wanted) -> None:
    """Fill the relations of rules and facts that are not there from before, and what no change touches."""
    if before is None or (before.chosen, before.year) != (wanted.chosen, wanted.year):
        lying = found.rules if before is not None else {}
        rules = dict(rule_relations(found.standard, wanted.chosen, wanted.year))
        # Most rules are the same in every year.
        for name, sql in rules.items():
            if lying.get(name) != sql:
                cursor.execute(f"delete from {name}")
                cursor.execute(f"insert into {name} {sql}")
        found.rules = rules
    same_facts = before is not None and replace(before, chosen=wanted.chosen) == wanted
    facts = () if same_facts else fact_relations(found.schema)
    asked = {"year": str(wanted.year), "county": literal(wanted.county_code), "as_of": f"date '{wanted.as_of}'"}
    for name, sql in (*facts, *method_relations(FIXED_FILES, found.standard)):
        cursor.execute(f"delete from {name}")
        given = ", ".join(f"{key} := {value}" for key, value in _bound(sql, asked).items())
        cursor.execute(f"execute lay_{name}({given})" if given else f"execute lay_{name}")
    if not same_facts:
        found.facts = county_facts(cursor)


def _bound(sql: str, parameters: Mapping[str, T]) -> dict[str, T]:
    return {key: value for key, value in parameters.items() if f"${key}" in sql}


def judge(cursor: duckdb.DuckDBPyConnection, county_code: str, overlay: Overlay) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every relation of the method, with these changes laid over the facts."""
    for name, rows in _changed_rows(overlay).items():
        if rows:
            values = ", ".join(f"({', '.join(literal(_text(v)) for v in (county_code, *row))})" for row in rows)
            columns = f" ({', '.join(_ADDED_SCHOOL)})" if name == "added_schools" else ""
            cursor.execute(f"insert into {name}{columns} values {values}")
    laid_out = _benches[cursor].laid_out
    merging = laid_out is not None and merges(dict(laid_out.chosen))
    return {name: cursor.execute(f"execute {_filling(name, merging)}").fetchall() for name in METHOD_FILES}


def _filling(name: str, merging: bool) -> str:
    """The prepared statement that fills a relation."""
    return f"fill_{name}_merging" if merging and name in _OF_MERGING else f"fill_{name}"


def _changed_rows(overlay: Overlay) -> dict[str, list[Sequence[object]]]:
    return {
        "changed_stages": [(*key, *figures.values()) for key, figures in overlay.enrolment.items()],
        "changed_premises": [(school_id, *figures.values()) for school_id, figures in overlay.premises.items()],
        "changed_classes": [(*key, *figures.values()) for key, figures in overlay.classes.items()],
        "added_schools": [
            (
                new.school_id,
                stage,
                new.name,
                new.kind,
                new.township_code,
                new.zone,
                new.central_area,
                new.ownership,
                new.sponsor_code,
                new.built_year,
                "open",
                True,
            )
            for new in overlay.opened.values()
            for stage in STAGES_OF_KIND[new.kind]
        ],
        "closed_schools": [(school_id,) for school_id in overlay.closed],
        "added_rooms": list(overlay.rooms),
    }


def _text(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def room_areas(standard: Standard) -> dict[str, Decimal]:
    """The area in ㎡ that a music or art room must have to count, by kind."""
    numbers = standard.item("G3").numbers
    return {kind: numbers[name] for kind, name in _ROOM_AREAS.items()}
