"""Writes what counts in one county into a lake, year by year."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from core.disk import settle
from core.errors import RequestInvalid
from core.facts.published import facts_version, is_demo, published_years
from core.lake.layout import COUNTIES, RELATIONS, county_file, rows_column
from core.method.workbench import bench
from core.rules.standard import Standard
from core.store.database import Store, rules_fingerprint


def write_facts(
    store: Store,
    standard: Standard,
    county_code: str,
    name: str,
    lake: Path,
    now: datetime,
    years: Sequence[int] | None = None,
) -> list[int]:
    """Write a county's facts of some school years, or of all that are published, into a lake; returns the years.

    A year's row in `counties` is taken away first and written last: a county that was half written is not there.
    Raises RequestInvalid when nothing of a year is published or the folder cannot be written.
    """
    published = published_years(store, county_code)
    wanted = published if years is None else sorted(set(years))
    absent = [str(year) for year in wanted if year not in published]
    if absent or not wanted:
        raise RequestInvalid(f"没有 {county_code} {'、'.join(absent) or '任何'} 学年已发布的数据，请先发布数据。")
    described = (name, is_demo(store, county_code), now, facts_version(store), rules_fingerprint(standard))
    try:
        for year in wanted:
            _write_year(store, standard, county_code, described, lake, year)
    except (OSError, duckdb.IOException) as fault:
        raise RequestInvalid(f"汇总库 {lake} 没有写成（{fault}），请检查路径、权限和磁盘空间。") from None
    return wanted


def facts_package(store: Store, standard: Standard, county_code: str, name: str, now: datetime) -> bytes:
    """The county's part of a lake as one zip, to be unpacked over the lake of whoever collects. Raises as `write_facts`."""
    packed = io.BytesIO()
    with TemporaryDirectory(prefix="county-facts-") as folder:
        write_facts(store, standard, county_code, name, Path(folder), now)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
            for file in sorted(Path(folder).rglob("*.parquet")):
                package.write(file, file.relative_to(folder).as_posix())
    return packed.getvalue()


def _write_year(
    store: Store, standard: Standard, county_code: str, described: Sequence[object], lake: Path, year: int
) -> None:
    listed = county_file(lake, COUNTIES, year, county_code)
    listed.unlink(missing_ok=True)
    with bench(store, standard, county_code, year, None, standard.choices()) as (cursor, _):
        rows = {}
        for relation in RELATIONS:
            (rows[relation],) = cursor.execute(f"select count(*) from {relation}").fetchall()[0]
            _write(cursor.sql(f"select * from {relation}"), county_file(lake, relation, year, county_code))
        counted = ", ".join(f"{n} as {rows_column(relation)}" for relation, n in rows.items())
        county = cursor.sql(
            f"""
            select
                cast($1 as varchar) as county_code,
                cast($2 as varchar) as name,
                cast(avg(t.lon) as double) as lon,
                cast(avg(t.lat) as double) as lat,
                cast($3 as boolean) as is_demo,
                cast($4 as timestamp) as exported_at,
                cast($5 as bigint) as facts_version,
                cast($6 as varchar) as class_rules,
                {counted}
            from townships as t
            """,
            params=[county_code, *described],
        )
        _write(county, listed)


def _write(relation: duckdb.DuckDBPyRelation, file: Path) -> None:
    """Write a relation as a Parquet file that appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    try:
        relation.write_parquet(str(part))
        settle(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
