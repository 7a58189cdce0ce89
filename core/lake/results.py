"""The verdicts of many counties, read where `judging` wrote them; nothing here writes.

results_folder() -> Path | None                        where this installation finds them, None where it has none
read_manifest(folder) -> Judged
county_results(folder, year) -> list[CountyResult]     every county of a school year
county_detail(folder, county_code, year) -> CountyDetail | None
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from core.errors import RequestInvalid
from core.lake.judging import MANIFEST, Judged
from core.lake.layout import COUNTIES
from core.method.assessment import PartCount, Verdict


@dataclass(frozen=True)
class CountyResult:
    """One county in one school year.

    `not_met` and `unknown` count everything that its verdict rests on. `widest` is the largest coefficient of variation as
    a share of its limit (1.0: at the limit), None where none is defined. `shares` are the shares of school rows met by
    year, in the order of the years, None where there were none.
    """

    county_code: str
    name: str
    lon: float | None
    lat: float | None
    is_demo: bool
    exported_at: datetime
    verdict: Verdict
    not_met: int
    unknown: int
    schools: PartCount
    coefficients: PartCount
    widest: float | None
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of variation of a county, with its limit."""

    stage: str
    code: str
    cv: float | None
    limit: Decimal
    school_count: int
    verdict: Verdict


@dataclass(frozen=True)
class Short:
    """What a school row does not hold enough of, or what nobody knows; value and limit in the indicator's unit."""

    code: str
    verdict: Verdict
    value: float | None
    limit: Decimal


@dataclass(frozen=True)
class FailingRow:
    """A school row that does not pass or cannot be judged."""

    school_id: str
    name: str
    kind: str
    stage: str
    pupils: int | None
    verdict: Verdict
    short: tuple[Short, ...]


@dataclass(frozen=True)
class CountyDetail:
    """One county of a school year: its verdict by year, its coefficients, the items and school rows that are not met."""

    verdicts: tuple[tuple[int, Verdict], ...]
    coefficients: tuple[Coefficient, ...]
    items: tuple[tuple[str, Verdict, float | None, int | None], ...]
    rows: tuple[FailingRow, ...]


def results_folder() -> Path | None:
    """Where the verdicts of many counties lie, as COUNTY_RESULTS names it; None where this installation shows one county."""
    named = os.environ.get("COUNTY_RESULTS", "").strip()
    return Path(named) if named else None


def read_manifest(folder: Path) -> Judged:
    """What was judged there. Raises RequestInvalid where there is no result, or one of another form."""
    try:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Judged(**{**said, "counties": {int(year): int(n) for year, n in said["counties"].items()}})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise RequestInvalid(
            f"{folder} 中没有可用的判定结果（{MANIFEST}）；请用 assess-many 命令判定汇总库，再把 COUNTY_RESULTS 指向它的结果。"
        ) from None


def county_results(folder: Path, year: int) -> list[CountyResult]:
    """Every county of a school year, in order of their codes. Raises RequestInvalid where the result cannot be read."""
    years = sorted(read_manifest(folder).counties)
    shares = ", ".join(
        f"max(case when year = {y} then met end) / max(case when year = {y} then total end)" for y in years if y <= year
    )
    rows = _rows(
        folder,
        f"""
        with schools as (
            select
                county_code,
                year,
                count(*) as total,
                count(case when verdict = 'met' then 1 end) as met,
                count(case when verdict = 'not_met' then 1 end) as not_met
            from school_verdicts
            group by county_code, year
        ),

        shares as (select county_code, [{shares}] as shares from schools group by county_code),

        coefficients as (
            select
                county_code,
                count(case when verdict = 'met' then 1 end) as met,
                count(case when verdict = 'not_met' then 1 end) as not_met,
                count(case when verdict = 'not_assessable' then 1 end) as unknown,
                max(cv / limit_amount) as widest
            from balance
            where year = $year
            group by county_code
        )

        select
            c.county_code, c.name, c.lon, c.lat, c.is_demo, c.exported_at,
            v.verdict, v.not_met_count, v.unknown_count,
            coalesce(s.met, 0), coalesce(s.not_met, 0), coalesce(s.total - s.met - s.not_met, 0),
            b.met, b.not_met, b.unknown, b.widest, h.shares
        from counties as c
        join county_verdict as v on v.county_code = c.county_code and v.year = c.year
        join coefficients as b on b.county_code = c.county_code
        left join schools as s on s.county_code = c.county_code and s.year = c.year
        left join shares as h on h.county_code = c.county_code
        where c.year = $year
        order by c.county_code
        """,
        {"year": year},
    )
    return [
        CountyResult(
            code,
            name,
            lon,
            lat,
            is_demo,
            exported_at,
            Verdict(verdict),
            int(not_met),
            int(unknown),
            PartCount(*counts[:3]),
            PartCount(*counts[3:]),
            widest,
            tuple(shares or ()),
        )
        for code, name, lon, lat, is_demo, exported_at, verdict, not_met, unknown, *counts, widest, shares in rows
    ]


def county_detail(folder: Path, county_code: str, year: int) -> CountyDetail | None:
    """One county of a school year; None where the year has no such county. Raises as `county_results` does."""
    asked = {"county": county_code, "year": year}
    verdicts = _rows(
        folder,
        "select year, verdict from county_verdict where county_code = $county order by year",
        {"county": county_code},
    )
    if year not in {y for y, _ in verdicts}:
        return None
    here = "where county_code = $county and year = $year"
    short: dict[tuple[str, str], list[Short]] = {}
    for school_id, stage, code, verdict, value, limit in _rows(
        folder,
        f"select school_id, stage, code, verdict, value, limit_amount from school_indicators {here} order by code",
        asked,
    ):
        short.setdefault((school_id, stage), []).append(Short(code, Verdict(verdict), value, Decimal(repr(limit))))
    return CountyDetail(
        tuple((y, Verdict(verdict)) for y, verdict in verdicts),
        tuple(
            Coefficient(stage, code, cv, Decimal(repr(limit)), n, Verdict(verdict))
            for stage, code, cv, limit, n, verdict in _rows(
                folder,
                f"select stage, code, cv, limit_amount, school_count, verdict from balance {here}"
                " order by stage desc, code",
                asked,
            )
        ),
        tuple(
            (code, Verdict(verdict), value, None if failing is None else int(failing))
            for code, verdict, value, failing in _rows(
                folder,
                f"select code, verdict, value, failing from county_items {here}"
                " and verdict in ('not_met', 'not_assessable') order by verdict desc, position",
                asked,
            )
        ),
        tuple(
            FailingRow(school_id, name, kind, stage, pupils, Verdict(verdict), tuple(short.get((school_id, stage), ())))
            for school_id, name, kind, stage, pupils, verdict in _rows(
                folder,
                f"select school_id, name, kind, stage, pupils, verdict from school_verdicts {here}"
                " and verdict <> 'met' order by verdict desc, school_id, stage desc",
                asked,
            )
        ),
    )


_READ = (COUNTIES, "county_verdict", "balance", "county_items", "school_verdicts", "school_indicators")


def _rows(folder: Path, select: str, asked: dict[str, object]) -> Sequence[tuple[Any, ...]]:
    with duckdb.connect() as reader:
        try:
            for name in _READ:
                if name in select:
                    files = str(folder / name / "year=*" / "part.parquet").replace("'", "''")
                    reader.execute(
                        f"create temp view {name} as select * from read_parquet('{files}', hive_partitioning = true)"
                    )
            return reader.execute(select, asked).fetchall()
        except duckdb.Error as fault:
            raise RequestInvalid(f"判定结果 {folder} 读不出来（{fault}），请用 assess-many 重新判定。") from None
