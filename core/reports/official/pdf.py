"""An official paper as PDF: A4, 22 lines of 28 characters a page, page numbers outside, tables that run on.

paper_pdf(paper) -> bytes          the same paper gives the same bytes
"""

from __future__ import annotations

import json
from pathlib import Path

from core.reports.cells import Cell
from core.reports.link_code import link_code
from core.reports.official.paper import Block, Figure, Grid, Heading, Paper, Paragraph, Signature, source_mark
from core.reports.typesetting import pdf_of, printable

_TEMPLATE = Path(__file__).with_name("official.typ")


def paper_pdf(paper: Paper) -> bytes:
    """The paper as PDF."""
    said = {
        "title": printable(paper.title),
        "subtitle": printable(paper.subtitle),
        "mark": printable(paper.mark),
        "blocks": [_block(block) for block in paper.blocks],
        "link": printable(paper.link),
        "code": link_code(paper.link) if paper.link else "",
    }
    return pdf_of(_TEMPLATE, {"paper": json.dumps(said, ensure_ascii=False)})


def _block(block: Block) -> dict[str, object]:
    match block:
        case Heading():
            return {
                "kind": "heading",
                "level": block.level,
                "text": printable(block.text),
                "begins_page": block.begins_page,
            }
        case Signature():
            return {"kind": "signature", "lines": [printable(line) for line in block.lines]}
        case Paragraph():
            return {"kind": "paragraph", "text": printable(block.text), "sources": source_mark(block.sources)}
        case Figure():
            return {
                "kind": "figure",
                "title": printable(block.title),
                "svg": block.svg,
                "note": printable(block.note),
                "sources": source_mark(block.sources),
            }
        case Grid():
            return {
                "kind": "table",
                "title": printable(block.title),
                "columns": [{"name": printable(name), "share": share} for name, share in block.columns],
                "rows": [[_cell(cell) for cell in row] for row in block.rows],
                "note": printable(block.note),
                "sources": source_mark(block.sources),
            }


def _cell(cell: Cell) -> dict[str, str]:
    return {"text": printable(cell.text), "colour": cell.colour}
