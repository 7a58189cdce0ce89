"""A server that speaks Spark Connect: an Apache Spark cluster, or Sail. Needs requirements-cluster.txt.

The method's SELECTs are transpiled by sqlglot. The server reads the lake by the path that it knows it by; answers come back
over the connection, so that no server writes what is taken for a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from core.errors import RequestInvalid
from core.lake.engines import ASKED_OFTEN, EngineFailed
from core.lake.layout import COUNTIES, RELATIONS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

# How often a server that does not answer is asked again, and how long is waited between: about a minute in all.
_ASKED_AGAIN, _FIRST_WAIT_MS, _LONGEST_WAIT_MS = 8, 200, 15_000


class SparkEngine:
    """One session on a Spark Connect server."""

    def __init__(self, session: SparkSession, lake: str) -> None:
        self._session = session
        self._lake = lake.rstrip("/")
        self._has_place = True
        self._kept: list[DataFrame] = []
        with _faults():
            self.name = f"Spark Connect {session.version}"

    def years(self) -> list[int]:
        """The school years of which the lake lists counties."""
        with _faults():
            found = self._session.read.parquet(f"{self._lake}/{COUNTIES}").select("year").distinct().collect()
        return sorted(int(row["year"]) for row in found)

    def begin(self, year: int) -> None:
        """Let the server find the lake's relations of a year."""
        with _faults():
            for name in (COUNTIES, *RELATIONS):
                read = self._session.read.option("mergeSchema", "true")
                read.parquet(f"{self._lake}/{name}/year={year}").createOrReplaceTempView(name)

    def define(self, name: str, select: str) -> None:
        """A view, kept by the server where it is asked for often."""
        with _faults():
            frame = self._session.sql(_for_spark(select))
            if name in ASKED_OFTEN:
                frame = self._worked_out(frame)
            frame.createOrReplaceTempView(name)

    def _worked_out(self, frame: DataFrame) -> DataFrame:
        """The frame as rows that the server holds; where it has no place for them (Sail without a checkpoint path), it is
        asked to keep them, which it may do or not.
        """
        from pyspark.errors import PySparkException

        if self._has_place:
            try:
                return frame.localCheckpoint()
            except PySparkException:
                self._has_place = False
        self._kept.append(frame.persist())
        return frame

    def close(self) -> None:
        """Let go what the server kept, which outlives a session, and end the session."""
        try:
            with _faults():
                for frame in self._kept:
                    frame.unpersist()
        finally:
            self._session.stop()

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """What a SELECT gives, for few rows."""
        with _faults():
            return [tuple(row) for row in self._session.sql(_for_spark(select)).collect()]

    def write(self, select: str, file: Path) -> None:
        """Fetch what a SELECT gives and write it as a Parquet file on this machine."""
        with _faults():
            fetched = self._session.sql(_for_spark(select)).toArrow()
        with duckdb.connect() as writer:
            writer.from_arrow(fetched).write_parquet(str(file), compression="zstd")


@contextmanager
def spark_engine(remote: str, lake: str) -> Iterator[SparkEngine]:
    """An engine at an address such as sc://host:15002. Raises RequestInvalid, EngineFailed where nobody answers."""
    try:
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise RequestInvalid(
            "连接 Spark 或 Sail 需要另外安装：python3 -m pip install -r requirements-cluster.txt。"
        ) from None
    if not remote.startswith("sc://"):
        raise RequestInvalid(f"--remote 应形如 sc://主机:15002，写的是“{remote}”。")
    with _faults():
        # Where a server went away while a session was made, that session stays the one that frames are asked of.
        stale = SparkSession.getActiveSession()
        if stale is not None:
            stale.stop()
        session = SparkSession.builder.remote(remote).create()
    session.client.set_retry_policies(
        [DefaultPolicy(_ASKED_AGAIN, initial_backoff=_FIRST_WAIT_MS, max_backoff=_LONGEST_WAIT_MS)]
    )
    engine = SparkEngine(session, lake)
    try:
        yield engine
    finally:
        # A server that is gone needs no goodbye.
        with suppress(EngineFailed):
            engine.close()


@contextmanager
def _faults() -> Iterator[None]:
    """Whatever the client raises, as one refusal."""
    from grpc import RpcError  # type: ignore[import-untyped]
    from pyarrow import ArrowException  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, RpcError, ArrowException) as fault:
        said = " ".join(str(fault).split())[:300]
        raise EngineFailed(f"Spark 服务没有完成判定：{said}。没有写出结果。") from None


def _for_spark(select: str) -> str:
    import sqlglot

    return str(sqlglot.transpile(select, read="duckdb", write="spark")[0])
