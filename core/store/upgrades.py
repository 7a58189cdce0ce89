"""An older file brought to today's format in one step, or left exactly as it was; a copy of it is kept beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from core.disk import settle
from core.errors import StoreUnavailable
from core.store.opening import connect

FORMAT_VERSION = 10
SCHEMA = Path(__file__).parent / "schema"
_OLDEST = 1
_PART = ".part"


def refuse_foreign_format(version: int, what: str) -> None:
    """Raises StoreUnavailable when no upgrade leads from this format to the program's."""
    if version > FORMAT_VERSION:
        raise StoreUnavailable(
            f"{what}的格式版本为 {version}，比本程序的 {FORMAT_VERSION} 新，没有打开，也没有改动；请使用更新的程序。"
        )
    if version < _OLDEST:
        raise StoreUnavailable(f"{what}的格式版本为 {version}，本程序不认识，没有打开，也没有改动；请从备份恢复。")


def upgrade(cursor: duckdb.DuckDBPyConnection, version: int) -> None:
    """Run every step from a format to today's, inside the writer's transaction."""
    for step in range(version + 1, FORMAT_VERSION + 1):
        cursor.execute((SCHEMA / f"upgrade_{step}.sql").read_text("utf-8"))
    cursor.execute("update store_format set version = $1", [FORMAT_VERSION])


def keep_copy(cursor: duckdb.DuckDBPyConnection, path: Path, version: int) -> Path:
    """Copy the file of an older format beside itself before it is touched; the copy appears whole or not at all.

    Raises OSError or duckdb.Error when it cannot be written; StoreUnavailable when it does not hold every row.
    """
    kept = _free_name(path, version)
    part = kept.with_name(kept.name + _PART)
    part.unlink(missing_ok=True)
    copy_database(cursor, part)
    rows = _row_counts(cursor)
    with connect(part, read_only=True) as copy:
        is_whole = _row_counts(copy) == rows
    if not is_whole:
        part.unlink()
        raise StoreUnavailable(f"升级前的备份 {kept} 与原数据条数不一致，没有升级，原有数据未改动；请重试。")
    settle(part)
    part.rename(kept)
    settle(kept)
    return kept


def copy_database(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write the content, schema and numbering of the cursor's database into a new file."""
    name = str(cursor.execute("select current_database()").fetchall()[0][0])
    quoted_path = str(target).replace("'", "''")
    cursor.execute(f"attach '{quoted_path}' as backup_copy")
    try:
        cursor.execute(f'copy from database "{name}" to backup_copy')
        cursor.execute("checkpoint backup_copy")
    finally:
        cursor.execute("detach backup_copy")


def _row_counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = cursor.execute(
        "select table_name from duckdb_tables() where database_name = current_database() and not temporary"
    ).fetchall()
    return {name: int(cursor.execute(f'select count(*) from "{name}"').fetchall()[0][0]) for (name,) in tables}


def _free_name(path: Path, version: int) -> Path:
    named = path.with_name(f"{path.stem}-格式{version}-升级前{path.suffix}")
    number = 1
    while named.exists():
        number += 1
        named = path.with_name(f"{path.stem}-格式{version}-升级前-{number}{path.suffix}")
    return named
