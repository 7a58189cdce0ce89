"""A county's official cards, one school a workbook, with lists for what no card says, are its dataset."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.__main__ import main
from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.errors import InputRejected, Problem
from core.intake.cards.card_check import CheckedCards, check_cards, holds_cards, years_of_cards
from core.intake.checkup.checking import Dataset, check
from core.intake.mapping.mapped_check import county_counting
from core.intake.reading import workbooks
from core.intake.reading.sources import open_uploads
from core.intake.reading.workbooks import open_workbooks
from core.method.engine import assess
from core.outlook.forecast.cohorts import cohorts
from core.outlook.forecast.forecast import forecast
from core.reports.assess_json import assess_json
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.books import csv_files, demo_tables, small_tables
from tests.support.card_county import YEAR, county_of_cards, of_year, records, rest
from tests.support.program import differences
from tests.support.published_store import NOW
from tests.support.samples import seeds

COUNTY = "350526"
Files = list[tuple[str, bytes]]


def county(seed: int) -> Files:
    """The cards of the small county and the workbook with the rest."""
    return county_of_cards(small_tables(), seed)


def others() -> bytes:
    """The workbook with the rest alone."""
    return rest(small_tables())


def checked(files: Files) -> CheckedCards:
    """The cards through the check-up."""
    return check_cards(open_workbooks(files), YEAR)


def findings(files: Files) -> list[Problem]:
    """Everything that is said of them."""
    try:
        return list(checked(files).dataset.warnings)
    except InputRejected as rejected:
        return rejected.problems


def answer(dataset: Dataset) -> Any:
    """What the assess command says of a dataset."""
    standard = load_standard()
    store = Store.open(None, standard)
    number = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW)
    publishing.publish(store, number, LOCAL_ADMINISTRATOR, NOW, "")
    said = json.loads(assess_json(assess(store, standard, COUNTY, YEAR), standard))
    store.close()
    return said


@pytest.fixture
def published_store() -> Iterator[Store]:
    """A store in which the small county counts."""
    standard = load_standard()
    store = Store.open(None, standard)
    dataset = check(open_uploads([*csv_files(small_tables()).items()]))
    publishing.publish(
        store, loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW), LOCAL_ADMINISTRATOR, NOW, ""
    )
    yield store
    store.close()


@pytest.fixture(scope="module")
def by_lists() -> Any:
    """The same county by our workbook, with its class rolls."""
    return answer(check(open_uploads([*csv_files(of_year(small_tables())).items()])))


@pytest.mark.parametrize("seed", seeds(4, 40))
def test_a_county_by_cards_is_judged_as_by_lists(seed: int, by_lists: Any) -> None:
    found = checked(county(seed))
    assert found.dataset.warnings == () and found.unused == ()
    assert all(line.missing == () and line.handed_in for line in found.board) and len(found.board) == 8
    assert found.dataset.tables["classes"] == [] and len(found.dataset.tables["grade_enrolment"]) == 6 * 6 + 2 * 3
    assert differences(answer(found.dataset), by_lists) == []


def test_the_cards_say_their_year_and_a_plain_workbook_is_none() -> None:
    books = open_workbooks(county(0))
    assert holds_cards(books) and years_of_cards(books) == (YEAR,)
    assert not holds_cards(open_workbooks([("其余.xlsx", others())]))


def card(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for label, rows in sheets:
        page = book.create_sheet(label)
        for row in rows:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


SCHOOL = "350526-0001"
EQUIPMENT: list[list[object]] = [
    ["基础教育学校资产等办学条件"],
    [f"学校（机构）标识码：{SCHOOL}"],
    ["指标名称", "计量单位", "代码", "数量"],
    ["甲", "乙", "丙", 1],
    ["占地面积", "平方米", "01", 15000],
    ["教学仪器设备资产值", "万元", "16", 169],
    ["网络多媒体教室", "间", "14", "-"],
]


def test_money_in_ten_thousands_is_converted_and_a_dash_is_not_reported() -> None:
    found = checked([("一校.xlsx", card(("教基5176", EQUIPMENT))), ("其余.xlsx", others())])
    [row] = [r for r in found.dataset.tables["premises"] if r["school_id"] == SCHOOL]
    assert row["equipment_value_yuan"] == 1_690_000 and row["multimedia_rooms"] is None
    assert row["operating_funds_yuan"] is not None, "what the list says stays"


def test_no_row_of_a_card_becomes_a_school_and_what_is_missing_is_on_the_board() -> None:
    found = checked([("一校.xlsx", card(("教基5176", EQUIPMENT))), ("其余.xlsx", others())])
    assert len(found.dataset.tables["schools"]) == 8
    [line] = [one for one in found.board if one.school_id == SCHOOL]
    assert line.handed_in == ("基础教育学校资产等办学条件",)
    assert "小学班额情况" in line.missing and "初中班额情况" not in line.missing
    assert all(one.handed_in == () for one in found.board if one.school_id != SCHOOL)


def test_a_unit_that_cannot_be_converted_is_named_at_its_row() -> None:
    rows = [list(row) for row in EQUIPMENT]
    rows[5][1] = "美元"
    said = findings([("一校.xlsx", card(("教基5176", rows))), ("其余.xlsx", others())])
    assert any(
        (p.level, p.sheet, p.row) == ("FAIL", "一校.xlsx·教基5176", 6) and "“美元”无法换算" in p.found for p in said
    )


def test_a_card_that_is_not_known_says_so_and_is_no_school() -> None:
    rows = [["某某情况统计"], [f"学校（机构）标识码：{SCHOOL}"], ["指标名称", "代码", "数量"], ["总计", "01", 5]]
    said = findings([("一校.xlsx", card(("教基9999", rows), ("教基5176", EQUIPMENT))), ("其余.xlsx", others())])
    assert any(p.level == "WARN" and "认不出这张卡片（“某某情况统计”）" in p.found for p in said)


def test_a_card_that_names_no_school_is_refused_at_its_place() -> None:
    rows = [["基础教育学校资产等办学条件"], ["学校（机构）标识码："], *EQUIPMENT[2:]]
    said = findings([("无名.xlsx", card(("教基5176", rows))), ("其余.xlsx", others())])
    assert any((p.level, p.sheet) == ("FAIL", "无名.xlsx·教基5176") and "没有写明是哪所学校" in p.found for p in said)


def test_a_school_is_known_by_its_name_where_its_number_is_another() -> None:
    name = next(s["name"] for s in records(small_tables())["schools"] if s["school_id"] == SCHOOL)
    rows = [EQUIPMENT[0], ["学校（机构）标识码：2135002601"], [f"学校（机构）名称：{name}"], *EQUIPMENT[2:]]
    found = checked([("一校.xlsx", card(("教基5176", rows))), ("其余.xlsx", others())])
    [row] = [r for r in found.dataset.tables["premises"] if r["school_id"] == SCHOOL]
    assert row["equipment_value_yuan"] == 1_690_000 and len(found.dataset.tables["schools"]) == 8


@pytest.mark.parametrize(("code", "is_of_one_stage"), [("211", True), ("312", False), ("341", False)])
def test_a_figure_of_a_whole_school_goes_to_its_one_stage_and_is_said_where_there_are_two(
    code: str, is_of_one_stage: bool
) -> None:
    line = ["学校（机构）标识码：2135000001"]
    register = [["学校（机构）基本情况"], line, ["指标名称", "代码", "填报内容"], ["办学类型", "02", code],
                ["学校（机构）名称", "01", "新校"], ["驻地行政区划代码", "03", "350526100000"]]  # fmt: skip
    staff = [["教职工其他情况"], line, ["指标名称", "代码", "合计", "#女"], ["县级及以上骨干教师", "24", 22, 9]]
    pupils = [["小学分类型学生数"], line, ["指标名称", "代码", "在校生数", "一年级"], ["总计", "01", 40, 40]]
    content = card(("教基1102", staff), ("教基3112", pupils), ("教基1001", register))
    found = checked([("新校.xlsx", content), ("其余.xlsx", others())])
    [row] = [r for r in found.dataset.tables["enrolment"] if r["school_id"] == "2135000001"]
    assert row["backbone_teachers"] == (22 if is_of_one_stage else None)
    said = [p for p in found.dataset.warnings if "没有分学段，这所学校的学段不止一个" in p.found]
    assert [p.row for p in said] == ([] if is_of_one_stage else [4])


@pytest.mark.parametrize(("music", "counted"), [(7, 22), ("-", 15), (None, None)])
def test_a_subject_that_was_left_blank_leaves_the_sum_open(music: object, counted: int | None) -> None:
    staff = [["小学专任教师分课程、分学历情况"], [f"学校（机构）标识码：{SCHOOL}"], ["指标名称", "代码", "合计", "#女"],
             ["总计", "01", 108, 60], ["体育", "03", 7, 3], ["音乐", "04", music, "-"], ["美术", "05", 8, 5]]  # fmt: skip
    found = checked([("一校.xlsx", card(("教基4155", staff))), ("其余.xlsx", others())])
    [row] = [r for r in found.dataset.tables["enrolment"] if r["school_id"] == SCHOOL]
    assert row["pe_arts_teachers"] == counted
    assert any("“音乐”有一格没有填" in p.found for p in found.dataset.warnings) is (counted is None)


def test_cards_of_two_years_are_enough_for_a_forecast() -> None:
    standard = load_standard()
    store = Store.open(None, standard)
    for year in (YEAR - 1, YEAR):
        found = check_cards(open_workbooks(county_of_cards(small_tables(), 3, year)), year)
        assert not found.dataset.tables["classes"]
        number = loading.load(store, found.dataset, standard, LOCAL_ADMINISTRATOR, NOW)
        publishing.publish(store, number, LOCAL_ADMINISTRATOR, NOW, "")
    past = cohorts(store, standard, COUNTY, (YEAR - 1, YEAR))
    assert past.recorded[YEAR, "primary"] == sum(
        int(r["pupils"])
        for r in records(small_tables())["enrolment"]
        if r["year"] == str(YEAR) and r["stage"] == "primary"
    )
    assert len(forecast(past).years) == 5
    store.close()


def test_a_school_that_nobody_knows_is_named_once_not_row_by_row() -> None:
    rows = [EQUIPMENT[0], ["学校（机构）标识码：2135009999"], *EQUIPMENT[2:]]
    failures = [
        p for p in findings([("某校.xlsx", card(("教基5176", rows))), ("其余.xlsx", others())]) if p.level == "FAIL"
    ]
    [only] = failures
    assert only.sheet == "某校.xlsx·教基5176" and "没有标识码为“2135009999”的学校" in only.found


def test_a_finding_on_a_cards_figure_stands_at_the_card() -> None:
    rows = [list(row) for row in EQUIPMENT]
    rows[5][3] = -5
    said = findings([("一校.xlsx", card(("教基5176", rows))), ("其余.xlsx", others())])
    assert any((p.level, p.sheet, p.row) == ("FAIL", "一校.xlsx·教基5176", 6) for p in said), said


def test_one_schools_cards_leave_everything_else_as_it_counts(published_store: Store) -> None:
    counting = county_counting(published_store, COUNTY)
    books = open_workbooks([("一校.xlsx", card(("教基5176", EQUIPMENT)))])
    found = check_cards(books, YEAR, counting=counting)
    now = counting(YEAR)
    assert found.keeps and not [p for p in found.dataset.warnings if "没有列入" in p.found]
    for name, rows in now.items():
        assert len(found.dataset.tables[name]) == len(rows), name
    changed = [
        (row["school_id"], column)
        for row, old in zip(
            sorted(found.dataset.tables["premises"], key=lambda r: str(r["school_id"])), now["premises"], strict=True
        )
        for column in old.values
        if row[column] != old[column]
    ]
    assert changed == [(SCHOOL, "equipment_value_yuan")]


def test_the_first_cards_of_a_new_year_know_the_schools_of_the_year_before(published_store: Store) -> None:
    rows = [EQUIPMENT[0], [f"学校（机构）标识码：{SCHOOL}", f"{YEAR + 1}年"], *EQUIPMENT[2:]]
    books = open_workbooks([("一校.xlsx", card(("教基5176", rows)))])
    assert years_of_cards(books) == (YEAR + 1,)
    found = check_cards(books, YEAR + 1, counting=county_counting(published_store, COUNTY))
    assert [(r["school_id"], r["year"]) for r in found.dataset.tables["premises"]] == [(SCHOOL, YEAR + 1)]
    assert len(found.dataset.tables["schools"]) == 8


def test_two_cards_that_differ_are_both_named() -> None:
    other = [list(row) for row in EQUIPMENT]
    other[5][3] = 170
    files = [
        ("甲.xlsx", card(("教基5176", EQUIPMENT))),
        ("乙.xlsx", card(("教基5176", other))),
        ("其余.xlsx", others()),
    ]
    said = findings(files)
    assert any("“1690000”与“乙.xlsx·教基5176”第 6 行的“1700000”不同" in p.found for p in said), said


def test_the_command_takes_a_folder_of_cards_and_names_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in county(2):
        (tmp_path / name).write_bytes(content)
    assert main(["assess", "--from", str(tmp_path), "--year", str(YEAR), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["class_sizes"]["primary"]["classes"] > 0
    (tmp_path / "兰屏小学（演示）.xlsx").unlink()
    assert main(["check", str(tmp_path)]) == 0
    assert "兰屏小学（演示） 还缺：学校（机构）基本情况、小学分类型学生数" in capsys.readouterr().err


def test_an_archive_of_cards_is_opened_and_a_broken_file_in_it_is_named() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in county(1):
            archive.writestr(f"德化县/{name}", content)
        archive.writestr("说明.txt", b"x")
    assert len(checked([("上报.zip", buffer.getvalue())]).board) == 8
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("坏的.xlsx", b"PK\x03\x04 and nothing more")
    with pytest.raises(InputRejected, match=r"坏的\.xlsx 打不开"):
        open_workbooks([("上报.zip", buffer.getvalue())])


def test_many_workbooks_together_have_the_bounds_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_CELLS", 100)
    files = [(f"{n}.xlsx", card(("教基5176", EQUIPMENT))) for n in range(5)]
    with pytest.raises(InputRejected, match=r"3\.xlsx 与前面的文件合计，单元格太多"):
        open_workbooks(files)
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 10_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("大.xlsx", bytes(1_000_000))
    with pytest.raises(InputRejected, match="解压后过大"):
        open_workbooks([("上报.zip", buffer.getvalue())])


@pytest.mark.long
def test_the_whole_demonstration_county_by_cards_is_judged_as_by_lists() -> None:
    lists = answer(check(open_uploads([*csv_files(of_year(demo_tables())).items()])))
    found = checked(county_of_cards(demo_tables(), 5))
    assert len([line for line in found.board if line.handed_in]) > 60
    assert differences(answer(found.dataset), lists) == []
