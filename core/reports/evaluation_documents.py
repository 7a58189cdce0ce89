"""模拟评估 on paper: a school's 实地核查表 to fill in and sign, and the protocol of an evaluation, as Word files.

site_table_document(title, school, fields, table, is_demo) -> bytes
protocol_paper(protocol, is_demo) -> Paper, protocol_document(protocol, is_demo) -> bytes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from core.dataset.characters import without_invisible
from core.delivery.evaluation.site_fields import SiteField
from core.delivery.evaluation.site_tables import Finding, SiteTable
from core.reports.official.paper import Outline, Paper
from core.reports.official.word import a4, paper_docx, saved, write
from core.reports.tables import DEMO_MARK, ReportColumn, ReportTable
from core.wording.carrying_out.evaluation import HOW_DRAWN, SIDE_NAMES, number_text

_FONT, _TITLE_POINTS, _TEXT_POINTS, _CELL_POINTS = "仿宋", 16, 12, 9
_HEADINGS = ("项目", "用于", "年报数", "填报数", "核查数", "差异", "原因")
_WIDTHS = (Cm(5.2), Cm(1.8), Cm(2.0), Cm(2.2), Cm(2.2), Cm(1.8), Cm(2.8))


@dataclass(frozen=True)
class Protocol:
    """What an evaluation comes to: its stages and conclusions, its schools, its differences, its issues, each in words."""

    title: str
    drawn: str
    stages: Sequence[tuple[str, str, str]]
    schools: Sequence[tuple[str, str]]
    differences: Sequence[tuple[str, str, str, str, str]]
    issues: Sequence[str]
    made_on: str


@dataclass(frozen=True)
class _Row:
    """One figure of a table: as it counts now, or, once verified, as it counted then."""

    name: str
    unit: str
    indicators: str
    filled: Decimal | None
    finding: Finding | None


def _rows(fields: Sequence[SiteField], table: SiteTable | None) -> list[_Row]:
    """Every figure of a school with what was found of it, also of what does not count any more."""
    findings = table.findings if table else {}
    known = {f.field for f in fields}
    rows = []
    for f in fields:
        found = findings.get(f.field)
        rows.append(_Row(f.name, f.unit, f.indicators, found.filled if found else f.filled, found))
    return [*rows, *(_Row(f.name, "", "", f.filled, f) for i, f in findings.items() if i not in known)]


def site_table(title: str, fields: Sequence[SiteField], table: SiteTable | None) -> ReportTable:
    """A school's table to take away."""
    rows = tuple(
        (
            row.name,
            row.unit,
            row.indicators,
            row.finding.yearbook if row.finding else None,
            row.filled,
            row.finding.found if row.finding else None,
            row.finding.difference if row.finding else None,
            row.finding.reason if row.finding and row.finding.reason else "—",
        )
        for row in _rows(fields, table)
    )
    return ReportTable(title, tuple(ReportColumn(h) for h in ("项目", "单位", *_HEADINGS[1:])), rows)


def site_table_document(
    title: str, school: str, fields: Sequence[SiteField], table: SiteTable | None, is_demo: bool
) -> bytes:
    """A school's table as .docx on A4: printed empty it is filled in by hand."""
    document = _document("实地核查表", is_demo)
    _line(document, f"{title}　　学校：{school}　　日期：{table.written_on if table else '　　　　年　　月　　日'}")
    grid = document.add_table(rows=1, cols=len(_HEADINGS))
    grid.style = "Table Grid"
    for cell, heading, width in zip(grid.rows[0].cells, _HEADINGS, _WIDTHS, strict=True):
        cell.width = width
        _fill(cell, heading)
    for row in _rows(fields, table):
        found = row.finding
        texts = (
            f"{row.name}（{row.unit}）" if row.unit else row.name,
            row.indicators,
            number_text(None, found.yearbook) if found and found.yearbook is not None else "",
            number_text(None, row.filled),
            number_text(None, found.found) if found else "",
            number_text(None, found.difference) if found and found.difference else "",
            found.reason if found else "",
        )
        for cell, text, width in zip(grid.add_row().cells, texts, _WIDTHS, strict=True):
            cell.width = width
            _fill(cell, text)
    document.add_paragraph()
    signatures = table.signatures if table else {}
    for side, name in SIDE_NAMES.items():
        signed = signatures.get(side) if table and table.signed_by(side) else None
        said = (
            f"{signed.on_paper or signed.actor}　{signed.day}" if signed else "＿＿＿＿＿＿＿＿　　　　年　　月　　日"
        )
        _line(document, f"{name}（签字{'、盖章' if side == 'school' else ''}）：{said}")
    return saved(document)


def protocol_paper(protocol: Protocol, is_demo: bool) -> Paper:
    """The protocol as an official paper."""
    outline = Outline()
    outline.heading(1, "抽样")
    outline.say(f"{protocol.drawn}。{HOW_DRAWN}")
    outline.heading(1, "各环节结论")
    outline.table("各环节结论", (("环节", 2), ("数据和记录", 5), ("评估组结论", 4)), protocol.stages)
    outline.heading(1, "实地核查")
    outline.table(
        "实地核查", (("学校", 3), ("核查情况", 6)), protocol.schools, note="" if protocol.schools else "没有抽取学校。"
    )
    outline.heading(1, "与填报数不同的项目")
    outline.say(f"与填报数不同的 {len(protocol.differences)} 项。")
    outline.table(
        "与填报数不同的项目",
        (("学校", 3), ("项目", 4), ("填报数", 2), ("核查数", 2), ("原因", 3)),
        protocol.differences,
    )
    outline.heading(1, "发现的问题")
    outline.say(f"发现问题 {len(protocol.issues)} 件，已建账。")
    for number, issue in enumerate(protocol.issues, 1):
        outline.say(f"{number}. {issue}")
    outline.sign(protocol.made_on)
    return outline.paper(f"{protocol.title}报告", "", f"{DEMO_MARK}：学校与数字均为虚构" if is_demo else "")


def protocol_document(protocol: Protocol, is_demo: bool) -> bytes:
    """The protocol as .docx."""
    return paper_docx(protocol_paper(protocol, is_demo))


def _document(title: str, is_demo: bool) -> WordDocument:
    document = a4(Cm(1.8), Cm(1.8), Cm(1.5), Cm(1.5))
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(heading, f"{title}（{DEMO_MARK}）" if is_demo else title, _TITLE_POINTS)
    return document


def _line(document: WordDocument, text: str) -> None:
    _write(document.add_paragraph(), text, _TEXT_POINTS)


def _fill(cell: _Cell, text: str) -> None:
    _write(cell.paragraphs[0], text, _CELL_POINTS)


def _write(paragraph: Paragraph, text: str, points: int) -> None:
    write(paragraph, without_invisible(text), _FONT, points)
