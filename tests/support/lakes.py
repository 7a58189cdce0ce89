"""A lake of six random counties, each written by a store of its own, and a Spark Connect server without Java."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.lake.exporting import write_facts
from core.method.assessment import Assessment
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.counties import random_tables, write_folder
from tests.support.county_builder import YEAR
from tests.support.demo_county import DEMO_COUNTY

STANDARD = load_standard()
NOW = datetime(2026, 11, 29, 9)
# Readings under which small teaching points are merged and every relief is taken: the longest way through the SELECTs.
OTHER_CHOICES = {
    "small_teaching_points": "merge",
    "relief_shared_teachers": "on",
    "relief_room_area": "on",
    "relief_school_size": "on",
    "rounding_before_judging": "rounded",
    "monitoring_subjects": "all",
    "music_art_rooms": "summed",
}
DEMO = "350526"


@dataclass(frozen=True)
class Lake:
    """A lake with what each county's own judgement of its years is, by the default readings and by the others."""

    folder: Path
    by_default: Mapping[tuple[str, int], Assessment]
    otherwise: Mapping[tuple[str, int], Assessment]


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Five random counties of one year and the demonstration county of two."""
    home = tmp_path_factory.mktemp("lake")
    found = Lake(home / "lake", {}, {})
    for seed in range(5):
        code = str(350600 + seed)
        tables = random_tables(random.Random(seed), 12)
        moved = json.loads(json.dumps(tables, ensure_ascii=False).replace('"350526', f'"{code}'))
        write_folder(moved, home / code)
        _write(home / code, code, [YEAR], found)
    _write(DEMO_COUNTY, DEMO, [YEAR, YEAR + 1], found)
    return found


def _write(folder: Path, code: str, years: list[int], lake: Lake) -> None:
    store = Store.open(None, STANDARD)
    import_folder_or_workbook(store, folder, STANDARD, LOCAL_ADMINISTRATOR, NOW, is_demo=True)
    for year in years:
        lake.by_default[code, year] = assess(store, STANDARD, code, year)  # type: ignore[index]
        lake.otherwise[code, year] = assess(store, STANDARD, code, year, choices=OTHER_CHOICES)  # type: ignore[index]
    assert write_facts(store, STANDARD, code, f"{code}县", lake.folder, NOW, years) == years
    store.close()


_SERVER = """
import sys
from pysail.spark import SparkConnectServer
SparkConnectServer(ip="127.0.0.1", port=int(sys.argv[1])).start(background=False)
"""


@contextmanager
def sail_server(scratch: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Sail server in a process of its own: its address, and the process to kill."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    scratch.mkdir(exist_ok=True)
    environment = {"SAIL_EXECUTION__CHECKPOINT__PATH": str(scratch), "PATH": "/usr/bin:/bin"}
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            assert server.poll() is None, "the server ended by itself"
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"sc://127.0.0.1:{port}", server
    finally:
        server.kill()
        server.wait()
