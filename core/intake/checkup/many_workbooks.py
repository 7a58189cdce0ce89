"""Several workbooks of ours in one go, such as those of all townships: checked together, every finding in its file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from core.dataset.cells import Value, quoted
from core.dataset.dictionary import Sheet, sheets
from core.dataset.rows import Row, Tables
from core.dataset.sheet_kinds import COUNTY_SHEETS, SCHOOL_YEAR_SHEETS, is_whole_county, years_of
from core.errors import Findings, InputRejected, Problem
from core.intake.checkup.checking import NO_HOME, Dataset, Earlier, Home, check_tables
from core.intake.reading.our_layout import is_in_our_layout
from core.intake.reading.parsing import parse
from core.intake.reading.raw_sheets import Source
from core.intake.reading.workbooks import Workbook
from core.naming import named

# Rows of the first file stand behind every row that a sheet can have, those of the second behind them.
_FILE = 10_000_000
_COUNTING = "现行数据"
_ROWS_SAID = re.compile(r"第 (?:\d{8,}、?)+")
_ROW = re.compile(r"\d{8,}")
# What several files may say alike, each completely.
_SHARED = ("townships", *COUNTY_SHEETS)


@dataclass(frozen=True)
class HandedIn:
    """What one file brought: the townships and how many schools it lists, with how many faults and warnings."""

    file: str
    townships: tuple[str, ...]
    schools: int
    failures: int
    warnings: int


@dataclass(frozen=True)
class CheckedWorkbooks:
    """The files together: the dataset, None where it was rejected, what was found, and who has handed in.

    `missing` are the townships that count already and are in no file. Where no file has a sheet of the county, as those
    of townships have none, it `keeps` what counts there, and is out of date when that changes.
    """

    dataset: Dataset | None
    keeps: bool
    problems: tuple[Problem, ...]
    board: tuple[HandedIn, ...]
    missing: tuple[str, ...]

    def taken(self) -> Dataset:
        """The dataset. Raises InputRejected with what was found where there is none."""
        if self.dataset is None:
            raise InputRejected(self.problems)
        return self.dataset


def sources_of(books: Sequence[Workbook]) -> list[Source]:
    """Workbooks of ours as sources. Raises InputRejected with those that are none, or bear the name of another."""
    sources = [Source(book.name, book.sha256, list(book.sheets)) for book in books]
    names = [source.name for source in sources]
    problems = [
        Problem(
            "FAIL",
            "",
            None,
            None,
            f"“{source.name}”不是本平台的模板工作簿",
            "几个工作簿一起上传时，都是下载的模板",
            "其他统计报表请单独上传，按列对应导入",
        )
        for source in sources
        if not is_in_our_layout(source)
    ] + [
        Problem("FAIL", "", None, None, f"有两个文件都叫“{name}”", "每个文件各有名称", "请改名后重新上传")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise InputRejected(problems)
    return sources


def check_many(
    sources: Sequence[Source],
    *,
    earlier: Earlier | None = None,
    home: Home = NO_HOME,
    tell: Callable[[int, int, str], None] = lambda *_: None,
) -> CheckedWorkbooks:
    """The sources checked as one dataset; `tell` hears how many of how many are read, and the name of the next."""
    tables: Tables = {known.identifier: [] for known in sheets()}
    problems = Findings()
    own: list[Tables] = []
    for number, source in enumerate(sources):
        tell(number, len(sources), source.name)
        read, found = parse(source)
        problems.extend(replace(p, file=source.name) for p in found)
        own.append(read)
        for sheet_id, rows in read.items():
            tables[sheet_id] += [Row((number + 1) * _FILE + row.number, row.values) for row in rows]
    names = [source.name for source in sources]
    merged = _together(tables, names, problems)
    counting = _counting(merged, earlier)
    kept = _county_sheets(merged, counting, (len(sources) + 1) * _FILE)
    merged |= kept
    digest = sha256("".join(sorted(source.sha256 for source in sources)).encode()).hexdigest()
    try:
        checked = check_tables(
            named(names, "个文件"), digest, merged, found=problems.listed(), earlier=earlier, home=home
        )
        dataset: Dataset | None = replace(checked, warnings=tuple(_in_files(checked.warnings, names)))
        listed: list[Problem] = list(dataset.warnings) if dataset else []
    except InputRejected as rejected:
        dataset, listed = None, list(_in_files(rejected.problems, names))
    board = tuple(_handed_in(source, read, listed) for source, read in zip(sources, own, strict=True))
    return CheckedWorkbooks(dataset, bool(kept), tuple(listed), board, _missing(merged, counting))


def _counting(tables: Tables, earlier: Earlier | None) -> Tables | None:
    """What counts now in the county that the files speak of; None where that cannot be told."""
    codes = [str(row["code"])[:6] for row in tables["townships"]]
    return earlier(codes[0]) if earlier and codes else None


def _county_sheets(tables: Tables, counting: Tables | None, behind: int) -> Tables:
    """What counts in the sheets of the county for the years of the files, where no file has any of them.

    Its rows are numbered from `behind` on, behind those of every file.
    """
    if counting is None or not is_whole_county(tables, counting) or any(tables[s] for s in COUNTY_SHEETS):
        return {}
    years = years_of(tables, SCHOOL_YEAR_SHEETS)
    return {
        sheet_id: [
            Row(behind + place, row.values)
            for place, row in enumerate((r for r in counting[sheet_id] if r["year"] in years), 1)
        ]
        for sheet_id in COUNTY_SHEETS
    }


def _together(tables: Tables, names: Sequence[str], problems: Findings) -> Tables:
    """The rows of all files, each key once; a second row of a key is a FAIL unless files may say it alike and do."""
    merged: Tables = {}
    for known in sheets():
        first: dict[tuple[Value, ...], Row] = {}
        kept: list[Row] = []
        for row in tables[known.identifier]:
            key = tuple(row[column] for column in known.key)
            before = first.setdefault(key, row) if key else row
            if before is row:
                kept.append(row)
            elif known.identifier not in _SHARED or before.values != row.values:
                problems.append(_twice(known, row, before, names))
        merged[known.identifier] = kept
    return merged


def _twice(known: Sheet, row: Row, before: Row, names: Sequence[str]) -> Problem:
    columns = "、".join(known.column(column).name for column in known.key)
    key = quoted("，".join(str(row[column]) for column in known.key))
    return Problem(
        "FAIL",
        known.name,
        row.number % _FILE,
        columns,
        f"{key}与“{_file_of(before.number, names)}”第 {before.number % _FILE} 行重复",
        "每个组合只出现一次",
        "请核对是哪一份报错，删除或更正其中一行",
        school=str(row["school_id"] or ""),
        file=_file_of(row.number, names),
    )


def _in_files(problems: Sequence[Problem], names: Sequence[str]) -> Iterator[Problem]:
    """The findings with every row as its file counts it; a row of another file is named with that file."""
    for problem in problems:
        in_file = problem.row is not None and problem.row > _FILE
        file = problem.file or (_file_of(problem.row or 0, names) if in_file else "")
        row = (problem.row or 0) % _FILE if in_file else problem.row or None

        def said(found: re.Match[str], own: str = file) -> str:
            return _ROW.sub(lambda number: _row_words(int(number[0]), own, names), found[0])

        yield replace(problem, file=file, row=row, found=_ROWS_SAID.sub(said, problem.found))


def _file_of(row: int, names: Sequence[str]) -> str:
    """The file of a row; behind the last stands what counts already and is in no file."""
    number = row // _FILE - 1
    return names[number] if number < len(names) else _COUNTING


def _row_words(row: int, own: str, names: Sequence[str]) -> str:
    file = _file_of(row, names)
    return str(row % _FILE) + ("" if file == own else f"（“{file}”）")


def _handed_in(source: Source, read: Tables, problems: Sequence[Problem]) -> HandedIn:
    of_file = [problem for problem in problems if problem.file == source.name]
    return HandedIn(
        source.name,
        tuple(str(row["name"] or row["code"]) for row in read["townships"]),
        len(read["schools"]),
        sum(p.stands_for for p in of_file if p.level == "FAIL"),
        sum(p.stands_for for p in of_file if p.level == "WARN"),
    )


def _missing(tables: Tables, counting: Tables | None) -> tuple[str, ...]:
    codes = {row["code"] for row in tables["townships"]}
    rows = counting["townships"] if counting else []
    return tuple(str(row["name"] or row["code"]) for row in rows if row["code"] not in codes)
