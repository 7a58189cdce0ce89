"""Files as people attach them: a photograph, a scan, office documents, and what only pretends to be one."""

from __future__ import annotations

import io
import zipfile

from docx import Document
from openpyxl import Workbook
from PIL import Image

from core.delivery.records.attachments import Upload


def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 80), shade: int = 90) -> bytes:
    """A picture in one of Pillow's formats."""
    made = io.BytesIO()
    Image.new("RGB", size, (shade, 140, 90)).save(made, kind)
    return made.getvalue()


def pdf(text: bytes = b"scan") -> bytes:
    """A small file that readers open as a PDF of one empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    )
    made, offsets = b"%PDF-1.4\n%" + text + b"\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj%b endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(made)
    return made + b"xref\n0 4\n0000000000 65535 f \n%btrailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )


def word() -> bytes:
    """A Word document."""
    made = io.BytesIO()
    document = Document()
    document.add_paragraph("整改报告")
    document.save(made)
    return made.getvalue()


def excel() -> bytes:
    """A workbook."""
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip file with these parts; a double underscore stands for a slash, a single one for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


PHOTO = Upload("现场照片.jpg", picture())
SCAN = Upload("整改报告.pdf", pdf())
