"""The check-up: one dataset read cell by cell, checked as a whole, and held against what counts now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from core.dataset.dictionary import sheet
from core.dataset.rows import Tables
from core.dataset.sheet_kinds import COUNTY_SHEETS, SCHOOL_YEAR_SHEETS, is_whole_county, years_of
from core.errors import Findings, InputRejected, Problem, count_of
from core.facts.published import county_of, facts_version
from core.intake.checkup.against_last_year import emptied, left_out, moved, not_counted, unchanged
from core.intake.checkup.class_sheets import beside_what_counts, class_sheets_alone, of_what_counts
from core.intake.checkup.coordinates import outside_county
from core.intake.checkup.look_alikes import look_alikes
from core.intake.checkup.missing_years import missing_years
from core.intake.checkup.outliers import jumps, unusual_figures
from core.intake.checkup.plausible import implausible_figures
from core.intake.checkup.school_relations import school_relations
from core.intake.checkup.whose import with_schools
from core.intake.checkup.within_dataset import faults_within, only_county, other_schools
from core.intake.reading.bounds import MOST_SCHOOLS
from core.intake.reading.parsing import parse
from core.intake.reading.raw_sheets import Source
from core.rules.county import County
from core.store.county_files import county, shipped_county
from core.store.database import Store

Earlier = Callable[[str], Tables]


@dataclass(frozen=True)
class Home:
    """Where a dataset is to come in: the code of the store's county, empty while it has none, and counties by code.

    `facts_version` is the version of what counts there.
    """

    county_code: str
    county: Callable[[str], County]
    facts_version: int | None = None


NO_HOME = Home("", shipped_county)


def home_of(store: Store) -> Home:
    """The store as the home of what is checked for it."""
    return Home(county_of(store), partial(county, store), facts_version(store))


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


def check(source: Source, *, earlier: Earlier | None = None, home: Home = NO_HOME) -> Dataset:
    """The dataset in a source. Raises InputRejected with every problem when any is a FAIL.

    `earlier` answers a county code with the rows that count now; jumps are measured against them, and what the
    dataset leaves out or leaves as it was is named. A dataset of another county than that of its home is a FAIL.
    Class sheets alone, where figures count already, are taken in beside them.
    """
    tables, problems = parse(source)
    alone = class_sheets_alone(source)
    if earlier is not None and home.facts_version and alone:
        tables, problems = beside_what_counts(tables, problems, earlier(home.county_code), alone)
        try:
            checked = _checked(source.name, source.sha256, tables, problems, earlier, home)
        except InputRejected as rejected:
            raise InputRejected([of_what_counts(problem) for problem in rejected.problems]) from None
        warnings = tuple(map(of_what_counts, checked.warnings))
        return replace(checked, warnings=warnings, base_facts_version=home.facts_version)
    return _checked(source.name, source.sha256, tables, problems, earlier, home)


def check_tables(
    name: str,
    sha256: str,
    tables: Tables,
    *,
    earlier: Earlier | None = None,
    found: Sequence[Problem] = (),
    home: Home = NO_HOME,
) -> Dataset:
    """The dataset in rows that are typed already. Raises InputRejected as `check` does.

    `found` is what was found while they were read.
    """
    return _checked(name, sha256, tables, found, earlier, home)


def _checked(
    name: str, sha256: str, tables: Tables, found: Sequence[Problem], earlier: Earlier | None, home: Home
) -> Dataset:
    faulty = {p.sheet for p in found if p.level == "FAIL"}
    readable = {s for s in tables if sheet(s).name not in faulty}
    problems = Findings(found)
    if len(tables["schools"]) > MOST_SCHOOLS:
        advice = "请核对是否选错文件"
        problems.append(
            Problem(
                "FAIL",
                sheet("schools").name,
                None,
                None,
                f"有 {len(tables['schools']):,} 所学校",
                f"一个县的学校，不超过 {MOST_SCHOOLS:,} 所",
                advice,
            )
        )
        raise InputRejected(problems.listed())
    county_code = only_county(tables, readable, problems)
    problems.extend(_of_another_county(tables, county_code, home))
    problems.extend(look_alikes(tables))
    problems.extend(faults_within(tables, readable))
    counting = earlier(county_code) if earlier else None
    problems.extend(other_schools(tables, readable, counting))
    problems.extend(outside_county(tables, home.county(county_code).map.outline if county_code else ()))
    problems.extend(missing_years(tables, counting))
    faulty_schools = {p.school for p in found if p.level == "FAIL"} - {""}
    sound = _without_schools(tables, faulty_schools)
    problems.extend(school_relations(sound))
    is_complete = not faulty_schools and (counting is None or is_whole_county(tables, counting))
    problems.extend(odd_figures(sound, counting, is_complete=is_complete))
    if counting is not None:
        problems.extend(not_counted(tables, counting))
        problems.extend(left_out(tables, counting))
        problems.extend(moved(tables, counting))
        problems.extend(emptied(tables, counting))
        problems.extend(unchanged(tables, counting))
    listed = list(with_schools(problems.listed(), tables, counting))
    if count_of(listed, "FAIL"):
        raise InputRejected(listed)
    return Dataset(name, sha256, county_code, tables, tuple(listed))


def _without_schools(tables: Tables, school_ids: set[str]) -> Tables:
    """The tables without these schools: of whom a row was not understood, no two figures can be held together."""
    return {s: [row for row in rows if row["school_id"] not in school_ids] for s, rows in tables.items()}


def odd_figures(tables: Tables, counting: Tables | None, *, is_complete: bool) -> Iterator[Problem]:
    """Figures that hardly can be, each said once: unlike before, outside of what occurs, or unlike the other schools'.

    Whatever is said, what is known of a wrong unit is said with it.
    """
    said: dict[tuple[str, int | None, str | None], Problem] = {}
    for finding in chain(
        jumps(tables, counting),
        implausible_figures(tables, is_complete=is_complete),
        unusual_figures(tables, counting),
    ):
        place = finding.sheet, finding.row, finding.column
        first = said.setdefault(place, finding)
        if finding.times is not None and first.times is None:
            said[place] = replace(first, times=finding.times, advice=finding.advice)
    yield from said.values()


def _of_another_county(tables: Tables, county_code: str, home: Home) -> Iterator[Problem]:
    """One store holds one county: figures of another one would be judged, compared and overdue beside it unseen."""
    if county_code and home.county_code and county_code != home.county_code:
        row = next(row for row in tables["townships"] if str(row["code"]).startswith(county_code))
        known = sheet("townships")
        here = home.county(home.county_code)
        yield Problem(
            "FAIL",
            known.name,
            row.number,
            known.column("code").name,
            f"{row['code']} 属于另一个县（{county_code}）",
            f"本数据文件是{here.name}（{here.code}）的，乡镇代码以 {here.code} 开头",
            "请核对是否选错文件；另一个县须另建数据文件（环境变量 COUNTY_DB）",
        )
