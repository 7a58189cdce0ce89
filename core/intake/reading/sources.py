"""Opens what an office hands in, CSV files or one workbook, as sheets of raw cells."""

from __future__ import annotations

import csv
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputRejected, Problem
from core.intake.reading.workbook_parts import broken_cells, sheet_parts
from core.naming import named

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = object
Place = tuple[int, int]

_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Everything that a damaged, encrypted or foreign zip package raises on the way to its parts.
_TORN_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
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
_LARGEST_UNPACKED_BYTES = 400_000_000
_LARGEST_CSV_BYTES = 200_000_000


@dataclass(frozen=True)
class RawSheet:
    """A sheet as found: its label, and its rows of cells from the sheet's first row on.

    `merged` are ranges of places (row, column from 0, both ends included); `broken` are places whose
    formula holds no result or an error.
    """

    label: str
    rows: list[list[Cell]]
    is_csv: bool = False
    is_hidden: bool = False
    merged: tuple[tuple[Place, Place], ...] = ()
    broken: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """An input as found, with the fingerprint that recognises the same input again."""

    name: str
    sha256: str
    sheets: list[RawSheet]


def open_source(path: Path) -> Source:
    """The sheets of a CSV folder or a workbook. Raises InputRejected when it is neither."""
    if path.is_dir():
        files = [(file.name, file.read_bytes()) for file in sorted(path.glob("*.csv"))]
        if not files:
            raise _rejected(path.name, "文件夹中没有 CSV 文件", "每张表一个 CSV 文件", "请核对路径")
        return _csv_source(path.name, files)
    if not path.is_file():
        raise _rejected(path.name, "找不到这个文件或文件夹", "CSV 文件夹或 .xlsx 工作簿", "请核对路径")
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise _rejected(path.name, f"读不了这个文件（{fault.strerror}）", "可以读取的文件", "请核对权限") from None
    return open_uploads([(path.name, content)])


def open_uploads(files: Sequence[tuple[str, bytes]]) -> Source:
    """The sheets of uploaded files, one workbook or several CSV files, given as name and content.

    Raises InputRejected when they are neither.
    """
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
        raise _rejected("", f"上传的是：{names}", "一个 .xlsx 工作簿，或若干 .csv 文件", "请重新选择文件")
    return open_workbook(*files[0])


def open_workbook(name: str, content: bytes) -> Source:
    """The sheets of a workbook given as bytes. Raises InputRejected when it is no workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_what_is_no_workbook(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST_UNPACKED_BYTES:
                raise _rejected(name, "解压后过大", "一个县的数据", "请删除图片和无关的工作表")
            parts = sheet_parts(package)
        workbook: CalamineWorkbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_raw_sheet(workbook, meta.name, meta.visible, parts) for meta in workbook.sheets_metadata]
    except (CalamineError, *_TORN_PACKAGE) as fault:
        raise _rejected(
            name,
            f"打不开这个文件（{type(fault).__name__}）",
            "未加密、未损坏的 .xlsx 工作簿",
            "请在表格软件中另存为 .xlsx 后重新上传",
        ) from None
    return Source(name, hashlib.sha256(content).hexdigest(), sheets)


def _refuse_what_is_no_workbook(name: str, content: bytes) -> None:
    if not content:
        raise _rejected(name, "是空文件", "有内容的 .xlsx 工作簿", "请重新导出后上传")
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise _rejected(name, "设有打开密码", "未加密的 .xlsx 工作簿", "请取消密码后重新上传")
        raise _rejected(name, "是旧版格式的文件", ".xlsx 工作簿", "请在表格软件中另存为 .xlsx 后重新上传")
    if not content.startswith(b"PK"):
        raise _rejected(name, "不是工作簿", ".xlsx 工作簿", "请在表格软件中另存为 .xlsx 后重新上传")


def _raw_sheet(workbook: CalamineWorkbook, label: str, visible: object, parts: Mapping[str, bytes]) -> RawSheet:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    kind = next(meta.typ for meta in workbook.sheets_metadata if meta.name == label)
    is_hidden = visible != SheetVisibleEnum.Visible
    if kind != SheetTypeEnum.WorkSheet:
        return RawSheet(label, [], is_hidden=is_hidden)
    broken = broken_cells(label, parts.get(label, b""))
    sheet = workbook.get_sheet_by_name(label)
    # Rows above the used range are kept, so that a row number is the one the office sees.
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    return RawSheet(label, rows, is_hidden=is_hidden, merged=tuple(sheet.merged_cell_ranges or ()), broken=broken)


def _csv_source(name: str, files: Sequence[tuple[str, bytes]]) -> Source:
    digest = hashlib.sha256()
    problems: list[Problem] = []
    sheets: list[RawSheet] = []
    for file_name, content in files:
        digest.update(file_name.encode() + b"\0" + content + b"\0")
        label = file_name[: -len(".csv")]
        rows = _csv_rows(label, content)
        if isinstance(rows, Problem):
            problems.append(rows)
        else:
            sheets.append(RawSheet(label, rows, is_csv=True))
    if problems:
        raise InputRejected(problems)
    return Source(name, digest.hexdigest(), sheets)


def _csv_rows(label: str, content: bytes) -> list[list[Cell]] | Problem:
    advice = "请另存为“CSV UTF-8（逗号分隔）”"
    if len(content) > _LARGEST_CSV_BYTES:
        return Problem("FAIL", label, None, None, "文件过大", "一个县的数据", "请核对是否选错文件")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        return Problem("FAIL", label, row, None, "文件编码不是 UTF-8", "UTF-8 编码的 CSV", advice)
    if "\0" in text:
        return Problem("FAIL", label, None, None, "文件中有空字符，不是 UTF-8 文本", "UTF-8 编码的 CSV", advice)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [list(row) for row in reader]
    except csv.Error as fault:
        return Problem(
            "FAIL", label, reader.line_num, None, f"不是有效的 CSV（{fault}）", "逗号分隔的 CSV", "请核对引号是否成对"
        )


def _not_a_table(name: str, kind: str) -> Problem:
    advice = "请先解压，再上传其中的表格" if kind == "压缩包" else "请在表格软件中填入模板，存为 .xlsx 后上传"
    return Problem("FAIL", "", None, None, f"“{name}”是{kind}", "一个 .xlsx 工作簿，或若干 .csv 文件", advice)


def _rejected(name: str, found: str, expected: str, advice: str) -> InputRejected:
    return InputRejected([Problem("FAIL", "", None, None, f"{name} {found}".strip(), expected, advice)])
