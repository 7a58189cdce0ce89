"""What offices have beside today's workbook is read the same; what cannot be read is refused without a word of the program."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date

import pytest

from core.errors import InputRejected
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from tests.support.books import Book, csv_files, small_tables
from tests.support.other_formats import as_ods, as_strict, as_xls, with_backslashes

FORMATS: dict[str, tuple[str, Callable[[Book], bytes]]] = {
    "xls": ("上报.xls", as_xls),
    "ods": ("上报.ods", as_ods),
    "strict": ("上报.xlsx", lambda book: as_strict(book.content())),
    "backslashes": ("上报.xlsx", lambda book: with_backslashes(book.content())),
}
_CLASS_NAME = re.compile(r"[A-Z][a-z]+[A-Z]\w+|Error|Exception|Traceback")


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> tuple[str, Callable[[Book], bytes]]:
    """Each format with the name of its file."""
    return FORMATS[request.param]


def test_the_same_workbook_in_another_format_says_the_same(form: tuple[str, Callable[[Book], bytes]]) -> None:
    name, made = form
    book = Book(small_tables())
    book.put("判定", 2, "文件日期", date(2023, 9, 15))
    today, other = (check(open_uploads([(n, c)])) for n, c in (("a.xlsx", book.content()), (name, made(book))))
    assert other.tables == today.tables and other.warnings == today.warnings
    assert sum(len(rows) for rows in other.tables.values()) > 700


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16", "utf-8-sig"])
def test_csv_files_say_the_same_in_every_encoding_that_spreadsheets_write(encoding: str) -> None:
    files = csv_files(small_tables())
    found = check(open_uploads([(name, content.decode().encode(encoding)) for name, content in files.items()]))
    assert found.tables == check(open_uploads(list(files.items()))).tables


def test_unicode_text_of_a_spreadsheet_is_parted_by_tabs() -> None:
    files = csv_files(small_tables())
    assert b"\t" not in files["schools.csv"] and b'"' not in files["schools.csv"]
    tabbed = files["schools.csv"].decode().replace(",", "\t").encode("utf-16")
    found = check(open_uploads([*(files | {"schools.csv": tabbed}).items()]))
    assert found.tables == check(open_uploads(list(files.items()))).tables


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_file_is_read_or_refused_in_words(form: tuple[str, Callable[[Book], bytes]], seed: int) -> None:
    name, made = form
    rng = random.Random(seed)
    tables = {key: rows[:4] for key, rows in small_tables().items()}
    content = bytearray(made(Book(tables)))
    for _ in range(rng.randint(1, 30)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    if rng.random() < 0.5:
        del content[rng.randrange(len(content)) :]
    try:
        open_uploads([(name, bytes(content))])
    except InputRejected as refused:
        said = "\n".join(p.sentence() for p in refused.problems)
        assert not _CLASS_NAME.search(said.replace(name, "")), said


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>', "离表格太远"),
        ('<table:table-row table:number-rows-repeated="99999999">{cell}</table:table-row>', "重复次数不是有效的数字"),
        ('<table:table-row><table:table-cell table:number-columns-repeated="16384" {value}/></table:table-row>', "离表格太远"),
        ('<table:table-row>{cell}</table:table-row><table:table-row><table:table-cell {value}><text:p>{long}</text:p>'
         "</table:table-cell></table:table-row>", "超过 32,767 个字符"),
    ],
    ids=["rows", "number", "columns", "text"],
)  # fmt: skip
def test_repeats_of_an_open_document_have_a_bound_before_they_are_laid_out(more: str, says: str) -> None:
    value = 'office:value-type="float" office:value="1"'
    text = more.format(cell=f"<table:table-cell {value}/>", value=value, long="长" * 40_000)
    document = as_ods(Book({"townships": [["code"], ["350526100"]]}), more=text)
    with pytest.raises(InputRejected) as refused:
        open_uploads([("a.ods", document)])
    assert says in refused.value.problems[0].sentence()


def test_an_encrypted_document_is_named() -> None:
    content = as_ods(Book({"townships": [["code"], ["350526100"]]}), encrypted=True)
    with pytest.raises(InputRejected, match="设有打开密码"):
        open_uploads([("a.ods", content)])
