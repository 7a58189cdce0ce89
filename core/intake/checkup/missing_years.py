"""A year for which one sheet has no row while others have: forgotten, or pasted under another year."""

from __future__ import annotations

from collections.abc import Iterator

from core.dataset.dictionary import sheet
from core.dataset.rows import Tables
from core.dataset.sheet_kinds import SHEETS_OF_SCHOOLS, years_of
from core.errors import Problem

# What every school has every year; of the others not every county has every kind.
_ALWAYS = ("enrolment", "premises", "special_rooms")
# Named by another finding, school by school.
_NAMED_ELSEWHERE = ("enrolment", "classes", "class_bands")


def missing_years(tables: Tables, counting: Tables | None) -> Iterator[Problem]:
    """A WARN for every sheet of schools without a row for a year of the dataset.

    A sheet that is there for other years only, or belongs to every year; what counts already and would be emptied is
    another finding.
    """
    years = years_of(tables, ("enrolment", "premises"))
    for sheet_id in SHEETS_OF_SCHOOLS:
        if sheet_id in _NAMED_ELSEWHERE:
            continue
        known, own = sheet(sheet_id), set(years_of(tables, (sheet_id,)))
        counted = {row["year"] for row in (counting or {}).get(sheet_id, [])}
        for year in years:
            if year not in own | counted and (own or sheet_id in _ALWAYS):
                yield Problem(
                    "WARN",
                    known.name,
                    None,
                    None,
                    f"{year} 学年一行也没有，其他表有该学年的数据",
                    f"{year} 学年的数据",
                    "请核对是否漏填或填错学年；按未报处理",
                )
