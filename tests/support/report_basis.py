"""What the county's papers are made of, read from a store as the page reads it; texts of the papers read back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from core.batches.counting import counting_batches
from core.delivery.figures.facts_by_year import facts_by_year
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.records.records import reported_in_month
from core.delivery.status.situation import Situation, situation
from core.facts.county_facts import judgements
from core.facts.published import published_years
from core.method.assessment import Assessment
from core.method.changes import Changes
from core.method.engine import assess
from core.reports.self_evaluation.basis import Basis
from core.rules.county import County
from core.store.database import Store
from tests.support.demo_county import COUNTY, STANDARD


def situation_in(store: Store, county: County, as_of: date) -> Situation:
    """What stands in a store on a day."""
    judged = {year: assess(store, STANDARD, COUNTY, year) for year in published_years(store, COUNTY)}
    return situation(store, county, STANDARD, as_of, facts_by_year(store, STANDARD, COUNTY, judged))


def basis_of(store: Store, now: Situation, **changed: Any) -> Basis:
    """The basis of a report of the day's year, with what a test changes in it."""
    assert now.assessment is not None
    year = now.assessment.year

    def judge(changes: Changes) -> Assessment:
        return assess(store, STANDARD, COUNTY, year, changes=changes)

    def read_as(choices: Mapping[str, str]) -> Assessment:
        return assess(store, STANDARD, COUNTY, year, choices=dict(choices))

    found = Basis(
        situation=now,
        assessment=now.assessment,
        judge=judge,
        read_as=read_as,
        batches=counting_batches(store, COUNTY, year),
        judgements=judgements(store, COUNTY, year),
        scores=scoreboard(now, reported_in_month(store, COUNTY, now.as_of, now.as_of)),
        previous=None,
        is_demo=True,
    )
    return replace(found, **changed)


def packed(text: str) -> str:
    """A text without the blanks and breaks that typesetting adds or drops."""
    return "".join(text.replace("\u200b", "").split())


def word_text(docx: bytes) -> str:
    """Everything in the body of a Word file, in its order."""
    document = Document(io.BytesIO(docx))
    texts = []
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, Table):
            texts += [cell.text for row in block.rows for cell in row.cells]
    return packed("".join(texts))


def pdf_pages(pdf: bytes) -> list[str]:
    """The text of every page."""
    return [packed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def pdf_fonts(pdf: bytes) -> set[str]:
    """The fonts that stand in a PDF, all of them embedded."""
    names = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        fonts = resources.get("/Font", {})
        for font in fonts.values():
            held = font.get_object()
            [inner] = held["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor, "the font is not in the file"
            names.add(str(held["/BaseFont"]).split("+")[-1].split("-Identity")[0])
    return names
