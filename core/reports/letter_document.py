"""A letter as a Word file that the office goes on editing: title, text, place for number, signature and seal.

letter_document(letter, kind_name, is_demo) -> bytes
"""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from core.delivery.supervision.letters import LetterDraft
from core.reports.official.word import (
    LINE_POINTS,
    MARGINS,
    TEXT_FONT,
    TEXT_POINTS,
    TITLE_FONT,
    TITLE_POINTS,
    a4,
    saved,
    write,
)
from core.reports.tables import DEMO_MARK
from core.wording.carrying_out.letters import DATE_TO_FILL
from core.wording.positions import day_text

_CLOSING_LINES = 2


def letter_document(letter: LetterDraft, kind_name: str, is_demo: bool) -> bytes:
    """The letter as .docx; a demonstration says so on its first line."""
    document = a4(*MARGINS)
    if is_demo:
        _write(document.add_paragraph(), DEMO_MARK, TEXT_FONT, TEXT_POINTS)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, letter.title, TITLE_FONT, TITLE_POINTS)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(number, letter.document_number or f"（{kind_name}，文号待编）", TEXT_FONT, TEXT_POINTS)
    content = letter.content
    if letter.issued_on is not None:
        content = content.replace(DATE_TO_FILL, day_text(letter.issued_on))
    lines = content.split("\n")
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph()
        if place >= len(lines) - _CLOSING_LINES:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif place:
            paragraph.paragraph_format.first_line_indent = Pt(2 * TEXT_POINTS)
        _write(paragraph, line, TEXT_FONT, TEXT_POINTS)
    return saved(document)


def _write(paragraph: Paragraph, text: str, font: str, points: int) -> None:
    write(paragraph, text, font, points)
    paragraph.paragraph_format.line_spacing = Pt(LINE_POINTS)
