"""What a dataset leaves out or leaves as it was, against the rows that count now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.errors import Problem
from core.store.dictionary import Sheet, sheet
from core.store.parsing import Row, Tables

_SHOWN = 5
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
                f"{year} 学年现有数据的 {len(gone)} 所学校没有列入：{_some(gone)}",
                "覆盖的乡镇列出全部学校",
                "发布后这些学校不再有该学年数据；只报部分学校时，请选择“只更新所列学校”",
            )


def unchanged(tables: Tables, earlier: Tables) -> Iterator[Problem]:
    """One WARN a sheet for rows whose figures all equal those of the year before, as in a template left unfilled."""
    for sheet_id in ("enrolment", "premises"):
        known = sheet(sheet_id)
        before = {_key(known, row): row for row in earlier[sheet_id]}
        same = [row for row in tables[sheet_id] if _is_same(known, row, before.get(_key(known, row, back=1)))]
        if same:
            yield Problem(
                "WARN",
                known.name,
                same[0].number,
                None,
                f"{len(same)} 行的数字与上年完全相同：第 {_some([str(row.number) for row in same])} 行",
                "当年的数字",
                "请核对是否仍是模板预填的上年数",
            )


def _key(known: Sheet, row: Row, back: int = 0) -> tuple[object, ...]:
    year = row["year"]
    return tuple(year - back if c == "year" and isinstance(year, int) else row[c] for c in known.key)


def _is_same(known: Sheet, row: Row, before: Row | None) -> bool:
    figures = [c.identifier for c in known.columns if c.type in _FIGURE_TYPES]
    return before is not None and any(row[c] for c in figures) and all(row[c] == before[c] for c in figures)


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
