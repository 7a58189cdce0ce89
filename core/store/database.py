"""The one file: one process owns it, writers take turns, readers work on cursors of their own."""

from __future__ import annotations

import errno
import os
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from core.dataset.dictionary import DATA, sheets
from core.errors import StoreUnavailable
from core.naming import named
from core.rules.standard import Standard
from core.store.upgrades import FORMAT_VERSION, SCHEMA, keep_copy, refuse_foreign_format, upgrade

SCHEMA_FILES = ("facts", "delivery", "scenarios", "mappings", "counties")
# A county's queries are small: sharing one among threads costs more than it saves, and readers run beside each other
# on threads of their own.
THREADS: dict[str, bool | int | float | str | list[str]] = {"threads": 1}
_READERS = 4


class Store:
    """An open store. Close it when done; results are fetched fully, as plain Python values."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._connection = connection
        self.path = path
        self._writing = threading.RLock()
        self._readers: queue.LifoQueue[duckdb.DuckDBPyConnection] = queue.LifoQueue()
        self._workbenches: queue.LifoQueue[duckdb.DuckDBPyConnection] = queue.LifoQueue()
        for _ in range(_READERS):
            self._readers.put(connection.cursor())
            self._workbenches.put(connection.cursor())

    @classmethod
    def open(cls, path: Path | None, standard: Standard, *, keep_older: bool = True) -> Store:
        """Open the file, creating it with the schema when it is not there; None keeps it in memory.

        A file of an older format is upgraded with all its records; it is copied beside itself first unless
        `keep_older` is False. Raises StoreUnavailable when another process holds the file, it comes from a newer
        program, or it cannot be read or written.
        """
        try:
            connection = duckdb.connect(":memory:" if path is None else str(path), config=THREADS)
        except duckdb.IOException as fault:
            raise StoreUnavailable(_why_unavailable(path, str(fault))) from None
        try:
            # The method reads `store.…`, so that the same SQL runs on a file of any name.
            alias = connection.execute("select current_database()").fetchall()[0][0]
            store = cls(connection, path)
            store._alias = str(alias)
            # A file without tables was left by a start that was cut short.
            if not connection.execute("select 1 from duckdb_tables() limit 1").fetchall():
                store._create(standard)
            else:
                store._upgrade(keep_older)
                store._refuse_lagging()
                store._follow_rules(standard)
        except (duckdb.Error, OSError) as fault:
            connection.close()
            raise StoreUnavailable(_why_unavailable(path, str(fault))) from None
        except StoreUnavailable:
            connection.close()
            raise
        return store

    _alias = "memory"

    def _create(self, standard: Standard) -> None:
        with self.write() as cursor:
            for name in SCHEMA_FILES:
                cursor.execute((SCHEMA / f"{name}.sql").read_text("utf-8"))
            _fill_codes(cursor)
            cursor.execute("insert into store_format values ($1, $2)", [FORMAT_VERSION, rules_fingerprint(standard)])

    def _upgrade(self, keep_older: bool) -> None:
        version = int(self.rows("select coalesce(max(version), 0) from store_format")[0][0])
        refuse_foreign_format(version, f"数据文件 {self.path} ")
        if version == FORMAT_VERSION:
            return
        if keep_older and self.path is not None:
            with self.alone() as cursor:
                keep_copy(cursor, self.path, version)
        with self.write() as cursor:
            upgrade(cursor, version)
            cursor.execute("delete from codes")
            _fill_codes(cursor)

    def _refuse_lagging(self) -> None:
        """Raises StoreUnavailable when the file lacks a column of the dictionary: a column that nobody can fill in or
        ask for would be missing without a word.
        """
        held = set(self.rows("select table_name, column_name from duckdb_columns() where not internal"))
        lacking = [
            f"{known.name}·{column.name}（{known.identifier}.{column.identifier}）"
            for known in sheets()
            for column in known.columns
            if (known.identifier, column.identifier) not in held
        ]
        if lacking:
            raise StoreUnavailable(
                f"数据文件 {self.path} 缺少本程序数据字典中的 {len(lacking)} 列：{named(lacking, '列')}。没有打开，也没有改动；"
                "请使用与数据文件相配的程序，或补上这些列的升级步骤。"
            )

    def _follow_rules(self, standard: Standard) -> None:
        if self.rows("select rules_fingerprint from store_format") == [(rules_fingerprint(standard),)]:
            return
        with self.write() as cursor:
            cursor.execute("delete from class_counts")
            for (batch_id,) in cursor.execute("select batch_id from batches").fetchall():
                derive_class_counts(cursor, batch_id, standard)
            cursor.execute("update store_format set rules_fingerprint = $1", [rules_fingerprint(standard)])

    @property
    def schema(self) -> str:
        """How SQL names this file's tables."""
        return f'"{self._alias}".main'

    def close(self) -> None:
        """Close the file; the process lets go of its lock."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reader's cursor for the length of the block."""
        cursor = self._readers.get()
        try:
            yield cursor
        finally:
            self._readers.put(cursor)

    @contextmanager
    def judging(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for the method's temporary tables, which would hide the store's own from other readers."""
        cursor = self._workbenches.get()
        try:
            yield cursor
        finally:
            self._workbenches.put(cursor)

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction: all or nothing, one writer at a time.

        Raises StoreUnavailable when the disk is full or the file cannot be written.
        """
        with self._writing:
            cursor = self._connection.cursor()
            try:
                cursor.execute("begin")
                yield cursor
                cursor.execute("commit")
            except BaseException as fault:
                _roll_back(cursor)
                if isinstance(fault, duckdb.IOException | duckdb.FatalException):
                    raise StoreUnavailable(_why_unavailable(self.path, str(fault))) from None
                if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EFBIG):
                    raise StoreUnavailable(_why_unavailable(self.path, str(fault))) from None
                raise
            finally:
                cursor.close()

    @contextmanager
    def alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor outside any transaction, while nobody writes; readers go on."""
        with self._writing:
            cursor = self._connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def rows(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.reading() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def records(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        with self.reading() as cursor:
            result = cursor.execute(sql, parameters)
            names = [column[0] for column in result.description or []]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rules_fingerprint(standard: Standard) -> str:
    """Changes with every number that the derived class counts depend on."""
    bands = standard.class_bands
    numbers = (
        sorted(standard.item("G5").limit.items()),
        bands.large_from,
        bands.large_to,
        bands.oversized_from,
        bands.super_oversized_from,
    )
    return sha256(repr(numbers).encode()).hexdigest()


def derive_class_counts(cursor: duckdb.DuckDBPyConnection, batch_id: int, standard: Standard) -> None:
    """Fold a batch's class rolls into counts per school, year and stage."""
    limit, bands = standard.item("G5").limit, standard.class_bands
    cursor.execute(
        """
        insert into class_counts
        select
            batch_id, school_id, year, stage, count(*), max(pupils),
            count(*) filter (pupils > case stage when 'primary' then $primary else $junior end),
            count(*) filter (pupils between $large_from and $large_to),
            count(*) filter (pupils >= $oversized_from),
            count(*) filter (pupils >= $super_oversized_from)
        from classes
        where batch_id = $batch_id
        group by batch_id, school_id, year, stage
        """,
        {
            "batch_id": batch_id,
            "primary": limit["primary"],
            "junior": limit["junior"],
            "large_from": bands.large_from,
            "large_to": bands.large_to,
            "oversized_from": bands.oversized_from,
            "super_oversized_from": bands.super_oversized_from,
        },
    )


def database_path() -> Path:
    """Where the county's file is: COUNTY_DB, or data/county.duckdb."""
    return Path(os.environ.get("COUNTY_DB") or DATA / "county.duckdb")


def _fill_codes(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        "insert into codes select list, code, name, coalesce(unit, '') from read_csv($1, all_varchar = true)",
        [str(DATA / "codes.csv")],
    )


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("rollback")
    except duckdb.Error:
        # The failure itself already ended the transaction; there is nothing left to undo.
        return


def _why_unavailable(path: Path | None, fault: str) -> str:
    place = str(path) if path else "内存数据库"
    if "lock" in fault.lower():
        return f"数据文件 {place} 正被另一个程序占用。平台运行时请在网页“数据管理”中操作，或先停止平台再运行命令。"
    if "space" in fault.lower() or "too large" in fault.lower():
        return f"磁盘空间不足，数据没有写入 {place}，原有数据未改动；请清理磁盘后重试。"
    return f"数据文件 {place} 打不开或不能写入；请检查路径、权限，或从备份恢复。（{fault.splitlines()[0]}）"
