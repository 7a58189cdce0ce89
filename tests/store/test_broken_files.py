"""A damaged, exchanged or full place: said in words, nothing lost, and work goes on once it can."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import publishing, register
from core.errors import PlatformError, RequestInvalid, StoreUnavailable
from core.facts import published
from core.rules.standard import Standard
from core.store import database
from core.store.backup import back_up, counts, restore
from core.store.confirmed import copied, counts_file
from core.store.database import Store
from tests.support.published_store import NOW

ROOT = Path(__file__).parents[2]


def withdrawn(store: Store) -> None:
    """A small write that is confirmed."""
    publishing.withdraw(store, 1, LOCAL_ADMINISTRATOR, NOW, "试验")


def opened_and_read(path: Path, standard: Standard) -> None:
    """Open the file and read every value of it. Raises PlatformError, and nothing else, where that cannot be."""
    store = Store.open(path, standard)
    try:
        counts(store)
        register.batches(store)
    finally:
        store.close()


# ── What was confirmed ──────────────────────────────────────────────────────────────────────────
def test_what_is_confirmed_does_not_hang_on_the_log(store: Store, standard: Standard, tmp_path: Path) -> None:
    withdrawn(store)
    alone = tmp_path / "alone" / "county.duckdb"
    alone.parent.mkdir()
    # As it lies on the disk at this moment, with the platform running, without the log beside it.
    shutil.copy(tmp_path / "county.duckdb", alone)
    copy = Store.open(alone, standard)
    assert published.facts_version(copy) == 2
    copy.close()


def test_a_write_whose_count_cannot_be_kept_counts_and_says_that_it_is_unguarded(store: Store, tmp_path: Path) -> None:
    in_the_way = tmp_path / "county.duckdb.counts.part"
    in_the_way.mkdir()
    withdrawn(store)
    assert published.facts_version(store) == 2
    assert "已经生效" in store.unguarded and "county.duckdb.wal" in store.unguarded
    in_the_way.rmdir()
    publishing.publish(store, 1, LOCAL_ADMINISTRATOR, NOW, "试验")
    assert store.unguarded == ""


@pytest.mark.parametrize("is_damaged", [True, False])
def test_a_file_that_was_left_half_written_is_whole_again_with_what_was_confirmed(
    store: Store, standard: Standard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    @contextmanager
    def cut_short(path: Path, copy_file: Callable[[Path], bool]) -> Iterator[None]:
        with copied(path, copy_file):
            raise OSError("killed before the log was brought in")
        yield

    path = tmp_path / "county.duckdb"
    monkeypatch.setattr(database, "copied", cut_short)
    withdrawn(store)
    store.close()
    monkeypatch.undo()
    assert path.with_name("county.duckdb.before").exists() and path.with_name("county.duckdb.wal").stat().st_size > 0
    if is_damaged:
        # The checksum of the first block, behind three headers.
        content = bytearray(path.read_bytes())
        content[12_288:12_296] = bytes(8)
        path.write_bytes(content)
        with pytest.raises(duckdb.Error):
            duckdb.connect(str(path), read_only=True).execute("from batches").fetchall()
    opened_and_read(path, standard)
    mended = Store.open(path, standard)
    assert published.facts_version(mended) == 2
    mended.close()
    assert not path.with_name("county.duckdb.before").exists()


def test_an_older_file_in_the_place_of_a_newer_is_refused_with_what_is_missing(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    path = tmp_path / "county.duckdb"
    shutil.copy(path, tmp_path / "older.duckdb")
    withdrawn(store)
    store.close()
    shutil.copy(tmp_path / "older.duckdb", path)
    with pytest.raises(
        StoreUnavailable, match=r"比上次确认时少：操作记录 1 条、发布与撤回 1 条。.*\.wal.*从备份恢复"
    ) as refused:
        Store.open(path, standard)
    assert counts_file(path).name in str(refused.value)
    counts_file(path).unlink()
    again = Store.open(path, standard)
    assert published.facts_version(again) == 1
    again.close()


def test_an_emptied_file_is_not_begun_anew_without_a_word(store: Store, standard: Standard, tmp_path: Path) -> None:
    withdrawn(store)
    store.close()
    (tmp_path / "county.duckdb").unlink()
    with pytest.raises(StoreUnavailable, match=r"批次 1 条.*填报数据"):
        Store.open(tmp_path / "county.duckdb", standard)


def test_a_restored_older_backup_opens(store: Store, standard: Standard, tmp_path: Path) -> None:
    back_up(store, tmp_path / "b.duckdb", LOCAL_ADMINISTRATOR, standard)
    withdrawn(store)
    store.close()
    path = tmp_path / "county.duckdb"
    restore(tmp_path / "b.duckdb", path, standard, lambda _: None, LOCAL_ADMINISTRATOR, NOW)
    again = Store.open(path, standard)
    assert published.facts_version(again) == 1
    again.close()


# ── Damage ──────────────────────────────────────────────────────────────────────────────────────
def zeroed(content: bytes, drawn: random.Random) -> bytes:
    """A block of zeros somewhere."""
    at = drawn.randrange(len(content))
    return content[:at] + bytes(min(4096, len(content) - at)) + content[at + 4096 :]


def flipped(content: bytes, drawn: random.Random) -> bytes:
    """Some bits of the header turned."""
    changed = bytearray(content)
    for _ in range(8):
        changed[drawn.randrange(12_288)] ^= 1 << drawn.randrange(8)
    return bytes(changed)


def cut(content: bytes, drawn: random.Random) -> bytes:
    """The end missing."""
    return content[: drawn.randrange(len(content))]


def overwritten(content: bytes, drawn: random.Random) -> bytes:
    """Noise over a block of data."""
    at = drawn.randrange(12_288, len(content) - 4096)
    return content[:at] + drawn.randbytes(4096) + content[at + 4096 :]


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 60), marks=pytest.mark.long)], ids=str)
@pytest.mark.parametrize("damage", [zeroed, flipped, cut, overwritten])
def test_a_damaged_file_is_read_or_refused_in_words(
    published_file: Path,
    standard: Standard,
    tmp_path: Path,
    damage: Callable[[bytes, random.Random], bytes],
    seeds: range,
) -> None:
    content = published_file.read_bytes()
    for seed in seeds:
        path = tmp_path / f"{seed}.duckdb"
        path.write_bytes(damage(content, random.Random(seed)))
        try:
            opened_and_read(path, standard)
        except PlatformError as refused:
            assert "数据" in str(refused)


@pytest.mark.parametrize("log", [b"", b"x", b"garbage" * 900, bytes(4096)], ids=["empty", "short", "noise", "zeros"])
def test_a_damaged_log_is_read_or_refused_in_words(
    published_file: Path, standard: Standard, tmp_path: Path, log: bytes
) -> None:
    path = Path(shutil.copy(published_file, tmp_path / "county.duckdb"))
    path.with_name("county.duckdb.wal").write_bytes(log)
    try:
        opened_and_read(path, standard)
    except PlatformError as refused:
        assert str(path) in str(refused)


def test_a_file_of_another_kind_is_refused_at_once_and_nothing_is_fetched(standard: Standard, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.duckdb") as other:
        other.execute("create table t (x)")
    with pytest.raises(StoreUnavailable, match="打不开") as refused:
        Store.open(tmp_path / "other.duckdb", standard)
    assert "install" not in str(refused.value).lower()


# ── A full disk, while the platform runs ────────────────────────────────────────────────────────
_FULL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from core.access import LOCAL_ADMINISTRATOR as person
from core.batches import importing, publishing, register
from core.errors import StoreUnavailable
from core.facts.published import facts_version
from core.rules.standard_loading import load_standard
from core.store.database import Store

path, folder, room = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
standard = load_standard()
store = Store.open(path, standard)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

def attempt():
    if folder.is_dir():
        importing.import_folder_or_workbook(store, folder, standard, person, datetime.now())
    else:
        publishing.withdraw(store, 1, person, datetime.now(), "x" * 2000)

resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
for _ in range(2):
    try:
        attempt()
    except StoreUnavailable as refused:
        print(refused)
    print("reads", facts_version(store), len(register.batches(store)))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
attempt()
print("writes", facts_version(store), len(register.batches(store)))
"""


@pytest.mark.parametrize("write", ["a small one", "a batch"])
def test_a_full_disk_stops_writing_until_there_is_room_and_never_reading(
    store: Store, standard: Standard, tmp_path: Path, write: str
) -> None:
    store.close()
    path = tmp_path / "county.duckdb"
    folder = tmp_path / "changed"
    if write == "a batch":
        from tests.support.books import csv_files, small_tables

        folder.mkdir()
        for name, content in csv_files(small_tables()).items():
            (folder / name).write_bytes(content.replace(b"350526-0040,2023,1037,", b"350526-0040,2023,1038,"))
    # Less than the log takes up, to which everything is written first.
    room = 20_000 if folder.exists() else 100
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path), str(folder), str(room)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    batches = 2 if folder.exists() else 1
    assert [line for line in said if not line.startswith(("reads", "writes"))] == [
        line for line in said if "磁盘空间不足" in line
    ]
    assert [line for line in said if line.startswith("reads")] == ["reads 1 1", "reads 1 1"]
    assert said[-1] == f"writes 2 {batches}"
    opened_and_read(path, standard)


def test_a_file_that_could_not_be_opened_anew_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store._cursors.is_broken = True
    with monkeypatch.context() as failing:
        failing.setattr(database, "connect", lambda *_, **__: (_ for _ in ()).throw(StoreUnavailable("磁盘空间不足")))
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="磁盘空间不足"):
                store.rows("select 1")
    assert published.facts_version(store) == 1


def test_a_file_opened_anew_is_not_taken_for_whole(store: Store, tmp_path: Path) -> None:
    withdrawn(store)
    kept = counts_file(tmp_path / "county.duckdb")
    kept.write_text(kept.read_text("utf-8").replace('"publications": 2', '"publications": 3'), "utf-8")
    store._cursors.is_broken = True
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="发布与撤回 1 条"):
            store.rows("select 1")


def test_an_answer_is_asked_again_after_the_file_was_opened_anew(store: Store) -> None:
    assert store.once("version", lambda: published.facts_version(store)) == 1
    store._cursors.is_broken = True
    store.rows("select 1")
    assert store.once("version", lambda: 7) == 7


def test_a_place_that_cannot_be_written_is_not_said_to_be_occupied(standard: Standard, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(StoreUnavailable, match="打不开或不能写入"):
        Store.open(tmp_path / "a file" / "lock.duckdb", standard)


# ── Two at once ─────────────────────────────────────────────────────────────────────────────────
def test_a_platform_that_starts_during_a_restore_waits_its_turn(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    back_up(store, tmp_path / "b.duckdb", LOCAL_ADMINISTRATOR, standard)
    store.close()
    path = tmp_path / "county.duckdb"
    said = []

    def start_meanwhile(_: Store) -> None:
        with pytest.raises(StoreUnavailable, match="正被另一个程序占用") as refused:
            Store.open(path, standard)
        said.append(str(refused.value))

    restore(tmp_path / "b.duckdb", path, standard, start_meanwhile, LOCAL_ADMINISTRATOR, NOW)
    assert len(said) == 1
    opened_and_read(path, standard)


def test_two_backups_of_the_same_name_do_not_touch_each_other(store: Store, standard: Standard, tmp_path: Path) -> None:
    target = tmp_path / "b.duckdb"
    ended: list[str] = []
    together = threading.Barrier(2)

    def take() -> None:
        together.wait()
        try:
            back_up(store, target, LOCAL_ADMINISTRATOR, standard)
            ended.append("kept")
        except RequestInvalid as refused:
            ended.append("refused" if "已存在" in str(refused) else str(refused))

    takers = [threading.Thread(target=take) for _ in range(2)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(ended) == ["kept", "refused"]
    opened_and_read(target, standard)
    assert not list(tmp_path.glob("*.part*"))


def test_what_killed_backups_left_is_cleared_and_what_others_write_is_not(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    import os

    old, new = tmp_path / "x.duckdb.0123.part", tmp_path / "y.duckdb.4567.part"
    for part in (old, new):
        part.write_bytes(b"begun")
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))
    back_up(store, tmp_path / "b.duckdb", LOCAL_ADMINISTRATOR, standard)
    assert (old.exists(), new.exists()) == (False, True)


def test_one_file_is_open_once_in_a_process_too(store: Store, standard: Standard, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="正被另一个程序占用"):
        Store.open(tmp_path / "county.duckdb", standard)
    assert len(register.batches(store)) == 1


def test_a_clock_set_back_changes_no_order(store: Store) -> None:
    publishing.withdraw(store, 1, LOCAL_ADMINISTRATOR, datetime(2030, 1, 1), "先")
    publishing.publish(store, 1, LOCAL_ADMINISTRATOR, datetime(2020, 1, 1), "后")
    assert published.facts_version(store) == 3
    assert register.batch(store, 1).state == "published"
