"""What an uploaded file is, told by its content: a picture, a PDF, an Office document; everything else is refused.

kind_of(name, content) -> ContentKind      Raises RequestInvalid with what was found and what to do
plain_name(name) -> str                    the name alone, without a path or what no name may hold
small_picture(content) -> bytes            as shown on a page, without what the camera wrote into it
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PureWindowsPath

import olefile
from PIL import Image, ImageOps, UnidentifiedImageError

from core.dataset.characters import without_invisible
from core.errors import RequestInvalid

LARGEST_BYTES = 20_000_000
# As many as a chat group takes at a time.
MOST_AT_ONCE = 9
_LONGEST_NAME = 60
# What no name of a file holds on some system.
_UNUSABLE = dict.fromkeys(map(ord, '<>:"/|?*'), "_")
_MOST_PIXELS = 120_000_000
# A picture is drawn small from all of its pixels; a plain JPEG can be read at a fraction of them.
_MOST_PIXELS_DRAWN = 16_000_000
_SMALL = (640, 640)
# What the readers of pictures and compound files make of malformed ones, down to endless recursion.
_MALFORMED = (
    *(OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, EOFError),
    *(SyntaxError, RecursionError, AssertionError, struct.error, Image.DecompressionBombError),
)
# The directory of a package ends with at most so many bytes.
_MOST_PARTS, _LONGEST_END = 5_000, 66_000


@dataclass(frozen=True)
class ContentKind:
    """A kind of file: its media type, its name for people, the endings that its name may have."""

    media_type: str
    name: str
    endings: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.media_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument"
_JPEG = ContentKind("image/jpeg", "JPEG 图片", ("jpg", "jpeg"))
_PNG = ContentKind("image/png", "PNG 图片", ("png",))
_WEBP = ContentKind("image/webp", "WebP 图片", ("webp",))
_PDF = ContentKind("application/pdf", "PDF 文件", ("pdf",))
# A phone's JPEG with a second picture inside is a JPEG to everybody else.
_PICTURES = {"JPEG": _JPEG, "MPO": _JPEG, "PNG": _PNG, "WEBP": _WEBP}
_PACKAGES = {
    "word/document.xml": ContentKind(f"{_OFFICE}.wordprocessingml.document", "Word 文档", ("docx",)),
    "xl/workbook.xml": ContentKind(f"{_OFFICE}.spreadsheetml.sheet", "Excel 工作簿", ("xlsx",)),
    "ppt/presentation.xml": ContentKind(f"{_OFFICE}.presentationml.presentation", "PowerPoint 文稿", ("pptx",)),
    "OFD.xml": ContentKind("application/ofd", "OFD 版式文件", ("ofd",)),
}
_COMPOUND = {"WordDocument": ContentKind("application/msword", "Word 文档", ("doc", "wps"))}
# Old workbooks and presentations keep their programs where nobody finds them without reading all of it.
_HIDES_MACROS = {"Workbook": ".xlsx", "Book": ".xlsx", "PowerPoint Document": ".pptx"}
# Parts of a package that hold programs, or anything at all.
_PROGRAMS = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".scr", ".hta", ".lnk")
_PROGRAM_FOLDERS = ("macrosheets/", "activex/")
KINDS = (_JPEG, _PNG, _WEBP, _PDF, *_PACKAGES.values(), *_COMPOUND.values())
ENDINGS = tuple(dict.fromkeys(ending for kind in KINDS for ending in kind.endings))
TAKEN = "图片（JPG、PNG、WebP）、PDF、OFD 或 Office（Word、.xlsx、.pptx）文件"


def kind_of(name: str, content: bytes) -> ContentKind:
    """What a file is. Raises RequestInvalid when it is empty, too large, of no kind taken, broken, or named for another."""
    what = f"附件“{plain_name(name)}”"
    if not content:
        raise RequestInvalid(f"{what}是空文件，请重新选择。")
    if len(content) > LARGEST_BYTES:
        raise RequestInvalid(
            f"{what}有 {len(content) / 1_000_000:.1f} MB，每个附件最多 {LARGEST_BYTES // 1_000_000} MB；请压缩或拆分后上传。"
        )
    kind = _by_content(what, content)
    ending = plain_name(name).rpartition(".")[2].lower()
    if ending not in kind.endings:
        raise RequestInvalid(
            f"{what}按内容是 {kind.name}，与文件名不符；请核对选对了文件，再把扩展名改为 .{kind.endings[0]}。"
        )
    return kind


def plain_name(name: str) -> str:
    """The last part of whatever path a name came with, without invisible characters, not longer than people read."""
    last = without_invisible(PureWindowsPath(name.replace("\0", "")).name).strip(" .")
    last = last.translate(_UNUSABLE)
    stem, dot, ending = last.rpartition(".")
    if len(last) > _LONGEST_NAME:
        last = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"[:_LONGEST_NAME]
    return last or "附件"


def _by_content(what: str, content: bytes) -> ContentKind:
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise RequestInvalid(f"{what}不是完整的 PDF，可能没有传完；请重新导出或重新选择。")
        if b"/JavaScript" in content or b"/Launch" in content:
            raise RequestInvalid(f"{what}带有打开时运行的程序，不能作附件；请重新打印成 PDF 或扫描后上传。")
        return _PDF
    if content.startswith(b"PK"):
        return _package(what, content)
    if content.startswith(olefile.MAGIC):
        return _compound(what, content)
    return _picture(what, content)


def _package(what: str, content: bytes) -> ContentKind:
    tail = content[-_LONGEST_END:]
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and int.from_bytes(tail[at + 10 : at + 12], "little") > _MOST_PARTS:
        raise RequestInvalid(f"{what}由 {_MOST_PARTS:,} 个以上的部分组成，不是一般的文档；请另存为 PDF 后上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise RequestInvalid(f"{what}已损坏，打不开；请重新保存后上传。") from None
    small = [name.casefold() for name in names]
    if any(name.endswith(_PROGRAMS) or any(f in name for f in _PROGRAM_FOLDERS) for name in small):
        raise _with_macros(what)
    found = next((kind for part, kind in _PACKAGES.items() if part in names), None)
    if found is None or ("OFD.xml" not in names and "[Content_Types].xml" not in names):
        raise RequestInvalid(f"{what}是压缩包，不能作附件；请解压后逐个上传：{TAKEN}。")
    return found


def _compound(what: str, content: bytes) -> ContentKind:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            streams = {part for path in compound.listdir(storages=True) for part in path}
    except _MALFORMED:
        raise RequestInvalid(f"{what}已损坏，打不开；请重新保存后上传。") from None
    if {stream.casefold() for stream in streams} & {"vba", "macros", "_vba_project_cur"}:
        raise _with_macros(what)
    if hidden := next((ending for stream, ending in _HIDES_MACROS.items() if stream in streams), None):
        raise RequestInvalid(f"{what}是老格式，看不出带不带宏；请另存为 {hidden} 或 PDF 后上传。")
    found = next((kind for stream, kind in _COMPOUND.items() if stream in streams), None)
    if found is None:
        raise RequestInvalid(f"{what}不是 Word 文档，不能作附件；可上传：{TAKEN}。")
    return found


def _with_macros(what: str) -> RequestInvalid:
    return RequestInvalid(f"{what}带有宏，打开时会运行程序，不能作附件；请另存为不带宏的格式或 PDF。")


def _picture(what: str, content: bytes) -> ContentKind:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            found, pixels = _PICTURES.get(picture.format or ""), picture.width * picture.height
            picture.verify()
    except UnidentifiedImageError:
        raise RequestInvalid(f"{what}不是可以识别的文件；可上传：{TAKEN}。") from None
    except _MALFORMED:
        raise RequestInvalid(f"{what}是损坏的或过大的图片；请重新拍摄，或缩小后上传。") from None
    if found is None:
        raise RequestInvalid(f"{what}的图片格式不能直接查看；请另存为 JPG 或 PNG 后上传。")
    if pixels > _MOST_PIXELS:
        raise RequestInvalid(
            f"{what}有 {pixels / 1_000_000:.0f} 百万像素，最多 {_MOST_PIXELS // 1_000_000}；请缩小后上传。"
        )
    return found


def small_picture(content: bytes) -> bytes:
    """A picture as JPEG of at most 640 × 640 pixels, the right way up; position and camera are not in it.

    Raises ValueError for one that would take too much memory to draw, or cannot be drawn.
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if not picture.info.get("progressive"):
                picture.draft("RGB", _SMALL)
            if picture.width * picture.height > _MOST_PIXELS_DRAWN:
                raise ValueError("too many pixels to draw")
            picture.thumbnail(_SMALL)
            drawn = io.BytesIO()
            _upright(picture).convert("RGB").save(drawn, "JPEG", quality=80)
    except _MALFORMED as fault:
        raise ValueError(str(fault)) from None
    return drawn.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except _MALFORMED:
        # A picture whose tags cannot be read is shown as it lies.
        return picture
