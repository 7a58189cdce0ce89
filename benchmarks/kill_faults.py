"""Kills a process at random moments of every kind of write to the store, and looks at what is left.

    python -m benchmarks.kill_faults [kills]

The kinds take turns. A kill comes within the transaction, where there is one, or soon after. What is left must be what
the process last confirmed, or that with the write it was at, whole. Prints the kills by the write that they met, what
was lost and what was written by half; ends with 1 when there was any of either.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb

from benchmarks.store_writes import COUNTY, KINDS, YEAR, Counts, Writing, backups, rows_of_tables
from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.errors import PlatformError
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.demo_county import DEMO_COUNTY

# Somewhat longer than the first write of a process takes: from its transaction on, or from its beginning where it has
# none.
LONGEST_DELAY_S = {
    **{"import": 0.3, "publish": 0.04, "withdraw": 0.04, "correction": 0.05, "updates": 0.05},
    **{"backup": 0.8, "restore": 1.2},
}
_LONGEST_SHORT_DELAY_S = 0.012
_WITHOUT_TRANSACTION = ("backup", "restore")
_KILLS_A_STORE = 80
THERE, NOT_THERE, CONFIRMED, LOST, HALF = "there", "not there", "confirmed", "lost", "half written"
REFUSED = "next refused"
ROOT = Path(__file__).parents[1]


class Killed(NamedTuple):
    """The write that a kill met, everything wrong with what it left, and what became of the write."""

    step: str
    faults: list[str]
    outcome: str


def work(database: Path, folder: Path, seed: int, wanted: str) -> None:
    """Do one kind of write without end, and what must go before it, saying before and after each what holds."""
    writing = Writing(database, folder, seed, lambda: _say(writes=True))
    while True:
        step = writing.first_of(wanted)
        prepared = writing.prepare(step)
        _say(step=step, begins=True, now=prepared.now, then=prepared.then)
        prepared.act()
        _say(step=step, begins=False, now=writing.now(), then={})


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def prepared(place: Path, folder: Path) -> Path:
    """A store with one published batch."""
    standard, database = load_standard(), place / "county.duckdb"
    store = Store.open(database, standard)
    importing.import_folder_or_workbook(store, folder, standard, LOCAL_ADMINISTRATOR, datetime.now())
    store.close()
    return database


def killed_once(database: Path, folder: Path, seed: int) -> Killed:
    """Kill a worker at the kind of write whose turn it is, and look at what it left behind."""
    wanted = KINDS[seed % len(KINDS)]
    delay = random.Random(seed).uniform(0, LONGEST_DELAY_S.get(wanted, _LONGEST_SHORT_DELAY_S))
    command = [sys.executable, "-m", "benchmarks.kill_faults", "work", str(database), str(folder), str(seed), wanted]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout is not None and worker.stderr is not None
        said = list(_until_it_writes(worker.stdout, wanted))
        if _is_writing(said, wanted):
            time.sleep(delay)
            worker.send_signal(signal.SIGKILL)
        said += [json.loads(line) for line in worker.stdout if line.endswith("\n")]
        complaint = worker.stderr.read().strip().splitlines()[-1:]
    if worker.returncode != -signal.SIGKILL:
        # Nothing was killed: what an earlier kill left keeps a write from being done.
        return Killed(wanted, [f"the process ended by itself: {complaint}"], REFUSED)
    last = [words for words in said if "step" in words][-1]
    return _found(database, last)


def _until_it_writes(lines: IO[str], wanted: str) -> Iterator[dict[str, Any]]:
    """What the worker says up to the moment from which it may be killed, or until it says no more."""
    said = []
    for line in lines:
        said.append(json.loads(line))
        yield said[-1]
        if _is_writing(said, wanted):
            return


def _is_writing(said: list[dict[str, Any]], wanted: str) -> bool:
    """Whether the write wanted has begun, with its transaction where it has one."""
    begun = next((n for n, words in enumerate(said) if words.get("step") == wanted and words["begins"]), None)
    if begun is None or wanted in _WITHOUT_TRANSACTION:
        return begun is not None
    return any("writes" in words for words in said[begun:])


def _found(database: Path, last: dict[str, Any]) -> Killed:
    """What a kill left; `last` is what the worker said last."""
    standard, step = load_standard(), last["step"] if last["begins"] else "between writes"
    try:
        store = Store.open(database, standard)
        try:
            outcome, faults = _compared(rows_of_tables(store, database), last)
            if not assess(store, standard, COUNTY, YEAR).rows:
                outcome, faults = LOST, [*faults, "nothing can be judged"]
        finally:
            store.close()
    except (PlatformError, duckdb.Error) as fault:
        outcome, faults = LOST, [f"the store cannot be used: {fault}"]
    kept = [*backups(database), *database.parent.glob("*-恢复前.duckdb")]
    for copy in kept:
        try:
            store = Store.open(copy, standard)
            store.rows("select 1 / count(*) from batches")
            assess(store, standard, COUNTY, YEAR)
            store.close()
        except (PlatformError, duckdb.Error) as fault:
            outcome, faults = HALF, [*faults, f"{copy.name} cannot be used: {fault}"]
    # What a killed restore left beside the store stays: the next one has to cope with it.
    for leftover in (*kept, *database.parent.glob("backup-*"), *database.parent.glob("restored-*")):
        leftover.unlink(missing_ok=True)
    return Killed(step, faults, outcome)


def _compared(found: Counts, last: dict[str, Any]) -> tuple[str, list[str]]:
    """What became of the last write, and what is wrong table by table."""
    now, then = last["now"], last["then"] or last["now"]
    if found == now:
        return (NOT_THERE if last["begins"] else CONFIRMED), []
    if found == then:
        return THERE, []
    wrong = [
        f"{table}: {now[table]} rows were confirmed, {then[table]} with the write; {rows} were left"
        for table, rows in found.items()
        if rows not in (now[table], then[table])
    ]
    is_less = any(rows < min(now[table], then[table]) for table, rows in found.items())
    return (LOST if is_less else HALF), wrong or ["some tables hold the write and others do not"]


def main(kills: int) -> int:
    """Kill many times; 1 when anything was wrong once."""
    met: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = prepared(Path(folder), DEMO_COUNTY)
        for seed in range(kills):
            if seed % _KILLS_A_STORE == 0:
                place = Path(tempfile.mkdtemp(dir=folder))
                database = Path(shutil.copy(fresh, place))
            one = killed_once(database, DEMO_COUNTY, seed)
            met[one.step, one.outcome] += 1
            faults += [f"kill {seed} at {one.step}: {fault}" for fault in one.faults]
    outcomes = (NOT_THERE, THERE, CONFIRMED, LOST, HALF, REFUSED)
    print(f"{'killed at':16}{'kills':>8}", *(f"{outcome:>13}" for outcome in outcomes))
    for step in (*KINDS, "between writes"):
        numbers = [met[step, outcome] for outcome in outcomes]
        print(f"{step:16}{sum(numbers):8}", *(f"{number:13}" for number in numbers))
    totals = [sum(number for (_, found), number in met.items() if found == outcome) for outcome in outcomes]
    print(f"{'all':16}{sum(totals):8}", *(f"{number:13}" for number in totals))
    print(*faults, sep="\n", end="")
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
