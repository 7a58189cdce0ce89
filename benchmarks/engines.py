"""The evaluation beside other engines: school rows, coefficients and class counts, the same answers, the same machine.

    python -m benchmarks.engines LAKE [--runs 7] [--engines duckdb pandas polars postgresql python scan]

Every engine runs in a process of its own, in turn, so many times; what is told is the median, the ratio to the platform's
own SQL, and the peak of memory. The answers of each are compared with the platform's before anything is told; those that
differ are counted and make the run fail. Reading the lake belongs to the time, except for PostgreSQL, whose tables are
filled before. `scan` reads the columns that the work needs and adds them up: what no engine can go below.
"""

from __future__ import annotations

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.peers.work import FINAL, READ, Answers, Rules
from core.lake.engines import duckdb_engine
from core.method.relations import method_relations, rule_relations
from core.rules.standard_loading import load_standard

# An engine that takes longer than so many seconds is timed once after the round for the answers.
_LONG = 60.0
ENGINES = ("duckdb", "polars", "pandas", "postgresql", "scan")
_BY_SQL = {
    "rows": "select county_code, school_id, stage, verdict from school_verdicts",
    "coefficients": "select county_code, stage, code, cv from balance where school_count > 0",
    "classes": "select county_code, cast(sum(classes) as integer), cast(sum(over_limit) as integer) from class_sizes"
    " group by county_code",
}
Done = tuple[float, dict[int, Answers]]


def years_of(lake: Path) -> list[int]:
    """The lake's school years."""
    with duckdb_engine(lake) as engine:
        return engine.years()


def duckdb_done(lake: Path, years: list[int], answered: bool) -> Done:
    """The platform's SELECTs over the lake, as `assess-many` runs them."""
    standard = load_standard()
    chosen = tuple(sorted(standard.choices().items()))
    taken, found = 0.0, {}
    for year in years:
        with duckdb_engine(lake) as engine:
            begun = time.perf_counter()
            engine.begin(year)
            for name, select in (
                *rule_relations(standard, chosen, year),
                *method_relations(("reported", *FINAL), standard, merging=False, changed=False),
            ):
                engine.define(name, select)
            taken += time.perf_counter() - begun
            if not answered:
                continue
            rows, coefficients, classes = (engine.rows(select) for select in _BY_SQL.values())
            found[year] = Answers(
                {(c, s, g): v for c, s, g, v in rows},
                {(c, s, k): cv for c, s, k, cv in coefficients},
                {c: (a, b) for c, a, b in classes},
            )
    return taken, found


def pandas_done(lake: Path, years: list[int], answered: bool) -> Done:
    """pandas 3, frames read from Parquet with decimals as doubles."""
    from benchmarks.peers import in_pandas

    rules = Rules.of(load_standard())
    taken, found = 0.0, {}
    for year in years:
        begun = time.perf_counter()
        facts = year_frames(lake, year)
        made = in_pandas.evaluate(facts, rules)
        taken += time.perf_counter() - begun
        if answered:
            found[year] = in_pandas.answers(made)
    return taken, found


def year_frames(lake: Path, year: int) -> dict[str, Any]:
    """What the work reads of a year as pandas frames."""
    return {name: _frame(lake, name, year) for name in READ}


def lists_of_year(frames: dict[str, Any]) -> dict[str, Any]:
    """The same as lists of dictionaries, None where nothing was reported."""
    return {
        name: [{k: None if v != v else v for k, v in row.items()} for row in frame.to_dict("records")]
        for name, frame in frames.items()
    }


def _frame(lake: Path, name: str, year: int) -> Any:
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.dataset as ds  # type: ignore[import-untyped]

    table = ds.dataset(str(lake / name / f"year={year}"), format="parquet").to_table()
    doubles = [f.with_type(pa.float64()) if pa.types.is_decimal(f.type) else f for f in table.schema]
    frame: pd.DataFrame = table.cast(pa.schema(doubles)).to_pandas()
    return frame


def polars_done(lake: Path, years: list[int], answered: bool) -> Done:
    """polars, lazily from Parquet."""
    from benchmarks.peers import in_polars

    rules = Rules.of(load_standard())
    taken, found = 0.0, {}
    for year in years:
        begun = time.perf_counter()
        made = in_polars.evaluate(lake, year, rules)
        taken += time.perf_counter() - begun
        if answered:
            found[year] = in_polars.answers(made)
    return taken, found


def python_done(lake: Path, years: list[int], answered: bool) -> Done:
    """Plain loops; figures as doubles."""
    from benchmarks.peers import in_python

    rules = Rules.of(load_standard())
    taken, found = 0.0, {}
    for year in years:
        begun = time.perf_counter()
        found[year] = in_python.evaluate(lists_of_year(year_frames(lake, year)), rules)
        taken += time.perf_counter() - begun
    return taken, found


def scan_done(lake: Path, years: list[int], answered: bool) -> Done:
    """Nothing but the reading of the columns that the work needs."""
    taken = 0.0
    with duckdb.connect() as connection:
        for year in years:
            begun = time.perf_counter()
            for name in READ:
                files = f"{lake}/{name}/year={year}/*.parquet"
                columns = [c for c, *_ in connection.execute(f"describe select * from '{files}'").fetchall()]
                summed = ", ".join(f"max({column})" for column in columns if column != "name")
                connection.execute(f"select {summed} from read_parquet('{files}')").fetchall()
            taken += time.perf_counter() - begun
    return taken, {}


def postgresql_done(connection: str, years: list[int], answered: bool) -> Done:
    """PostgreSQL over its own tables."""
    from benchmarks.peers import in_postgresql

    standard = load_standard()
    taken, found = 0.0, {}
    for year in years:
        begun = time.perf_counter()
        with in_postgresql.evaluate(connection, year, standard) as opened:
            taken += time.perf_counter() - begun
            if answered:
                found[year] = in_postgresql.answers(opened)
    return taken, found


_DONE: dict[str, Callable[[Path, list[int], bool], Done]] = {
    "duckdb": duckdb_done,
    "pandas": pandas_done,
    "polars": polars_done,
    "python": python_done,
    "scan": scan_done,
}


def one_run(engine: str, lake: Path, years: list[int], connection: str, kept: Path | None) -> None:
    """In a process of its own: run once, print seconds and peak memory in MiB, keep the answers where they are asked for."""
    answered = kept is not None
    taken, found = (
        postgresql_done(connection, years, answered) if engine == "postgresql" else _DONE[engine](lake, years, answered)
    )
    if kept is not None:
        kept.write_bytes(pickle.dumps(found))
    print(json.dumps([taken, _peak_mib()]))


def _peak_mib() -> float:
    """The most memory that this process has held; what its parent held does not count."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def compare(lake: Path, engines: list[str], runs: int) -> None:
    """All engines in turn, compared, as a table."""
    from benchmarks.peers import in_postgresql

    years = years_of(lake)
    taken: dict[str, list[float]] = {e: [] for e in engines}
    peak: dict[str, float] = {}
    answered: dict[str, dict[int, Answers]] = {}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        connection = ""
        if "postgresql" in engines:
            connection = stack.enter_context(in_postgresql.server())
            in_postgresql.fill(connection, lake, years)
        # The first round is for the answers, and warms the disk.
        for run in range(runs + 1):
            for engine in engines:
                if run > 1 and taken[engine][0] > _LONG:
                    continue
                kept = home / engine
                command = [
                    sys.executable,
                    "-m",
                    "benchmarks.engines",
                    str(lake),
                    "--one",
                    engine,
                    "--server",
                    connection,
                ]
                command += ["--keep", str(kept)] if run == 0 else []
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                seconds, memory = json.loads(said.splitlines()[-1])
                if run == 0:
                    answered[engine] = pickle.loads(kept.read_bytes())
                    continue
                taken[engine].append(seconds)
                peak[engine] = max(peak.get(engine, 0.0), memory)
                print(f"{engine} {seconds:.3f} s", file=sys.stderr, flush=True)
    ours = answered["duckdb"]
    differing = {
        engine: sum(found[year].differences(ours[year]) for year in years)
        for engine, found in answered.items()
        if found
    }
    total = sum(len(a.rows) + len(a.coefficients) for a in ours.values())
    print(f"\n{len(years)} school years, {total:,} answers\n")
    print("| engine | runs | median | ratio | peak MiB | answers that differ |\n|---|---|---|---|---|---|")
    base = statistics.median(taken["duckdb"])
    for engine in engines:
        median = statistics.median(taken[engine])
        print(
            f"| {engine} | {len(taken[engine])} | {median * 1000:,.0f} ms | ×{median / base:.2f} | {peak[engine]:,.0f} |"
            f" {differing.get(engine, '–')} |"
        )
    if any(differing.values()):
        sys.exit("the engines do not give the same answers")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--engines", nargs="+", default=list(ENGINES))
    parser.add_argument("--one")
    parser.add_argument("--server", default="")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.one:
        one_run(options.one, options.lake, years_of(options.lake), options.server, options.keep)
    else:
        compare(options.lake, options.engines, options.runs)
