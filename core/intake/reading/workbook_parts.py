"""Looks into a workbook's package for what its cells do not tell: lost formula results, errors, stray cells."""

from __future__ import annotations

import re
import zipfile
from posixpath import join, normpath
from xml.etree import ElementTree

from core.errors import InputRejected, Problem

_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_SUSPECT_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?>.*?</(?:\w+:)?c>'
    rb"|<(?:\w+:)?c\b[^>]*(?<!/)>\s*<(?:\w+:)?f\b.*?</(?:\w+:)?c>",
    re.S,
)
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*(?<!/)>([^<]*)</")
# A filled cell at or beyond column AAA or row 200,000; the reader would lay out everything up to it.
_STRAY_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{3}\d+|[A-Z]{1,2}(?:\d{7,}|[2-9]\d{5}))"[^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b'
)
_STRAY_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{7,}|[2-9]\d{5})"[^>]*>\s*<(?:\w+:)?c\b(?![^>]*\br=)')


def sheet_parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML of every sheet by its label. Raises KeyError or ValueError when the package is no workbook."""
    try:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    except ElementTree.ParseError as fault:
        raise ValueError(str(fault)) from None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts = {}
    for element in book.iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            target = targets.get(element.get(_RELATIONSHIP), "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            parts[element.get("name", "")] = package.read(path)
    return parts


def broken_cells(label: str, xml: bytes) -> dict[tuple[int, int], str]:
    """The places (row, column from 0) of errors and of formulas without a result, in words.

    Raises InputRejected when a filled cell lies so far out that the sheet cannot be a table.
    """
    stray = _STRAY_CELL.search(xml) or _STRAY_ROW.search(xml)
    if stray:
        raise InputRejected(
            [
                Problem(
                    "FAIL",
                    label,
                    None,
                    None,
                    f"单元格 {stray[1].decode()} 离表格太远",
                    "相连的表格",
                    "请删除该单元格及其间的空行空列",
                )
            ]
        )
    broken: dict[tuple[int, int], str] = {}
    if b't="e"' not in xml and b"<f" not in xml and b":f" not in xml:
        return broken
    for found in _SUSPECT_CELL.finditer(xml):
        place = _CELL_REFERENCE.search(found[0])
        result = _RESULT.search(found[0])
        if place is None:
            continue
        if b't="e"' in found[0].split(b">", 1)[0]:
            error = result[1].decode("ascii", "replace") if result else ""
            broken[int(place[2]) - 1, _column_index(place[1])] = f"错误值“{error}”"
        # A text formula that gives an empty text says so with t="str".
        elif (result is None or not result[1]) and b't="str"' not in found[0].split(b">", 1)[0]:
            broken[int(place[2]) - 1, _column_index(place[1])] = "公式没有计算结果"
    return broken


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
