"""The record of actions: whatever is changed, taken out or put in between is found."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.audit import broken_link, keep_action, read_entries
from core.rules.standard_loading import load_standard
from core.store.database import Store

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456)
SOMEONE = Actor("张三", frozenset({"clerk"}), verified=True, person_id="zhang.san", origin="10.0.0.8")


@pytest.fixture
def store() -> Store:
    """A store with five entries."""
    opened = Store.open(None, load_standard())
    for number in range(5):
        with opened.write() as cursor:
            keep_action(cursor, SOMEONE, "publish", f"批次 {number}", NOW, before={"n": number}, after="理由")
    return opened


def tampered(store: Store, sql: str) -> int | None:
    with store.write() as cursor:
        cursor.execute(sql)
    with store.reading() as cursor:
        return broken_link(cursor)


def test_an_untouched_record_is_whole_and_searched_by_day_action_and_words(store: Store) -> None:
    with store.write() as cursor:
        keep_action(cursor, LOCAL_ADMINISTRATOR, "load", "批次 9", datetime(2026, 3, 3))
    with store.reading() as cursor:
        assert broken_link(cursor) is None
        both = read_entries(cursor, first=date(2026, 3, 2), last=date(2026, 3, 3))
        assert [e.number for e in both] == [6, 5, 4, 3, 2, 1]
        assert [e.number for e in read_entries(cursor, first=date(2026, 3, 3), last=date(2026, 3, 3))] == [6]
        found = read_entries(cursor, first=date(2026, 3, 2), last=date(2026, 3, 3), words="批次 3", action="publish")
        [entry] = found
        assert (entry.actor, entry.person_id, entry.origin, entry.verified) == ("张三", "zhang.san", "10.0.0.8", True)
        assert (entry.before, entry.after) == ('{"n": 3}', "理由")
        assert len(read_entries(cursor, first=date(2026, 3, 2), last=date(2026, 3, 3), most=2)) == 2


@pytest.mark.parametrize(
    ("sql", "first_broken"),
    [
        ("update audit set actor = '李四' where number = 3", 3),
        ("update audit set after = '' where number = 1", 1),
        ("update audit set recorded_at = recorded_at + interval 1 second where number = 5", 5),
        ("update audit set verified = false where number = 2", 2),
        ("delete from audit where number = 2", 3),
        ("delete from audit where number = 1", 2),
        ("update audit set number = number + 1 where number = 5", 6),
        (
            "insert into audit select 6, recorded_at, person_id, actor, verified, origin, action, subject, before, after,"
            " previous, hash from audit where number = 5",
            6,
        ),
    ],
)
def test_a_changed_record_is_found_at_its_place(store: Store, sql: str, first_broken: int) -> None:
    assert tampered(store, sql) == first_broken


def test_a_write_that_fails_leaves_no_entry(store: Store) -> None:
    with pytest.raises(duckdb.Error), store.write() as cursor:
        keep_action(cursor, SOMEONE, "load", "x", NOW)
        cursor.execute("insert into no_such_table values (1)")
    assert store.rows("select count(*) from audit") == [(5,)]
