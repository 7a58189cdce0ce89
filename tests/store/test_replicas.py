"""Processes that only read: they read what was written last, never less, and nobody writes there."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import publishing
from core.errors import NotPermitted, StoreUnavailable
from core.facts import published
from core.method.engine import assess
from core.people.people import PersonDraft, keep_people, person
from core.rules.standard import Standard
from core.store.backup import back_up, counts, restore
from core.store.database import Store
from core.store.replicas.leaving import NEWEST, copies_folder, this_boot
from core.store.replicas.notes import Note, leave_note, notes, unreadable_notes
from core.store.replicas.replica import Replica
from tests.batches.test_corrections import COUNTY, smaller_ground
from tests.support.published_store import NOW
from tests.support.serving import ROOT


def someone(account: str, name: str = "某人") -> PersonDraft:
    return PersonDraft(person_id=account, name=name, roles=("leader",))


LEADER = someone("ling.dao", "测试")


@pytest.fixture
def shared(store: Store, standard: Standard) -> Iterator[tuple[Store, Replica]]:
    """A store that leaves copies, and a replica on them."""
    assert store.path is not None
    copies_folder(store.path).mkdir()
    keep_people(store, [LEADER], LOCAL_ADMINISTRATOR, NOW)
    replica = Replica(store.path, standard)
    yield store, replica
    replica.close()


def test_without_a_folder_for_copies_none_is_left(store: Store, standard: Standard) -> None:
    assert store.path is not None
    smaller_ground(store, standard)
    assert not copies_folder(store.path).exists()
    with pytest.raises(StoreUnavailable, match="副本暂时没有"):
        Replica(store.path, standard)


def test_the_replica_judges_as_the_store_does(shared: tuple[Store, Replica], standard: Standard) -> None:
    store, replica = shared
    assert counts(replica) == counts(store)
    assert assess(replica, standard, COUNTY, 2023) == assess(store, standard, COUNTY, 2023)


def test_whoever_was_told_that_it_is_written_finds_it_written(
    shared: tuple[Store, Replica], standard: Standard
) -> None:
    store, replica = shared
    before = assess(replica, standard, COUNTY, 2023)
    batch = smaller_ground(store, standard)
    publishing.publish(store, batch, LOCAL_ADMINISTRATOR, NOW, "核实")
    replica.take_up_newest()
    assert published.facts_version(replica) == published.facts_version(store) == 2
    after = assess(replica, standard, COUNTY, 2023)
    assert after == assess(store, standard, COUNTY, 2023)
    assert after != before


def test_an_answer_kept_is_asked_for_anew_after_a_write(shared: tuple[Store, Replica]) -> None:
    store, replica = shared
    assert replica.once("name", lambda: person(replica, "ling.dao")) is not None
    keep_people(store, [someone("ling.dao", "改名")], LOCAL_ADMINISTRATOR, NOW)
    replica.take_up_newest()
    found = replica.once("name", lambda: person(replica, "ling.dao"))
    assert found is not None and found.name == "改名"


def test_who_is_reading_ends_on_the_copy_that_they_began_with(shared: tuple[Store, Replica]) -> None:
    store, replica = shared
    with replica.reading() as cursor:
        cursor.execute("select name from people")
        for number in range(4):
            draft = someone("ling.dao", f"第{number}次")
            keep_people(store, [draft], LOCAL_ADMINISTRATOR, NOW)
            replica.take_up_newest()
        assert cursor.fetchall() == [("测试",)]
    found = person(replica, "ling.dao")
    assert found is not None and found.name == "第3次"


def test_nobody_writes_to_a_replica(shared: tuple[Store, Replica]) -> None:
    _, replica = shared
    with pytest.raises(NotPermitted, match="只供查看"):
        keep_people(replica, [LEADER], LOCAL_ADMINISTRATOR, NOW)


def test_a_copy_that_cannot_be_taken_away_is_read_by_nobody_and_is_replaced(
    shared: tuple[Store, Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, replica = shared

    def refused(*_: object, **__: object) -> None:
        raise PermissionError("nothing may be changed in this folder")

    with monkeypatch.context() as unwritable:
        unwritable.setattr(Path, "mkdir", refused)
        unwritable.setattr(Path, "unlink", refused)
        keep_people(store, [someone("hou.lai", "后来")], LOCAL_ADMINISTRATOR, NOW)
    assert "nothing may be changed" in store.uncopied
    with pytest.raises(StoreUnavailable, match="副本暂时没有"):
        replica.take_up_newest()
    store.leave_missing_copy()
    replica.take_up_newest()
    assert person(replica, "hou.lai") is not None and store.uncopied == ""


def test_a_copy_from_before_the_machine_started_anew_is_read_by_nobody(
    shared: tuple[Store, Replica], standard: Standard
) -> None:
    store, replica = shared
    assert store.path is not None
    newest = copies_folder(store.path) / NEWEST
    name, _ = newest.read_text("ascii").split(" ")
    newest.write_text(f"{name} 00000000-0000-0000-0000-000000000000", "ascii")
    for ask in (replica.take_up_newest, lambda: Replica(store.path, standard)):  # type: ignore[arg-type]
        with pytest.raises(StoreUnavailable, match="副本暂时没有"):
            ask()
    store.leave_missing_copy()
    replica.take_up_newest()


@pytest.mark.parametrize("begin", [0, 4096, 8192, 12288, 300_000])
def test_a_damaged_copy_is_refused_in_words(shared: tuple[Store, Replica], standard: Standard, begin: int) -> None:
    store, _ = shared
    assert store.path is not None
    folder = copies_folder(store.path)
    name, _, boot = (folder / NEWEST).read_text("ascii").partition(" ")
    content = bytearray((folder / name / store.path.name).read_bytes())
    content[begin : begin + 4096] = bytes(4096)
    # Under a name of its own: DuckDB would answer for a file that is open already without reading it again.
    damaged = folder / name.replace("-0", "-9")
    damaged.mkdir()
    (damaged / store.path.name).write_bytes(content)
    (folder / NEWEST).write_text(f"{damaged.name} {boot}", "ascii")
    try:
        Replica(store.path, standard).close()
    except StoreUnavailable as refusal:
        assert "副本" in str(refusal) or "数据文件" in str(refusal)
    else:
        # A block that opening does not read may be zeroed; what a file begins with is always read.
        assert begin > 0


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
def test_nobody_else_on_the_machine_reads_a_copy(shared: tuple[Store, Replica]) -> None:
    store, _ = shared
    assert store.path is not None
    usual = os.umask(0o022)
    try:
        keep_people(store, [someone("hou.lai", "后来")], LOCAL_ADMINISTRATOR, NOW)
        leave_note(store.path, Note("download", "hou.lai", "表.csv", "10.0.0.7", NOW))
    finally:
        os.umask(usual)
    folder = copies_folder(store.path)
    newest = folder / (folder / NEWEST).read_text("ascii").split(" ")[0]
    assert [stat.S_IMODE(one.stat().st_mode) for one in (newest, folder / "notes")] == [0o700, 0o700]


def test_two_copies_are_kept_however_much_is_written(shared: tuple[Store, Replica]) -> None:
    store, _ = shared
    for number in range(5):
        keep_people(store, [someone(f"p{number}", "某人")], LOCAL_ADMINISTRATOR, NOW)
    assert store.path is not None
    folder = copies_folder(store.path)
    assert len([one for one in folder.iterdir() if one.is_dir()]) == 2
    assert not list(folder.glob("*.part"))


def test_a_copy_that_cannot_be_written_sends_readers_away_and_the_write_stands(
    shared: tuple[Store, Replica], standard: Standard
) -> None:
    store, replica = shared
    assert store.path is not None
    folder = copies_folder(store.path)
    # A file stands where the next copy is to be laid.
    current = (folder / NEWEST).read_text("ascii").split(" ")[0]
    opening, number = current.split("-")
    (folder / f"{opening}-{int(number) + 1:06d}.part").write_text("", "ascii")
    keep_people(store, [someone("hou.lai", "后来")], LOCAL_ADMINISTRATOR, NOW)
    assert person(store, "hou.lai") is not None
    assert "只读进程已停止服务" in store.uncopied
    with pytest.raises(StoreUnavailable, match="副本暂时没有"):
        replica.take_up_newest()
    store.leave_missing_copy()
    assert store.uncopied == ""
    replica.take_up_newest()
    assert person(replica, "hou.lai") is not None


def test_a_folder_made_while_the_store_is_open_gets_its_copy_without_a_write(store: Store, standard: Standard) -> None:
    store.leave_missing_copy()
    assert store.path is not None and not copies_folder(store.path).exists()
    copies_folder(store.path).mkdir()
    store.leave_missing_copy()
    replica = Replica(store.path, standard)
    assert counts(replica) == counts(store)
    replica.close()


def test_a_copy_of_another_opening_is_told_apart(published_file: Path, standard: Standard, tmp_path: Path) -> None:
    path = tmp_path / "county.duckdb"
    path.write_bytes(published_file.read_bytes())
    copies_folder(path).mkdir()
    Store.open(path, standard).close()
    replica = Replica(path, standard)
    first = replica.opening
    Store.open(path, standard).close()
    replica.take_up_newest()
    assert first and replica.opening and first != replica.opening
    replica.close()


def test_a_restored_backup_is_read_only_after_the_platform_has_opened_it(
    shared: tuple[Store, Replica], standard: Standard, tmp_path: Path
) -> None:
    store, replica = shared
    assert store.path is not None
    back_up(store, tmp_path / "备份.duckdb", LOCAL_ADMINISTRATOR, standard)
    keep_people(store, [someone("hou.lai", "后来")], LOCAL_ADMINISTRATOR, NOW)
    store.close()
    restore(tmp_path / "备份.duckdb", store.path, standard, lambda _: None, LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(StoreUnavailable):
        replica.take_up_newest()
    Store.open(store.path, standard).close()
    replica.take_up_newest()
    assert person(replica, "hou.lai") is None


def test_a_copy_of_another_program_is_refused(shared: tuple[Store, Replica], standard: Standard) -> None:
    store, replica = shared
    with store.write() as cursor:
        cursor.execute("update store_format set rules_fingerprint = 'other'")
    with pytest.raises(StoreUnavailable, match="不是同一版本"):
        replica.take_up_newest()


@pytest.mark.parametrize("named", ["", "../../etc", "0123456789ab-000001", "x" * 100])
def test_a_name_that_leads_nowhere_is_no_copy(shared: tuple[Store, Replica], standard: Standard, named: str) -> None:
    store, replica = shared
    assert store.path is not None
    (copies_folder(store.path) / NEWEST).write_text(f"{named} {this_boot()}", "ascii")
    with pytest.raises(StoreUnavailable):
        replica.take_up_newest()
    # What was read until then can still be read; nobody is served by it.
    assert person(replica, "ling.dao") is not None


def test_readers_beside_a_writer_see_whole_states_in_order(shared: tuple[Store, Replica]) -> None:
    store, replica = shared
    told: list[int] = []
    seen: list[tuple[int, int]] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            least = len(told)
            replica.take_up_newest()
            [(people, entries)] = replica.rows(
                "select (select count(*) from people), (select count(*) from audit where action = 'people')"
            )
            assert people == entries
            seen.append((least, people))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(12):
        keep_people(store, [someone(f"p{number}", "某人")], LOCAL_ADMINISTRATOR, NOW)
        told.append(number)
    over.set()
    for reader in readers:
        reader.join()
    # One person was there before.
    assert seen and all(people >= least + 1 for least, people in seen)


_WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from core.access import LOCAL_ADMINISTRATOR
from core.people.people import PersonDraft, keep_people
from core.rules.standard_loading import load_standard
from core.store.database import Store
store = Store.open(Path(sys.argv[1]), load_standard())
for number in range(10_000):
    draft = PersonDraft(person_id=f"p{number}", name="某人", roles=("viewer",))
    keep_people(store, [draft], LOCAL_ADMINISTRATOR, datetime.now())
    print(number, flush=True)
"""


@pytest.mark.parametrize("confirmed", [1, 4, 11])
def test_what_was_told_is_read_even_after_the_writer_was_killed(
    published_file: Path, standard: Standard, tmp_path: Path, confirmed: int
) -> None:
    path = Path(shutil.copy(published_file, tmp_path / "county.duckdb"))
    copies_folder(path).mkdir()
    with subprocess.Popen([sys.executable, "-c", _WRITER, path], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(confirmed):
            assert writer.stdout.readline()
        writer.kill()
        told = confirmed + len(writer.stdout.readlines())
    replica = Replica(path, standard)
    assert replica.rows("select count(*) from people")[0][0] >= told
    opened = Store.open(path, standard)
    replica.take_up_newest()
    assert counts(replica) == counts(opened)
    opened.close()
    replica.close()


def test_a_note_is_there_whole_until_it_is_taken_away(tmp_path: Path) -> None:
    database = tmp_path / "county.duckdb"
    first = Note("download", "ling.dao", "表“一”.xlsx", "10.0.0.7", datetime(2026, 11, 30, 8, 0, 0, 123000))
    second = Note("download", "ling.dao", "表二.csv", "10.0.0.7", datetime(2026, 11, 30, 8, 0, 1))
    for note in (first, second):
        leave_note(database, note)
    found = list(notes(database))
    assert [note for _, note in found] == [first, second]
    for file, _ in found:
        file.unlink()
    assert list(notes(database)) == []


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"at": 3}', '{"at": "x"}', '{"at": "2026-11-30", "more": 1}'])
def test_what_is_no_note_is_put_aside_and_holds_up_no_other(tmp_path: Path, content: str) -> None:
    database = tmp_path / "county.duckdb"
    leave_note(database, Note("download", "ling.dao", "表.csv", "10.0.0.7", NOW))
    folder = copies_folder(database) / "notes"
    (folder / "00000000000000000000-0.json").write_text(content, "utf-8")
    assert [note.subject for _, note in notes(database)] == ["表.csv"]
    [aside] = unreadable_notes(database)
    assert aside.read_text("utf-8") == content
