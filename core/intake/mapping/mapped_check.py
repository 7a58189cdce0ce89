"""An export checked through a column mapping: the check-up of every workbook, its findings where the export has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.dataset.cells import CHOOSE_FROM_LIST, Value
from core.dataset.dictionary import Sheet, sheets
from core.dataset.rows import Row, Tables
from core.errors import InputRejected, Problem
from core.facts.current import REGISTER_SHEETS, current_tables
from core.facts.published import published_counties
from core.intake.checkup.checking import NO_HOME, Dataset, Home, check_tables
from core.intake.mapping.column_mapping import ColumnMapping
from core.intake.mapping.mapped_source import MappedSource, read_mapped
from core.intake.reading.parsing import parse
from core.intake.reading.raw_sheets import Source
from core.naming import named
from core.store.database import Store

Counting = Callable[[int | None], Tables]
# Rows that are kept from what counts now stand behind every row of the file.
_KEPT_FROM = 10_000_000
_ROWS_NAMED = re.compile(r"第 ((?:\d+、)*\d+)(等?) 行")
_JOIN = "、"
_MOST_NAMED = 5
_SAY_MEANING = "请在列对应的“文件中的文字”中说明含义"


@dataclass(frozen=True)
class MappedDataset:
    """A checked export, with the columns and sheets of theirs that the mapping leaves out."""

    dataset: Dataset
    unused_titles: tuple[tuple[str, tuple[str, ...]], ...]
    unused_sheets: tuple[str, ...]

    def left_out(self) -> list[str]:
        """What is not taken in, a sentence a sheet."""
        said = [f"没有对应的列：工作表“{label}”的{_JOIN.join(titles)}" for label, titles in self.unused_titles]
        return [*said, *([f"没有对应的工作表：{_JOIN.join(self.unused_sheets)}"] if self.unused_sheets else [])]


def check_mapped(
    source: Source,
    mapping: ColumnMapping,
    *,
    year: int | None = None,
    counting: Counting | None = None,
    home: Home = NO_HOME,
) -> MappedDataset:
    """The dataset in an export. Raises InputRejected as `check` does, RequestInvalid when the mapping does not fit.

    `counting` gives the county's rows that count now, of one year or (None) all: tables and columns that the mapping
    does not speak of, and schools and stages that the file does not report, keep what counts now for the years of
    the file: a form replaces only what it reports. Schools that it leaves out are named in a warning.
    """
    mapped = read_mapped(source, mapping, year)
    tables, problems = parse(mapped.source)
    if counting is not None:
        completed = _completed(tables, mapping, counting)
        problems = [*problems, *_not_reported(tables, completed, mapping)]
        tables = completed
    rejected: InputRejected | None = None
    dataset: Dataset | None = None
    try:
        dataset = check_tables(
            mapped.source.name,
            mapped.source.sha256,
            tables,
            earlier=None if counting is None else lambda _: counting(None),
            found=problems,
            home=home,
        )
        found: Sequence[Problem] = dataset.warnings
    except InputRejected as fault:
        rejected, found = fault, fault.problems
    said = _each_once([*mapped.problems, *(_at_origin(problem, mapped) for problem in found)])
    if rejected is not None or dataset is None or any(p.level == "FAIL" for p in said):
        raise InputRejected(said)
    return MappedDataset(replace(dataset, warnings=tuple(said)), mapped.unused_titles, mapped.unused_sheets)


def county_counting(store: Store, county_code: str) -> Counting:
    """A county's rows that count now, for `check_mapped`."""
    return lambda year: current_tables(store, county_code, year=year)


def only_county_counting(store: Store | None) -> Counting | None:
    """The same for the only county of a store; None when nothing counts yet, or more than one county does."""
    counties = [] if store is None else published_counties(store)
    return county_counting(store, counties[0]) if store is not None and len(counties) == 1 else None


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    """A personal number is found in the export and again in the rows made from it: it is said once."""
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.level, problem.sheet, problem.row, problem.found), problem)
    return list(seen.values())


def _completed(tables: Tables, mapping: ColumnMapping, counting: Counting) -> Tables:
    spoken = mapping.tables
    years = {row["year"] for rows in tables.values() for row in rows} - {None}
    latest = max((year for year in years if isinstance(year, int)), default=None)
    of_all = counting(None)
    registers = counting(latest) if latest is not None else of_all
    completed: Tables = {}
    for known in sheets():
        name = known.identifier
        is_register = name in REGISTER_SHEETS
        now = registers[name] if is_register and registers[name] else of_all[name]
        now = [row for row in now if is_register or row["year"] in years]
        reported = {_whose(known, row) for row in tables[name]}
        kept = [row for row in now if _whose(known, row) not in reported]
        rows = [Row(_KEPT_FROM + n, row.values) for n, row in enumerate(_covered(known, kept, completed))]
        filled = _filled_up(known, tables[name], now, spoken[name]) if name in spoken else []
        completed[name] = [*filled, *rows]
    return completed


def _whose(known: Sheet, row: Row) -> tuple[Value, ...]:
    """What a row belongs to: a form that reports it replaces it whole, and what no form reports stays as it counts."""
    columns = [c.identifier for c in known.columns]
    named = [c for c in ("school_id", "stage") if c in columns] if "school_id" in columns else list(known.key)
    return tuple(row[c] for c in (*named, "year") if c in columns)


def _not_reported(tables: Tables, completed: Tables, mapping: ColumnMapping) -> Iterator[Problem]:
    """A WARN for each table of which the export leaves schools out whose figures count now."""
    names = {row["school_id"]: str(row["name"] or row["school_id"]) for row in completed["schools"]}
    for known in sheets():
        if known.identifier not in mapping.tables or all(c.identifier != "school_id" for c in known.columns):
            continue
        listed = {row["school_id"] for row in tables[known.identifier]}
        kept = dict.fromkeys(r["school_id"] for r in completed[known.identifier] if r["school_id"] not in listed)
        if kept and listed:
            some = named([names.get(school_id, str(school_id)) for school_id in kept], most=_MOST_NAMED)
            yield Problem(
                "WARN",
                known.name,
                None,
                known.column("school_id").name,
                f"文件没有列出 {len(kept)} 所学校（{some}）",
                "全部学校",
                "这些学校保留现行数据；漏报的请补报后重新上传",
            )


def _covered(known: Sheet, rows: list[Row], registers: Tables) -> list[Row]:
    """The rows whose school or township stands in the registers of the dataset; registers come first."""
    columns = {c.identifier for c in known.columns}
    for column, register, key in (("school_id", "schools", "school_id"), ("township_code", "townships", "code")):
        if column in columns and register in registers:
            listed = {row[key] for row in registers[register]}
            return [row for row in rows if row[column] in listed]
    return rows


def _filled_up(known: Sheet, rows: list[Row], now: list[Row], spoken: frozenset[str]) -> list[Row]:
    if not known.key:
        return rows
    before = {tuple(row[c] for c in known.key): row for row in now}
    kept = [c.identifier for c in known.columns if c.identifier not in spoken and not c.is_key]
    filled = []
    for row in rows:
        other = before.get(tuple(row[c] for c in known.key))
        values: dict[str, Value] = {**row.values, **({c: other[c] for c in kept} if other else {})}
        filled.append(Row(row.number, values))
    return filled


def _at_origin(problem: Problem, mapped: MappedSource) -> Problem:
    """The same finding where the export has it; what no row of the export says keeps the name of our table."""
    known = next((s for s in sheets() if s.name == problem.sheet), None)
    if known is None:
        return problem
    if problem.row is None:
        return replace(problem, found=_with_their_rows(problem.found, known, mapped, ""))
    rows = mapped.rows.get((known.identifier, problem.row))
    if rows is None:
        return replace(problem, sheet=f"{known.name}（现行数据）", row=None)
    named = [c for c in known.columns if c.name in (problem.column or "").split(_JOIN)]
    origins = [mapped.cells.get((known.identifier, problem.row, c.identifier)) for c in named]
    titles = [origin.title if origin else column.name for origin, column in zip(origins, named, strict=True)]
    place = next((origin for origin in origins if origin), rows[0])
    found = _with_their_rows(problem.found, known, mapped, place.sheet)
    column = _JOIN.join(dict.fromkeys(titles)) or None
    advice = _SAY_MEANING if problem.advice == CHOOSE_FROM_LIST else problem.advice
    return replace(problem, sheet=place.sheet, row=place.row, column=column, found=found, advice=advice)


def _with_their_rows(sentence: str, known: Sheet, mapped: MappedSource, label: str) -> str:
    """A sentence that names rows of ours with theirs, those of the sheet spoken of where there are several."""

    def theirs(numbers: re.Match[str]) -> str:
        listed = [mapped.rows.get((known.identifier, int(number)), ()) for number in numbers[1].split(_JOIN)]
        found = [next((o for o in origins if o.sheet == label), origins[0]) for origins in listed if origins]
        if not found:
            return numbers[0]
        return f"“{found[0].sheet}”第 {_JOIN.join(str(origin.row) for origin in found)}{numbers[2]} 行"

    return _ROWS_NAMED.sub(theirs, sentence)
