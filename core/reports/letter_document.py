"""A letter as a Word file that the office goes on editing: title, text, place for number, signature and seal.

letter_document(letter, kind_name, is_demo) -> bytes
"""

from __future__ import annotations

import io
import re

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from core.delivery.supervision.letters import LetterDraft
from core.reports.tables import DEMO_MARK
from core.wording.carrying_out.letters import DATE_TO_FILL
from core.wording.positions import day_text

# GB/T 9704: margins and type of official papers.
_TOP, _BOTTOM, _LEFT, _RIGHT = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
_TITLE, _TEXT = "方正小标宋简体", "仿宋_GB2312"
_TITLE_POINTS, _TEXT_POINTS, _LINE_POINTS = 22, 16, 28
_CLOSING_LINES = 2
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def letter_document(letter: LetterDraft, kind_name: str, is_demo: bool) -> bytes:
    """The letter as .docx; a demonstration says so on its first line."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin, section.bottom_margin = _TOP, _BOTTOM
    section.left_margin, section.right_margin = _LEFT, _RIGHT
    if is_demo:
        _write(document.add_paragraph(), DEMO_MARK, _TEXT, _TEXT_POINTS)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, letter.title, _TITLE, _TITLE_POINTS)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(number, letter.document_number or f"（{kind_name}，文号待编）", _TEXT, _TEXT_POINTS)
    content = letter.content
    if letter.issued_on is not None:
        content = content.replace(DATE_TO_FILL, day_text(letter.issued_on))
    lines = content.split("\n")
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph()
        if place >= len(lines) - _CLOSING_LINES:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif place:
            paragraph.paragraph_format.first_line_indent = Pt(2 * _TEXT_POINTS)
        _write(paragraph, line, _TEXT, _TEXT_POINTS)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _write(paragraph: Paragraph, text: str, font: str, points: int) -> None:
    # What a word processor would not open: a pasted text may hold breaks of other kinds.
    run = paragraph.add_run(_UNWRITABLE.sub(" ", text))
    run.font.name, run.font.size = font, Pt(points)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.line_spacing = Pt(_LINE_POINTS)
