"""Every row of a sheet is stored or named: what was read is what was taken and what was said."""

from __future__ import annotations

import random
import re

import pytest

from core.dataset.dictionary import sheets
from core.errors import InputRejected
from core.intake.reading.parsing import parse
from core.intake.reading.sources import open_uploads
from tests.support.books import Book, small_tables
from tests.support.samples import seeds

LISTED = re.compile(r"第 ([\d、]+) 行")
WORDS = (
    "合计",
    "浔中镇小计",
    "合  计（8所）",
    "填表人：张三",
    "注：截至9月1日",
    "x",
    "-",
    "约五十",
    "350526-9999",
    "总 计",
)


def with_odd_rows(seed: int) -> tuple[bytes, dict[str, set[int]]]:
    """The small county's workbook with odd rows among its own, and the filled rows of every sheet."""
    rng = random.Random(seed)
    book = Book(small_tables())
    filled: dict[str, set[int]] = {}
    for page in book.workbook.worksheets:
        for _ in range(rng.randint(1, 5)):
            width = page.max_column
            at = rng.randint(2, page.max_row + 1)
            kind = rng.choice(("blank", "words", "again", "hole", "one cell"))
            source = [cell.value for cell in page[rng.randint(2, page.max_row)]] if page.max_row > 1 else [None] * width
            if kind == "blank":
                row: list[object] = [None] * width
            elif kind == "words":
                row = [rng.choice(WORDS), *([None] * (width - 1))]
            elif kind == "one cell":
                row = [None] * width
                row[rng.randrange(width)] = rng.choice(WORDS)
            else:
                row = list(source)
                if kind == "hole":
                    row[rng.randrange(width)] = rng.choice((None, *WORDS))
            page.insert_rows(at)
            for place, value in enumerate(row, 1):
                page.cell(at, place).value = value  # type: ignore[assignment]
        filled[page.title] = {
            number for number in range(2, page.max_row + 1) if any(cell.value is not None for cell in page[number])
        }
    return book.content(), filled


@pytest.mark.parametrize("seed", seeds(6, 120))
def test_rows_read_are_rows_stored_and_rows_named(seed: int) -> None:
    content, filled = with_odd_rows(seed)
    try:
        tables, problems = parse(open_uploads([("a.xlsx", content)]))
    except InputRejected as rejected:
        pytest.fail(f"refused as a whole: {rejected}")
    for known in sheets():
        stored = {row.number for row in tables[known.identifier]}
        said = [p for p in problems if p.sheet == known.name]
        named = {p.row for p in said} | {int(n) for p in said for w in LISTED.findall(p.found) for n in w.split("、")}
        assert filled.get(known.name, set()) - stored - named == set(), known.name
        assert stored <= filled.get(known.name, set())
