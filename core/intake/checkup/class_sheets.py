"""Class sheets of earlier years handed in alone, for a forecast: the registers and everything else stay as they count."""

from __future__ import annotations

from core.dataset.dictionary import NOTE_SHEETS, sheet, sheets
from core.dataset.rows import Row, Tables
from core.errors import Problem
from core.facts.current import REGISTER_SHEETS
from core.intake.reading.our_layout import sheet_called
from core.intake.reading.raw_sheets import Source

CLASS_SHEETS = frozenset({"classes", "class_bands", "grade_enrolment"})
# Rows that stay as they count stand behind every row of the file.
_KEPT_FROM = 20_000_000


def are_class_sheets_alone(source: Source) -> bool:
    """Whether a source holds nothing but classes, by roll or by band, or pupils by grade."""
    labels = {raw.label.strip() for raw in source.sheets}.difference(NOTE_SHEETS)
    known = [sheet_called(label) for label in labels]
    return bool(known) and all(one is not None and one.identifier in CLASS_SHEETS for one in known)


def beside_what_counts(tables: Tables, problems: list[Problem], counting: Tables) -> tuple[Tables, list[Problem]]:
    """Such sheets with the registers and the other figures of their years as they count now; none is missing then."""
    years = {row["year"] for name in CLASS_SHEETS for row in tables[name]}
    reported = {(row["school_id"], row["stage"], row["year"]) for name in CLASS_SHEETS for row in tables[name]}
    completed: Tables = {}
    for known in sheets():
        name = known.identifier
        kept = [row for row in counting[name] if name in REGISTER_SHEETS or row["year"] in years]
        if name in CLASS_SHEETS:
            kept = [row for row in kept if (row["school_id"], row["stage"], row["year"]) not in reported]
        completed[name] = [*tables[name], *(Row(_KEPT_FROM + n, row.values) for n, row in enumerate(kept))]
    handed_in = {sheet(name).name for name in CLASS_SHEETS}
    return completed, [problem for problem in problems if problem.sheet in handed_in]
