"""Figures corrected, or the rows of some schools replaced: what counts now with a change, through the whole gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from types import MappingProxyType

from core.access import Actor
from core.batches.coverage import Coverage
from core.batches.loading import load
from core.dataset.cells import Misfit, Value, cell_value
from core.dataset.dictionary import Sheet, name_of, sheet, sheets
from core.dataset.personal import personal_number
from core.dataset.rows import Row, Tables
from core.dataset.sheet_kinds import COUNTY_SHEETS, SHEETS_OF_SCHOOLS
from core.errors import RequestInvalid
from core.facts.current import current_tables
from core.facts.published import facts_version, is_demo
from core.intake.checkup.checking import Dataset, check_tables, home_of
from core.rules.standard import Standard
from core.store.database import Store


@dataclass(frozen=True)
class Correction:
    """A figure to be replaced: sheet and column by identifier, `key` names the row by identifiers, year included.

    For a school or township the year says whose register is corrected. `value` is the cell as typed.
    """

    sheet: str
    key: Mapping[str, str | int]
    column: str
    value: str


@dataclass(frozen=True)
class RowsCorrection:
    """The rows of a sheet that `key` names, such as a school's classes of a year and stage, replaced by others.

    Every row gives its remaining cells as typed, by column; a row of empty cells is none. Rows may come and go. Of a
    register, which has no years, the key's year says whose is corrected.
    """

    sheet: str
    key: Mapping[str, str | int]
    rows: tuple[Mapping[str, str], ...]


AnyCorrection = Correction | RowsCorrection


def class_corrections(
    tables: Tables, school_id: str, year: int, stage: str, rows: Sequence[Mapping[str, str]]
) -> list[AnyCorrection]:
    """A school's classes of a year and stage replaced, and with them the pupils that they add up to, if any."""
    key: dict[str, str | int] = {"school_id": school_id, "year": year, "stage": stage}
    classes = RowsCorrection("classes", key, tuple(rows))
    column = sheet("classes").column("pupils")
    try:
        total = sum(int(str(cell_value(column, row.get("pupils", ""), Decimal(1)) or 0)) for row in rows)
    except Misfit:
        # The fault is named when the rows themselves are corrected.
        return [classes]
    if not total:
        # A grid that was emptied says nothing of the pupils: missing is not zero.
        return [classes]
    rolls = [row["pupils"] for row in tables["enrolment"] if all(row[c] == v for c, v in key.items())]
    return [classes] if rolls == [total] else [classes, Correction("enrolment", key, "pupils", str(total))]


def correct_figures(
    store: Store,
    standard: Standard,
    county_code: str,
    corrections: Sequence[AnyCorrection],
    actor: Actor,
    now: datetime,
    reason: str,
) -> int:
    """Store corrections of one township and year, or of the county's sheets of one year, as a draft; its number.

    Figures that only agree together, such as a class and the school's roll, are corrected together. The batch
    copies what counts now for that township or those sheets with the figures replaced, and says from which facts
    version; the whole county is checked with it. Raises InputRejected when a check fails,
    RequestInvalid when a row or column is unknown, nothing changes, or the reason is missing.
    """
    if not reason.strip():
        raise RequestInvalid("请写明更正的理由。")
    year = _only_year(corrections)
    corrections = [_with_key_read(c) if isinstance(c, RowsCorrection) else c for c in corrections]
    # Read before the figures: what is published in between is then later, and the draft is refused.
    version = facts_version(store)
    now_counting = current_tables(store, county_code, year=year)
    tables = dict(now_counting)
    for correction in corrections:
        if isinstance(correction, RowsCorrection):
            _replace_rows(tables, correction)
        else:
            _correct(tables, correction)
    schools = {row["school_id"]: str(row["name"]) for row in now_counting["schools"]}
    name = "更正：" + "；".join(_described(correction, schools) for correction in corrections)
    fingerprint = sha256(repr((version, name, corrections)).encode()).hexdigest()
    earlier, home = partial(current_tables, store), home_of(store)
    known = set(check_tables(name, fingerprint, now_counting, earlier=earlier, home=home).warnings)
    checked = check_tables(name, fingerprint, tables, earlier=earlier, home=home)
    new = tuple(w for w in checked.warnings if w not in known)
    kept, coverage = _scope(now_counting, tables, corrections, year)
    return load(
        store,
        Dataset(name, fingerprint, county_code, kept, new, version),
        standard,
        actor,
        now,
        note=reason.strip(),
        is_demo=is_demo(store, county_code),
        warning_reasons=dict.fromkeys(range(len(new)), reason.strip()),
        coverage=coverage,
    )


def _only_year(corrections: Sequence[AnyCorrection]) -> int:
    years = {correction.key.get("year") for correction in corrections}
    year = next(iter(years), None)
    if len(years) != 1 or not isinstance(year, int):
        raise RequestInvalid("请指明要更正的学年；一次只更正一个学年。")
    return year


def _correct(tables: Tables, correction: Correction) -> None:
    """Replace the figure in `tables`."""
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


def _replace_rows(tables: Tables, correction: RowsCorrection) -> None:
    """Replace the rows in `tables`; a row of the same key keeps its number."""
    known = sheet(correction.sheet)
    own = _own_key(known, correction)
    listed = tables[known.identifier]
    before = [row for row in listed if all(row[c] == v for c, v in own.items())]
    typed = _typed_rows(known, correction)
    columns = [c.identifier for c in known.columns]
    if Counter(tuple(v.get(c) for c in columns) for v in typed) == Counter(
        tuple(r[c] for c in columns) for r in before
    ):
        raise RequestInvalid(f"“{known.name}”表{_named(correction)}与现行数据相同，没有改动。")
    numbers = {tuple(row[c] for c in known.key): row.number for row in before} if known.key else {}
    next_number = max((row.number for row in listed), default=1) + 1
    rows = [
        Row(numbers.get(tuple(values.get(c) for c in known.key), next_number + place), values)
        for place, values in enumerate(typed)
    ]
    tables[known.identifier] = [*(row for row in listed if row not in before), *rows]


def _with_key_read(correction: RowsCorrection) -> RowsCorrection:
    """The correction with its key read as cells are: a new school's identifier is typed like any other."""
    known = next((s for s in sheets() if s.identifier == correction.sheet), None)
    if known is None or not set(correction.key) <= {"year", *(c.identifier for c in known.columns)}:
        raise RequestInvalid(f"没有可以更正的表 {correction.sheet}。")
    key: dict[str, str | int] = dict(correction.key)
    for column in known.columns:
        if column.identifier not in key:
            continue
        typed = key[column.identifier]
        try:
            value = cell_value(column, typed, Decimal(1))
        except Misfit as misfit:
            raise RequestInvalid(f"{column.name}：{misfit.found}；应为：{misfit.expected}。") from None
        if found := personal_number(str(typed)):
            raise RequestInvalid(f"{column.name}：{found}；应为：不含个人信息的数据。")
        if not isinstance(value, str | int):
            raise RequestInvalid(f"没有填写{column.name}。")
        key[column.identifier] = value
    return replace(correction, key=key)


def _own_key(known: Sheet, correction: RowsCorrection) -> dict[str, str | int]:
    """The key by the sheet's own columns: a register has no years."""
    names = {column.identifier for column in known.columns}
    return {name: value for name, value in correction.key.items() if name in names}


def _typed_rows(known: Sheet, correction: RowsCorrection) -> list[dict[str, Value]]:
    typed: list[dict[str, Value]] = []
    seen: dict[tuple[Value, ...], int] = {}
    for number, cells in enumerate(correction.rows, 1):
        if not any(str(cell).strip() for cell in cells.values()):
            continue
        values: dict[str, Value] = dict(_own_key(known, correction))
        for column in known.columns:
            if column.identifier in correction.key:
                continue
            try:
                values[column.identifier] = cell_value(column, cells.get(column.identifier, ""), Decimal(1))
            except Misfit as misfit:
                raise RequestInvalid(
                    f"“{known.name}”第 {number} 行{column.name}：{misfit.found}；应为：{misfit.expected}。"
                ) from None
            if column.required and values[column.identifier] is None:
                raise RequestInvalid(f"“{known.name}”第 {number} 行没有填写{column.name}。")
        key = tuple(values[c] for c in known.key)
        if key and key in seen:
            raise RequestInvalid(f"“{known.name}”第 {number} 行与第 {seen[key]} 行重复，每个组合只出现一次。")
        seen[key] = number
        typed.append(values)
    return typed


def _named(correction: AnyCorrection, schools: Mapping[Value, str] = MappingProxyType({})) -> str:
    """The row of a correction; a school by its name where `schools` knows it."""
    lists = {"stage": "stage", "figure": "figure", "item": "judged_item", "group": "survey_group"}
    return " ".join(
        name_of(lists[name], str(value)) if name in lists else schools.get(value, str(value))
        for name, value in correction.key.items()
    )


def _described(correction: AnyCorrection, schools: Mapping[Value, str]) -> str:
    known = sheet(correction.sheet)
    column = f" {known.column(correction.column).name}" if isinstance(correction, Correction) else ""
    return f"{known.name} {_named(correction, schools)}{column}"


def _scope(before: Tables, tables: Tables, corrections: Sequence[AnyCorrection], year: int) -> tuple[Tables, Coverage]:
    """The part of the county that the corrections concern, and what a batch of it covers.

    A school that moves concerns the township that it leaves and the one that it comes to.
    """
    left = {row["school_id"]: row["township_code"] for row in before["schools"]}
    homes = {row["school_id"]: row["township_code"] for row in tables["schools"]}
    places: set[Value] = set()
    moved: set[Value] = set()
    for correction in corrections:
        key = correction.key
        if correction.sheet in COUNTY_SHEETS:
            places.add(None)
        else:
            school_id = key.get("school_id")
            place = key.get("code") or key.get("township_code") or homes.get(school_id)
            if place is None:
                raise RequestInvalid(f"没有学校 {school_id}。")
            places.add(place)
            if correction.sheet == "schools" and left.get(school_id) not in (None, homes.get(school_id)):
                moved = {left[school_id], homes.get(school_id)}
    places |= moved
    if len(places) != max(1, len(moved)):
        raise RequestInvalid("一次只更正一个乡镇的数据，或县级数据；请分开更正。")
    if None in places:
        kept = {name: rows if name in COUNTY_SHEETS else [] for name, rows in tables.items()}
        return kept, Coverage((), (), (year,), whole_county=True)
    return township_tables(tables, places), Coverage(tuple(sorted(map(str, places))), (year,), (), whole_county=False)


def township_tables(tables: Tables, townships: set[Value]) -> Tables:
    """The rows of these townships and their schools; the county's own sheets are empty."""
    schools = {row["school_id"] for row in tables["schools"] if row["township_code"] in townships}
    kept: Tables = {name: [] for name in tables}
    kept["townships"] = [row for row in tables["townships"] if row["code"] in townships]
    for name in ("schools", "attendance"):
        kept[name] = [row for row in tables[name] if row["township_code"] in townships]
    for name in SHEETS_OF_SCHOOLS:
        kept[name] = [row for row in tables[name] if row["school_id"] in schools]
    return kept


def only_listed_schools(store: Store, dataset: Dataset) -> Dataset:
    """The dataset with every school that it does not list copied from what counts now, in its townships.

    For the workbook of one school, or of some: publishing it leaves the township's other schools as they are. It
    says from which facts version it copied.
    Raises RequestInvalid when it carries several school years.
    """
    if len(dataset.school_years) != 1:
        raise RequestInvalid("只更新部分学校时，一份工作簿只能有一个学年。")
    version = facts_version(store)
    townships: set[Value] = {row["code"] for row in dataset.tables["townships"]}
    listed = {row["school_id"] for row in dataset.tables["schools"]}
    now_counting = current_tables(store, dataset.county_code, year=dataset.school_years[0])
    others = township_tables(now_counting, townships)
    tables = dict(dataset.tables)
    for name in ("schools", *SHEETS_OF_SCHOOLS):
        tables[name] = [*tables[name], *(row for row in others[name] if row["school_id"] not in listed)]
    reported = {row["township_code"] for row in tables["attendance"]}
    tables["attendance"] = [
        *tables["attendance"],
        *(row for row in others["attendance"] if row["township_code"] not in reported),
    ]
    merged = check_tables(dataset.source_name, dataset.sha256, tables, home=home_of(store))
    # That schools are left out is what was asked for.
    register = sheet("schools")
    no_longer = (register.name, None, register.column("school_id").name)
    kept = tuple(w for w in dataset.warnings if (w.sheet, w.row, w.column) != no_longer)
    return Dataset(dataset.source_name, dataset.sha256, dataset.county_code, merged.tables, kept, version)
