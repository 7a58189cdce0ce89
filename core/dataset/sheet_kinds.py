"""Which sheets speak of schools by year and which of the county, which years they carry, who speaks for all of it."""

from __future__ import annotations

from collections.abc import Iterable

from core.dataset.rows import Tables

SHEETS_OF_SCHOOLS = (
    "enrolment",
    "premises",
    "classes",
    "class_bands",
    "grade_enrolment",
    "special_rooms",
    "school_judgements",
)
SCHOOL_YEAR_SHEETS = (*SHEETS_OF_SCHOOLS, "attendance")
COUNTY_SHEETS = ("county_figures", "judgements", "survey", "monitoring")


def years_of(tables: Tables, sheet_ids: Iterable[str]) -> tuple[int, ...]:
    """The years for which one of these sheets carries a row, in order."""
    years = {row["year"] for sheet_id in sheet_ids for row in tables[sheet_id]}
    return tuple(sorted(year for year in years if isinstance(year, int)))


def is_whole_county(tables: Tables, counting: Tables) -> bool:
    """Whether tables list every township of which figures count."""
    return {row["code"] for row in counting["townships"]} <= {row["code"] for row in tables["townships"]}
