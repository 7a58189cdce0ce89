"""The side that reads: a store on the newest copy of the data file, exchanged for a newer one under whoever reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import duckdb

from core.errors import NotPermitted, StoreUnavailable
from core.rules.standard import Standard
from core.store.database import Store, rules_fingerprint
from core.store.opening import Cursors, connect
from core.store.replicas.leaving import NEWEST, copies_folder, named_copy
from core.store.upgrades import FORMAT_VERSION

NONE_AT_HAND = (
    "供查看的副本暂时没有或没有写成，请稍候刷新；一直如此的，请系统管理员查看主进程是否在运行、磁盘是否已满。"
)
_OTHER_PROGRAM = "主进程与只读进程不是同一版本的程序或标准文件，请系统管理员一并更新、重新启动。"
# The writer takes a copy away once two newer ones lie there.
_ATTEMPTS = 5
_NAME = re.compile(r"(?P<opening>[0-9a-f]{12})-[0-9]{6,}")
Mark = tuple[int, int]


class Replica(Store):
    """A store that only reads. `path` is the data file's own, beside which attached files lie; it is never opened.

    To whoever holds it a newer copy looks as if somebody had written: answers are asked for anew, blocks under way end on
    what they began with.
    """

    def __init__(self, path: Path, standard: Standard) -> None:
        """Open the newest copy. Raises StoreUnavailable when there is none, or a program of another kind left it."""
        mark, self._standard = _mark(path), standard
        connection, name = _newest(path, standard)
        super().__init__(connection, path)
        self._alias = str(connection.execute("select current_database()").fetchall()[0][0])
        self._mark, self.opening = mark, _opening(name)
        self._old: list[Cursors] = []

    def take_up_newest(self) -> None:
        """Read from now on what was written last. Raises StoreUnavailable while there is no copy."""
        assert self.path is not None
        if _mark(self.path) != self._mark:
            with self._writing:
                if _mark(self.path) != self._mark:
                    self._reopen(self.path)

    def write(self) -> NoReturn:
        """Nobody writes to a copy. Raises NotPermitted."""
        raise NotPermitted("这里只供查看，不能填报；请点左侧“转到办理页面”。")

    def _reopen(self, path: Path) -> None:
        mark = _mark(path)
        connection, name = _newest(path, self._standard)
        old, self._cursors = self._cursors, Cursors(connection)
        self._mark, self.opening = mark, _opening(name)
        self._writes += 1
        self._answers = {}
        # Whoever reads for longer keeps an old copy until then; nobody else finds it any more.
        self._old = [one for one in (*self._old, old) if not one.close_if_idle()]


def _mark(path: Path) -> Mark:
    """What changes with the name of the newest copy."""
    try:
        found = (copies_folder(path) / NEWEST).stat()
    except OSError:
        raise StoreUnavailable(NONE_AT_HAND) from None
    return found.st_ino, found.st_mtime_ns


def _newest(path: Path, standard: Standard) -> tuple[duckdb.DuckDBPyConnection, str]:
    """A connection to the newest copy, and its name."""
    for attempt in range(_ATTEMPTS):
        name = named_copy(copies_folder(path))
        if not _NAME.fullmatch(name):
            raise StoreUnavailable(NONE_AT_HAND)
        try:
            connection = connect(copies_folder(path) / name / path.name, read_only=True)
            break
        except StoreUnavailable:
            if attempt == _ATTEMPTS - 1:
                raise
    # Tables of another form, or counts by other limits, would be read as if they were this program's own.
    try:
        left_by = connection.execute("select version, rules_fingerprint from store_format").fetchall()
    except duckdb.Error:
        connection.close()
        raise StoreUnavailable(NONE_AT_HAND) from None
    if left_by != [(FORMAT_VERSION, rules_fingerprint(standard))]:
        connection.close()
        raise StoreUnavailable(_OTHER_PROGRAM)
    return connection, name


def _opening(name: str) -> str:
    return name.partition("-")[0]
