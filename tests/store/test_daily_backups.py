"""A backup a day: taken once, opened before it counts, kept for two weeks and by the month for a year."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.batches import register
from core.errors import NotPermitted
from core.rules.standard import Standard
from core.store.backup import back_up_daily
from core.store.database import Store
from core.store.opening import low_disk_sentence

TODAY = date(2023, 11, 30)


def test_a_day_has_one_backup_which_opens(store: Store, standard: Standard, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    taken = back_up_daily(store, folder, LOCAL_ADMINISTRATOR, standard, TODAY)
    assert taken is not None and "2023-11-30" in taken.name
    assert back_up_daily(store, folder, LOCAL_ADMINISTRATOR, standard, TODAY) is None
    copy = Store.open(taken, standard)
    assert len(register.batches(copy)) == 1
    copy.close()
    with pytest.raises(NotPermitted):
        back_up_daily(store, folder, READER, standard, TODAY + timedelta(1))


def test_two_weeks_are_kept_and_a_year_by_the_month_and_nothing_else_is_touched(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    first = back_up_daily(store, folder, LOCAL_ADMINISTRATOR, standard, date(2022, 1, 5))
    assert first is not None
    for days in range(1, 694):
        # What an earlier day left; its content is not looked at.
        (folder / first.name.replace("2022-01-05", str(date(2022, 1, 5) + timedelta(days)))).write_bytes(b"")
    own = folder / "county-20220101-090000.duckdb"
    own.write_bytes(b"taken by hand")
    back_up_daily(store, folder, LOCAL_ADMINISTRATOR, standard, TODAY)
    days = sorted(date.fromisoformat(f.stem[-10:]) for f in folder.glob("*-????-??-??.duckdb"))
    assert days[-14:] == [TODAY - timedelta(n) for n in reversed(range(14))]
    assert days[:-14] == [date(2022, 12, 1), *(date(2023, month, 1) for month in range(1, 12))]
    assert own.exists()


def test_a_clock_set_back_lets_go_of_nothing_newer(store: Store, standard: Standard, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    newer = back_up_daily(store, folder, LOCAL_ADMINISTRATOR, standard, TODAY)
    back_up_daily(store, folder, LOCAL_ADMINISTRATOR, standard, date(2020, 1, 1))
    assert newer is not None and newer.exists()


def test_low_disk_is_said_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    path = tmp_path / "county.duckdb"
    path.write_bytes(bytes(1000))
    for free, said in ((299_999_999, True), (300_000_000, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage(10**12, 0, free))
        assert (low_disk_sentence(path) is not None) is said
