"""Backups on the page: taken, listed, carried home by who may, and a daily one that failed is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.store.backup import backups_folder
from core.store.database import Store
from tests.pages.conftest import Open, press, words
from ui.serving.daily_backup import daily_backup_failure, take_daily_backup

BATCHES = "datasets/batches"


def test_a_backup_is_taken_listed_and_offered(store: Store, open_page: Open) -> None:
    app = press(open_page(BATCHES, data_part="备份"), "立即备份")
    [taken] = list(backups_folder().glob("county-*.duckdb"))
    assert taken.name in words(app)
    assert app.selectbox(key="backup_chosen").options == [taken.name]


def test_the_platform_takes_its_own_and_says_where_it_could_not(
    store: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    take_daily_backup(date(2023, 11, 30))
    assert daily_backup_failure() is None
    assert "每日备份-2023-11-30.duckdb" in words(open_page(BATCHES, data_part="备份"))
    (tmp_path / "elsewhere").write_text("a file where a folder should be")
    monkeypatch.setattr("ui.serving.daily_backup.backups_folder", lambda: tmp_path / "elsewhere" / "backups")
    take_daily_backup(date(2023, 12, 1))
    assert "每日自动备份没有做成" in "".join(w.value for w in open_page(BATCHES, data_part="备份").warning)
    monkeypatch.undo()
    monkeypatch.setenv("COUNTY_DB", str(store.path))
    take_daily_backup(date(2023, 12, 1))
    assert daily_backup_failure() is None
