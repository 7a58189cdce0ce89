"""What judges a lake: an engine that reads Parquet and knows the method's relations by name.

DuckDB on this machine, or whatever speaks Spark Connect (`spark.py`): an Apache Spark cluster, or Sail. Every engine runs
the SELECTs of core/method/selects; nothing of them is written a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import duckdb

from core.errors import PlatformError
from core.lake.layout import COUNTIES, RELATIONS
from core.method.relations import literal

# What is asked for more than once while a year is judged is kept; everything else is worked out where it is asked for.
ASKED_OFTEN = frozenset(
    {
        COUNTIES,
        "figure_items",
        "resources",
        "school_rows",
        "school_verdicts",
        "stage_means",
        "balance",
        "class_sizes",
        "school_items",
        "county_items",
    }
)


class EngineFailed(PlatformError):
    """The engine did not answer, or not to the end: nothing of its answer is used."""


class Engine(Protocol):
    """One session of an engine over one lake. Every call raises EngineFailed where the engine fails."""

    name: str

    def years(self) -> list[int]:
        """The school years of which the lake lists counties."""

    def begin(self, year: int) -> None:
        """Let every relation of the lake be known by its name, with the rows of one school year."""

    def define(self, name: str, select: str) -> None:
        """Let what a SELECT gives be known by a name."""

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """What a SELECT gives, for few rows."""

    def write(self, select: str, file: Path) -> None:
        """Write what a SELECT gives as a Parquet file on this machine. Raises OSError too."""


class DuckDBEngine:
    """DuckDB in this process."""

    name = f"DuckDB {duckdb.__version__}"

    def __init__(self, connection: duckdb.DuckDBPyConnection, lake: Path) -> None:
        self._connection = connection
        self._lake = lake

    def years(self) -> list[int]:
        """The school years of which the lake lists counties."""
        found = {folder.name.partition("=")[2] for folder in (self._lake / COUNTIES).glob("year=*")}
        return sorted(int(year) for year in found if year.isdecimal())

    def begin(self, year: int) -> None:
        """Read the lake's relations of a year where they lie."""
        for name in (COUNTIES, *RELATIONS):
            files = literal(str(self._lake / name / f"year={year}" / "*.parquet"))
            self.define(name, f"select * from read_parquet({files}, union_by_name = true, hive_partitioning = false)")

    def define(self, name: str, select: str) -> None:
        """A table where it is asked for often, else a view."""
        self._run(f"create or replace temp {'table' if name in ASKED_OFTEN else 'view'} {name} as {select}")

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """What a SELECT gives, for few rows."""
        return self._run(select).fetchall()

    def write(self, select: str, file: Path) -> None:
        """Write what a SELECT gives as a Parquet file."""
        self._run(f"copy ({select}) to {literal(str(file))} (format parquet, compression zstd)")

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql)
        except duckdb.Error as fault:
            raise EngineFailed(f"汇总库 {self._lake} 没有判定完：{fault}") from None


@contextmanager
def duckdb_engine(lake: Path) -> Iterator[DuckDBEngine]:
    """An engine in this process; what does not fit into memory goes into a folder that is removed in the end."""
    with TemporaryDirectory(prefix="many-counties-") as scratch, duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{scratch}'")
        yield DuckDBEngine(connection, lake)
