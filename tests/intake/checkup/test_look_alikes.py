"""A second school that only looks like the first is named with it; a person's number is found in every text column."""

import pytest

from core.dataset.dictionary import sheets
from tests.support.books import Book, checked, csv_files, sentences, small_tables

SCHOOLS = "学校"
TEXT_COLUMNS = [(s, c) for s in sheets() for c in s.columns if c.type == "text"]


def named_again(name: str, code: str = "350526-9000") -> Book:
    """The first school a second time, under another name and code."""
    book = Book(small_tables())
    sheet = book.sheet(SCHOOLS)
    sheet.append([cell.value for cell in sheet[2]])
    book.put(SCHOOLS, sheet.max_row, "学校名称", name)
    book.put(SCHOOLS, sheet.max_row, "学校标识码", code)
    return book


FIRST = str(Book(small_tables()).cell(SCHOOLS, 2, "学校名称").value)


@pytest.mark.parametrize(
    "name",
    [FIRST, FIRST + "\u202e", f"\u200b{FIRST}", FIRST.replace("小学", "小\u00ad学"), FIRST.replace("（", "(").replace("）", ")"), f"{FIRST[:2]} {FIRST[2:]}"],
    ids=["same", "direction", "zero width", "soft hyphen", "half width", "blank"],
)  # fmt: skip
def test_a_school_named_like_another_is_named_with_it(name: str) -> None:
    _, problems = checked(("上报.xlsx", named_again(name).content()))
    [found] = [p for p in problems if p.column == "学校名称"]
    assert (found.level, found.row) == ("WARN", 10)
    assert f"与第 2 行的“{FIRST}”" in found.found


def test_another_name_is_no_look_alike() -> None:
    _, problems = checked(("上报.xlsx", named_again(f"{FIRST}分校").content()))
    assert not [p for p in problems if p.column == "学校名称"], sentences(problems)


@pytest.mark.parametrize("code", ["350526–0001\u200b", "３５０５２６-0001", "350526‑0001"])
def test_a_code_that_looks_like_another_is_that_code(code: str) -> None:
    dataset, problems = checked(("上报.xlsx", named_again("另一所", code).content()))
    assert dataset is None
    assert "“350526-0001”与第 2 行重复" in sentences(problems)


def test_a_code_that_differs_by_capitals_or_signs_is_refused_naming_both() -> None:
    dataset, problems = checked(("上报.xlsx", named_again("另一所", "350526.0001").content()))
    assert dataset is None
    assert "“350526.0001”与第 2 行的“350526-0001”只差写法" in sentences(problems)


@pytest.mark.parametrize(
    "place", range(len(TEXT_COLUMNS)), ids=[f"{s.identifier}.{c.identifier}" for s, c in TEXT_COLUMNS]
)
@pytest.mark.parametrize("number", ["138-0013-8000", "（0595）23521234", "350526 19900307 123X"])
def test_a_persons_number_is_found_in_every_text_column(place: int, number: str) -> None:
    known, column = TEXT_COLUMNS[place]
    tables = {name: rows[:1] for name, rows in small_tables().items()}
    examples = [[c.identifier for c in known.columns], [c.example for c in known.columns]]
    header, row = (list(line) for line in small_tables().get(known.identifier, examples)[:2])
    if column.identifier not in header:
        header, row = [*header, column.identifier], [*row, ""]
    row[header.index(column.identifier)] = number
    tables[known.identifier] = [header, row]
    dataset, problems = checked(*csv_files(tables).items())
    assert dataset is None
    assert any(p.level == "FAIL" and p.row == 2 and p.found.startswith("疑似") for p in problems), sentences(problems)
    assert number not in sentences(problems)


@pytest.mark.parametrize(("column", "is_found"), [("学校名称", True), ("学校标识码", False), ("小片区", True)])
def test_bare_digits_may_stand_for_a_school_but_not_in_a_name(column: str, is_found: bool) -> None:
    book = Book(small_tables())
    book.put(SCHOOLS, 2, column, 13800138000)
    _, problems = checked(("上报.xlsx", book.content()))
    assert ("手机号码" in sentences(problems)) is is_found
