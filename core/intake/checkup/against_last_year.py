"""What a dataset leaves out or leaves as it was, against the rows that count now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.dataset.cells import quoted
from core.dataset.dictionary import Sheet, sheet
from core.dataset.rows import Row, Tables
from core.dataset.sheet_kinds import COUNTY_SHEETS, SCHOOL_YEAR_SHEETS, SHEETS_OF_SCHOOLS, is_whole_county, years_of
from core.errors import Problem
from core.naming import named

_SHOWN = 5
# One small school may well keep all its figures; so many pupils and their teachers never do.
_NEVER_THE_SAME_PUPILS = 100
_FIGURE_TYPES = ("integer", "decimal")
# What the template fills in beforehand. Rooms are no part of it: they rightly stay as they were built.
_REFUSED = ("enrolment", "premises")
_NEVER_ALIKE = (*_REFUSED, "attendance")
_SELDOM_ALIKE = ("classes", "county_figures")
# Of two or three classes or figures, all may be as they were.
_FEWEST_ALIKE = 4


def left_out(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """One WARN a year for schools that report now and would no longer, in the townships that the dataset covers."""
    townships = {row["code"] for row in tables["townships"]}
    home = {row["school_id"]: row["township_code"] for row in earlier["schools"]}
    listed = {row["school_id"] for row in tables["schools"]}
    known = sheet("schools")
    for year in years_of(tables, SCHOOL_YEAR_SHEETS):
        reported = {row["school_id"] for row in tables["enrolment"] if row["year"] == year}
        gone = sorted(
            {
                str(row["school_id"])
                for row in earlier["enrolment"]
                if row["year"] == year
                and row["school_id"] not in reported | listed
                and home.get(row["school_id"]) in townships
            }
        )
        if gone:
            yield Problem(
                "WARN",
                known.name,
                None,
                known.column("school_id").name,
                f"{year} 学年现有数据的 {len(gone)} 所学校没有列入：{named(gone, most=_SHOWN)}",
                "覆盖的乡镇列出全部学校",
                "发布后这些学校不再有该学年数据；只报部分学校时，请选择“只更新所列学校”",
            )


def emptied(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """One WARN for every sheet and year of which rows count now, and none would count any more."""
    schools = {row["school_id"] for row in tables["schools"]}
    years = years_of(tables, SCHOOL_YEAR_SHEETS)
    for sheet_id in SHEETS_OF_SCHOOLS:
        yield from _emptied(sheet_id, years, tables, [r for r in earlier[sheet_id] if r["school_id"] in schools])
    if is_whole_county(tables, earlier):
        county_years = sorted({*years, *years_of(tables, COUNTY_SHEETS)})
        for sheet_id in COUNTY_SHEETS:
            yield from _emptied(sheet_id, county_years, tables, earlier[sheet_id])


def _emptied(sheet_id: str, years: Sequence[int], tables: Tables, counting: list[Row]) -> Iterator[Problem]:
    known = sheet(sheet_id)
    for year in years:
        count = sum(row["year"] == year for row in counting)
        if count and all(row["year"] != year for row in tables[sheet_id]):
            called = f"{year} {known.column('year').name}"
            yield Problem(
                "WARN",
                known.name,
                None,
                None,
                f"{called}一行也没有，现行数据有 {count} 行",
                f"{called}的数据",
                f"发布后这张表没有 {called}的数据，按未报处理；不应清空的请补上后重新上传",
            )


def not_counted(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """A WARN where some townships' workbook carries sheets of the county: only the whole county's workbook has them."""
    carried = [sheet(s).name for s in COUNTY_SHEETS if tables[s]]
    if carried and not is_whole_county(tables, earlier):
        own, known = len(tables["townships"]), len(earlier["townships"])
        yield Problem(
            "WARN",
            carried[0],
            None,
            None,
            f"这份数据只有 {own} 个乡镇（全县 {known} 个），县级的表（{'、'.join(carried)}）不计入",
            "全县的工作簿才带县级的表",
            "需要改县级的数，请用“更正数据”，或上传列出全县乡镇的工作簿",
        )


def unchanged(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """Rows whose figures all equal those of the year before: a FAIL where that holds for every school, else a WARN.

    No county's schools keep every figure for a year: such a dataset is a template left as it was filled in beforehand.
    Of classes and county figures a few may well be as they were: there is a WARN when most of a year's are.
    """
    same = {name: _same_as_before(name, tables, earlier) for name in _NEVER_ALIKE}
    unfilled = _unfilled_years(tables, earlier, same["enrolment"])
    for sheet_id, rows in same.items():
        known = sheet(sheet_id)
        of_sheet = [row["year"] for row in tables[sheet_id]]
        for year in unfilled if sheet_id in _REFUSED else ():
            count = sum(row["year"] == year for row in rows)
            if count and count == of_sheet.count(year):
                yield Problem(
                    "FAIL",
                    known.name,
                    None,
                    None,
                    f"{year} 学年全部 {count} 行的数字与上年完全相同",
                    f"{year} 学年的数字",
                    "模板预填的是上年数字，请逐格改为当年数字后再上传",
                )
                rows = [row for row in rows if row["year"] != year]
        if rows:
            yield Problem(
                "WARN",
                known.name,
                rows[0].number,
                None,
                f"{len(rows)} 行的数字与上年完全相同：第 {named([str(row.number) for row in rows], most=_SHOWN)} 行",
                "当年的数字",
                "请核对是否仍是模板预填的上年数",
            )
    for sheet_id in _SELDOM_ALIKE:
        yield from _mostly_unchanged(sheet_id, tables, earlier)


def _mostly_unchanged(sheet_id: str, tables: Tables, earlier: Tables) -> Iterator[Problem]:
    known = sheet(sheet_id)
    same = _same_as_before(sheet_id, tables, earlier)
    for year in years_of(tables, (sheet_id,)):
        filled = [row for row in tables[sheet_id] if row["year"] == year and _has_figures(known, row)]
        count = sum(row["year"] == year for row in same)
        if count >= _FEWEST_ALIKE and 2 * count > len(filled):
            called = f"{year} {known.column('year').name}"
            share = f"全部 {count} 行" if count == len(filled) else f"有 {count} 行（共 {len(filled)} 行）"
            yield Problem(
                "WARN",
                known.name,
                None,
                None,
                f"{called}{share}的数字与上年完全相同",
                f"{called}的数字",
                "请核对是否仍是模板预填的上年数",
            )


def _same_as_before(sheet_id: str, tables: Tables, earlier: Tables) -> list[Row]:
    known = sheet(sheet_id)
    before = {_key(known, row): row for row in earlier[sheet_id]}
    return [row for row in tables[sheet_id] if _is_same(known, row, before.get(_key(known, row, back=1)))]


def _unfilled_years(tables: Tables, earlier: Tables, same: Sequence[Row]) -> list[int]:
    """The years of which every pupil, teacher and school is reported just as the year before.

    Years that come together with the one before are no template, and what counts already was accepted before.
    """
    known = sheet("enrolment")
    counting = {_key(known, row): row for row in earlier[known.identifier]}
    unchanged_rows = {row.number for row in same}
    years = {row["year"] for row in tables[known.identifier]}
    found = []
    for year in sorted(y for y in years if isinstance(y, int) and y - 1 not in years):
        rows = [row for row in tables[known.identifier] if row["year"] == year]
        is_new = any(
            _key(known, row) not in counting or counting[_key(known, row)].values != row.values for row in rows
        )
        pupils = sum(p for row in rows if isinstance(p := row["pupils"], int))
        is_large = len({row["school_id"] for row in rows}) > 1 or pupils >= _NEVER_THE_SAME_PUPILS
        if is_new and is_large and all(row.number in unchanged_rows for row in rows):
            found.append(year)
    return found


def _key(known: Sheet, row: Row, back: int = 0) -> tuple[object, ...]:
    year = row["year"]
    return tuple(year - back if c == "year" and isinstance(year, int) else row[c] for c in known.key)


def _is_same(known: Sheet, row: Row, before: Row | None) -> bool:
    return before is not None and _has_figures(known, row) and all(row[c] == before[c] for c in _figures(known))


def _has_figures(known: Sheet, row: Row) -> bool:
    """Whether a row says more than that nothing was reported or there is none."""
    return any(row[c] for c in _figures(known))


def _figures(known: Sheet) -> list[str]:
    return [c.identifier for c in known.columns if c.type in _FIGURE_TYPES and not c.is_key]


def moved(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """A FAIL for every school that counts in a township outside the dataset: it would count in both."""
    spoken_for = {row["code"] for row in tables["townships"]}
    names = {row["code"]: row["name"] or row["code"] for row in earlier["townships"]}
    homes = {row["school_id"]: row["township_code"] for row in earlier["schools"]}
    known = sheet("schools")
    for row in tables["schools"]:
        home = homes.get(row["school_id"])
        if home is not None and home not in spoken_for:
            yield Problem(
                "FAIL",
                known.name,
                row.number,
                known.column("township_code").name,
                f"{quoted(row['name'] or row['school_id'])}现属{names.get(home, home)}，这份数据没有该乡镇",
                "一所学校只属于一个乡镇",
                "学校改属乡镇时，请把原乡镇和新乡镇放在同一份工作簿中提交",
            )
