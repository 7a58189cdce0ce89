"""近期提醒 on its page: by span and township, as a file, and no mail where none is set up."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.store.database import Store
from tests.pages.conftest import Open, title, unescaped, words
from tests.support.html_tables import tables

PAGE, AS_OF = "carrying_out/digest", "2023-11-30"


def test_what_is_new_stands_under_its_headings(open_page: Open, read_store: Store) -> None:
    app = open_page(PAGE, as_of=AS_OF)
    assert title(app).startswith("2023 年 10 月 31 日以来：") and "仍逾期" in title(app)
    heads = [unescaped(h.value).split("　") for h in app.header]
    assert heads and [len(t) for t in tables(app)] == [int(number) for _, number in heads]
    year = open_page(PAGE, as_of=AS_OF, days="365")
    assert title(year).startswith("2022 年 11 月 30 日以来：") and len(year.header) >= len(app.header)
    assert "下载提醒" in [b.proto.label for b in year.get("download_button")]


def test_a_township_reads_its_own(open_page: Open, read_store: Store) -> None:
    app = open_page(PAGE, as_of=AS_OF, township="350526100", days="365")
    assert title(app).startswith("浔中镇：")
    assert "教育局，期限" not in unescaped(words(app))


def test_nothing_is_sent_that_was_not_set_up(
    open_page: Open, read_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(PAGE, as_of=AS_OF)
    assert "没有设置邮件服务器，不发送任何邮件" in words(app)
    assert "发送提醒邮件" not in [b.label for b in app.button]
    (tmp_path / "mail.toml").write_text('host = "h"\nport = 25\nsecurity = "ssl"\nsender = "a@b.cn"', "utf-8")
    monkeypatch.setenv("COUNTY_MAIL", str(tmp_path / "mail.toml"))
    app = open_page(PAGE, as_of=AS_OF)
    assert "security 应为 none、starttls 或 tls" in unescaped(app.error[0].value)
