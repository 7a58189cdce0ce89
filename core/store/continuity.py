"""What a dataset leaves out or leaves as it was, against the rows that count now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.errors import Problem
from core.store.dictionary import Sheet, sheet
from core.store.naming import named
from core.store.parsing import Row, Tables

_SHOWN = 5
# One small school may well keep all its figures; so many pupils and their teachers never do.
_NEVER_THE_SAME_PUPILS = 100
_FIGURE_TYPES = ("integer", "decimal")


def left_out(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """One WARN a year for schools that report now and would no longer, in the townships that the dataset covers."""
    townships = {row["code"] for row in tables["townships"]}
    home = {row["school_id"]: row["township_code"] for row in earlier["schools"]}
    known = sheet("schools")
    for year in sorted({row["year"] for row in tables["enrolment"] if isinstance(row["year"], int)}):
        reported = {row["school_id"] for row in tables["enrolment"] if row["year"] == year}
        listed = {row["school_id"] for row in tables["schools"]}
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


def unchanged(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """Rows whose figures all equal those of the year before: a FAIL where that holds for every school, else a WARN.

    No county's schools keep every figure for a year: such a dataset is a template left as it was filled in beforehand.
    """
    same = {name: _same_as_before(name, tables, earlier) for name in ("enrolment", "premises")}
    unfilled = _unfilled_years(tables, earlier, same["enrolment"])
    for sheet_id, rows in same.items():
        known = sheet(sheet_id)
        of_sheet = [row["year"] for row in tables[sheet_id]]
        for year in unfilled:
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
    figures = [c.identifier for c in known.columns if c.type in _FIGURE_TYPES]
    return before is not None and any(row[c] for c in figures) and all(row[c] == before[c] for c in figures)


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
                f"“{row['name'] or row['school_id']}”现属{names.get(home, home)}，这份数据没有该乡镇",
                "一所学校只属于一个乡镇",
                "学校改属乡镇时，请把原乡镇和新乡镇放在同一份工作簿中提交",
            )
