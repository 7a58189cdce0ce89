"""Official papers as Word files that an office goes on editing, in the fonts that GB/T 9704 names.

    paper_docx(paper) -> bytes
    a4(top, bottom, left, right) -> Document, write(paragraph, text, font, points), saved(document) -> bytes     for letters and tables to sign

The fonts are named, not embedded: offices have them.
"""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from core import palette
from core.reports.link_code import link_code_png
from core.reports.official.paper import Figure, Grid, Heading, Paper, Paragraph, Signature, source_mark
from core.reports.typesetting import pictures_of

TITLE_FONT, TEXT_FONT, HEAD_FONT, SECOND_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE_POINTS, TEXT_POINTS, LINE_POINTS = 22, 16, 28.95
# GB/T 9704: where the text of an official paper stands on A4.
MARGINS = (Mm(37), Mm(35), Mm(28), Mm(26))
TEXT_WIDTH = Mm(156)
_CODE_WIDTH = Mm(26)
_CELL_POINTS, _CAPTION_POINTS, _NOTE_POINTS, _PAGE_POINTS = 10, 11, 9, 14
# What a word processor would not open: a pasted text may hold breaks of other kinds, or halves of characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def a4(top: Length, bottom: Length, left: Length, right: Length) -> WordDocument:
    """An empty paper in Chinese on A4."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if fonts is not None:
        fonts.set(qn("w:eastAsia"), "zh-CN")
    return document


def write(paragraph: WordParagraph, text: str, font: str, points: float) -> Run:
    """A text in a font and size."""
    run = paragraph.add_run(_UNWRITABLE.sub(" ", text))
    _set_font(run, font, points)
    return run


def saved(document: WordDocument) -> bytes:
    """The file's bytes."""
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def paper_docx(paper: Paper) -> bytes:
    """The paper as .docx."""
    document = a4(*MARGINS)
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    _define_styles(document)
    _number_pages(document)
    if paper.mark:
        _head(document, paper.mark)
    _centred(document, paper.title, TITLE_FONT, TITLE_POINTS)
    if paper.subtitle:
        _centred(document, paper.subtitle, SECOND_FONT, _PAGE_POINTS)
    pictures = iter(pictures_of([figure.svg for figure in paper.figures]))
    for block in paper.blocks:
        match block:
            case Heading():
                heading = document.add_paragraph(_UNWRITABLE.sub(" ", block.text), style=f"Heading {block.level}")
                heading.paragraph_format.page_break_before = block.begins_page
            case Signature():
                _sign(document, block)
            case Paragraph():
                _marked(document.add_paragraph(), block.text, block.sources)
            case Figure():
                _figure(document, block, next(pictures))
            case Grid():
                _grid(document, block)
    if paper.link:
        _link(document, paper.link)
    return saved(document)


def _link(document: WordDocument, link: str) -> None:
    """Where the figures are checked, as a code and as text."""
    paragraph = document.add_paragraph()
    _close(paragraph)
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(link_code_png(link)), width=_CODE_WIDTH)
    drawn._inline.docPr.set("descr", f"核对数字的链接 {link}")
    _note(document, f"核对数字：扫描上方的码或打开 {link} ，可看本件数字、现在的数字和其间的变化（须在本单位网络内）。")


def _sign(document: WordDocument, signature: Signature) -> None:
    document.add_paragraph()
    for line in signature.lines:
        closing = document.add_paragraph()
        closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        closing.paragraph_format.right_indent = Pt(4 * TEXT_POINTS)
        write(closing, line, TEXT_FONT, TEXT_POINTS)


def _define_styles(document: WordDocument) -> None:
    """The text and the three levels of headings as styles, so that the office changes each in one place."""
    normal: Any = document.styles["Normal"]
    _set_font(normal, TEXT_FONT, TEXT_POINTS)
    _set_lines(normal.paragraph_format, indent=True)
    for level, font in enumerate((HEAD_FONT, SECOND_FONT, TEXT_FONT), 1):
        style: Any = document.styles[f"Heading {level}"]
        _set_font(style, font, TEXT_POINTS)
        style.font.bold, style.font.italic = level == 3, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _set_lines(style.paragraph_format, indent=True)
        style.paragraph_format.keep_with_next = True


def _set_font(held: Any, font: str, points: float) -> None:
    held.font.name, held.font.size = font, Pt(points)
    fonts = held.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(script), font)
    # A theme's font would win over the named one.
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _set_lines(layout: Any, *, indent: bool) -> None:
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_POINTS)
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = Pt(2 * TEXT_POINTS) if indent else Pt(0)


def _number_pages(document: WordDocument) -> None:
    """— 1 — at the outer edge: to the right on odd pages, to the left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.footer_distance = Mm(25)
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _set_lines(paragraph.paragraph_format, indent=False)
        indent = Pt(_PAGE_POINTS)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
        write(paragraph, "— ", "宋体", _PAGE_POINTS)
        _field(write(paragraph, "", "宋体", _PAGE_POINTS), "PAGE")
        write(paragraph, " —", "宋体", _PAGE_POINTS)


def _field(run: Run, code: str) -> None:
    for kind, text in (("begin", ""), ("instrText", code), ("end", "")):
        if kind == "instrText":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)


def _head(document: WordDocument, mark: str) -> None:
    """What every page has to say of itself."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _set_lines(paragraph.paragraph_format, indent=False)
        write(paragraph, mark, HEAD_FONT, _NOTE_POINTS).font.color.rgb = _rgb(palette.ORANGE)


def _centred(document: WordDocument, text: str, font: str, points: float) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.space_after = Pt(points / 2)
    paragraph.paragraph_format.line_spacing = Pt(points * 1.5)
    write(paragraph, text, font, points)


def _marked(paragraph: WordParagraph, text: str, sources: tuple[int, ...]) -> None:
    paragraph.add_run(_UNWRITABLE.sub(" ", text))
    if sources:
        paragraph.add_run(source_mark(sources)).font.superscript = True


def _caption(document: WordDocument, block: Figure | Grid) -> None:
    caption = document.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set_lines(caption.paragraph_format, indent=False)
    caption.paragraph_format.keep_with_next = isinstance(block, Grid)
    write(caption, block.title, HEAD_FONT, _CAPTION_POINTS)
    if block.sources:
        write(caption, source_mark(block.sources), HEAD_FONT, _CAPTION_POINTS).font.superscript = True


def _note(document: WordDocument, text: str) -> None:
    if text:
        note = document.add_paragraph()
        _close(note)
        write(note, text, TEXT_FONT, _NOTE_POINTS)


def _figure(document: WordDocument, figure: Figure, picture: bytes) -> None:
    paragraph = document.add_paragraph()
    _close(paragraph)
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(picture), width=TEXT_WIDTH)
    # Whoever cannot see the picture hears what it is.
    drawn._inline.docPr.set("descr", figure.title)
    _caption(document, figure)
    _note(document, figure.note)


def _grid(document: WordDocument, grid: Grid) -> None:
    _caption(document, grid)
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns))
    table.style = "Table Grid"
    table.autofit = False
    total = sum(share for _, share in grid.columns)
    widths = [Length(int(TEXT_WIDTH * share / total)) for _, share in grid.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    texts = [[(name, palette.INK) for name, _ in grid.columns]]
    texts += [[(cell.text, cell.colour) for cell in row] for row in grid.rows]
    # Cell by cell through the library is quadratic in the rows.
    for row, line in zip(table._tbl.tr_lst, texts, strict=True):
        for cell, width, (text, colour) in zip(row.tc_lst, widths, line, strict=True):
            cell.width = width
            _fill(WordParagraph(cell.p_lst[0], table), text, colour)
    _repeat(table._tbl.tr_lst[0])
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _note(document, grid.note)


def _fill(paragraph: WordParagraph, text: str, colour: str) -> None:
    _close(paragraph)
    run = write(paragraph, text, TEXT_FONT, _CELL_POINTS)
    if colour != palette.INK:
        run.font.color.rgb = _rgb(colour)


def _close(paragraph: WordParagraph) -> None:
    layout = paragraph.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    layout.first_line_indent = Pt(0)


def _repeat(row: Any) -> None:
    """The row stands at the head of every page that the table reaches."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))
