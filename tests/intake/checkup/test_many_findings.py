"""Of many findings the first of every kind are listed and all are counted, wherever they are shown."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from core.__main__ import UNUSABLE, main
from core.errors import LISTED_OF_A_KIND, MOST_KINDS, Findings, InputRejected, Problem, count_of, of_every_kind
from core.intake.checkup import within_dataset
from core.intake.checkup.checking import check
from core.intake.checkup.fault_rows import fault_workbook, findings_workbook
from core.intake.reading.bounds import MOST_SCHOOLS
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from tests.support.books import csv_files, small_tables

ROWS = 3_000


def problem(number: int, found: str, column: str = "在校生数") -> Problem:
    return Problem("FAIL", "在校生与教师", number, column, found, "数字")


def test_the_first_of_every_kind_are_listed_and_the_rest_counted() -> None:
    findings = Findings(problem(n, f"“约{n}”不是数字") for n in range(1000))
    findings.extend(problem(n, f"“{n}.5”不是整数") for n in range(3))
    listed = findings.listed()
    assert count_of(listed, "FAIL") == 1003
    assert [p.row for p in listed[:LISTED_OF_A_KIND]] == list(range(LISTED_OF_A_KIND))
    assert sum("不是整数" in p.found for p in listed) == 3
    [more] = [p for p in listed if p.stands_for > 1]
    assert f"与“约0不是数字”同类的还有 {1000 - LISTED_OF_A_KIND} 处，没有逐处列出" in more.sentence()
    assert more.row is None


def test_exactly_as_many_as_are_listed_need_no_word_more() -> None:
    listed = Findings(problem(n, "“x”不是数字") for n in range(LISTED_OF_A_KIND)).listed()
    assert len(listed) == count_of(listed, "FAIL") == LISTED_OF_A_KIND


def test_kinds_without_number_are_bounded_and_counted() -> None:
    found = [problem(1, "不认识的列", column=f"列{n}") for n in range(MOST_KINDS + 5 * LISTED_OF_A_KIND)]
    listed = Findings(found).listed()
    assert len(listed) == MOST_KINDS + LISTED_OF_A_KIND + 1
    assert count_of(listed, "FAIL") == len(found)


def test_a_short_list_shows_every_kind_in_its_order() -> None:
    found = [problem(n, "“x”不是数字") for n in range(500)] + [problem(9, "“1.5”不是整数"), problem(9, "没有填写")]
    shown = of_every_kind(found, 20)
    assert shown == [*found[:18], *found[500:]]


@pytest.fixture(scope="module")
def spoiled() -> Source:
    """Thousands of rows with two faults each, and one with a third."""
    tables = dict(small_tables())
    header, first, *_ = tables["enrolment"]
    rows = [list(first) for _ in range(ROWS)]
    for number, row in enumerate(rows):
        row[header.index("pupils")], row[header.index("teachers")] = f"约{number}", "-1"
    rows[-1][header.index("stage")] = "大学"
    return open_uploads([*csv_files(tables | {"enrolment": [header, *rows]}).items()])


@pytest.fixture(scope="module")
def rejected(spoiled: Source) -> InputRejected:
    """What the check-up says of them."""
    with pytest.raises(InputRejected) as raised:
        check(spoiled)
    return raised.value


def test_thousands_of_faulty_rows_are_counted_and_each_kind_is_said(rejected: InputRejected) -> None:
    assert rejected.failures == 2 * ROWS + 1
    assert str(rejected).startswith(f"数据未导入：发现 {2 * ROWS + 1:,} 处错误")
    assert str(rejected).count("\n") < 3 * LISTED_OF_A_KIND
    assert "“大学”不在代码表中" in str(rejected)
    assert str(rejected).count(f"同类的还有 {ROWS - LISTED_OF_A_KIND:,} 处") == 2


def test_the_workbook_of_faults_hands_back_what_is_listed_and_says_how_many_more(
    spoiled: Source, rejected: InputRejected
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fault_workbook(spoiled, rejected.problems)))
    numbers = [int(str(row[-4])) for row in book["在校生与教师"].iter_rows(min_row=2, values_only=True)]
    assert numbers == [*range(2, 2 + LISTED_OF_A_KIND), ROWS + 1]
    notes = [str(row[0]) for row in book["说明"].iter_rows(values_only=True)]
    assert sum("没有逐处列出" in note for note in notes) == 2
    listed = openpyxl.load_workbook(io.BytesIO(findings_workbook(rejected.problems)))["问题"]
    assert listed.max_row == len(rejected.problems) + 1


def test_the_command_line_prints_what_is_listed_and_counts_all(
    spoiled: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for sheet in spoiled.sheets:
        with (tmp_path / f"{sheet.label}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(sheet.rows)
    assert main(["check", str(tmp_path)]) == UNUSABLE
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"数据不能使用：{2 * ROWS + 1} 处错误。"
    assert 2 * LISTED_OF_A_KIND < len(lines) < 3 * LISTED_OF_A_KIND
    assert sum("没有逐处列出" in line for line in lines) == 2


def test_more_schools_than_any_county_has_are_refused_before_they_are_compared() -> None:
    tables = dict(small_tables())
    header, first, *_ = tables["schools"]
    many = [[f"350526-{n:05d}", f"第{n}小学", *first[2:]] for n in range(MOST_SCHOOLS + 1)]
    with pytest.raises(InputRejected, match="有 5,001 所学校；应为：一个县的学校，不超过 5,000 所"):
        check(open_uploads([*csv_files(tables | {"schools": [header, *many]}).items()]))


def test_unknown_codes_are_compared_with_the_register_no_oftener_than_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(small_tables())
    header, first, *_ = tables["special_rooms"]
    strange = [[f"350526-x{n:04d}", *first[1:]] for n in range(LISTED_OF_A_KIND + 50)]
    searched: list[str] = []
    monkeypatch.setattr(within_dataset, "get_close_matches", lambda text, *_, **__: searched.append(text) or [])
    with pytest.raises(InputRejected, match="同类的还有 50 处"):
        check(open_uploads([*csv_files(tables | {"special_rooms": [header, *strange]}).items()]))
    assert len(searched) == LISTED_OF_A_KIND
