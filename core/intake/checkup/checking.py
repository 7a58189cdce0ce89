"""The check-up: one dataset read cell by cell, checked as a whole, and held against what counts now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.dataset.dictionary import sheet
from core.dataset.rows import Tables
from core.dataset.sheet_kinds import COUNTY_SHEETS, SCHOOL_YEAR_SHEETS, years_of
from core.errors import InputRejected, Problem
from core.intake.checkup.against_last_year import emptied, left_out, moved, not_counted, unchanged
from core.intake.checkup.coordinates import outside_county
from core.intake.checkup.outliers import jumps, unusual_figures
from core.intake.checkup.within_dataset import faults_within, only_county, other_schools
from core.intake.reading.parsing import parse
from core.intake.reading.sources import Source

Earlier = Callable[[str], Tables]


@dataclass(frozen=True)
class Dataset:
    """One county's figures as typed rows, with the warnings that somebody has to confirm.

    `base_facts_version` is the facts version from which rows were copied into it; None when it stands alone.
    """

    source_name: str
    sha256: str
    county_code: str
    tables: Tables
    warnings: tuple[Problem, ...]
    base_facts_version: int | None = None

    @property
    def school_years(self) -> tuple[int, ...]:
        """The school years for which a sheet of schools or townships carries a row."""
        return years_of(self.tables, SCHOOL_YEAR_SHEETS)

    @property
    def county_years(self) -> tuple[int, ...]:
        """The years for which a sheet of the county carries a row."""
        return years_of(self.tables, COUNTY_SHEETS)


def check(source: Source, *, earlier: Earlier | None = None) -> Dataset:
    """The dataset in a source. Raises InputRejected with every problem when any is a FAIL.

    `earlier` answers a county code with the rows that count now; jumps are measured against them, and what the
    dataset leaves out or leaves as it was is named.
    """
    tables, problems = parse(source)
    return _checked(source.name, source.sha256, tables, problems, earlier)


def check_tables(
    name: str, sha256: str, tables: Tables, *, earlier: Earlier | None = None, found: Sequence[Problem] = ()
) -> Dataset:
    """The dataset in rows that are typed already. Raises InputRejected as `check` does.

    `found` is what was found while they were read.
    """
    return _checked(name, sha256, tables, [*found], earlier)


def _checked(name: str, sha256: str, tables: Tables, problems: list[Problem], earlier: Earlier | None) -> Dataset:
    readable = {s for s in tables if not any(p.level == "FAIL" and p.sheet == sheet(s).name for p in problems)}
    county_code = only_county(tables, readable, problems)
    problems.extend(faults_within(tables, readable))
    counting = earlier(county_code) if earlier else None
    problems.extend(other_schools(tables, readable, counting))
    problems.extend(outside_county(tables))
    problems.extend(jumps(tables, counting))
    problems.extend(unusual_figures(tables))
    if counting is not None:
        problems.extend(not_counted(tables, counting))
        problems.extend(left_out(tables, counting))
        problems.extend(moved(tables, counting))
        problems.extend(emptied(tables, counting))
        problems.extend(unchanged(tables, counting))
    if any(p.level == "FAIL" for p in problems):
        raise InputRejected(problems)
    return Dataset(name, sha256, county_code, tables, tuple(problems))
