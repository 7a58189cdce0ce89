"""Attached files: kept once, whole or not at all, in every backup, and missed in words where they are lost."""

import io
import shutil
import zipfile
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.content_kinds import MOST_AT_ONCE
from core.delivery.records.attachments import (
    Attachment,
    Upload,
    attached_bytes,
    attachments_of,
    content,
    lost_attachments,
    package_of_attachments,
)
from core.delivery.records.records import EvidenceDraft
from core.delivery.records.records_writing import file_evidence
from core.disk import content_file
from core.errors import NotPermitted, RequestInvalid, StoreUnavailable
from core.rules.standard import Standard
from core.store.backup import attachments_of_backups, back_up, back_up_daily, restore, snapshot
from core.store.database import Store
from core.store.opening import attachments_folder
from tests.store.test_backup import judge
from tests.support.demo_county import COUNTY, PLAN
from tests.support.papers import PHOTO, SCAN, pdf, picture

NOW, DAY = datetime(2023, 12, 1, 9), date(2023, 11, 30)
OFFICE = Actor("演示甲")


def file_with(store: Store, *uploads: Upload, title: str = "会议纪要", actor: Actor = OFFICE) -> tuple[Attachment, ...]:
    draft = EvidenceDraft(
        subject="T01-1", title=title, year=2023, holder_unit_id="education", state="filed", day=DAY,
        document_number="会 1 号", document_date=DAY,
    )  # fmt: skip
    record = file_evidence(store, PLAN, COUNTY, draft, actor, NOW, uploads)
    return attachments_of(store, COUNTY, DAY).get(record.number, ())


def kept_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def folder_of(store: Store) -> Path:
    assert store.path is not None
    return attachments_folder(store.path)


def test_a_file_is_opened_as_it_was_handed_in(store: Store) -> None:
    first, second = file_with(store, PHOTO, SCAN)
    assert [(a.name, a.media_type, a.size_bytes) for a in (first, second)] == [
        ("现场照片.jpg", "image/jpeg", len(PHOTO.content)),
        ("整改报告.pdf", "application/pdf", len(SCAN.content)),
    ]
    assert (content(store, first), content(store, second)) == (PHOTO.content, SCAN.content)
    assert (first.actor, first.verified, first.day, first.record_kind) == ("演示甲", False, DAY, "document")


def test_the_same_file_twice_is_kept_once_and_listed_where_it_was_attached(store: Store) -> None:
    again = Upload("又一份.jpg", PHOTO.content)
    assert [a.name for a in file_with(store, PHOTO, again)] == ["现场照片.jpg"], "twice at one record is one"
    assert [a.name for a in file_with(store, again, title="会议通知")] == ["又一份.jpg"]
    assert len(kept_files(folder_of(store))) == 1


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([Upload("照片.jpg", b"<html>")], "不是可以识别的文件"),
        ([PHOTO, Upload("扫描.pdf", b"")], "是空文件"),
        ([Upload(f"{n}.jpg", picture(shade=n)) for n in range(MOST_AT_ONCE + 1)], "一次最多上传 9 个附件，现有 10 个"),
    ],
)
def test_with_a_file_that_is_refused_nothing_of_the_record_is_kept(
    store: Store, uploads: list[Upload], words: str
) -> None:
    with pytest.raises(RequestInvalid, match=words):
        file_with(store, *uploads)
    assert store.rows("select count(*) from evidence_documents") == [(0,)]
    assert not kept_files(folder_of(store))


def test_whoever_may_not_write_leaves_no_file_behind(store: Store) -> None:
    with pytest.raises(NotPermitted):
        file_with(store, PHOTO, actor=Actor("访客", frozenset({"viewer"})))
    assert not kept_files(folder_of(store))


def test_a_disk_that_takes_no_file_is_said_and_nothing_is_recorded(store: Store) -> None:
    folder_of(store).write_bytes(b"in the way")
    with pytest.raises(StoreUnavailable, match="请检查路径、权限"):
        file_with(store, PHOTO)
    assert store.rows("select count(*) from evidence_documents") == [(0,)]


def test_a_backup_brings_the_files_to_another_place(store: Store, standard: Standard, tmp_path: Path) -> None:
    held = file_with(store, PHOTO, SCAN)
    backups = tmp_path / "backups"
    backups.mkdir()
    back_up(store, backups / "一.duckdb", LOCAL_ADMINISTRATOR, standard)
    back_up(store, backups / "二.duckdb", LOCAL_ADMINISTRATOR, standard)
    assert len(kept_files(attachments_of_backups(backups))) == 2, "all backups share one copy"
    target = tmp_path / "elsewhere" / "county.duckdb"
    target.parent.mkdir()
    restore(backups / "一.duckdb", target, standard, partial(judge, standard), LOCAL_ADMINISTRATOR, NOW)
    there = Store.open(target, standard)
    assert [content(there, a) for a in held] == [PHOTO.content, SCAN.content]
    assert lost_attachments(there) == ()
    there.close()


def test_the_daily_backup_holds_files_too(store: Store, standard: Standard, tmp_path: Path) -> None:
    [held] = file_with(store, PHOTO)
    back_up_daily(store, tmp_path / "backups", LOCAL_ADMINISTRATOR, standard, DAY)
    assert content_file(attachments_of_backups(tmp_path / "backups"), held.sha256).read_bytes() == PHOTO.content


def test_a_file_lost_before_the_restore_is_missed_in_words_and_found_again(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    first, second = file_with(store, PHOTO, SCAN)
    backup = tmp_path / "backups" / "一.duckdb"
    backup.parent.mkdir()
    back_up(store, backup, LOCAL_ADMINISTRATOR, standard)
    pool = content_file(attachments_of_backups(backup.parent), first.sha256)
    pool.unlink()
    target = tmp_path / "elsewhere" / "county.duckdb"
    target.parent.mkdir()
    put_back = partial(restore, backup, target, standard, partial(judge, standard), LOCAL_ADMINISTRATOR)
    put_back(NOW)
    there = Store.open(target, standard)
    assert [a.name for a in lost_attachments(there)] == ["现场照片.jpg"]
    with pytest.raises(StoreUnavailable, match=f"“现场照片.jpg”.*登记仍在.*{first.sha256}"):
        content(there, first)
    assert content(there, second) == SCAN.content
    there.close()
    pool.write_bytes(PHOTO.content)
    put_back(datetime(2023, 12, 2, 9))
    there = Store.open(target, standard)
    assert lost_attachments(there) == () and content(there, first) == PHOTO.content
    there.close()


def test_a_damaged_file_is_not_handed_out_and_is_mended_by_handing_it_in_again(store: Store) -> None:
    [held] = file_with(store, PHOTO)
    content_file(folder_of(store), held.sha256).write_bytes(PHOTO.content[:-1] + b"!")
    with pytest.raises(StoreUnavailable, match="已损坏"):
        content(store, held)
    file_with(store, PHOTO, title="会议通知")
    assert content(store, held) == PHOTO.content


def test_the_export_for_other_programs_holds_files_by_number_and_name(store: Store, tmp_path: Path) -> None:
    [held] = file_with(store, SCAN)
    files = snapshot(store, tmp_path / "快照", LOCAL_ADMINISTRATOR)
    [written] = [path for path in files if path.name.startswith("attachment-")]
    assert written.name == f"attachment-{held.number}-整改报告.pdf" and written.read_bytes() == pdf()


def test_the_package_unpacked_beside_a_backup_brings_the_files_back(
    store: Store, standard: Standard, tmp_path: Path
) -> None:
    held = file_with(store, PHOTO, SCAN)
    assert attached_bytes(store) == len(PHOTO.content) + len(SCAN.content)
    package = package_of_attachments(store)
    backup = tmp_path / "taken home" / "一.duckdb"
    backup.parent.mkdir()
    back_up(store, backup, LOCAL_ADMINISTRATOR, standard)
    shutil.rmtree(attachments_of_backups(backup.parent))
    with zipfile.ZipFile(io.BytesIO(package)) as unpacked:
        unpacked.extractall(backup.parent)
    target = tmp_path / "elsewhere" / "county.duckdb"
    target.parent.mkdir()
    restore(backup, target, standard, partial(judge, standard), LOCAL_ADMINISTRATOR, NOW)
    there = Store.open(target, standard)
    assert [content(there, a) for a in held] == [PHOTO.content, SCAN.content]
    there.close()


def test_a_package_and_an_export_that_are_not_whole_say_which_files_are_missing(store: Store, tmp_path: Path) -> None:
    photo, _ = file_with(store, PHOTO, SCAN)
    content_file(folder_of(store), photo.sha256).write_bytes(b"damaged")
    with zipfile.ZipFile(io.BytesIO(package_of_attachments(store))) as package:
        assert len(package.namelist()) == 2
        assert package.read("attachments-missing.txt").decode() == f"{photo.sha256}\t现场照片.jpg\n"
    files = {path.name: path for path in snapshot(store, tmp_path / "快照", LOCAL_ADMINISTRATOR)}
    assert "现场照片.jpg" in files["attachments-missing.txt"].read_text("utf-8")
