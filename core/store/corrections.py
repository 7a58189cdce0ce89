"""Figures corrected, or the rows of some schools replaced: what counts now with a change, through the whole gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256

from core.access import Actor
from core.errors import RequestInvalid
from core.rules.standard import Standard
from core.store.batches import facts_version, is_demo, load
from core.store.cells import Misfit, Value, cell_value
from core.store.checking import Dataset, check_tables
from core.store.coverage import Coverage
from core.store.current import COUNTY_SHEETS, current_tables
from core.store.database import Store
from core.store.dictionary import name_of, sheet, sheets
from core.store.parsing import Row, Tables

_OF_SCHOOLS = ("enrolment", "premises", "classes", "special_rooms")


@dataclass(frozen=True)
class Correction:
    """A figure to be replaced: sheet and column by identifier, `key` names the row by identifiers, year included.

    For a school or township the year says whose register is corrected. `value` is the cell as typed.
    """

    sheet: str
    key: Mapping[str, str | int]
    column: str
    value: str


def correct_figures(
    store: Store,
    standard: Standard,
    county_code: str,
    corrections: Sequence[Correction],
    actor: Actor,
    now: datetime,
    reason: str,
) -> int:
    """Store corrections of one township and year, or of the county's sheets of one year, as a draft; its number.

    Figures that only agree together, such as a class and the school's roll, are corrected together. The batch
    copies what counts now for that township or those sheets with the figures replaced, so that it is published
    and rolled back alone; the whole county is checked with it. Raises InputRejected when a check fails,
    RequestInvalid when a row or column is unknown, nothing changes, or the reason is missing.
    """
    if not reason.strip():
        raise RequestInvalid("请写明更正的理由。")
    year = _only_year(corrections)
    now_counting = current_tables(store, county_code, year=year)
    tables = dict(now_counting)
    rows = [_corrected(tables, correction) for correction in corrections]
    name = "更正：" + "；".join(_described(correction) for correction in corrections)
    fingerprint = sha256(repr((facts_version(store), name, [c.value for c in corrections])).encode()).hexdigest()
    earlier = partial(current_tables, store)
    known = set(check_tables(name, fingerprint, now_counting, earlier=earlier).warnings)
    checked = check_tables(name, fingerprint, tables, earlier=earlier)
    new = tuple(w for w in checked.warnings if w not in known)
    kept, coverage = _scope(tables, corrections, rows, year)
    return load(
        store,
        Dataset(name, fingerprint, county_code, kept, new),
        standard,
        actor,
        now,
        note=reason.strip(),
        is_demo=is_demo(store, county_code),
        warning_reasons=dict.fromkeys(range(len(new)), reason.strip()),
        coverage=coverage,
    )


def _only_year(corrections: Sequence[Correction]) -> int:
    years = {correction.key.get("year") for correction in corrections}
    year = next(iter(years), None)
    if len(years) != 1 or not isinstance(year, int):
        raise RequestInvalid("请指明要更正的学年；一次只更正一个学年。")
    return year


def _corrected(tables: Tables, correction: Correction) -> Row:
    """Replace the figure in `tables` and return the row."""
    known = next((s for s in sheets() if s.identifier == correction.sheet), None)
    column = (
        next((c for c in known.columns if c.identifier == correction.column and not c.is_key), None) if known else None
    )
    if known is None or column is None:
        raise RequestInvalid(f"没有可以更正的列 {correction.sheet}.{correction.column}。")
    names = {c.identifier for c in known.columns}
    wanted = {name: value for name, value in correction.key.items() if name in names}
    found = [row for row in tables[known.identifier] if all(row[n] == v for n, v in wanted.items())]
    if not known.key or not set(known.key) <= set(wanted) or not found:
        raise RequestInvalid(f"“{known.name}”表中没有这一行：{_named(correction)}。")
    try:
        value = cell_value(column, correction.value, Decimal(1))
    except Misfit as misfit:
        raise RequestInvalid(f"{column.name}：{misfit.found}；应为：{misfit.expected}。") from None
    if value is None and column.required:
        raise RequestInvalid(f"{column.name}不能为空。")
    if found[0][column.identifier] == value:
        raise RequestInvalid(f"“{known.name}”表{_named(correction)}的{column.name}已经是这个值，没有改动。")
    row = Row(found[0].number, {**found[0].values, column.identifier: value})
    tables[known.identifier] = [row if r is found[0] else r for r in tables[known.identifier]]
    return row


def _named(correction: Correction) -> str:
    lists = {"stage": "stage", "figure": "figure", "item": "judged_item", "group": "survey_group"}
    return " ".join(
        name_of(lists[name], str(value)) if name in lists else str(value) for name, value in correction.key.items()
    )


def _described(correction: Correction) -> str:
    known = sheet(correction.sheet)
    return f"{known.name} {_named(correction)} {known.column(correction.column).name}"


def _scope(
    tables: Tables, corrections: Sequence[Correction], rows: Sequence[Row], year: int
) -> tuple[Tables, Coverage]:
    """The part of the county that the corrections concern, and what a batch of it covers."""
    homes = {row["school_id"]: row["township_code"] for row in tables["schools"]}
    places: set[Value] = set()
    for correction, row in zip(corrections, rows, strict=True):
        if correction.sheet in COUNTY_SHEETS:
            places.add(None)
        elif correction.sheet == "townships":
            places.add(row["code"])
        else:
            places.add(row["township_code"] or homes.get(row["school_id"]))
    if len(places) != 1:
        raise RequestInvalid("一次只更正一个乡镇的数据，或县级数据；请分开更正。")
    place = next(iter(places))
    if place is None:
        kept = {name: rows_ if name in COUNTY_SHEETS else [] for name, rows_ in tables.items()}
        return kept, Coverage((), (), (year,), whole_county=True)
    return township_tables(tables, {place}), Coverage((str(place),), (year,), (), whole_county=False)


def township_tables(tables: Tables, townships: set[Value]) -> Tables:
    """The rows of these townships and their schools; the county's own sheets are empty."""
    schools = {row["school_id"] for row in tables["schools"] if row["township_code"] in townships}
    kept: Tables = {name: [] for name in tables}
    kept["townships"] = [row for row in tables["townships"] if row["code"] in townships]
    for name in ("schools", "attendance"):
        kept[name] = [row for row in tables[name] if row["township_code"] in townships]
    for name in _OF_SCHOOLS:
        kept[name] = [row for row in tables[name] if row["school_id"] in schools]
    return kept


def only_listed_schools(store: Store, dataset: Dataset) -> Dataset:
    """The dataset with every school that it does not list copied from what counts now, in its townships.

    For the workbook of one school, or of some: publishing it leaves the township's other schools as they are.
    Raises RequestInvalid when it carries several school years.
    """
    if len(dataset.school_years) != 1:
        raise RequestInvalid("只更新部分学校时，一份工作簿只能有一个学年。")
    townships: set[Value] = {row["code"] for row in dataset.tables["townships"]}
    listed = {row["school_id"] for row in dataset.tables["schools"]}
    now_counting = current_tables(store, dataset.county_code, year=dataset.school_years[0])
    others = township_tables(now_counting, townships)
    tables = dict(dataset.tables)
    for name in ("schools", *_OF_SCHOOLS):
        tables[name] = [*tables[name], *(row for row in others[name] if row["school_id"] not in listed)]
    reported = {row["township_code"] for row in tables["attendance"]}
    tables["attendance"] = [
        *tables["attendance"],
        *(row for row in others["attendance"] if row["township_code"] not in reported),
    ]
    merged = check_tables(dataset.source_name, dataset.sha256, tables)
    # That schools are left out is what was asked for.
    register = sheet("schools")
    no_longer = (register.name, None, register.column("school_id").name)
    kept = tuple(w for w in dataset.warnings if (w.sheet, w.row, w.column) != no_longer)
    return Dataset(dataset.source_name, dataset.sha256, dataset.county_code, merged.tables, kept)
