"""Three townships that are late: their workbooks in one upload, the board, published, and nobody is missing any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.books import Book, Tables, csv_files, demo_tables
from tests.support.hands import press, sees
from tests.support.uploading import explain_and_save, hand_in

LATE = ("350526102", "350526103", "350526104")


def of(years: tuple[str, ...], townships: Callable[[str], bool], *, county: bool) -> Tables:
    """The demonstration county's sheets of some years and townships, with or without those of the county."""
    home = {row[0]: row[demo_tables()["schools"][0].index("township_code")] for row in demo_tables()["schools"][1:]}

    def belongs(header: list[str], row: list[str]) -> bool:
        at = dict(zip(header, row, strict=True))
        code = at.get("township_code") or home.get(at.get("school_id", "")) or at.get("code")
        in_year = "year" not in at or at["year"] in years
        return in_year and (townships(code) if code else county)

    return {
        sheet: [header, *(row for row in rows if belongs(header, row))]
        for sheet, (header, *rows) in demo_tables().items()
    }


def test_three_late_townships_come_in_together(
    start_fresh_server: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    standard, path = load_standard(), tmp_path / "county.duckdb"
    store = Store.open(path, standard)
    for tables in (
        of(("2022",), lambda code: True, county=True),
        of(("2023",), lambda code: code not in LATE, county=False),
    ):
        dataset = check(open_uploads([*csv_files(tables).items()]))
        reasons = dict.fromkeys(range(len(dataset.warnings)), "已核对")
        now = datetime(2024, 1, 2, 9)
        batch = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, now, warning_reasons=reasons)
        publishing.publish(store, batch, LOCAL_ADMINISTRATOR, now, "")
    store.close()
    server = start_fresh_server(path)
    names = {row[0]: row[1] for row in demo_tables()["townships"][1:]}
    overview = open_page(f"{server}/?year=2023")
    missing = overview.get_by_text("还没有 2023 学年的数据")
    expect(missing).to_contain_text("、".join(names[code] for code in LATE))

    files = []
    for code in LATE:
        files.append(tmp_path / f"{names[code]}.xlsx")
        files[-1].write_bytes(Book(of(("2023",), lambda one, own=code: one == own, county=False)).content())  # type: ignore[misc]
    page = open_page(f"{server}/batches")
    hand_in(page, files)
    expect(page.get_by_text("3 个文件，").filter(has_text="都没有错误").first).to_be_visible()
    sees(page, "体检通过：没有错误")
    explain_and_save(page, "已核对")
    sees(page, "已存为草稿，批次 3")
    press(page, "发布", exact=True)
    sees(page, "批次 3 已发布")
    overview.reload()
    expect(overview.get_by_test_id("stMain")).to_contain_text("数据截至")
    expect(missing).to_have_count(0)
