"""What of a dataset is stored and judges nothing yet: said, so that nobody takes it for a figure that counts."""

from __future__ import annotations

from core.dataset.dictionary import name_of, sheet
from core.dataset.rows import Row, Tables

KEPT_ONLY = "已存，暂不参与判定"
_COLUMNS = (("schools", "predecessor_id"), ("premises", "operating_budget_yuan"))
# Rows by the code that one of their columns holds.
_CODES = (
    ("enrolment", "stage", "stage", frozenset({"preschool"})),
    ("survey", "group", "survey_group", frozenset({"students", "teachers", "heads", "delegates", "members", "others"})),
    ("county_figures", "figure", "figure", frozenset({"inclusive_funds_yuan", "inclusive_pupils"})),
    ("judgements", "item", "judged_item", frozenset({"veto_tutoring"})),
)


def kept_only(tables: Tables) -> list[str]:
    """What is stored only, each with how many rows of it there are; empty when everything counts."""
    found = [
        (f"{sheet(name).name}·{sheet(name).column(column).name}", _with(tables[name], column))
        for name, column in _COLUMNS
    ]
    for name, column, code_list, codes in _CODES:
        for code in sorted(codes):
            rows = [row for row in tables[name] if row[column] == code]
            found.append((f"{sheet(name).name}·{name_of(code_list, code)}", rows))
    return [f"{what} {len(rows)} 行" for what, rows in found if rows]


def _with(rows: list[Row], column: str) -> list[Row]:
    return [row for row in rows if row[column] is not None]
