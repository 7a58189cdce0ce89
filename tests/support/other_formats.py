"""The same tables in the formats that offices also have: .xls, .ods, the strict and the crooked kind of .xlsx."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import xlwt

from tests.support.books import Book

_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)


def as_xls(book: Book) -> bytes:
    """The workbook as programs before 2007 write it."""
    old, day = xlwt.Workbook(encoding="utf-8"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in book.workbook.worksheets:
        page = old.add_sheet(sheet.title)
        for row, cells in enumerate(sheet.iter_rows(values_only=True)):
            for place, value in enumerate(cells):
                if value is not None:
                    page.write(row, place, value, *([day] if isinstance(value, date) else []))
    buffer = io.BytesIO()
    old.save(buffer)
    return buffer.getvalue()


def as_ods(book: Book, *, more: str = "", encrypted: bool = False) -> bytes:
    """The workbook as LibreOffice writes it, a million empty rows behind each sheet; `more` stands before them."""
    tables = []
    for sheet in book.workbook.worksheets:
        rows = "".join(
            f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"
            for cells in sheet.iter_rows(values_only=True)
        )
        filler = (
            '<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        )
        tables.append(f"<table:table table:name={quoteattr(sheet.title)}>{rows}{more}{filler}</table:table>")
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body><office:spreadsheet>'
        f"{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _MANIFEST.format("<manifest:encryption-data/>" * encrypted))
        package.writestr("content.xml", content)
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind, said = "date", f'office:date-value="{value:%Y-%m-%d}"'
    elif isinstance(value, int | float):
        kind, said = "float", f'office:value="{value}"'
    else:
        kind, said = "string", ""
    return (
        f'<table:table-cell office:value-type="{kind}" {said}><text:p>{escape(str(value))}</text:p></table:table-cell>'
    )


def as_strict(content: bytes) -> bytes:
    """A workbook in the strict form of its standard."""
    return _repacked(content, strict=True)


def with_backslashes(content: bytes) -> bytes:
    """A workbook whose paths are written as Windows does."""
    return _repacked(content, separator="\\")


def _repacked(content: bytes, *, strict: bool = False, separator: str = "/") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            for transitional, iso in _STRICT.items() if strict else ():
                data = data.replace(transitional, iso)
            new.writestr(part.filename.replace("/", separator), data)
    return buffer.getvalue()
