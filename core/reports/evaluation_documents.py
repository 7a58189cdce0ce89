"""模拟评估 on paper: a school's 实地核查表 to fill in and sign, and the protocol of an evaluation, as Word files.

site_table_document(title, school, fields, table, is_demo) -> bytes
protocol_document(protocol, is_demo) -> bytes
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
from core.reports.official.word import a4, saved, write
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


def protocol_document(protocol: Protocol, is_demo: bool) -> bytes:
    """The protocol as .docx."""
    document = _document(f"{protocol.title}报告", is_demo)
    _line(document, f"一、抽样　{protocol.drawn}。{HOW_DRAWN}")
    _line(document, "二、各环节结论")
    _grid(document, ("环节", "数据和记录", "评估组结论"), protocol.stages)
    _line(document, "三、实地核查")
    _grid(document, ("学校", "核查情况"), protocol.schools)
    _line(document, f"四、与填报数不同的项目（{len(protocol.differences)} 项）")
    if protocol.differences:
        _grid(document, ("学校", "项目", "填报数", "核查数", "原因"), protocol.differences)
    _line(document, f"五、发现的问题（{len(protocol.issues)} 件，已建账）")
    for number, issue in enumerate(protocol.issues, 1):
        _line(document, f"{number}. {issue}")
    _line(document, protocol.made_on)
    return saved(document)


def _document(title: str, is_demo: bool) -> WordDocument:
    document = a4(Cm(1.8), Cm(1.8), Cm(1.5), Cm(1.5))
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(heading, f"{title}（{DEMO_MARK}）" if is_demo else title, _TITLE_POINTS)
    return document


def _grid(document: WordDocument, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    grid = document.add_table(rows=1, cols=len(headings))
    grid.style = "Table Grid"
    for cell, heading in zip(grid.rows[0].cells, headings, strict=True):
        _fill(cell, heading)
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            _fill(cell, text)


def _line(document: WordDocument, text: str) -> None:
    _write(document.add_paragraph(), text, _TEXT_POINTS)


def _fill(cell: _Cell, text: str) -> None:
    _write(cell.paragraphs[0], text, _CELL_POINTS)


def _write(paragraph: Paragraph, text: str, points: int) -> None:
    write(paragraph, without_invisible(text), _FONT, points)
