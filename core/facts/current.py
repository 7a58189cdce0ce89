"""The rows that count now, or would count with a draft, in the shape of the sheets they came in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from core.dataset.cells import Value
from core.dataset.dictionary import Column, Sheet, sheets
from core.dataset.rows import Row, Tables
from core.dataset.sheet_kinds import COUNTY_SHEETS
from core.store.database import Store

REGISTER_SHEETS = frozenset({"townships", "schools"})

# Which batch counts where, as in the views, with the draft looked at as the last publication.
_SCOPE = """
with live as (
    select batch_id, whole_county, number
    from live_batches
    where county_code = $county and batch_id is distinct from cast({draft} as integer)
    union all
    select batch_id, whole_county, 2147483647
    from batches
    where county_code = $county and batch_id = cast({draft} as integer)
),
coverage as (
    select c.township_code, c.year, arg_max(b.batch_id, b.number) as batch_id
    from batch_coverage as c
    join live as b on b.batch_id = c.batch_id
    group by c.township_code, c.year
),
county_years as (
    select c.year, arg_max(b.batch_id, b.number) as batch_id
    from batch_county_years as c
    join live as b on b.batch_id = c.batch_id
    where b.whole_county
    group by c.year
)
"""
_TOWNSHIPS = """
select {columns} from coverage as c
join townships as t on t.batch_id = c.batch_id and t.code = c.township_code
where $year is null or c.year = $year
qualify row_number() over (partition by t.code order by c.year desc) = 1
order by t.code
"""
_SCHOOLS = """
select {columns} from coverage as c
join schools as t on t.batch_id = c.batch_id and t.township_code = c.township_code
join live as b on b.batch_id = c.batch_id
where $year is null or c.year = $year
qualify row_number() over (partition by t.school_id order by c.year desc, b.number desc, t.township_code) = 1
order by t.school_id
"""
_OF_SCHOOLS = """
select {columns} from coverage as c
join schools as s on s.batch_id = c.batch_id and s.township_code = c.township_code
join {sheet} as t on t.batch_id = c.batch_id and t.school_id = s.school_id and t.year = c.year
where $year is null or c.year = $year
order by all
"""
_OF_TOWNSHIPS = """
select {columns} from coverage as c
join {sheet} as t on t.batch_id = c.batch_id and t.township_code = c.township_code and t.year = c.year
where $year is null or c.year = $year
order by all
"""
_OF_COUNTY = """
select {columns} from county_years as c
join {sheet} as t on t.batch_id = c.batch_id and t.year = c.year
where $year is null or c.year = $year
order by all
"""


_DIFFERENCE = """
select {columns}, count(*) filter (side = 'now') as now, count(*) filter (side = 'then') as then
from (select *, 'now' as side from ({now}) union all select *, 'then' as side from ({then}))
group by {columns}
having count(*) filter (side = 'now') <> count(*) filter (side = 'then')
"""


def current_tables(
    store: Store,
    county_code: str,
    *,
    year: int | None = None,
    draft: int | None = None,
    sheet_ids: Collection[str] | None = None,
) -> Tables:
    """Every sheet's rows that count now for a county, of one year or all; registers as of the latest year.

    `draft` is a batch looked at as if it had just been published. A row's number is its place in an export.
    `sheet_ids` are the sheets asked for where not all are.
    """
    parameters = {"county": county_code, "year": year, "draft": draft}
    return {
        s.identifier: _rows(store, s, _select(s, "$draft"), parameters)
        for s in sheets()
        if sheet_ids is None or s.identifier in sheet_ids
    }


def differing_tables(store: Store, county_code: str, draft: int) -> tuple[Tables, Tables, dict[str, int]]:
    """The rows that count now and would not as they are with a draft, those that would instead, and how many stay."""
    old: Tables = {}
    new: Tables = {}
    staying: dict[str, int] = {}
    parameters = {"county": county_code, "year": None, "draft": draft}
    for known in sheets():
        columns = ", ".join(f'"{c.identifier}"' for c in known.columns)
        sql = _DIFFERENCE.format(columns=columns, now=_select(known, "null"), then=_select(known, "$draft"))
        found = store.rows(sql, parameters)
        # Every row comes with how often it counts now and how often with the draft.
        old[known.identifier] = _typed(known, (row for *row, now, then in found for _ in range(now - then)))
        new[known.identifier] = _typed(known, (row for *row, now, then in found for _ in range(then - now)))
        counted = store.rows(f"select count(*) from ({_select(known, 'null')})", {"county": county_code, "year": None})
        staying[known.identifier] = int(counted[0][0]) - len(old[known.identifier])
    return old, new, staying


def batch_tables(store: Store, batch_id: int) -> Tables:
    """Every sheet's rows of one batch, whether it counts or not."""
    return {
        s.identifier: _rows(
            store,
            s,
            f"select {_columns(s)} from {s.identifier} as t where batch_id = $batch order by all",
            {"batch": batch_id},
        )
        for s in sheets()
    }


def _select(sheet: Sheet, draft: str) -> str:
    if sheet.identifier in COUNTY_SHEETS:
        template = _OF_COUNTY
    elif sheet.identifier == "attendance":
        template = _OF_TOWNSHIPS
    else:
        template = {"townships": _TOWNSHIPS, "schools": _SCHOOLS}.get(sheet.identifier, _OF_SCHOOLS)
    return _SCOPE.format(draft=draft) + template.format(columns=_columns(sheet), sheet=sheet.identifier)


def _columns(sheet: Sheet) -> str:
    return ", ".join(f't."{c.identifier}"' for c in sheet.columns)


def _rows(store: Store, sheet: Sheet, sql: str, parameters: Mapping[str, object]) -> list[Row]:
    return _typed(sheet, store.rows(sql, parameters))


def _typed(sheet: Sheet, rows: Iterable[Sequence[Value]]) -> list[Row]:
    columns = sheet.columns
    return [
        Row(number, {c.identifier: _value(c, cell) for c, cell in zip(columns, cells, strict=True)})
        for number, cells in enumerate(rows, 2)
    ]


def _value(column: Column, cell: Value) -> Value:
    return int(cell) if column.type == "integer" and isinstance(cell, Decimal) else cell
