"""A killed process, a full disk, a place that cannot be written, a file held by another: nothing is lost."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.kill_faults import killed_once, prepared
from core.batches import register
from core.errors import StoreUnavailable
from core.facts import published
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.books import csv_files, small_tables

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county as CSV files."""
    place = tmp_path_factory.mktemp("county")
    for name, content in csv_files(small_tables()).items():
        (place / name).write_bytes(content)
    return place


@pytest.mark.daily
@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(3, 12), marks=pytest.mark.long)], ids=str)
def test_a_kill_at_any_moment_leaves_exactly_what_was_confirmed(folder: Path, tmp_path: Path, seeds: range) -> None:
    database = prepared(tmp_path, folder)
    faults = [fault for seed in seeds for fault in killed_once(database, folder, seed)[1]]
    assert faults == []


def command(*words: str, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, which may be kept from writing long files."""

    def limit() -> None:
        # The signal is the first answer to a full file; ignoring it lets the write itself fail.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file or resource.RLIM_INFINITY,) * 2)

    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=limit if largest_file else None,
        check=False,
    )


def state(database: Path, standard: Standard) -> tuple[int, int]:
    store = Store.open(database, standard)
    found = len(register.batches(store)), published.facts_version(store)
    store.close()
    return found


def test_a_full_disk_is_said_and_nothing_is_lost(folder: Path, standard: Standard, tmp_path: Path) -> None:
    database = prepared(tmp_path, folder)
    changed = tmp_path / "changed"
    changed.mkdir()
    for name, content in csv_files(small_tables()).items():
        (changed / name).write_bytes(content.replace(b"350526-0040,2023,1037,", b"350526-0040,2023,1038,"))
    # Less than the log takes up, to which everything is written first.
    full = command("import", str(changed), "--db", str(database), largest_file=20_000)
    assert full.returncode == 2, full.stderr
    assert "磁盘空间不足" in full.stderr and "Traceback" not in full.stderr
    assert state(database, standard) == (1, 1)
    for words in (["backup", str(tmp_path / "b.duckdb")], ["snapshot", str(tmp_path / "s")]):
        full = command(*words, "--db", str(database), largest_file=1000)
        assert full.returncode == 2, full.stderr
        assert "磁盘空间不足" in full.stderr and "Traceback" not in full.stderr
    full = command("export", str(tmp_path / "out.xlsx"), "--db", str(database), largest_file=4096)
    assert full.returncode == 2 and "没有写成" in full.stderr and "Traceback" not in full.stderr
    found = {path.name for path in tmp_path.iterdir()}
    assert found == {"county.duckdb", "county.duckdb.lock", "county.duckdb.counts", "changed"}
    assert command("import", str(changed), "--db", str(database)).returncode == 0
    assert state(database, standard) == (2, 2)


def test_a_place_that_cannot_be_written_is_said(folder: Path, standard: Standard, tmp_path: Path) -> None:
    database = prepared(tmp_path, folder)
    nowhere = tmp_path / "a file"
    nowhere.write_text("")
    for words in (
        ["backup", str(nowhere / "b.duckdb"), "--db", str(database)],
        ["snapshot", str(nowhere / "s"), "--db", str(database)],
        ["export", str(nowhere / "x.xlsx"), "--db", str(database)],
        ["import", str(folder), "--db", str(nowhere / "county.duckdb")],
    ):
        refused = command(*words)
        assert refused.returncode == 2, refused.stderr
        assert "Traceback" not in refused.stderr
        assert "路径" in refused.stderr or "写入" in refused.stderr, refused.stderr
    assert state(database, standard) == (1, 1)


def test_a_file_held_by_the_platform_is_said_with_what_to_do(store: Store, tmp_path: Path) -> None:
    held = str(tmp_path / "county.duckdb")
    for words in (
        ["publish", "1", "--reason", "x", "--db", held],
        ["batches", "--db", held],
        ["restore", str(tmp_path / "county.duckdb"), "--db", held],
    ):
        refused = command(*words)
        assert refused.returncode == 2
        assert "正被另一个程序占用" in refused.stderr and "停止平台" in refused.stderr, refused.stderr
    assert len(register.batches(store)) == 1


def test_a_start_cut_short_is_begun_again(standard: Standard, tmp_path: Path) -> None:
    path = tmp_path / "county.duckdb"
    duckdb.connect(str(path)).close()
    store = Store.open(path, standard)
    assert register.batches(store) == []
    store.close()
    path.write_bytes(b"not a database at all" * 500)
    with pytest.raises(StoreUnavailable, match="打不开"):
        Store.open(path, standard)
