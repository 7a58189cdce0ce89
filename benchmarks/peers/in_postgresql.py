"""The platform's own SELECTs in PostgreSQL, transpiled by sqlglot, over tables filled from the lake beforehand."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg
import sqlglot

from benchmarks.peers.work import FINAL, READ, Answers
from core.method.relations import method_relations, rule_relations
from core.rules.standard import Standard

_BIN = Path("/usr/lib/postgresql/15/bin")
_TYPES = {"DOUBLE": "double precision", "VARCHAR": "text", "TIMESTAMP": "timestamp"}
_AS = ["runuser", "-u", "postgres", "--"] if os.name == "posix" and os.geteuid() == 0 else []


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL of Debian's in a folder of its own; yields how to connect."""
    home = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))
    home.chmod(0o777)
    data = home / "data"
    settings = (
        "-c listen_addresses= -c shared_buffers=1GB -c work_mem=256MB -c max_parallel_workers_per_gather=2 -c fsync=off"
    )
    try:
        subprocess.run(
            [*_AS, _BIN / "initdb", "-D", data, "-E", "UTF8", "--no-locale"], check=True, capture_output=True
        )
        subprocess.run(
            [*_AS, _BIN / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", f"{settings} -k {home}", "start"],
            check=True,
            capture_output=True,
        )
        yield f"host={home} user=postgres dbname=postgres"
    finally:
        subprocess.run([*_AS, _BIN / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


def fill(connection: str, lake: Path, years: list[int]) -> None:
    """Copy what the work reads of the lake into tables, a schema a year, and let PostgreSQL learn their statistics."""
    with psycopg.connect(connection, autocommit=True) as target, duckdb.connect() as source:
        for year in years:
            target.execute(f"create schema if not exists y{year}")
            for name in READ:
                files = f"{lake}/{name}/year={year}/*.parquet"
                columns = source.execute(f"describe select * from '{files}'").fetchall()
                listed = ", ".join(f"{column} {_TYPES.get(type_, type_)}" for column, type_, *_ in columns)
                target.execute(f"create unlogged table y{year}.{name} ({listed})")
                with tempfile.TemporaryDirectory() as home:
                    written = Path(home) / "rows.csv"
                    source.execute(f"copy (select * from '{files}') to '{written}' (format csv, header false)")
                    with (
                        written.open("rb") as rows,
                        target.cursor().copy(f"copy y{year}.{name} from stdin (format csv)") as copying,
                    ):
                        while block := rows.read(1 << 20):
                            copying.write(block)
                target.execute(f"analyze y{year}.{name}")


def evaluate(connection: str, year: int, standard: Standard) -> psycopg.Connection[tuple[object, ...]]:
    """Work out all relations of a year as temporary tables; the connection holds them."""
    opened = psycopg.connect(connection, autocommit=True)
    opened.execute(f"set search_path to pg_temp, y{year}")
    chosen = tuple(sorted(standard.choices().items()))
    relations = (
        *rule_relations(standard, chosen, year),
        *method_relations(("reported", *FINAL), standard, merging=False, changed=False),
    )
    for name, select in relations:
        written = sqlglot.transpile(select, read="duckdb", write="postgres")[0]
        opened.execute(f"create temp table {name} as {written}")
        opened.execute(f"analyze {name}")
    return opened


def answers(opened: psycopg.Connection[tuple[object, ...]]) -> Answers:
    """In the form that is compared."""
    rows = opened.execute("select county_code, school_id, stage, verdict from school_verdicts").fetchall()
    coefficients = opened.execute("select county_code, stage, code, cv from balance where school_count > 0").fetchall()
    classes = opened.execute(
        "select county_code, sum(classes)::int, sum(over_limit)::int from class_sizes group by county_code"
    ).fetchall()
    return Answers(
        {(str(c), str(s), str(g)): str(v) for c, s, g, v in rows},
        {(str(c), str(s), str(k)): cv for c, s, k, cv in coefficients},
        {str(c): (a, b) for c, a, b in classes},
    )
