"""Several workbooks at once, or a zip archive of them: each opened under the bounds of a single one."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.errors import InputRejected, Problem
from core.intake.reading.bounds import MOST_CELLS, refuse_large, rejected
from core.intake.reading.raw_sheets import RawSheet
from core.intake.reading.sources import open_workbook
from core.intake.reading.workbook_package import TORN_PACKAGE

WORKBOOK_ENDINGS = (".xlsx", ".xls", ".ods", ".xlsm")
# A county of a thousand schools with three workbooks each; what they hold is bounded one by one and together.
_MOST_FILES, _MOST_BYTES = 3_000, 200_000_000
_CHUNK = 65_536


@dataclass(frozen=True)
class Workbook:
    """One workbook of several."""

    name: str
    sha256: str
    sheets: tuple[RawSheet, ...]


def is_archive(name: str) -> bool:
    """Whether a file is a zip archive by its name."""
    return name.lower().endswith(".zip")


def workbooks_at(path: Path) -> list[tuple[str, bytes]]:
    """The workbooks of a folder without CSV files, an archive or a single workbook, by name; none where there are none.

    Raises InputRejected when they are too large or cannot be read.
    """
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    if any(one.suffix.lower() == ".csv" for one in paths):
        return []
    chosen = [
        one
        for one in paths
        if one.is_file()
        and one.name.lower().endswith((*WORKBOOK_ENDINGS, ".zip"))
        and not one.name.startswith(("~$", "."))
    ]
    try:
        refuse_large(path.name, sum(one.stat().st_size for one in chosen))
        return [(one.name, one.read_bytes()) for one in chosen]
    except OSError as fault:
        raise rejected(path.name, f"读不了这个文件（{fault.strerror}）", "可以读取的文件", "请核对权限") from None


def open_workbooks(
    files: Sequence[tuple[str, bytes]], tell: Callable[[int, int, str], None] = lambda *_: None
) -> list[Workbook]:
    """The workbooks among files and in archives of them, by name. Raises InputRejected with every one that cannot be read.

    `tell` hears how many of how many are open, and the name of the next.
    """
    listed = [
        one for name, content in files for one in (_unpacked(name, content) if is_archive(name) else [(name, content)])
    ]
    if len(listed) > _MOST_FILES or sum(len(content) for _, content in listed) > _MOST_BYTES:
        expected = f"不超过 {_MOST_FILES:,} 个文件、{_MOST_BYTES // 1_000_000} MB"
        raise rejected("", f"共有 {len(listed):,} 个文件", expected, "请分几次上传")
    opened: list[Workbook] = []
    problems: list[Problem] = []
    cells = 0
    for number, (name, content) in enumerate(sorted(listed)):
        tell(number, len(listed), name)
        try:
            source = open_workbook(name, content)
        except InputRejected as fault:
            problems.extend(fault.problems)
            continue
        cells += sum(len(row) for raw in source.sheets for row in raw.rows)
        if cells > MOST_CELLS:
            expected = f"全部工作表共不超过 {MOST_CELLS:,} 个单元格"
            raise rejected(name, "与前面的文件合计，单元格太多", expected, "请分几次上传")
        opened.append(Workbook(name, hashlib.sha256(content).hexdigest(), tuple(source.sheets)))
    if problems:
        raise InputRejected(problems)
    return opened


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The workbooks in an archive; other files in it are passed over, what is too large is refused before it is unpacked."""
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > _MOST_FILES:
                raise rejected(name, f"有 {len(members):,} 个文件", f"不超过 {_MOST_FILES:,} 个", "请分几次上传")
            for member in members:
                inside = PurePosixPath(_readable(member).replace("\\", "/")).name
                if not inside.lower().endswith(WORKBOOK_ENDINGS) or inside.startswith(("~$", ".")):
                    continue
                pieces: list[bytes] = []
                with archive.open(member) as packed:
                    while chunk := packed.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise rejected(name, "解压后过大", f"不超过 {_MOST_BYTES // 1_000_000} MB", "请分几次上传")
                        pieces.append(chunk)
                yield inside, b"".join(pieces)
    except TORN_PACKAGE:
        raise rejected(name, "打不开，可能已加密或损坏", "未加密的 zip 压缩包", "请重新压缩后上传") from None


def _readable(member: zipfile.ZipInfo) -> str:
    """The member's name; Chinese programs write it in their own encoding without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
