"""Texts and codes are kept without what cannot be seen, and refused where they hold what no text does."""

from datetime import datetime
from decimal import Decimal

import pytest

from core.dataset.cells import LONGEST_IDENTIFIER, LONGEST_NAME, LONGEST_NOTE, Misfit, cell_value, is_empty
from core.dataset.characters import likeness
from core.dataset.dictionary import match_header, sheet

ONE = Decimal(1)
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\u3164\ufe0f\ufeff\U000e0041"
)
NAME, SCHOOL = sheet("schools").column("name"), sheet("schools").column("school_id")


@pytest.mark.parametrize("mark", INVISIBLE, ids=lambda mark: f"U+{ord(mark):04X}")
def test_what_cannot_be_seen_makes_no_other_name_and_no_other_code(mark: str) -> None:
    assert cell_value(NAME, f"{mark}城东{mark}小学{mark}", ONE) == "城东小学"
    assert cell_value(SCHOOL, f"{mark}350526{mark}-0001", ONE) == "350526-0001"
    assert is_empty(mark * 3)
    found = match_header(sheet("schools"), f"学校{mark}名称")
    assert found is not None and found.column == NAME


@pytest.mark.parametrize("dash", "‐‑‒–—―−－﹣⁃➖", ids=lambda dash: f"U+{ord(dash):04X}")
def test_every_dash_in_a_code_is_the_hyphen(dash: str) -> None:
    assert cell_value(SCHOOL, f"３５０５２６{dash}0001", ONE) == "350526-0001"


@pytest.mark.parametrize(
    "name",
    ["<b>一小</b>", "{{ 7*7 }}", "*一小*", "=1+1", "'一小", "德化一中（初中部）", "𠮷田小学", "_x0041_", "A–B 校区"],
)
def test_markup_and_signs_in_a_name_are_data(name: str) -> None:
    assert cell_value(NAME, name, ONE) == name


def test_lines_and_blanks_of_every_kind_are_one_blank() -> None:
    assert cell_value(NAME, "城东\r\n\t 小学\u3000南\u00a0区\u2028", ONE) == "城东 小学 南 区"


@pytest.mark.parametrize("spoilt", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ufffd", "\ud800", "\uffff"], ids=ascii)
def test_a_character_that_is_no_text_is_refused(spoilt: str) -> None:
    for column in (NAME, SCHOOL):
        with pytest.raises(Misfit, match=rf"不能显示的字符（U\+{ord(spoilt):04X}）"):
            cell_value(column, f"1{spoilt}2", ONE)


@pytest.mark.parametrize("code", ["350526-\u0410", "\u0391-1", "\u0663\u0664"], ids=ascii)
def test_letters_that_look_like_others_are_refused_in_a_code(code: str) -> None:
    with pytest.raises(Misfit, match="其他文字"):
        cell_value(SCHOOL, code, ONE)


@pytest.mark.parametrize("code", ["12 classes, one of each", "<b>", "{{1}}", "-1", "a;b", "a'b", "=1+1"])
def test_every_other_sign_may_stand_in_a_code(code: str) -> None:
    assert cell_value(SCHOOL, code, ONE) == code


@pytest.mark.parametrize("code", ["3135002601", "350526-0001", "无", "NEW-1", "S_1.2", "00012"])
def test_what_offices_use_as_a_code_is_taken_as_it_is(code: str) -> None:
    assert cell_value(SCHOOL, code, ONE) == code


@pytest.mark.parametrize(
    ("sheet_id", "column", "longest"),
    [
        ("schools", "school_id", LONGEST_IDENTIFIER),
        ("classes", "class_no", LONGEST_IDENTIFIER),
        ("schools", "name", LONGEST_NAME),
        ("schools", "cluster", LONGEST_NAME),
        ("monitoring", "subject", LONGEST_NAME),
        ("judgements", "document", LONGEST_NOTE),
        ("judgements", "note", LONGEST_NOTE),
    ],
)
def test_every_text_has_its_bound(sheet_id: str, column: str, longest: int) -> None:
    known = sheet(sheet_id).column(column)
    assert cell_value(known, "1" * longest, ONE) == "1" * longest
    with pytest.raises(Misfit) as misfit:
        cell_value(known, "1" * (longest + 1), ONE)
    assert misfit.value.found == f"文字有 {longest + 1:,} 个字符"
    assert misfit.value.expected == f"不超过 {longest:,} 个字符"


@pytest.mark.parametrize("number", [350526123456789012.0, float("nan"), float("inf")])
def test_a_number_that_lost_its_digits_is_no_code(number: float) -> None:
    with pytest.raises(Misfit):
        cell_value(SCHOOL, number, ONE)
    assert cell_value(SCHOOL, 3135002601.0, ONE) == "3135002601"


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("第1小学", "第１小学", True),
        ("一中（北区）", "一中(北区)", True),
        ("ABC学校", "abc 学校", True),
        ("城东—小学", "城东-小学", True),
        ("350526-0001", "3505260001", True),
        ("第一小学", "第二小学", False),
        ("城东小学", "城东中学", False),
    ],
)
def test_names_are_alike_where_only_the_writing_differs(one: str, other: str, are_alike: bool) -> None:
    assert (likeness(one) == likeness(other)) is are_alike


@pytest.mark.parametrize("column", ["teaching_area_m2", "indoor_sports_area_m2"])
@pytest.mark.parametrize(
    "cell",
    ["1e999999", "1e400", "9" * 5000, float("inf"), float("nan"), "inf", "NaN", "1e99", 1e308],
    ids=lambda cell: str(cell)[:8],
)
def test_a_number_beyond_bounds_is_refused(column: str, cell: object) -> None:
    with pytest.raises(Misfit):
        cell_value(sheet("premises").column(column), cell, ONE)


@pytest.mark.parametrize("nought", ["-0", -0.0, "-0.00", "－０", "+0"])
def test_a_nought_keeps_no_sign(nought: object) -> None:
    assert str(cell_value(sheet("premises").column("indoor_sports_area_m2"), nought, ONE)) == "0.0000"
    assert str(cell_value(sheet("enrolment").column("pupils"), nought, ONE)) == "0"


@pytest.mark.parametrize(
    "day",
    [
        float("nan"),
        float("inf"),
        1e300,
        -1.0,
        "9999999-01-01",
        "2023-13-01",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        datetime(1899, 12, 31),
    ],
)
def test_a_day_beyond_the_calendar_is_refused(day: object) -> None:
    with pytest.raises(Misfit):
        cell_value(sheet("judgements").column("document_date"), day, ONE)
