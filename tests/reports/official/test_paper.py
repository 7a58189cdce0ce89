"""An official paper: numbered as GB/T 9704 asks, the same words in Word and PDF, no name read as markup, no glyph missing."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from core.palette import RED
from core.reports.cells import Cell
from core.reports.official.paper import Grid, Heading, Outline, Paper, Paragraph, numeral, source_mark
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.reports.typesetting import MISSING, pictures_of, printable
from tests.support.report_basis import packed, pdf_fonts, pdf_pages, word_text

HOSTILE = '#panic("x") *粗* _斜_ $x^2$ <b>&amp; @引 \\n [框] `码` ~ // 注 = 题 {{7*7}}'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="20" height="10"><text y="8" font-size="8" font-family="Noto Sans SC">图</text></svg>'


def sample(name: str = "德化县", rows: int = 3, mark: str = "") -> Paper:
    """A paper with everything that one may hold."""
    outline = Outline({"a": "来源甲", "b": "来源乙", "unused": "没有用到"})
    outline.heading(1, "情况")
    outline.heading(2, f"{name}的情况")
    outline.say(f"{name}共 3 所。", "b")
    outline.heading(3, "明细")
    outline.table(
        "明细", (("名称", 2), ("数", 1)), [(name, Cell(f"▲ {n}", RED)) for n in range(rows)], "a", "b", note="注"
    )
    outline.figure("示意", SVG, "a")
    outline.heading(1, "结语")
    outline.sign("某县人民政府", "2023 年 11 月 30 日")
    outline.annex("附录")
    outline.table("来源", (("编号", 1), ("出处", 5)), outline.source_rows())
    return outline.paper("报告", "（第 1 稿）", mark)


def test_headings_are_numbered_by_level_and_begin_anew_below_each() -> None:
    outline = Outline()
    for level in (1, 2, 3, 3, 2, 3, 1, 2):
        outline.heading(level, "题")
    headings = [b.text for b in outline.paper("", "").blocks if isinstance(b, Heading)]
    assert headings == ["一、题", "（一）题", "1.题", "2.题", "（二）题", "1.题", "二、题", "（一）题"]
    assert [numeral(n) for n in (1, 10, 11, 20, 23, 99)] == ["一", "十", "十一", "二十", "二十三", "九十九"]


def test_sources_are_numbered_by_their_first_use_and_only_the_used_are_listed() -> None:
    outline = Outline({"a": "甲", "b": "乙", "c": "丙"})
    outline.say("先用乙。", "b")
    outline.say("再用甲和乙。", "a", "b")
    paragraphs = [b for b in outline.paper("", "").blocks if isinstance(b, Paragraph)]
    assert [p.sources for p in paragraphs] == [(1,), (1, 2)]
    assert outline.source_rows() == [("〔1〕", "乙"), ("〔2〕", "甲")]
    assert source_mark((1, 2, 3, 5, 7, 8)) == "〔1–3、5、7、8〕" and source_mark(()) == ""
    with pytest.raises(KeyError):
        outline.say("没有人说明的来源", "nobody")


def test_a_table_without_rows_says_its_note_and_a_crooked_row_is_refused() -> None:
    outline = Outline()
    outline.table("空表", (("名称", 1),), [], note="没有。")
    assert outline.paper("", "").blocks == (Paragraph("没有。"),)
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        Grid("表", (("名称", 1),), ((Cell("a"), Cell("b")),))


@pytest.mark.parametrize("name", ["德化县", HOSTILE, "非常长的学校名称" * 30, "W" * 200, "𬱟 囧 㖞"])
def test_word_and_pdf_say_the_same_whatever_a_name_is(name: str) -> None:
    paper = sample(name)
    told = [b.text for b in paper.blocks if isinstance(b, Heading | Paragraph)]
    told += [c.text for b in paper.blocks if isinstance(b, Grid) for row in b.rows for c in row]
    word, pdf = word_text(paper_docx(paper)), "".join(pdf_pages(paper_pdf(paper)))
    for text in told:
        assert packed(text) in word
        # A line's own end may hold a page number between two of its halves: names are looked for whole where they fit.
        assert packed(printable(text))[:12] in pdf


def test_a_pdf_is_set_in_the_packaged_fonts_alone_and_every_page_has_its_number() -> None:
    pdf = paper_pdf(sample(rows=120, mark="演示数据"))
    assert pdf_fonts(pdf) == {"NotoSansSC-Regular", "NotoSerifSC-Regular"}
    pages = pdf_pages(pdf)
    assert len(pages) > 3 and all(f"—{n}—" in page for n, page in enumerate(pages, 1))
    assert all("◇演示数据" in page for page in pages)
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert all("名称数" in page for page in pages[1:3]), "the header stands on every page that the table reaches"
    assert paper_pdf(sample(rows=120, mark="演示数据")) == pdf


def test_what_the_fonts_do_not_have_is_marked_in_the_pdf_and_kept_in_word() -> None:
    name = "\U000e0001名\U00030000字"
    assert printable(name) == f"{MISSING}名{MISSING}字"
    paper = sample("\U00030000姓")
    assert f"{MISSING}姓" in "".join(pdf_pages(paper_pdf(paper))) and "\U00030000姓" in word_text(paper_docx(paper))


def test_the_word_file_names_the_fonts_of_official_papers_and_numbers_its_pages() -> None:
    document = Document(io.BytesIO(paper_docx(sample())))
    fonts = {
        s: document.styles[s].element.rPr.rFonts.get(qn("w:eastAsia")) for s in ("Normal", "Heading 1", "Heading 2")
    }
    assert fonts == {"Normal": "仿宋_GB2312", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    title = document.paragraphs[0].runs[0]
    assert title._element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体" and title.font.size.pt == 22
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.mm) for m in margins] == [37, 35, 28, 26]
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer._element.xml and footer.paragraphs[0].text.startswith("— ")
    heads = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert heads == ["一、情况", "二、结语", "附录"], "an office finds its way by the headings"
    [table, _] = document.tables
    assert "w:tblHeader" in table.rows[0]._tr.xml and "w:cantSplit" in table.rows[1]._tr.xml
    assert len(document.inline_shapes) == 1


def test_drawings_become_pictures_one_each() -> None:
    pictures = pictures_of([SVG, SVG, SVG])
    assert len(pictures) == 3 and all(p.startswith(b"\x89PNG") for p in pictures)
    assert pictures_of([]) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file_without_repair(tmp_path: Path) -> None:
    (tmp_path / "报告.docx").write_bytes(paper_docx(sample(HOSTILE, rows=60)))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "报告.docx")], check=True, capture_output=True)
    pages = pdf_pages((tmp_path / "报告.pdf").read_bytes())
    assert "一、情况" in pages[0] and "某县人民政府" in "".join(pages)
