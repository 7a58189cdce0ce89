"""What was confirmed outlasts a kill, a power cut and a lost log, by what is kept beside the data file.

DuckDB takes a file whose log (`.wal`) was lost or cut for a whole one. Rows are only ever added: the number of those
that were confirmed is kept, and a file that has fewer is an older one, and says so.

Bringing the log in, DuckDB rewrites blocks that hold what counts in their place; a process that is killed meanwhile can
leave such a block half written, and nothing of the file can be read. So the file is copied first, and the copy goes once
the log is in. Copy and log together are everything that was committed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from core.disk import settle
from core.errors import StoreUnavailable
from core.naming import named
from core.store.opening import CONFIG, held_sentence, is_held

# Worked out from other rows, and rebuilt when the rules change.
_DERIVED = frozenset({"class_counts", "codes", "store_format"})
_NAMES = {
    "batches": "批次",
    "publications": "发布与撤回",
    "sub_item_updates": "进展填报",
    "confirmations": "责任确认",
    "decisions": "议定事项",
    "evidence_documents": "佐证",
    "evidence_reviews": "佐证核验",
    "responsible_persons": "责任人",
    "plan_amendments": "方案调整",
    "county_stages": "创建阶段",
    "project_funds": "项目资金",
    "register_entries": "专项清单",
    "projects": "项目记录",
    "ledger_issues": "台账问题",
    "ledger_steps": "台账步骤",
    "visits": "督导记录",
    "letters": "督办文书",
    "attachments": "附件",
    "attendance_cases": "控辍保学个案",
    "attendance_checks": "个案核查",
    "attendance_months": "在校月报",
    "evaluations": "模拟评估",
    "evaluation_stages": "模拟评估结论",
    "site_checks": "实地核查",
    "site_signatures": "核查签字",
    "site_acceptances": "核查更正",
    "report_drafts": "自评报告稿",
    "pins": "固定链接",
    "scenarios": "方案",
    "column_mappings": "列对应关系",
    "county_files": "县文件",
    "self_surveys": "满意度自测",
    "people": "人员",
    "audit": "操作记录",
}


def counts_file(path: Path) -> Path:
    """Where the counts of a data file are kept."""
    return path.with_name(path.name + ".counts")


def log_of(path: Path) -> Path:
    """DuckDB's log of a data file."""
    return path.with_name(path.name + ".wal")


def _copy_of(path: Path) -> Path:
    return path.with_name(path.name + ".before")


@contextmanager
def copied(path: Path, copy_file: Callable[[Path], bool]) -> Iterator[None]:
    """Keep a copy of the data file for the length of the block, and on when the block fails. Raises OSError."""
    part = path.with_name(path.name + ".before.part")
    if copy_file(part):
        settle(part)
        part.replace(_copy_of(path))
    yield
    _copy_of(path).unlink(missing_ok=True)


def mend(path: Path) -> None:
    """Put the copy in the place of a data file that was left half written; the log stays for DuckDB to bring in.

    The caller holds the file. Raises OSError, and StoreUnavailable when another program has the file open.
    """
    kept = _copy_of(path)
    if not kept.exists():
        return
    if path.exists() and _is_whole(path):
        kept.unlink()
    else:
        kept.replace(path)
        settle(path)


def _is_whole(path: Path) -> bool:
    """Whether every value of a data file and its log can be read."""
    try:
        with duckdb.connect(str(path), read_only=True, config=CONFIG) as connection:
            for (name,) in connection.execute("select table_name from duckdb_tables() where not internal").fetchall():
                connection.execute(f'select max(hash(t)) from "{name}" as t').fetchall()
    except duckdb.Error as fault:
        if is_held(fault):
            raise StoreUnavailable(held_sentence(path)) from None
        return False
    return True


def row_counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The rows of every table that only grows."""
    names = [
        name
        for (name,) in cursor.execute(
            "select table_name from duckdb_tables() where database_name = current_database() and not temporary order by 1"
        ).fetchall()
        if name not in _DERIVED
    ]
    counted = " union all ".join(f"select '{name}', count(*) from \"{name}\"" for name in names)
    return {name: int(number) for name, number in cursor.execute(counted).fetchall()} if names else {}


def keep_counts(path: Path, counts: dict[str, int]) -> None:
    """Write the counts down; the file appears whole or stays as it was. Raises OSError."""
    target = counts_file(path)
    draft = target.with_name(target.name + ".part")
    draft.write_text(json.dumps(counts, indent=1), "utf-8")
    draft.replace(target)
    settle(target)


def refuse_losses(path: Path, counts: dict[str, int]) -> None:
    """Raises StoreUnavailable when rows that were confirmed are not there."""
    lost = {name: number - counts.get(name, 0) for name, number in _kept(path).items() if number > counts.get(name, 0)}
    if not lost:
        return
    records = [f"{_NAMES[name]} {number} 条" for name, number in lost.items() if name in _NAMES]
    figures = sum(number for name, number in lost.items() if name not in _NAMES)
    what = named([*records, *([f"填报数据 {figures:,} 行"] if figures else [])], "项", most=8)
    raise StoreUnavailable(
        f"数据文件 {path} 比上次确认时少：{what}。没有打开，也没有改动。可能是日志文件 {path.name}.wal 被删除或截断，"
        "或数据文件被换成了较早的一份。请把原来的 .wal 文件放回，或从备份恢复；"
        f"确认就用现在这一份时，删除 {counts_file(path).name} 后重新启动。"
    )


def _kept(path: Path) -> dict[str, int]:
    """The counts that were written down; none where they were not, or cannot be read."""
    try:
        kept = json.loads(counts_file(path).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {str(name): number for name, number in kept.items() if isinstance(number, int)}
        if isinstance(kept, dict)
        else {}
    )
