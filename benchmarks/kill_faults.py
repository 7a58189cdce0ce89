"""Kills a process at random moments of import, publish, rollback and backup, and looks at what is left.

`python -m benchmarks.kill_faults 100` prints how many kills left the store exactly as last confirmed.
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
from datetime import datetime
from pathlib import Path

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing, loading, publishing, register
from core.facts import published
from core.intake.checkup.checking import check
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_source
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.backup import back_up
from core.store.database import Store
from tests.support.demo_county import DEMO_COUNTY

YEAR = 2023
COUNTY = "350526"
LONGEST_DELAY_S = 0.6
# Publishing and rolling back take an instant: they come often so that some kill meets them.
STEPS = {"import": 1, "publish": 40, "rollback": 40, "backup": 1}
ROOT = Path(__file__).parents[1]


def numbered(source: Source, number: int) -> Source:
    """The same figures under another fingerprint, so that every import is a new one."""
    return Source(f"{source.name} {number}", f"{source.sha256}-{number}", source.sheets)


def work(database: Path, folder: Path, seed: int) -> None:
    """Import, publish, roll back and back up without end, saying before and after each step what holds."""
    rng, standard = random.Random(seed), load_standard()
    store = Store.open(database, standard)
    source = open_source(folder)
    while True:
        states = {b.batch_id: b.state for b in register.batches(store)}
        step = rng.choices(*zip(*STEPS.items(), strict=True))[0]
        _say(step=step, begins=True, **_state(store))
        now = datetime.now()
        if step == "import":
            dataset = check(numbered(source, len(states) + 1))
            loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, now)
        elif step == "publish" and (idle := [b for b, s in states.items() if s != "published"]):
            publishing.publish(store, rng.choice(idle), LOCAL_ADMINISTRATOR, now, "试验")
        elif step == "rollback" and (live := [b for b, s in states.items() if s == "published"])[1:]:
            publishing.withdraw(store, rng.choice(live), LOCAL_ADMINISTRATOR, now, "试验")
        elif step == "backup":
            back_up(store, database.with_name(f"backup-{time.time_ns()}.duckdb"), LOCAL_ADMINISTRATOR, standard)
        _say(step=step, begins=False, **_state(store))


def _state(store: Store) -> dict[str, int]:
    return {"batches": len(register.batches(store)), "version": published.facts_version(store)}


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def prepared(place: Path, folder: Path) -> Path:
    """A store with one published batch."""
    standard, database = load_standard(), place / "county.duckdb"
    store = Store.open(database, standard)
    importing.import_folder_or_workbook(store, folder, standard, LOCAL_ADMINISTRATOR, datetime.now())
    store.close()
    return database


def killed_once(database: Path, folder: Path, seed: int) -> tuple[str, list[str]]:
    """Kill the worker once and name the step it died in and every fault of what it left behind."""
    delay = random.Random(seed).uniform(0, LONGEST_DELAY_S)
    command = [sys.executable, "-m", "benchmarks.kill_faults", "work", str(database), str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout is not None
        lines = [worker.stdout.readline()]
        time.sleep(delay)
        worker.send_signal(signal.SIGKILL)
        lines += worker.stdout.readlines()
    said = [json.loads(line) for line in lines if line.endswith("\n")]
    last = said[-1]
    return (last["step"] if last["begins"] else "between steps"), faults_left(database, folder, last)


def faults_left(database: Path, folder: Path, last: dict[str, int | str | bool]) -> list[str]:
    """What is wrong with the store after a kill; `last` is what the worker said last."""
    standard = load_standard()
    expected = len(check(open_source(folder)).tables["classes"])
    found: list[str] = []
    store = Store.open(database, standard)
    try:
        state = _state(store)
        grown = {name: state[name] - int(last[name]) for name in state}
        allowed = {(0, 0)}
        if last["begins"] and last["step"] == "import":
            allowed.add((1, 0))
        if last["begins"] and last["step"] in ("publish", "rollback"):
            allowed.add((0, 1))
        if (grown["batches"], grown["version"]) not in allowed:
            found.append(f"{last} became {state}")
        for one in register.batches(store):
            [(rows,)] = store.rows("select count(*) from classes where batch_id = $1", [one.batch_id])
            if rows != expected:
                found.append(f"batch {one.batch_id} has {rows} of {expected} classes")
        if not assess(store, standard, COUNTY, YEAR).rows:
            found.append("nothing can be judged")
    finally:
        store.close()
    for backup in database.parent.glob("backup-*.duckdb"):
        copy = Store.open(backup, standard)
        if not assess(copy, standard, COUNTY, YEAR).rows:
            found.append(f"{backup.name} cannot be judged")
        copy.close()
        backup.unlink()
    return found


def main(kills: int) -> int:
    """Kill many times over one store; 1 when anything was wrong once."""
    place = Path(tempfile.mkdtemp())
    steps: Counter[str] = Counter()
    faults: list[str] = []
    try:
        database = prepared(place, DEMO_COUNTY)
        for seed in range(kills):
            step, found = killed_once(database, DEMO_COUNTY, seed)
            steps[step] += 1
            faults += [f"kill {seed} in {step}: {fault}" for fault in found]
    finally:
        shutil.rmtree(place)
    print(f"{kills} kills: {dict(steps)}; faults: {len(faults)}")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main(int(sys.argv[1])))
