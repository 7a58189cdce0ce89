"""Opens what an office hands in, a folder of CSV files or one workbook, as sheets of raw cells."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputRejected, Problem

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = object


@dataclass(frozen=True)
class RawSheet:
    """A sheet as found: its label, and its rows of cells from the sheet's first row on."""

    label: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Source:
    """An input as found, with the fingerprint that recognises the same input again."""

    name: str
    sha256: str
    sheets: list[RawSheet]


def open_source(path: Path) -> Source:
    """The sheets of a CSV folder or a workbook. Raises InputRejected when it is neither."""
    if path.is_dir():
        return _open_folder(path)
    if not path.is_file():
        raise _rejected(path.name, "找不到这个文件或文件夹", "CSV 文件夹或 .xlsx 工作簿", "请核对路径")
    return open_workbook(path.name, path.read_bytes())


def open_workbook(name: str, content: bytes) -> Source:
    """The sheets of a workbook given as bytes. Raises InputRejected when it is no workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook: CalamineWorkbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [RawSheet(label, _from_first_row(workbook, label)) for label in workbook.sheet_names]
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as fault:
        raise _rejected(
            name,
            f"打不开这个文件（{type(fault).__name__}）",
            "未加密的 .xlsx 工作簿",
            "请在表格软件中另存为 .xlsx 后重新上传",
        ) from None
    return Source(name, hashlib.sha256(content).hexdigest(), sheets)


def _from_first_row(workbook: CalamineWorkbook, label: str) -> list[list[Cell]]:
    # Rows above the used range are kept, so that a row number is the one the office sees.
    return [list(row) for row in workbook.get_sheet_by_name(label).to_python(skip_empty_area=False)]


def _open_folder(path: Path) -> Source:
    files = sorted(path.glob("*.csv"))
    if not files:
        raise _rejected(path.name, "文件夹中没有 CSV 文件", "每张表一个 CSV 文件", "请核对路径")
    digest = hashlib.sha256()
    problems: list[Problem] = []
    sheets: list[RawSheet] = []
    for file in files:
        content = file.read_bytes()
        digest.update(file.name.encode() + b"\0" + content + b"\0")
        try:
            text = content.decode("utf-8-sig")
            rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text), strict=True)]
        except UnicodeDecodeError:
            problems.append(
                Problem(
                    "FAIL",
                    file.stem,
                    None,
                    None,
                    "文件编码不是 UTF-8",
                    "UTF-8 编码的 CSV",
                    "请另存为“CSV UTF-8（逗号分隔）”",
                )
            )
            continue
        except csv.Error as fault:
            problems.append(Problem("FAIL", file.stem, None, None, f"不是有效的 CSV（{fault}）", "逗号分隔的 CSV"))
            continue
        sheets.append(RawSheet(file.stem, rows))
    if problems:
        raise InputRejected(problems)
    return Source(path.name, digest.hexdigest(), sheets)


def _rejected(name: str, found: str, expected: str, advice: str) -> InputRejected:
    return InputRejected([Problem("FAIL", "", None, None, f"{name} {found}", expected, advice)])
