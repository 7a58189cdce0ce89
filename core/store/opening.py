"""How a data file is opened: by one program at a time, asking nothing of the outside, every fault of it in words."""

from __future__ import annotations

import os
import queue
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb
from filelock import BaseFileLock, FileLock, Timeout

from core.dataset.dictionary import DATA
from core.errors import StoreUnavailable

# A year of a large county with its backup.
_LEAST_FREE_BYTES, _FILES_OF_ROOM = 300_000_000, 4
_READERS = 4
_LONGEST_WAIT_SECONDS = 30
Waiting = queue.LifoQueue[duckdb.DuckDBPyConnection]
CONFIG: dict[str, bool | int | float | str | list[str]] = {
    # A county's queries are small: sharing one among threads costs more than it saves, and readers run beside each
    # other on threads of their own.
    "threads": 1,
    # A file of another kind, such as SQLite's, would make DuckDB fetch an extension from the internet.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# The store brings the log into its file itself, with a copy at hand; DuckDB would do it at any time.
_NO_CHECKPOINTS = {"checkpoint_threshold": "1TB"}
# What DuckDB says, on Linux and Windows, of a file that another program has open.
_HELD = ("could not set lock", "conflicting lock", "being used by another process")
# What DuckDB raises where the file or the disk is at fault, not the query.
_FILES_FAULTS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,
    duckdb.ConnectionException,
)


class Cursors:
    """A connection with the cursors that readers and the method take in turns; broken once its file failed.

    Given the `path` of its file it can copy it. The file is opened for that once: closing it would end DuckDB's lock.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None = None) -> None:
        self.connection = connection
        # On Windows a file that DuckDB holds cannot be opened a second time.
        self._file = os.open(path, os.O_RDONLY) if path is not None and os.name == "posix" else None
        self.is_broken = False
        self._open = [_READERS, _READERS]
        self.readers: Waiting = queue.LifoQueue()
        self.workbenches: Waiting = queue.LifoQueue()
        for waiting in (self.readers, self.workbenches):
            for _ in range(_READERS):
                waiting.put(connection.cursor())

    def close(self) -> None:
        """Close everything, after whoever reads has ended. Raises queue.Empty when somebody does not end in time; called
        again, it goes on where it was.
        """
        for place, waiting in enumerate((self.readers, self.workbenches)):
            while self._open[place]:
                waiting.get(timeout=_LONGEST_WAIT_SECONDS).close()
                self._open[place] -= 1
        self.let_go()

    def close_if_idle(self) -> bool:
        """Close everything if nobody reads; whether it is closed."""
        places = (self.readers, self.workbenches)
        taken: list[list[duckdb.DuckDBPyConnection]] = [[], []]
        with suppress(queue.Empty):
            for place, waiting in enumerate(places):
                while len(taken[place]) < _READERS:
                    taken[place].append(waiting.get_nowait())
        if sum(map(len, taken)) < len(places) * _READERS:
            for waiting, cursors in zip(places, taken, strict=True):
                for cursor in cursors:
                    waiting.put(cursor)
            return False
        for cursor in (*taken[0], *taken[1]):
            cursor.close()
        self.let_go()
        return True

    def let_go(self) -> None:
        """Close the connection whoever reads, and the file after it."""
        self.connection.close()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def copy_file(self, target: Path) -> bool:
        """Copy the file as it is on the disk; whether that can be done here. Raises OSError."""
        if self._file is None:
            return False
        size, done = os.fstat(self._file).st_size, 0
        with target.open("wb") as copy:
            while done < size:
                done += os.sendfile(copy.fileno(), self._file, done, size - done)
        return True


def database_path() -> Path:
    """Where the county's file is: COUNTY_DB, or data/county.duckdb."""
    return Path(os.environ.get("COUNTY_DB") or DATA / "county.duckdb")


def credentials_file(database: Path) -> Path:
    """The file of passwords and sessions beside a data file; only a server of the network makes one (`ui/accounts`)."""
    return database.with_suffix(".accounts.sqlite3")


def attachments_folder(database: Path) -> Path:
    """Where the attached files of a data file are kept, each under its own hash."""
    return database.with_suffix(".attachments")


def hold(path: Path) -> BaseFileLock:
    """Keep every other program, and every other store of this one, from the file until it is released.

    DuckDB's own lock is on the file itself, and is gone when another file takes its name. Raises StoreUnavailable.
    """
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout:
        raise StoreUnavailable(held_sentence(path)) from None
    except OSError as fault:
        raise StoreUnavailable(why_unavailable(path, fault.strerror or str(fault))) from None
    return lock


def connect(path: Path | None, *, read_only: bool = False, keeps_log: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to the file, created if it is not there; None for one in memory. Raises StoreUnavailable.

    One that `keeps_log` brings the log into the file at a checkpoint only.
    """
    config = {**CONFIG, **(_NO_CHECKPOINTS if keeps_log else {})}
    try:
        connection = duckdb.connect(":memory:" if path is None else str(path), read_only=read_only, config=config)
        if keeps_log:
            connection.execute("pragma disable_checkpoint_on_shutdown")
    except duckdb.Error as fault:
        raise StoreUnavailable(why_unavailable(path, str(fault))) from None
    return connection


def is_held(fault: duckdb.Error) -> bool:
    """Whether another program has the file open."""
    return any(words in str(fault).lower() for words in _HELD)


def is_files_fault(fault: BaseException) -> bool:
    """Whether the file or the disk is at fault; afterwards nothing may be asked of the connection."""
    # A block whose checksum is wrong raises the class of all.
    return isinstance(fault, _FILES_FAULTS) or type(fault) is duckdb.Error


def held_sentence(path: Path) -> str:
    """That another program works on the file, and what to do."""
    return f"数据文件 {path} 正被另一个程序占用。平台运行时请在网页“数据管理”中操作，或先停止平台再运行命令。"


def why_unavailable(path: Path | None, fault: str) -> str:
    """A fault of the file or the disk as a sentence."""
    place = str(path) if path else "内存数据库"
    found = fault.lower()
    if path is not None and any(words in found for words in _HELD):
        return held_sentence(path)
    if "space" in found or "too large" in found:
        return f"磁盘空间不足，数据没有写入 {place}，原有数据未改动；请清理磁盘后重试。"
    if "invalidated" in found:
        return f"数据文件 {place} 刚才出错，正在重新打开；刚才的操作没有写入，请刷新页面后重试。"
    return f"数据文件 {place} 打不开或不能写入；请检查路径、权限，或从备份恢复。（{fault.splitlines()[0]}）"


def low_disk_sentence(path: Path) -> str | None:
    """A warning while there is still room, None where there is enough for a batch and a backup."""
    size = path.stat().st_size if path.exists() else 0
    free = shutil.disk_usage(path.parent).free
    if free >= max(_LEAST_FREE_BYTES, _FILES_OF_ROOM * size):
        return None
    return (
        f"磁盘只剩 {free / 1_000_000:,.0f} MB，写满后将不能填报和备份；请系统管理员尽快清理 {path.parent} 所在的磁盘。"
    )


def unguarded_sentence(path: Path, fault: str) -> str:
    """That the last write is in the log only, and what to do."""
    reason = fault.splitlines()[0] if fault else "原因不明"
    return (
        f"最近一次写入已经生效，但还只在日志文件 {path.name}.wal 中，没有并入数据文件或没有记下条数（{reason}）；"
        f"日志文件丢失时这次写入会丢失且不被发现。请系统管理员检查 {path.parent} 的权限和磁盘空间，再写入一次即可补上。"
    )
