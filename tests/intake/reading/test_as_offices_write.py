"""What offices write is understood where it cannot mean anything else, and said where it was turned round."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from core.dataset.cells import Misfit, cell_value
from core.dataset.dictionary import sheet
from tests.support.books import Book, checked, sentences, small_tables

ENROLMENT, SCHOOLS, TOWNSHIPS, CLASSES = "在校生与教师", "学校", "乡镇", "班级"


def value(table: str, column: str, cell: object) -> object:
    """What a cell says."""
    return cell_value(sheet(table).column(column), cell, Decimal(1))


@pytest.mark.parametrize(
    "cell",
    [196809, 196809.0, "196809", "1968年9月", "1968.9", "1968-09", "1968/9/1", "1968 年 9 月", 1968, "1968年",
     datetime(1968, 9, 1)],
)  # fmt: skip
def test_a_founding_day_in_every_writing_is_its_year(cell: object) -> None:
    assert value("schools", "built_year", cell) == 1968


@pytest.mark.parametrize("cell", ["196813", "民国十年", 68, "19680", "1768"])
def test_what_is_no_founding_year_is_refused(cell: object) -> None:
    with pytest.raises(Misfit):
        value("schools", "built_year", cell)


@pytest.mark.parametrize("cell", [2023, "2023年秋季", "2023秋", "2023-2024学年", "2023/2024 学年初", "2023学年度"])
def test_a_school_year_in_every_writing_is_its_first_year(cell: object) -> None:
    assert value("enrolment", "year", cell) == 2023


@pytest.mark.parametrize(
    ("table", "column", "cell", "code"),
    [
        ("schools", "kind", "完全小学", "primary"),
        ("schools", "kind", 211, "primary"),
        ("schools", "kind", "218", "teaching_point"),
        ("schools", "kind", 312.0, "nine_year"),
        ("schools", "kind", "完全中学", "combined_secondary"),
        ("schools", "kind", "培智学校", "special"),
        ("schools", "zone", 111, "urban"),
        ("schools", "zone", "镇乡结合区", "town"),
        ("schools", "zone", 220, "rural"),
        ("schools", "ownership", "县级教育部门", "public"),
        ("enrolment", "stage", "小学教育", "primary"),
        ("class_bands", "band", "26–30人", "26-30"),
        ("class_bands", "band", "41～45", "41-45"),
        ("class_bands", "band", "66人以上", ">=66"),
        ("classes", "grade", "三年级", 3),
        ("classes", "grade", "初二", 8),
        ("schools", "township_code", "350526100000", "350526100"),
        ("schools", "township_code", 350526100201.0, "350526100"),
        ("townships", "lon", "118°14′24″E", Decimal("118.24")),
        ("townships", "lat", "25°30'", Decimal("25.5")),
    ],
)
def test_official_codes_and_writings_are_known(table: str, column: str, cell: object, code: object) -> None:
    assert value(table, column, cell) == code


@pytest.mark.parametrize(
    ("column", "cell"), [("kind", "高级中学"), ("ownership", "非民办"), ("zone", "城乡"), ("kind", 342)]
)
def test_a_word_that_only_looks_alike_is_refused_without_a_guess(column: str, cell: object) -> None:
    with pytest.raises(Misfit) as refused:
        value("schools", column, cell)
    assert "是否应为" not in refused.value.advice


def test_totals_in_every_writing_are_passed_over_and_said_once() -> None:
    book = Book(small_tables())
    before, _ = checked(("a.xlsx", book.content()))
    page = book.sheet(ENROLMENT)
    for words in ("浔中镇小计", "合  计", "全县合计", "合计（8所）", "总 计：", "注：本表统计时点为9月1日"):
        page.append([words, None, None, 9026])
    page.append([None, "小学小计", None, 9026])
    dataset, problems = checked(("a.xlsx", book.content()))
    assert dataset is not None and before is not None and dataset.tables == before.tables
    [finding] = problems
    assert finding.found == "“浔中镇小计”等 7 行不是数据，没有导入：第 18、19、20、21、22、23、24 行"


def test_a_school_whose_name_only_holds_the_word_is_no_total() -> None:
    book = Book(small_tables())
    book.put(SCHOOLS, 2, "学校名称", "合计数学实验小学")
    dataset, problems = checked(("a.xlsx", book.content()))
    assert dataset is not None and len(dataset.tables["schools"]) == 8, sentences(problems)


def test_longitude_and_latitude_in_each_others_place_are_changed_over_and_said() -> None:
    book = Book(small_tables())
    lon, lat = (book.cell(TOWNSHIPS, 3, name).value for name in ("经度", "纬度"))
    book.put(TOWNSHIPS, 3, "经度", lat)
    book.put(TOWNSHIPS, 3, "纬度", lon)
    dataset, [finding] = checked(("a.xlsx", book.content()))
    assert dataset is not None and finding.level == "WARN"
    assert "经度和纬度填反了：第 3 行" in finding.sentence()
    row = dataset.tables["townships"][1]
    assert (row["lon"], row["lat"]) == (Decimal(str(lon)), Decimal(str(lat)))


def test_grades_of_junior_schools_counted_from_one_are_those_from_seven() -> None:
    book = Book(small_tables())
    page = book.sheet(CLASSES)
    stage, grade = book.place(CLASSES, "学段") - 1, book.place(CLASSES, "年级") - 1
    for cells in page.iter_rows(min_row=2):
        if cells[stage].value == "junior":
            cells[grade].value = f"{'一二三'[int(str(cells[grade].value)) - 7]}年级"
    dataset, [finding] = checked(("a.xlsx", book.content()))
    assert dataset is not None and "初中年级写作 1 至 3 年级" in finding.found
    assert {r["grade"] for r in dataset.tables["classes"] if r["stage"] == "junior"} == {7, 8, 9}


def test_a_header_by_another_name_of_the_dictionary_is_known_with_its_unit() -> None:
    book = Book(small_tables())
    before, _ = checked(("a.xlsx", book.content()))
    page = book.sheet("校舍与设备")
    for cell in page[1]:
        words = str(cell.value)
        if words.startswith("教学仪器设备资产值"):
            cell.value = "教学仪器设备值（万元）"
            for row in range(2, page.max_row + 1):
                value = page.cell(row, cell.column).value
                page.cell(row, cell.column).value = None if value is None else float(str(value)) / 10_000
        elif words.startswith("运动场地面积"):
            cell.value = "运动场地（平方米）"
    book.cell(ENROLMENT, 1, "在校生数").value = "在校学生数"
    dataset, problems = checked(("a.xlsx", book.content()))
    assert dataset is not None and before is not None, sentences(problems)
    assert dataset.tables == before.tables and not problems


def test_more_than_four_decimals_are_rounded_half_up_and_said_once_a_sheet() -> None:
    book = Book(small_tables())
    for row, value in ((2, "5444.00005"), (3, "5444.00004"), (4, 1234.123456)):
        book.put("校舍与设备", row, "教学及辅助用房面积", value)
    dataset, problems = checked(("a.xlsx", book.content()))
    assert dataset is not None, sentences(problems)
    areas = [row["teaching_area_m2"] for row in dataset.tables["premises"][:3]]
    assert areas == [Decimal("5444.0001"), Decimal("5444.0000"), Decimal("1234.1235")]
    [said] = [p for p in problems if "超过四位小数" in p.found]
    assert said.level == "WARN" and "第 2、3、4 行" in said.found
