"""A workbook's package unpacked with every byte counted, and packed again with the parts that were looked through.

What sizes and names a package states is not believed, and the reader of cells gets no part that was not checked: two
programs read a crooked package differently.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from core.intake.reading.bounds import (
    DEEPEST_ELEMENT,
    LARGEST_UNPACKED_BYTES,
    LONGEST_TAG_BYTES,
    MOST_ELEMENTS,
    MOST_PARTS,
    rejected,
)

# Everything that a damaged, encrypted or foreign package raises on the way to its parts.
TORN_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    expat.ExpatError,
)
_CHUNK = 65_536
_CENTRAL_RECORD = b"PK\x01\x02"
# The standard of workbooks knows no other; the others unpack without a bound on the way.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class CountedPackage:
    """The parts of a package, read one after the other into `checked`, the package of what was looked through."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        if content.count(_CENTRAL_RECORD) > MOST_PARTS:
            raise self._refused(f"含有超过 {MOST_PARTS:,} 个部件", f"不超过 {MOST_PARTS:,} 个部件的工作簿")
        self._package = zipfile.ZipFile(io.BytesIO(content))
        self._paths = self._sound_paths()
        self._bytes_left = LARGEST_UNPACKED_BYTES
        self._elements_left = MOST_ELEMENTS
        self._buffer = io.BytesIO()
        # Quick to pack and small: what is unpacked is never in memory as a whole.
        self._checked = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def _sound_paths(self) -> dict[str, str]:
        paths: dict[str, str] = {}
        for part in self._package.infolist():
            # Some programs write paths as Windows does.
            path = part.filename.replace("\\", "/")
            pieces = path.split("/")
            if ".." in pieces or pieces[0] == "":
                raise self._refused("的部件路径指向文件之外", "部件都在文件之内的工作簿")
            if paths.setdefault(path.lower(), part.filename) != part.filename or (
                self._package.getinfo(part.filename) is not part
            ):
                raise self._refused("有两个同名的部件", "每个部件一份的工作簿")
        return paths

    def _refused(self, found: str, expected: str) -> Exception:
        return rejected(self.name, found, expected, "请在表格软件中另存为 .xlsx 后重新上传")

    def holds(self, path: str) -> bool:
        """Whether there is such a part; capitals do not matter."""
        return path.lower() in self._paths

    def read(self, path: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Read a part as XML, an event at a time, and take it into the checked package.

        Handlers get names without their prefix. Raises KeyError without such a part, ExpatError when it is no XML,
        InputRejected when it declares entities, nests or tags without end, or the parts are too large together.
        """
        part = self._package.getinfo(self._paths[path.lower()])
        written = part.filename.replace("\\", "/")
        if written in self._checked.NameToInfo:
            raise self._refused("的一个部件有两种用途", "每个部件一份的工作簿")
        if part.compress_type not in _PACKED:
            raise zipfile.BadZipFile("compression")
        parser = expat.ParserCreate(encoding="utf-8")
        depth = 0

        def start_counted(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements_left -= 1
            if depth > DEEPEST_ELEMENT or self._elements_left < 0:
                raise self._refused("的内容层次或标记过多", "表格软件存出的工作簿")
            start(tag.rpartition(":")[2], attributes)

        def end_counted(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag.rpartition(":")[2])

        def refuse_doctype(*_: object) -> None:
            raise self._refused("的内容声明了实体", "表格软件存出的工作簿")

        parser.StartElementHandler, parser.EndElementHandler = start_counted, end_counted
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = refuse_doctype
        fed = 0
        with self._package.open(part) as packed, self._checked.open(written, "w") as checked:
            while chunk := packed.read(_CHUNK):
                fed += len(chunk)
                self._bytes_left -= len(chunk)
                if self._bytes_left < 0:
                    expected = f"不超过 {LARGEST_UNPACKED_BYTES // 1_000_000} MB 的工作表"
                    raise rejected(
                        self.name, "解压后过大", expected, "请删除无关的工作表，以及表格以外带格式的空行空列"
                    )
                # The reader takes every part for UTF-8 and would find nothing in UTF-16.
                if b"\0" in chunk:
                    raise zipfile.BadZipFile("encoding")
                parser.Parse(chunk, False)
                if fed - parser.CurrentByteIndex > LONGEST_TAG_BYTES:
                    raise self._refused("的内容中有过长的标记", "表格软件存出的工作簿")
                checked.write(chunk)
            parser.Parse(b"", True)

    def add(self, path: str, content: str) -> None:
        """Put a part of our own into the checked package."""
        self._checked.writestr(path, content)

    def checked(self) -> bytes:
        """The package of everything that was read; nothing can be read after it."""
        self._checked.close()
        return self._buffer.getvalue()

    def __enter__(self) -> CountedPackage:
        return self

    def __exit__(self, *_: object) -> None:
        self._checked.close()
        self._package.close()
