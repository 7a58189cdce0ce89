"""Lists that offices keep themselves: degrees and subjects as columns, schools by name, blanks that mean none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.dataset.rows import Tables
from core.intake.mapping.column_mapping import ColumnMapping, MappedSheet, mapping_from, mapping_text
from core.intake.mapping.mapped_source import read_mapped
from core.intake.mapping.mapping_suggestions import suggested_sheets
from core.intake.reading.parsing import parse
from core.intake.reading.raw_sheets import RawSheet, Source
from tests.support.books import csv_files, small_tables

YEAR = 2023


@pytest.fixture(scope="module")
def register() -> Tables:
    """The schools and townships of the small county."""
    from core.intake.reading.sources import open_uploads

    return parse(open_uploads([*csv_files(small_tables()).items()]))[0]


def teachers(stage: str, *, with_codes: bool) -> Source:
    """A list of teachers by degree and subject; the second school leaves blank what it has none of."""
    codes = ["350526-0001", "350526-0002"] if stage == "小学" else ["350526-0034", "350526-0040"]
    names = (
        ["兰屏小学（演示）", "晨岗 小学(演示)"]
        if stage == "小学"
        else ["文坂初级中学（演示）", "上涌镇文桥初级中学（演示）"]
    )
    header = [
        "序号",
        "学校名称",
        *(["学校代码"] if with_codes else []),
        "在校生数",
        "专任教师",
        "学历",
        "",
        "",
        "",
        "任教学科",
        "",
        "",
    ]
    below = [
        "",
        "",
        *([""] if with_codes else []),
        "",
        "",
        "博士研究生",
        "硕士研究生",
        "本科",
        "专科",
        "体育",
        "音乐",
        "美术",
    ]
    start = header.index("学历")
    rows: list[list[object]] = [[f"2023年某县{stage}教师学历情况表"], list(header), list(below)]
    for number, (code, name, figures) in enumerate(
        zip(codes, names, ([1, 2, 95, 10, 7, 7, 8], ["", "", 86, 10, 7, "", 7]), strict=True), 1
    ):
        rows.append([number, name, *([code] if with_codes else []), 1000, 120, *figures])
    rows.append(["合 计", "", *([""] if with_codes else []), 2000])
    merged = (((1, start), (1, start + 3)), ((1, start + 4), (1, start + 6)))
    return Source("清单.xlsx", stage + str(with_codes), [RawSheet(stage, rows, merged=merged)])


def read(source: Source, mapped: MappedSheet) -> Tables:
    """The rows that a proposal gives once it is kept."""
    mapping = ColumnMapping("清单", (mapped,))
    return parse(read_mapped(source, mapping_from(mapping_text(mapping)), YEAR).source)[0]


@pytest.mark.parametrize(("stage", "degrees"), [("小学", 4), ("初中", 3)])
@pytest.mark.parametrize("with_codes", [True, False], ids=["codes", "names"])
def test_degrees_and_subjects_are_proposed_as_sums(
    register: Tables, stage: str, degrees: int, with_codes: bool
) -> None:
    [mapped] = suggested_sheets(teachers(stage, with_codes=with_codes), register)
    assert mapped.table == "enrolment"
    assert len(mapped.fields["teachers_above_degree"].columns) == degrees
    assert [t.split("·")[-1] for t in mapped.fields["pe_arts_teachers"].columns] == ["体育", "音乐", "美术"]


@pytest.mark.parametrize("with_codes", [True, False], ids=["codes", "names"])
def test_blanks_are_none_only_where_the_clerk_says_so(register: Tables, with_codes: bool) -> None:
    source = teachers("小学", with_codes=with_codes)
    [mapped] = suggested_sheets(source, register)
    first, second = read(source, mapped)["enrolment"]
    assert (first["school_id"], first["teachers_above_degree"], first["pe_arts_teachers"]) == ("350526-0001", 108, 22)
    assert (second["school_id"], second["teachers_above_degree"], second["pe_arts_teachers"]) == (
        "350526-0002",
        None,
        None,
    )
    _, said = read(source, replace(mapped, blanks_are_zero=True))["enrolment"]
    assert (said["teachers_above_degree"], said["pe_arts_teachers"]) == (96, 14)


def test_a_school_written_without_its_township_is_known_and_one_that_only_looks_alike_is_not(register: Tables) -> None:
    source = teachers("初中", with_codes=False)
    [mapped] = suggested_sheets(source, register)
    assert [row["school_id"] for row in read(source, mapped)["enrolment"]] == ["350526-0034", "350526-0040"]
    rows = [list(row) for row in source.sheets[0].rows]
    rows[3][1] = "文坂中学（演示）"
    other = Source("清单.xlsx", "x", [RawSheet("初中", rows, merged=source.sheets[0].merged)])
    [mapped] = suggested_sheets(other, register)
    assert "文坂中学(演示)" not in mapped.texts["school_id"] and len(mapped.texts["school_id"]) == 1


def test_grades_of_a_list_of_junior_classes_are_those_from_seven(register: Tables) -> None:
    rows: list[list[object]] = [["学校代码", "学校名称", "年级", "班级", "学生数"]]
    rows += [["350526-0034", "x", f"{grade}年级", "1班", 20] for grade in "一二三"]
    source = Source("班级.xlsx", "y", [RawSheet("初中班级", rows)])
    [mapped] = suggested_sheets(source, register)
    assert mapped.constants == {"stage": "junior"}
    assert [(r["stage"], r["grade"]) for r in read(source, mapped)["classes"]] == [("junior", g) for g in (7, 8, 9)]
