"""A backup is whole or not there; only a backup that was checked takes the store's place."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import duckdb
import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.batches import publishing, register
from core.errors import NotPermitted, RequestInvalid, StoreUnavailable
from core.method.engine import assess
from core.rules.standard import Standard
from core.store.backup import back_up, counts, restore, snapshot
from core.store.database import Store
from core.store.opening import credentials_file
from tests.batches.test_corrections import COUNTY, smaller_ground
from tests.support.published_store import NOW


def judge(standard: Standard, store: Store) -> None:
    assess(store, standard, COUNTY, 2023)


def restored(backup: Path, target: Path, standard: Standard) -> Path | None:
    return restore(backup, target, standard, partial(judge, standard), LOCAL_ADMINISTRATOR, NOW)


def test_a_backup_taken_while_the_store_is_open_holds_everything(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    smaller_ground(store, standard)
    with store.reading() as cursor:
        cursor.execute("select * from classes")
        found = back_up(store, tmp_path / "备份.duckdb", LOCAL_ADMINISTRATOR, standard)
        assert cursor.fetchone()
    copy = Store.open(tmp_path / "备份.duckdb", standard)
    assert counts(copy) == counts(store) == found
    assert found.of("batches") == 2 and found.facts_version == 1
    assert assess(copy, standard, COUNTY, 2023) == assess(store, standard, COUNTY, 2023)
    assert smaller_ground_again(copy, standard) == 3, "numbering goes on where it stood"
    copy.close()
    assert not list(tmp_path.glob("*.part"))


def smaller_ground_again(store: Store, standard: Standard) -> int:
    publishing.publish(store, 2, LOCAL_ADMINISTRATOR, NOW, "发布")
    publishing.withdraw(store, 2, LOCAL_ADMINISTRATOR, NOW, "撤回")
    return smaller_ground(store, standard)


def test_a_restored_store_is_the_one_backed_up_and_the_old_file_is_kept(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    backup = tmp_path / "备份.duckdb"
    before = back_up(store, backup, LOCAL_ADMINISTRATOR, standard)
    smaller_ground(store, standard)
    target = tmp_path / "county.duckdb"
    store.close()
    kept = restored(backup, target, standard)
    assert kept is not None and kept.exists()
    for path, wanted in ((target, 1), (kept, 2)):
        opened = Store.open(path, standard)
        assert len(register.batches(opened)) == wanted
        assert (counts(opened) == before) is (wanted == 1)
        opened.close()


def test_a_backup_is_restored_where_there_was_nothing(store: Store, standard: Standard, tmp_path: Path) -> None:
    back_up(store, tmp_path / "备份.duckdb", LOCAL_ADMINISTRATOR, standard)
    assert restored(tmp_path / "备份.duckdb", tmp_path / "new.duckdb", standard) is None
    assert (tmp_path / "new.duckdb").exists()


def other_database(path: Path) -> None:
    connection = duckdb.connect(str(path))
    connection.execute("create table something (a integer)")
    connection.close()


def other_format(path: Path) -> None:
    connection = duckdb.connect(str(path))
    connection.execute("create table store_format as select 99 as version, '' as rules_fingerprint")
    connection.close()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b"not a database"), "不是本平台的数据文件"),
        (lambda path: path.write_bytes(b""), "不是本平台的数据文件"),
        (other_database, "不是本平台的数据文件"),
        (other_format, "格式版本为 99"),
    ],
    ids=["text", "empty", "other database", "other format"],
)
def test_what_is_no_backup_replaces_nothing(
    store: Store, standard: Standard, tmp_path: Path, make: object, says: str
) -> None:
    backup, target = tmp_path / "备份.duckdb", tmp_path / "county.duckdb"
    assert callable(make)
    make(backup)
    store.close()
    before = target.read_bytes()
    with pytest.raises(StoreUnavailable, match=says):
        restored(backup, target, standard)
    assert target.read_bytes() == before


def test_a_torn_backup_replaces_nothing(store: Store, standard: Standard, tmp_path: Path) -> None:
    backup, target = tmp_path / "备份.duckdb", tmp_path / "county.duckdb"
    back_up(store, backup, LOCAL_ADMINISTRATOR, standard)
    store.close()
    content = backup.read_bytes()
    before = target.read_bytes()
    for kept in (0.1, 0.5, 0.9):
        backup.write_bytes(content[: int(len(content) * kept)])
        with pytest.raises(StoreUnavailable):
            restored(backup, target, standard)
    assert target.read_bytes() == before


def test_a_backup_that_cannot_be_judged_replaces_nothing(store: Store, standard: Standard, tmp_path: Path) -> None:
    def refuse(_: Store) -> None:
        raise StoreUnavailable("备份不能判定")

    back_up(store, tmp_path / "备份.duckdb", LOCAL_ADMINISTRATOR, standard)
    store.close()
    before = (tmp_path / "county.duckdb").read_bytes()
    with pytest.raises(StoreUnavailable, match="不能判定"):
        restore(
            tmp_path / "备份.duckdb", tmp_path / "county.duckdb", standard, refuse, LOCAL_ADMINISTRATOR, NOW
        )  # fmt: skip
    assert (tmp_path / "county.duckdb").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def test_nothing_is_overwritten_and_readers_may_not(store: Store, standard: Standard, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="已存在"):
        back_up(store, tmp_path / "county.duckdb", LOCAL_ADMINISTRATOR, standard)
    with pytest.raises(RequestInvalid, match="已存在"):
        snapshot(store, tmp_path, LOCAL_ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        back_up(store, tmp_path / "备份.duckdb", READER, standard)
    with pytest.raises(RequestInvalid, match="找不到"):
        restored(tmp_path / "nothing.duckdb", tmp_path / "county.duckdb", standard)


def test_a_snapshot_is_read_by_other_tools(store: Store, tmp_path: Path) -> None:
    files = snapshot(store, tmp_path / "快照", LOCAL_ADMINISTRATOR)
    assert {file.suffix for file in files} == {".parquet"}
    found = duckdb.connect().execute(
        "select count(*), sum(pupils) from read_parquet($1)", [str(tmp_path / "快照" / "enrolment.parquet")]
    )
    assert found.fetchall() == store.rows("select count(*), sum(pupils) from enrolment")
    assert {file.stem for file in files} == {name for name, _ in counts(store).rows}


def credentials(path: Path, *names: str) -> list[str]:
    """Put accounts into a file of credentials, and say which it holds."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("create table if not exists auth_user (username text)")
        file.executemany("insert into auth_user values (?)", [(name,) for name in names])
        return [name for (name,) in file.execute("select username from auth_user order by 1")]


def test_passwords_go_with_the_backup_and_come_back_with_it(store: Store, standard: Standard, tmp_path: Path) -> None:
    ours, backup = credentials_file(tmp_path / "county.duckdb"), tmp_path / "备份.duckdb"
    credentials(ours, "admin", "zhang.san")
    back_up(store, backup, LOCAL_ADMINISTRATOR, standard)
    assert credentials(credentials_file(backup)) == ["admin", "zhang.san"]
    assert credentials_file(backup).stat().st_mode & 0o077 == 0, "nobody else reads them"
    credentials(ours, "later")
    store.close()
    kept = restored(backup, tmp_path / "county.duckdb", standard)
    assert credentials(ours) == ["admin", "zhang.san"]
    assert kept is not None and credentials(credentials_file(kept)) == ["admin", "later", "zhang.san"]
    assert not list(tmp_path.glob("*.part"))


def test_without_passwords_a_backup_is_one_file(store: Store, standard: Standard, tmp_path: Path) -> None:
    back_up(store, tmp_path / "备份.duckdb", LOCAL_ADMINISTRATOR, standard)
    assert not list(tmp_path.glob("*.sqlite3"))
