"""Opens what an office hands in, CSV files or one workbook, as sheets of raw cells."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from core.dataset.characters import without_invisible
from core.errors import InputRejected, Problem
from core.intake.reading.bounds import LARGEST_CSV_BYTES, LONGEST_FILE_NAME, MOST_SHEETS, Room, refuse_large, rejected
from core.intake.reading.csv_rows import csv_rows
from core.intake.reading.old_workbook import old_workbook_sheets
from core.intake.reading.raw_sheets import RawSheet, Source
from core.intake.reading.workbook import workbook_sheets
from core.naming import named

_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_TABLES = "工作簿（.xlsx、.xls 或 .ods）"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_FILES = {
    ".docx": "Word 文档",
    ".doc": "Word 文档",
    ".wps": "WPS 文字文档",
    ".pdf": "PDF 文件",
    ".txt": "文本文件",
    ".zip": "压缩包",
    ".rar": "压缩包",
    ".7z": "压缩包",
    ".jpg": "图片",
    ".jpeg": "图片",
    ".png": "图片",
    ".pptx": "演示文稿",
    ".json": "JSON 文件",
}


def open_source(path: Path) -> Source:
    """The sheets of a CSV folder or a workbook. Raises InputRejected when it is neither."""
    if path.is_dir():
        paths = sorted(path.glob("*.csv"))
        if not paths:
            raise rejected(path.name, "文件夹中没有 CSV 文件", "每张表一个 CSV 文件", "请核对路径")
        refuse_large(path.name, sum(file.stat().st_size for file in paths))
        files = [(_sound_name(file.name), file.read_bytes()) for file in paths]
        return _csv_source(path.name, files)
    if not path.is_file():
        raise rejected(path.name, "找不到这个文件或文件夹", f"CSV 文件夹或{_TABLES}", "请核对路径")
    try:
        refuse_large(path.name, path.stat().st_size)
        content = path.read_bytes()
    except OSError as fault:
        raise rejected(path.name, f"读不了这个文件（{fault.strerror}）", "可以读取的文件", "请核对权限") from None
    return open_uploads([(path.name, content)])


def open_uploads(files: Sequence[tuple[str, bytes]]) -> Source:
    """The sheets of uploaded files, one workbook or several CSV files, given as name and content.

    Raises InputRejected when they are neither.
    """
    files = [(_sound_name(name), content) for name, content in files]
    refuse_large(named([name for name, _ in files]), sum(len(content) for _, content in files))
    foreign = [
        _not_a_table(name, kind)
        for name, _ in files
        if (kind := _OTHER_FILES.get(Path(name).suffix.lower())) is not None
    ]
    if foreign:
        raise InputRejected(foreign)
    tables = [(name, content) for name, content in files if name.lower().endswith(".csv")]
    if tables and len(tables) == len(files):
        return _csv_source(named([name for name, _ in tables], "个文件"), sorted(tables))
    if len(files) != 1:
        names = "、".join(name for name, _ in files) or "没有文件"
        raise rejected("", f"上传的是：{names}", f"一个{_TABLES}，或若干 .csv 文件", "请重新选择文件")
    return open_workbook(*files[0])


def _sound_name(name: str) -> str:
    """The name of a file as it can be shown and kept. Raises InputRejected when it is longer than names of files are."""
    shown = without_invisible(name).encode("utf-8", "replace").decode()
    if len(shown) > LONGEST_FILE_NAME:
        expected = f"不超过 {LONGEST_FILE_NAME} 个字符"
        raise rejected(f"“{shown[:40]}……”", f"文件名有 {len(shown):,} 个字符", expected, "请改短文件名后重新上传")
    return shown


def open_workbook(name: str, content: bytes) -> Source:
    """The sheets of a workbook given as bytes. Raises InputRejected when it is no workbook."""
    _refuse_what_is_no_workbook(name, content)
    read = old_workbook_sheets if content.startswith(_COMPOUND_FILE) else workbook_sheets
    return Source(name, hashlib.sha256(content).hexdigest(), read(name, content))


def _refuse_what_is_no_workbook(name: str, content: bytes) -> None:
    if not content:
        raise rejected(name, "是空文件", f"有内容的{_TABLES}", "请重新导出后上传")
    if content.startswith(_COMPOUND_FILE) and _ENCRYPTED in content:
        raise rejected(name, "设有打开密码", "未加密的工作簿", "请取消密码后重新上传")
    if not content.startswith((b"PK", _COMPOUND_FILE)):
        raise rejected(name, "不是工作簿", _TABLES, "请在表格软件中另存为 .xlsx 后重新上传")


def _csv_source(name: str, files: Sequence[tuple[str, bytes]]) -> Source:
    digest = hashlib.sha256()
    problems: list[Problem] = []
    sheets: list[RawSheet] = []
    if len(files) > MOST_SHEETS:
        raise rejected(name, f"有 {len(files):,} 个 CSV 文件", f"不超过 {MOST_SHEETS} 个", "请只选择每张表的文件")
    if sum(len(content) for _, content in files) > LARGEST_CSV_BYTES:
        expected = f"各文件共不超过 {LARGEST_CSV_BYTES // 1_000_000} MB"
        raise rejected(name, "文件过大", expected, "请核对是否选错文件")
    room = Room()
    for file_name, content in files:
        digest.update(file_name.encode() + b"\0" + content + b"\0")
        label = file_name[: -len(".csv")]
        try:
            sheets.append(RawSheet(label, csv_rows(label, content, room), is_csv=True))
        except InputRejected as fault:
            problems.extend(fault.problems)
        if room.is_full:
            break
    if problems:
        raise InputRejected(problems)
    return Source(name, digest.hexdigest(), sheets)


def _not_a_table(name: str, kind: str) -> Problem:
    advice = "请先解压，再上传其中的表格" if kind == "压缩包" else "请在表格软件中填入模板，存为 .xlsx 后上传"
    return Problem("FAIL", "", None, None, f"“{name}”是{kind}", f"一个{_TABLES}，或若干 .csv 文件", advice)
