"""How judging grows: with the schools of a county, with the school years in its store, with the counties of a lake.

    python -m benchmarks.growth FOLDER [runs]

FOLDER keeps the lakes between runs. Of a lake the whole command `assess-many` is timed, with what it writes and checks,
and the most memory that it held.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.nation import make
from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.database import Store
from demo.county import YEARS
from demo.datasets import make_county, write_county

CODE = "350527"
SCHOOLS, COUNTIES = (60, 120, 300), (1, 84, 2900)


def county(schools: int, years: int, runs: int) -> tuple[float, float]:
    """Milliseconds to judge a year of a county anew, and the same year again."""
    standard = load_standard()
    with TemporaryDirectory() as folder:
        write_county(make_county(CODE, 7, schools, YEARS[-years:]), Path(folder))
        store = Store.open(None, standard)
        import_folder_or_workbook(store, Path(folder), standard, LOCAL_ADMINISTRATOR, datetime(2026, 11, 29))
        anew: list[float] = []
        again: list[float] = []
        for n in range(runs + 1):
            # Another reading lays the rules out anew.
            choices = {"item_schools": ("all", "evaluated")[n % 2]}
            for times in (anew, again):
                begun = time.perf_counter()
                assess(store, standard, CODE, YEARS[-1], choices=choices)
                times.append((time.perf_counter() - begun) * 1000)
        store.close()
    return median(anew[1:]), median(again[1:])


def lake(folder: Path, counties: int, runs: int) -> tuple[float, float]:
    """Seconds of `assess-many` over a lake of one school year, and its peak of memory in MiB."""
    source = folder / f"lake-{counties}"
    make(source, counties, 1)
    seconds, peak = [], 0.0
    for n in range(runs):
        with TemporaryDirectory() as out:
            begun = time.perf_counter()
            done = subprocess.run(
                ["/usr/bin/time", "-v", sys.executable, "-m", "core", "assess-many", "--from", str(source), "--to", f"{out}/{n}"],
                check=True,
                capture_output=True,
                text=True,
            )  # fmt: skip
            seconds.append(time.perf_counter() - begun)
            held = re.search(r"Maximum resident set size \(kbytes\): (\d+)", done.stderr)
            peak = max(peak, int(held.group(1)) / 1024 if held else 0.0)
    return median(seconds), peak


def main(folder: Path, runs: int) -> None:
    """Print the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    print("| schools | years in the store | other reading | the same again |\n|---|---|---|---|")
    for schools, years in (*((s, 1) for s in SCHOOLS), (SCHOOLS[0], 3), (SCHOOLS[0], len(YEARS))):
        anew, again = county(schools, years, runs)
        print(f"| {schools} | {years} | {anew:.0f} ms | {again:.0f} ms |")
    print("\n| counties, one school year | assess-many | peak MiB |\n|---|---|---|")
    for counties in COUNTIES:
        seconds, peak = lake(folder, counties, runs)
        print(f"| {counties:,} | {seconds:.1f} s | {peak:,.0f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
