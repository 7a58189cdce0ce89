"""Class sheets of earlier years handed in alone, for a forecast: the registers and everything else stay as they count."""

from __future__ import annotations

from dataclasses import replace

from core.dataset.cells import Value
from core.dataset.dictionary import NOTE_SHEETS, sheet, sheets
from core.dataset.rows import Row, Tables
from core.errors import Problem
from core.facts.current import REGISTER_SHEETS
from core.intake.reading.our_layout import sheet_called
from core.intake.reading.raw_sheets import Source

CLASS_SHEETS = frozenset({"classes", "class_bands", "grade_enrolment"})
# Rows that stay as they count stand behind every row of the file.
_KEPT_FROM = 20_000_000


def class_sheets_alone(source: Source) -> frozenset[str]:
    """The sheets of a source that holds nothing but classes, by roll or by band, or pupils by grade; else none."""
    labels = {raw.label.strip() for raw in source.sheets}.difference(NOTE_SHEETS)
    known = frozenset("" if one is None else one.identifier for one in map(sheet_called, labels))
    return known if known <= CLASS_SHEETS else frozenset()


def beside_what_counts(
    tables: Tables, problems: list[Problem], counting: Tables, handed_in: frozenset[str]
) -> tuple[Tables, list[Problem]]:
    """Such sheets with the registers and the other figures of their years as they count now; none is missing then.

    A sheet replaces its own rows of a school, stage and year, which is said, and leaves those of the other sheets.
    """
    years = {row["year"] for name in CLASS_SHEETS for row in tables[name]}
    found = [problem for problem in problems if problem.sheet in {sheet(name).name for name in handed_in}]
    completed: Tables = {}
    for known in sheets():
        name = known.identifier
        kept = [row for row in counting[name] if name in REGISTER_SHEETS or row["year"] in years]
        if name in CLASS_SHEETS:
            reported = {_whose(row) for row in tables[name]}
            replaced = sum(_whose(row) in reported for row in kept)
            if replaced:
                advice = "原有各行不再计数，请核对是否为更正"
                found.append(Problem("WARN", known.name, None, None, f"替换现行数据 {replaced} 行", "往年数据", advice))
            kept = [row for row in kept if _whose(row) not in reported]
        completed[name] = [*tables[name], *(Row(_KEPT_FROM + n, row.values) for n, row in enumerate(kept))]
    return completed, found


def of_what_counts(problem: Problem) -> Problem:
    """The same finding where it stands: a row that was kept is none of the file."""
    if problem.row is None or problem.row < _KEPT_FROM:
        return problem
    return replace(problem, sheet=f"{problem.sheet}（现行数据）", row=None)


def _whose(row: Row) -> tuple[Value, ...]:
    return row["school_id"], row["stage"], row["year"]
