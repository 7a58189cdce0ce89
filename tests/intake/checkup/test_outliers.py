"""Figures that fall to nothing, jump or lie far from their like are noticed; a county that is right is left alone."""

import pytest

from core.errors import Problem
from tests.support.books import DEMO, Tables, checked, csv_files, demo_tables, sentences

BIG_SCHOOL, YEAR = "350526-0007", "2023"


def said(tables: Tables) -> list[Problem]:
    dataset, problems = checked(*csv_files(tables).items())
    assert dataset is not None, sentences(problems)
    return problems


def changed(sheet: str, column: str, factor: float, years: tuple[str, ...] = (YEAR,)) -> Tables:
    """The demonstration county with a figure of one large primary school multiplied."""
    header, *rows = demo_tables()[sheet]
    school, year, place = header.index("school_id"), header.index("year"), header.index(column)
    other = [
        [str(int(float(cell) * factor)) if n == place else cell for n, cell in enumerate(row)]
        if row[school] == BIG_SCHOOL and row[year] in years
        else row
        for row in rows
    ]
    assert other != rows
    return demo_tables() | {sheet: [header, *other]}


def test_six_true_years_of_a_county_give_no_finding() -> None:
    assert DEMO.is_dir() and not said(demo_tables())


@pytest.mark.parametrize(
    ("sheet", "column", "factor", "says"),
    [
        ("enrolment", "teachers_above_degree", 0.3, "由上年 83 变为 25"),
        ("enrolment", "backbone_teachers", 0, "由上年 12 变为 0"),
        ("enrolment", "pe_arts_teachers", 2.5, "变为 42"),
        ("premises", "teaching_area_m2", 0.4, "由上年"),
        ("premises", "sports_ground_area_m2", 0, "变为 0"),
        ("premises", "equipment_value_yuan", 0, "变为 0"),
        ("premises", "multimedia_rooms", 2.5, "变为 117"),
    ],
)
def test_a_jump_of_any_of_the_seven_indicators_is_noticed(sheet: str, column: str, factor: float, says: str) -> None:
    jumped = [w for w in said(changed(sheet, column, factor)) if "由上年" in w.found]
    assert [says in w.found for w in jumped] == [True], sentences(jumped)


def test_nothing_at_all_is_noticed_where_every_school_of_the_kind_has_some() -> None:
    every_year = tuple(str(year) for year in range(2018, 2024))
    found = said(changed("enrolment", "backbone_teachers", 0, every_year))
    assert len(found) == len(every_year)
    assert all(w.found.startswith("0，合每百名学生 0 名，与全县小学相差悬殊") for w in found)


def test_the_last_of_a_few_may_be_gone_but_not_a_share_or_many() -> None:
    header, *rows = demo_tables()["county_figures"]
    for figure, is_noticed in (("cohort_died", False), ("title_appointment_share", True), ("rotation_rotated", True)):
        others = [[y, f, "0" if (y, f) == (YEAR, figure) else value] for y, f, value in rows]
        found = [w for w in said(demo_tables() | {"county_figures": [header, *others]}) if "变为 0" in w.found]
        assert bool(found) == is_noticed, figure
