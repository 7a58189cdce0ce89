"""The whole store as one file, taken while the platform runs, and put back only after it was checked.

The file of passwords and sessions, where there is one, is copied beside it and put back with it. Attached files never
change: those of all backups of a folder lie beside them once, each under its own hash.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import duckdb

from core.access import Actor, require
from core.disk import ContentLost, content_of, copy_contents, settle
from core.errors import RequestInvalid, StoreUnavailable
from core.rules.standard import Standard
from core.store.confirmed import counts_file, keep_counts, row_counts
from core.store.database import Store
from core.store.opening import attachments_folder, connect, credentials_file, database_path, held_sentence, hold
from core.store.replicas.leaving import copies_folder, take_away
from core.store.upgrades import copy_database, refuse_foreign_format

Verify = Callable[[Store], object]
_PART = ".part"
_LOG = ".wal"
_DAILY = "每日备份-"
_KEPT_DAYS, _KEPT_MONTHS = 14, 12
# No backup of a county takes a minute.
_ABANDONED_SECONDS = 3600


@dataclass(frozen=True)
class StoreCounts:
    """What a store holds: rows by table for telling people, a fingerprint for comparing a copy with its original."""

    rows: tuple[tuple[str, int], ...]
    facts_version: int
    fingerprint: tuple[int, ...]
    # The hashes of attached files that were not there, or not whole, to be copied.
    lost: tuple[str, ...] = ()

    def of(self, table: str) -> int:
        """The number of rows of one table."""
        return dict(self.rows).get(table, 0)


def counts(store: Store) -> StoreCounts:
    """The number of rows of every table; every value is read on the way. Raises duckdb.Error on a damaged file."""
    names = [
        name
        for (name,) in store.rows(
            "select table_name from duckdb_tables() where database_name = current_database() and not temporary order by 1"
        )
    ]
    found = [
        store.rows(f'select count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from {store.schema}."{name}" as t')[0]
        for name in names
    ]
    version = int(store.rows(f"select coalesce(max(number), 0) from {store.schema}.publications")[0][0])
    rows = tuple((name, int(number)) for name, (number, _) in zip(names, found, strict=True))
    return StoreCounts(rows, version, tuple(int(total) for _, total in found))


def back_up(store: Store, target: Path, actor: Actor, standard: Standard) -> StoreCounts:
    """Copy everything into one file while the platform runs; the file appears whole or not at all.

    The copy is opened and counted before it gets its name. Raises StoreUnavailable when there is no room or no
    right to write, RequestInvalid when the file exists already.
    """
    require(actor, "backup", "全部数据")
    if target.exists():
        raise RequestInvalid(f"文件 {target} 已存在，请换一个备份文件名。")
    part = _own_part(target)
    try:
        with store.alone() as cursor:
            expected = counts(store)
            copy_database(cursor, part)
        _sweep(part)
        with _opened(part, standard) as copy:
            found = counts(copy)
        if found != expected:
            raise StoreUnavailable(f"备份 {target} 与原数据条数不一致，没有保留；请重试。")
        settle(part)
        lost: list[str] = []
        if store.path is not None:
            kept = attachments_of_backups(target.parent)
            lost = copy_contents(attachments_folder(store.path), kept, attached_hashes(store))
            _copy_credentials(credentials_file(store.path), credentials_file(target))
        _name(part, target)
        settle(target)
    except FileExistsError:
        raise RequestInvalid(f"文件 {target} 已存在，请换一个备份文件名。") from None
    except (duckdb.Error, OSError) as fault:
        raise StoreUnavailable(_not_written(target, fault)) from None
    finally:
        _remove(part)
    return replace(expected, lost=tuple(lost))


def attached_hashes(store: Store) -> list[str]:
    """The hash of every attached file, each once."""
    return [digest for (digest,) in store.rows("select distinct sha256 from attachments order by 1")]


def attachments_of_backups(folder: Path) -> Path:
    """Where the attached files of all backups in a folder lie."""
    return folder / "attachments"


def _copy_credentials(source: Path, target: Path) -> None:
    """Copy the file of passwords and sessions as it stands at one moment; nothing where there is none."""
    if not source.is_file():
        return
    part = _own_part(target)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(source)) as kept, closing(sqlite3.connect(part)) as copy:
            kept.backup(copy)
        settle(part)
        part.replace(target)
    except sqlite3.Error as fault:
        raise StoreUnavailable(_not_written(target, fault)) from None
    finally:
        _remove(part)


def _name(part: Path, target: Path) -> None:
    """Give a finished file its name, never in the place of another. Raises FileExistsError."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A stick or a network drive knows no second name: the name is taken first, then the file.
        target.open("xb").close()
        part.replace(target)


def _keep_beside(target: Path, kept: Path) -> None:
    """Keep the old file while the new one takes its name in one step."""
    try:
        os.link(target, kept)
    except OSError:
        shutil.copyfile(target, kept)
        settle(kept)


def _own_part(target: Path) -> Path:
    """A name beside the target that no other backup has, even of the same second."""
    return target.with_name(f"{target.name}.{uuid4().hex[:12]}{_PART}")


def _sweep(newest: Path) -> None:
    """Remove the parts beside this one of backups that were killed long before it was written."""
    written = newest.stat().st_mtime
    for part in newest.parent.glob(f"*{_PART}"):
        if part.is_file() and written - part.stat().st_mtime > _ABANDONED_SECONDS:
            _remove(part)


def backups_folder() -> Path:
    """Where backups are kept: beside the data file."""
    return database_path().parent / "backups"


def back_up_daily(store: Store, folder: Path, actor: Actor, standard: Standard, today: date) -> Path | None:
    """Take the day's backup unless it is there, and let go of those no longer kept; its file, None where it was there.

    Kept are the last fourteen days and the first backup of each of twelve months; what else lies in the folder is not
    touched. Raises as `back_up` does; then nothing is let go of.
    """
    target = folder / f"{_DAILY}{today.isoformat()}.duckdb"
    if target.exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    back_up(store, target, actor, standard)
    taken = sorted(folder.glob(f"{_DAILY}????-??-??.duckdb"), reverse=True)
    first_of_month = {file.name[: len(_DAILY) + len("2023-09")]: file for file in taken}
    kept = {*taken[:_KEPT_DAYS], *list(first_of_month.values())[:_KEPT_MONTHS]}
    for file in taken:
        if file not in kept:
            _remove(credentials_file(file))
            _remove(file)
    return target


@contextmanager
def _opened(path: Path, standard: Standard) -> Iterator[Store]:
    # A copy of an older format is upgraded on the way; the original stays as it is.
    store = Store.open(path, standard, keep_older=False, is_copy=True)
    try:
        yield store
    finally:
        store.close()


def restore(backup: Path, target: Path, standard: Standard, verify: Verify, actor: Actor, now: datetime) -> Path | None:
    """Put a backup in the place of the store's file; the old file is kept beside it and its path returned.

    The backup is copied, opened, counted and judged once (`verify`) before anything is replaced. Raises
    StoreUnavailable when it is no store, of another format or cannot be judged, or while a program holds the file.
    """
    require(actor, "backup", "全部数据")
    if not backup.is_file():
        raise RequestInvalid(f"找不到备份文件 {backup}。")
    part = _own_part(target)
    # Held until the end: a platform that starts meanwhile would take in what the replaced file loses.
    with hold(target):
        try:
            _refuse_while_held(target)
            shutil.copyfile(backup, part)
            held_rows, attached = _check(part, standard, verify)
            # What neither the backup nor the data folder holds stays listed, and says so when it is opened.
            copy_contents(attachments_of_backups(backup.parent), attachments_folder(target), attached)
            settle(part)
            kept = _kept_name(target, now) if target.exists() else None
            if kept is not None:
                _keep_beside(target, kept)
                _move_log(target, kept)
            counts_file(target).unlink(missing_ok=True)
            part.replace(target)
            settle(target)
            take_away(copies_folder(target))
            keep_counts(target, held_rows)
            if credentials_file(backup).is_file():
                if kept is not None and credentials_file(target).is_file():
                    _copy_credentials(credentials_file(target), credentials_file(kept))
                _copy_credentials(credentials_file(backup), credentials_file(target))
        except OSError as fault:
            raise StoreUnavailable(_not_written(target, fault)) from None
        finally:
            _remove(part)
    return kept


def _refuse_while_held(target: Path) -> None:
    if not target.exists():
        return
    try:
        # Opening for writing fails while the platform holds the file; a damaged file may be replaced.
        connect(target).close()
    except StoreUnavailable as fault:
        if str(fault) == held_sentence(target):
            raise


def _check(path: Path, standard: Standard, verify: Verify) -> tuple[dict[str, int], list[str]]:
    """The rows of a backup that opens and can be judged, and the hashes of the files attached."""
    try:
        with connect(path, read_only=True) as connection:
            version = connection.execute("select version from store_format").fetchall()
    except (duckdb.Error, StoreUnavailable):
        raise StoreUnavailable("这份备份不是本平台的数据文件，没有恢复。") from None
    if len(version) != 1:
        raise StoreUnavailable("备份没有写明格式版本，没有恢复。")
    refuse_foreign_format(int(version[0][0]), "备份")
    try:
        with _opened(path, standard) as store:
            if counts(store).facts_version:
                verify(store)
            with store.reading() as cursor:
                return row_counts(cursor), attached_hashes(store)
    except duckdb.Error as fault:
        raise StoreUnavailable(f"备份文件已损坏，没有恢复。（{str(fault).splitlines()[0]}）") from None


def _move_log(target: Path, kept: Path) -> None:
    """A log left by a damaged file belongs to it; the restored file must not read it."""
    log = target.with_name(target.name + _LOG)
    if log.exists():
        log.rename(kept.with_name(kept.name + _LOG))


def _kept_name(target: Path, now: datetime) -> Path:
    return target.with_name(f"{target.stem}-{now:%Y%m%d-%H%M%S-%f}-恢复前{target.suffix}")


def snapshot(store: Store, folder: Path, actor: Actor) -> list[Path]:
    """Write every table as a Parquet file into a new folder, for other tools to read, attached files beside them by
    number and name; returns the files.

    Raises RequestInvalid when the folder exists, StoreUnavailable when it cannot be written.
    """
    require(actor, "backup", "全部数据")
    if folder.exists():
        raise RequestInvalid(f"文件夹 {folder} 已存在，请换一个名称。")
    part = _own_part(folder)
    try:
        part.mkdir(parents=True)
        with store.alone() as cursor:
            for name, _ in counts(store).rows:
                file = str(part / f"{name}.parquet").replace("'", "''")
                cursor.execute(f"copy {store.schema}.\"{name}\" to '{file}' (format parquet)")
        _lay_out_attachments(store, part)
        for written in part.iterdir():
            settle(written)
        part.rename(folder)
    except (duckdb.Error, OSError) as fault:
        shutil.rmtree(part, ignore_errors=True)
        raise StoreUnavailable(_not_written(folder, fault)) from None
    return sorted(folder.iterdir())


def _lay_out_attachments(store: Store, folder: Path) -> None:
    """Every attached file that is there, under its number and its name."""
    lost = []
    for number, name, digest in store.rows("select number, name, sha256 from attachments order by number"):
        assert store.path is not None
        try:
            content = content_of(attachments_folder(store.path), digest)
        except ContentLost:
            lost.append(f"{number}\t{name}\t{digest}\n")
            continue
        (folder / f"attachment-{number}-{name}").write_bytes(content)
    if lost:
        (folder / "attachments-missing.txt").write_text("".join(lost), "utf-8")


def _remove(part: Path) -> None:
    for leftover in (part, part.with_name(part.name + _LOG)):
        # Where even this fails, nothing was written either.
        with suppress(OSError):
            leftover.unlink(missing_ok=True)


def _not_written(target: Path, fault: Exception) -> str:
    text = str(fault).lower()
    if "space" in text or "too large" in text:
        return f"磁盘空间不足，{target} 没有写成，原有数据未改动；请清理磁盘后重试。"
    return f"{target} 没有写成，原有数据未改动；请检查路径和权限。（{str(fault).splitlines()[0]}）"
