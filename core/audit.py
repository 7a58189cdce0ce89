"""The record of actions: who did what to what, when, from where, before and after; only ever added to, chained by hash.

    keep_action(cursor, actor, action, subject, now, before=…, after=…)     within the transaction of the write itself
    broken_link(cursor) -> int | None                                 the first entry that is not as it was written
    read_entries(cursor, …) -> list[Entry]

Every entry's hash covers its content and the hash before it, so that none can be changed, taken out or put in between
without every later one saying so. What was taken off the end is missed by the counts beside the file (`store/confirmed.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from core.access import ACTION_NAMES, Actor

# What is noted beside the actions of `core.access`.
EVENT_NAMES: Mapping[str, str] = {
    **dict(ACTION_NAMES.items()),
    "login": "登录",
    "login_failed": "登录失败",
    "logout": "退出登录",
    "download": "下载",
    "mail": "发送提醒邮件",
    "contacts": "查看联系方式",
    "password": "密码",
}
_COLUMNS = "number, recorded_at, person_id, actor, verified, origin, action, subject, before, after, previous, hash"
_BEGINNING = "0" * 64
_LONGEST_SIDE = 4_000


@dataclass(frozen=True)
class Entry:
    """One action as recorded; `before` and `after` are JSON texts, empty where there was nothing."""

    number: int
    recorded_at: datetime
    person_id: str
    actor: str
    verified: bool
    origin: str
    action: str
    subject: str
    before: str
    after: str
    previous: str
    hash: str

    def as_hashed(self) -> str:
        """The hash that this content has."""
        content = [
            self.number,
            self.recorded_at.isoformat(),
            self.person_id,
            self.actor,
            self.verified,
            self.origin,
            self.action,
            self.subject,
            self.before,
            self.after,
            self.previous,
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def keep_action(
    cursor: duckdb.DuckDBPyConnection,
    actor: Actor,
    action: str,
    subject: str,
    now: datetime,
    *,
    before: object = None,
    after: object = None,
) -> None:
    """Add an entry; called where the write is made, so that the one never stands without the other."""
    last = cursor.execute("select number, hash from audit order by number desc limit 1").fetchall()
    number, previous = (last[0][0] + 1, last[0][1]) if last else (1, _BEGINNING)
    content = (
        number,
        now.replace(microsecond=now.microsecond // 1000 * 1000),
        actor.person_id,
        actor.name.strip(),
        actor.verified,
        actor.origin,
        action,
        subject,
        _text(before),
        _text(after),
        previous,
    )
    entry = Entry(*content, hash="")
    cursor.execute(
        f"insert into audit ({_COLUMNS}) values ({', '.join(f'${n}' for n in range(1, 13))})",
        [*content, entry.as_hashed()],
    )


def broken_link(cursor: duckdb.DuckDBPyConnection) -> int | None:
    """The number of the first entry whose content or place is not as it was written; None where all are."""
    previous, expected = _BEGINNING, 1
    for entry in _entries(cursor, "true", [], "number"):
        if (entry.number, entry.previous, entry.hash) != (expected, previous, entry.as_hashed()):
            return entry.number
        previous, expected = entry.hash, expected + 1
    return None


def read_entries(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first: date,
    last: date,
    words: str = "",
    action: str = "",
    most: int | None = None,
) -> list[Entry]:
    """The entries of some days, the newest first; `words` stand in the person, the subject or the content."""
    condition = (
        "cast(recorded_at as date) between $1 and $2 and ($3 = '' or action = $3)"
        " and ($4 = '' or contains(concat_ws(' ', person_id, actor, subject, before, after, origin), $4))"
    )
    limit = "" if most is None else f" limit {int(most)}"
    return list(_entries(cursor, condition, [first, last, action, words.strip()], f"number desc{limit}"))


def _entries(cursor: duckdb.DuckDBPyConnection, condition: str, values: list[Any], order: str) -> Iterator[Entry]:
    for row in cursor.execute(f"select {_COLUMNS} from audit where {condition} order by {order}", values).fetchall():
        yield Entry(*row)


def _text(side: object) -> str:
    if side is None:
        return ""
    text = side if isinstance(side, str) else json.dumps(side, ensure_ascii=False, default=_plain)
    return text if len(text) <= _LONGEST_SIDE else text[:_LONGEST_SIDE] + "……"


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple | frozenset | set) else str(value)
