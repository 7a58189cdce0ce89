"""Judging one county: the whole judgement, its SELECTs bare, with a change laid over it, and the same work in other engines.

    python -m benchmarks.judging [runs]

All in one process, in turn, so many times (31). `rows, coefficients, classes` is the part of the work that pandas, polars and
plain Python do too, over frames that lie in memory already, as the store's figures do; their answers are compared with
the platform's before anything is told.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median

from benchmarks.engines import duckdb_done, lists_of_year, year_frames
from benchmarks.peers import in_pandas, in_polars, in_python
from benchmarks.peers.work import FINAL, Rules
from core.lake.exporting import write_facts
from core.method.changes import NO_CHANGES, Change
from core.method.engine import assess
from core.method.overlay import lay_over
from core.method.relations import METHOD_FILES
from core.method.workbench import bench, judge, room_areas
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.demo_county import COUNTY, fill

YEAR = 2023


def main(runs: int) -> int:
    """Print medians and ratios; 1 where an engine answers something else."""
    standard = load_standard()
    with tempfile.TemporaryDirectory() as home:
        fill(Path(home) / "county.duckdb")
        store = Store.open(Path(home) / "county.duckdb", standard)
        lake = Path(home) / "lake"
        write_facts(store, standard, COUNTY, "德化县", lake, datetime(2026, 11, 29), [YEAR])
        rules, frames = Rules.of(standard), year_frames(lake, YEAR)
        lists = lists_of_year(frames)
        _, ours = duckdb_done(lake, [YEAR], answered=True)
        others = {
            "pandas": in_pandas.answers(in_pandas.evaluate(frames, rules)),
            "polars": in_polars.answers(in_polars.evaluate(lake, YEAR, rules)),
            "python": in_python.evaluate(lists, rules),
        }
        school_id, stage = next((school_id, stage) for _, school_id, stage in ours[YEAR].rows)
        more = [Change(school_id, stage, "teachers", "add", Decimal(1))]

        def select(names: tuple[str, ...]) -> float:
            with bench(store, standard, COUNTY, YEAR, None, standard.choices()) as (cursor, found):
                judge(cursor, COUNTY, lay_over(NO_CHANGES, found.facts, room_areas(standard)))
                for name in reversed(METHOD_FILES):
                    cursor.execute(f"delete from {name}")
                begun = time.perf_counter()
                for name in METHOD_FILES:
                    if name in names:
                        cursor.execute(f"execute fill_{name}").fetchall()
                return time.perf_counter() - begun

        timed: dict[str, Callable[[], float]] = {
            "judging, everything": lambda: _seconds(lambda: assess(store, standard, COUNTY, YEAR)),
            "judging with a change": lambda: _seconds(lambda: assess(store, standard, COUNTY, YEAR, changes=more)),
            "its SELECTs bare": lambda: select(METHOD_FILES),
            "rows, coefficients, classes: SELECTs": lambda: select(FINAL),
            "rows, coefficients, classes: pandas": lambda: _seconds(lambda: in_pandas.evaluate(frames, rules)),
            "rows, coefficients, classes: polars": lambda: _seconds(lambda: in_polars.evaluate(lake, YEAR, rules)),
            "rows, coefficients, classes: plain Python": lambda: _seconds(lambda: in_python.evaluate(lists, rules)),
        }
        found: dict[str, list[float]] = {name: [] for name in timed}
        for _ in range(runs + 1):
            for name, run in timed.items():
                found[name].append(run())
        store.close()
    base = median(found["its SELECTs bare"][1:])
    print("| what | median | ratio |\n|---|---|---|")
    for name, seconds in found.items():
        print(f"| {name} | {median(seconds[1:]) * 1000:.1f} ms | ×{median(seconds[1:]) / base:.2f} |")
    differing = {name: answers.differences(ours[YEAR]) for name, answers in others.items()}
    print(f"\nanswers that differ: {differing}")
    return int(any(differing.values()))


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 31))
