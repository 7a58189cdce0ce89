"""The one file: one process owns it, writers take turns, readers work on cursors of their own."""

from __future__ import annotations

import errno
import queue
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from filelock import BaseFileLock

from core.dataset.dictionary import DATA, sheets
from core.errors import StoreUnavailable
from core.naming import named
from core.rules.standard import Standard
from core.store.confirmed import copied, keep_counts, log_of, mend, refuse_losses, row_counts
from core.store.opening import Cursors, Waiting, connect, hold, is_files_fault, unguarded_sentence, why_unavailable
from core.store.replicas.leaving import Leaving
from core.store.upgrades import FORMAT_VERSION, SCHEMA, copy_database, keep_copy, refuse_foreign_format, upgrade

T = TypeVar("T")
_LOOK_AGAIN_SECONDS = 1.0
SCHEMA_FILES = (
    "facts", "delivery", "attendance_cases", "evaluations", "self_surveys", "scenarios", "mappings", "counties", "people",
)  # fmt: skip


class Store:
    """An open store. Close it when done; results are fetched fully, as plain Python values.

    Where the file or the disk fails, every call raises StoreUnavailable, and the next opens the file anew.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path | None, held: BaseFileLock | None = None
    ) -> None:
        self.path = path
        # Why what was written last would be lost with the log, as a sentence; empty while it would not.
        self.unguarded = ""
        # Why those who only read are sent away, as a sentence; empty while they are not.
        self.uncopied = ""
        # Which opening of the file a copy was left by; empty for the file itself.
        self.opening = ""
        self._held = held
        self._leaving = Leaving(path) if held is not None and path is not None else None
        self._writing = threading.RLock()
        self._cursors = Cursors(connection, path if held is not None else None)
        # Answers by the number of writes before them: one process owns the file, so that nothing else can change them.
        self._writes = 0
        self._answers: dict[tuple[int, str], Any] = {}
        # How many cursors this thread has taken: who holds one cannot wait for all to come back.
        self._taken = threading.local()

    @classmethod
    def open(cls, path: Path | None, standard: Standard, *, keep_older: bool = True, is_copy: bool = False) -> Store:
        """Open the file, creating it with the schema when it is not there; None keeps it in memory.

        A file of an older format is upgraded with all its records; it is copied beside itself first unless
        `keep_older` is False. A copy that nobody else knows of is neither held nor counted. Raises StoreUnavailable
        when another process holds the file, it comes from a newer program, it has fewer rows than were confirmed, or
        it cannot be read or written.
        """
        held = None if path is None or is_copy else hold(path)
        try:
            connection, has_log = _connected(path, held is not None)
        except StoreUnavailable:
            if held is not None:
                held.release()
            raise
        store = cls(connection, path, held)
        try:
            # The method reads `store.…`, so that the same SQL runs on a file of any name.
            store._alias = str(connection.execute("select current_database()").fetchall()[0][0])
            # A file without tables was left by a start that was cut short.
            if not connection.execute("select 1 from duckdb_tables() limit 1").fetchall():
                store._refuse_losses()
                store._create(standard)
            else:
                store._refuse_losses()
                store._upgrade(keep_older)
                store._refuse_lagging()
                store._follow_rules(standard)
                with store.alone() as cursor:
                    if has_log:
                        store._confirm(cursor)
                    else:
                        store._leave_copy(cursor, is_in_file=not store.unguarded)
        except (duckdb.Error, OSError) as fault:
            store.close()
            raise StoreUnavailable(why_unavailable(path, str(fault))) from None
        except StoreUnavailable:
            store.close()
            raise
        return store

    _alias = "memory"

    def _refuse_losses(self) -> None:
        if self._held is not None and self.path is not None:
            with self.reading() as cursor:
                refuse_losses(self.path, row_counts(cursor))

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
        try:
            self._cursors.let_go()
        finally:
            if self._held is not None:
                self._held.release()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reader's cursor for the length of the block."""
        with self._taken_from(lambda cursors: cursors.readers) as cursor:
            yield cursor

    @contextmanager
    def judging(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for the method's temporary tables, which would hide the store's own from other readers."""
        with self._taken_from(lambda cursors: cursors.workbenches) as cursor:
            yield cursor

    @contextmanager
    def _taken_from(self, waiting: Callable[[Cursors], Waiting]) -> Iterator[duckdb.DuckDBPyConnection]:
        while True:
            cursors = self._working()
            try:
                cursor = waiting(cursors).get(timeout=_LOOK_AGAIN_SECONDS)
                break
            except queue.Empty:
                # Meanwhile the file may have been opened anew, with other cursors.
                continue
        self._taken.number = self._number_taken + 1
        try:
            yield cursor
        except duckdb.Error as fault:
            if not is_files_fault(fault):
                raise
            cursors.is_broken = True
            raise StoreUnavailable(why_unavailable(self.path, str(fault))) from None
        finally:
            self._taken.number -= 1
            waiting(cursors).put(cursor)

    @property
    def _number_taken(self) -> int:
        return int(getattr(self._taken, "number", 0))

    def _working(self) -> Cursors:
        """The cursors; opened anew after the file failed, unless this thread still holds one of them."""
        if self._cursors.is_broken and self.path is not None and not self._number_taken:
            with self._writing:
                if self._cursors.is_broken:
                    self._reopen(self.path)
        return self._cursors

    def _reopen(self, path: Path) -> None:
        # The failed instance of DuckDB answers every connection to the file until the last of its own is closed.
        try:
            self._cursors.close()
        except queue.Empty:
            raise StoreUnavailable(f"数据文件 {path} 出错后未能重新打开，请重新启动平台。") from None
        connection, _ = _connected(path, self._held is not None)
        try:
            if self._held is not None:
                refuse_losses(path, row_counts(connection.cursor()))
        except (duckdb.Error, StoreUnavailable):
            connection.close()
            raise
        self._cursors = Cursors(connection, path if self._held is not None else None)
        self._writes += 1
        self._answers = {}

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction: all or nothing, one writer at a time; what is confirmed outlasts the loss of the log.

        Raises StoreUnavailable when the disk is full or the file cannot be written.
        """
        with self._writing:
            cursors = self._working()
            cursor = cursors.connection.cursor()
            try:
                cursor.execute("begin")
                yield cursor
                cursor.execute("commit")
            except BaseException as fault:
                _roll_back(cursor)
                if is_files_fault(fault):
                    cursors.is_broken = True
                    raise StoreUnavailable(why_unavailable(self.path, str(fault))) from None
                if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EFBIG):
                    raise StoreUnavailable(why_unavailable(self.path, str(fault))) from None
                raise
            else:
                self._writes += 1
                self._answers = {}
                self._confirm(cursor)
            finally:
                cursor.close()

    def _confirm(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Bring what was committed from the log into the file, and write down how much there is.

        Neither undoes the commit: where one fails, the log still holds it, and the next write does both.
        """
        if self._held is None or self.path is None:
            return
        is_in_file = False
        try:
            with copied(self.path, self._cursors.copy_file):
                cursor.execute("checkpoint")
            is_in_file = True
            keep_counts(self.path, row_counts(cursor))
            self.unguarded = ""
        except (duckdb.Error, OSError) as fault:
            self.unguarded = unguarded_sentence(self.path, str(fault))
            # Others at work may keep the log from being brought in; what a reader found broken stays so.
            if is_files_fault(fault) and not isinstance(fault, duckdb.TransactionException):
                self._cursors.is_broken = True
        self._leave_copy(cursor, is_in_file=is_in_file)

    def _leave_copy(self, cursor: duckdb.DuckDBPyConnection, *, is_in_file: bool) -> None:
        if self._leaving is not None:
            copy_file = self._cursors.copy_file if is_in_file else lambda _: False
            self.uncopied = self._leaving.leave(copy_file, partial(copy_database, cursor))

    def leave_missing_copy(self) -> None:
        """Leave a copy where those who only read wait for one: their folder is new, or none could be left before."""
        if self._leaving is not None and self._leaving.is_waited_for(after_failure=bool(self.uncopied)):
            with self.alone() as cursor:
                self._leave_copy(cursor, is_in_file=not self.unguarded)

    @contextmanager
    def alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor outside any transaction, while nobody writes; readers go on."""
        with self._writing:
            cursor = self._working().connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def once(self, question: str, ask: Callable[[], T]) -> T:
        """The answer to a question of the store, asked again only after something was written.

        What every page asks at every run is planned and read once.
        """
        key = self._writes, question
        answers = self._answers
        if key not in answers:
            answers[key] = ask()
        answer: T = answers[key]
        return answer

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


def _connected(path: Path | None, is_held: bool) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """The connection to a file, and whether its log held anything; a held file is mended first.

    Raises StoreUnavailable.
    """
    if path is None or not is_held:
        return connect(path), False
    try:
        mend(path)
        log = log_of(path)
        has_log = path.exists() and log.exists() and log.stat().st_size > 0
        if not has_log:
            return connect(path, keeps_log=True), False
        # Reading the log, DuckDB may bring it in at once.
        with copied(path, partial(_copied, path)):
            return connect(path, keeps_log=True), True
    except OSError as fault:
        raise StoreUnavailable(why_unavailable(path, str(fault))) from None


def _copied(path: Path, target: Path) -> bool:
    shutil.copyfile(path, target)
    return True


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
    """Fold a batch's classes, by roll or by band, into counts per school, year and stage."""
    limit, bands = standard.item("G5").limit, standard.class_bands
    cursor.execute(
        (SCHEMA / "derive_class_counts.sql").read_text("utf-8"),
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
