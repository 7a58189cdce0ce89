"""The first workbook of a county is held against what occurs anywhere, and against itself: nothing else is there yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.dataset.cells import Value
from core.dataset.rows import Row, Tables
from core.errors import InputRejected, Problem
from core.intake.checkup.checking import check_tables
from core.intake.checkup.plausible import plausible_figures
from core.intake.reading.parsing import parse
from tests.support.small_county import SmallCounty, raw_source, two_schools

Change = Callable[[SmallCounty], object]
SCHOOL = "P学校"


def county() -> SmallCounty:
    """A primary, a junior and a nine-year school, all of it plausible."""
    small = two_schools()
    small.school("N", "nine_year", {"primary": 600, "junior": 500}, lon="118.3", lat="25.5")
    small.row("schools", school_id="P").update(lon="118.24", lat="25.49")
    rows = small.tables["enrolment"]
    for row, teachers in zip((r for r in rows if r["school_id"] == "N"), ("45", "52"), strict=True):
        row.update(teachers=teachers, certified_teachers=teachers, trained_teachers=teachers)
    return small


def found(small: SmallCounty, counting: Tables | None = None) -> list[Problem]:
    """Every finding of the check-up."""
    tables, problems = parse(raw_source(small.tables))
    try:
        earlier = None if counting is None else lambda code: counting
        return list(check_tables("县数据", "", tables, found=problems, earlier=earlier).warnings)
    except InputRejected as rejected:
        return rejected.problems


def test_a_county_that_is_plausible_gives_no_finding() -> None:
    assert [problem.sentence() for problem in found(county())] == []


def put(sheet: str, cells: dict[str, str], **key: str) -> Change:
    """The change of some cells of a row."""

    def change(small: SmallCounty) -> None:
        for row in small.tables[sheet]:
            row.update({column: row.get(column, "") for column in cells})
        small.row(sheet, **key).update(cells)

    return change


def figure(name: str, value: str) -> Change:
    """The change of a county figure, which stands there or is added."""

    def change(small: SmallCounty) -> None:
        rows = small.tables["county_figures"]
        rows[:] = [row for row in rows if row["figure"] != name]
        rows.append({"year": rows[0]["year"], "figure": name, "value": value})

    return change


def without(sheet: str) -> Change:
    """A sheet with nothing but its header."""
    return lambda small: small.tables[sheet].clear()


def one_staff_twice(small: SmallCounty) -> None:
    first, second = (row for row in small.tables["enrolment"] if row["school_id"] == "N")
    second.update({column: first[column] for column in first if "teachers" in column})
    # The degree that is asked for differs between the stages.
    second["teachers_above_degree"] = str(int(first["teachers_above_degree"]) - 3)


def a_room_for_every_class_and_more(small: SmallCounty) -> None:
    rooms = small.tables["special_rooms"]
    rooms += [{**rooms[0]} for _ in range(30)]


def a_group_above_all(small: SmallCounty) -> None:
    survey = small.tables["survey"]
    survey.append({**survey[0], "group": "parents", "issued": "1300"})


@pytest.mark.parametrize(
    ("change", "says", "whose"),
    [
        (put("premises", {"equipment_value_yuan": "200"}, school_id="P"), "疑似以万元填报", SCHOOL),
        (put("premises", {"equipment_value_yuan": "0"}, school_id="P"), "合每名学生 0 元，不合常理", SCHOOL),
        (put("premises", {"sports_ground_area_m2": "0.75"}, school_id="P"), "疑似以万㎡填报", SCHOOL),
        (put("premises", {"teaching_area_m2": "400000"}, school_id="P"), "不合常理", SCHOOL),
        (put("premises", {"operating_funds_yuan": "70"}, school_id="P"), "公用经费 70，合每名学生 0.07 元", SCHOOL),
        (put("premises", {"training_budget_yuan": "800000"}, school_id="P"), "大于公用经费", SCHOOL),
        (put("premises", {"multimedia_rooms": "200"}, school_id="P"), "是否把设备台数填成教室间数", SCHOOL),
        (put("enrolment", {"staff": "3"}, school_id="P"), "大于教职工数 3", SCHOOL),
        (
            put("enrolment", dict.fromkeys(("teachers", "teachers_above_degree", "backbone_teachers", "pe_arts_teachers",
                "certified_teachers", "trained_teachers"), "0"), school_id="P"),
            "在校生 1000 人，专任教师 0 名", SCHOOL,
        ),
        (one_staff_twice, "初中和小学两个学段（第 4 行）的教师数完全相同，均为 45 名", "N学校"),
        (a_room_for_every_class_and_more, "音乐教室", SCHOOL),
        (put("schools", {"lon": "118.24", "lat": "25.49"}, school_id="N"), "完全相同", "N学校"),
        (a_group_above_all, "其中家长 1300，大于全部调查对象的 1200", ""),
        (without("premises"), "2022 学年一行也没有，其他表有该学年的数据", ""),
        (without("special_rooms"), "2022 学年一行也没有，其他表有该学年的数据", ""),
        (figure("teacher_pay_yuan", "9.8"), "义务教育教师年平均工资 9.8 元，不合常理", ""),
        (figure("quota_primary_yuan", "0.072"), "疑似以万元填报", ""),
        (figure("special_education_funds_yuan", "75.6"), "特殊教育公用经费 75.6，合每名特殊教育学生 0.756 元", ""),
        (figure("population", "33.2"), "疑似以万人填报", ""),
        (figure("disabled_school_age", "0.0262"), "不是整数", ""),
    ],
)  # fmt: skip
def test_what_cannot_well_be_is_named_with_its_school(change: Change, says: str, whose: str) -> None:
    small = county()
    change(small)
    named = [problem for problem in found(small) if says in problem.sentence()]
    assert named and {problem.level for problem in named} == {"WARN"}
    assert {problem.school for problem in named} == {whose}


@pytest.mark.parametrize(("code", "kind", "clashes"), [
    ("2135002601", "junior", True), ("3135002601", "primary", True), ("3135002601", "teaching_point", True),
    ("2135002601", "primary", False), ("3135002601", "nine_year", False), ("21X", "junior", False),
])  # fmt: skip
def test_a_code_that_clearly_clashes_with_the_kind_is_named(code: str, kind: str, clashes: bool) -> None:
    small = two_schools()
    small.school(code, kind, {"junior" if kind == "junior" else "primary": 90})
    if kind == "nine_year":
        small.tables["enrolment"].append({**small.tables["enrolment"][-1], "stage": "junior", "pupils": "0"})
    assert any("学校类别与标识码一致" in problem.expected for problem in found(small)) == clashes


# Of rooms, which are counted, one below the least is none, and none may well be.
PER_PUPIL = [known for known in plausible_figures() if known.sheet == "premises" and known.figure != "multimedia_rooms"]


@pytest.mark.parametrize("known", PER_PUPIL, ids=lambda known: known.figure)
def test_a_figure_at_its_limit_is_plausible_and_one_beyond_is_not(known: object) -> None:
    assert isinstance(known, type(PER_PUPIL[0]))
    for amount, plausible in (
        (known.at_least * 1000, True),
        (known.at_least * 1000 - 1, False),
        (known.at_most * 1000, True),
        (known.at_most * 1000 + 1, False),
    ):
        small = two_schools()
        put("premises", {known.figure: f"{amount:f}"}, school_id="P")(small)
        said = [p for p in found(small) if "不合常理" in p.found and p.school == SCHOOL]
        assert (not said) == plausible, amount


def test_every_limit_has_its_source_and_the_limit_of_the_standard_lies_within() -> None:
    assert all(known.source and known.at_least < known.at_most for known in plausible_figures())


@pytest.mark.parametrize(("name", "advice"), [
    ("浔中中心小学", "是否应为“350526100”"), ("某某小学", "请在“乡镇”表中补上"),
])  # fmt: skip
def test_a_township_is_proposed_only_where_the_schools_name_agrees(name: str, advice: str) -> None:
    small = two_schools()
    small.row("schools", school_id="P").update(township_code="350526110", name=name)
    assert [p.advice.split("，")[0] for p in found(small) if p.level == "FAIL"] == [advice]


def typed(small: SmallCounty) -> Tables:
    """The county as rows that count."""
    return parse(raw_source(small.tables))[0]


def moved(tables: Tables, years: int) -> Tables:
    """The same figures so many years before."""

    def row_of(row: Row) -> Row:
        values: dict[str, Value] = dict(row.values)
        if isinstance(values.get("year"), int):
            values["year"] = int(str(values["year"])) - years
        return Row(row.number, values)

    return {sheet: [row_of(row) for row in rows] for sheet, rows in tables.items()}


@pytest.mark.parametrize(("years", "says"), [(1, "由上年 1000 变为 100"), (2, "由 2 年前 1000 变为 100")])
def test_a_figure_is_held_against_the_last_one_given_whenever_that_was(years: int, says: str) -> None:
    small = two_schools()
    counting = moved(typed(two_schools()), years)
    small.row("enrolment", school_id="P").update(pupils="100")
    small.tables["classes"] = [row for row in small.tables["classes"] if row["school_id"] != "P"]
    assert says in "".join(problem.found for problem in found(small, counting))


def test_a_townships_school_is_held_against_the_schools_that_count() -> None:
    whole = SmallCounty()
    for number in range(25):
        whole.school(f"S{number}", "primary", {"primary": 300})
    counting = typed(whole)
    small = SmallCounty()
    small.school("P", "primary", {"primary": 600})
    small.row("enrolment", school_id="P").update(pe_arts_teachers="0")
    said = [p for p in found(small, counting) if "与全县小学相差悬殊" in p.found]
    assert [p.school for p in said] == [SCHOOL]
    assert not [p for p in found(small) if "相差悬殊" in p.found], "alone there is nothing to compare it with"


def test_a_townships_county_figures_are_not_held_against_its_own_pupils() -> None:
    small = two_schools()
    figure("education_budget_yuan", "900000000")(small)
    figure("training_funds_yuan", "80000000")(small)
    counting = typed(two_schools())
    counting["townships"] = [*counting["townships"], Row(9, {"code": "350526103", "name": "另一镇"})]
    assert [p for p in found(small, counting) if "不合常理" in p.found] == []
    alone = [p for p in found(small) if "不合常理" in p.found]
    assert alone and all(p.times is None for p in alone), "a sum of schools proves no factor"


def test_what_was_not_reported_is_no_ground_for_a_share() -> None:
    small = county()
    [junior] = [r for r in small.tables["enrolment"] if r["school_id"] == "N" and r["stage"] == "junior"]
    junior["pupils"] = ""
    small.tables["classes"] = [r for r in small.tables["classes"] if (r["school_id"], r["stage"]) != ("N", "junior")]
    small.row("premises", school_id="N").update(equipment_value_yuan="900000000")
    assert [p for p in found(small) if "不合常理" in p.found] == []


@pytest.mark.parametrize("relation", ["parent_school_id", "predecessor_id"])
def test_schools_of_a_family_may_share_a_place_and_a_point_its_teachers(relation: str) -> None:
    small = county()
    small.school("T", "teaching_point", {"primary": 20}, lon="118.24", lat="25.49")
    put("schools", {relation: "P"}, school_id="T")(small)
    assert [p for p in found(small) if "完全相同" in p.found] == []
    row = small.row("enrolment", school_id="T")
    row.update({column: "0" for column in row if "teachers" in column})
    said = [p for p in found(small) if "专任教师 0 名" in p.found]
    assert (said == []) == (relation == "parent_school_id")


def test_nobody_is_rare_where_many_of_the_countys_schools_have_none() -> None:
    whole = SmallCounty()
    for number in range(40):
        whole.school(f"S{number}", "primary", {"primary": 600}, {"L2": 0 if number < 20 else 6})
    small = SmallCounty()
    small.school("P", "primary", {"primary": 600}, {"L2": 0})
    assert [p for p in found(small, typed(whole)) if "相差悬殊" in p.found] == []


def test_classes_by_roll_at_one_stage_and_by_band_at_another_are_all_the_schools_classes() -> None:
    small = county()
    own = [row for row in small.tables["classes"] if row["school_id"] == "N" and row["stage"] == "junior"]
    small.tables["classes"] = [row for row in small.tables["classes"] if row not in own]
    bands = [
        {"school_id": "N", "year": own[0]["year"], "stage": "junior", "grade": grade, "band": "46-50", "classes": "1"}
        for grade in sorted({row["grade"] for row in own})
    ]
    small.tables["class_bands"] = bands
    pupils = sum(int(row["pupils"]) for row in own)
    by_stage = {row["stage"]: row for row in small.tables["enrolment"] if row["school_id"] == "N"}
    by_stage["junior"]["pupils"] = str(min(pupils, 50 * len(bands)))
    primary = sum(row["school_id"] == "N" for row in small.tables["classes"])
    limit = 3 * (primary + len(bands)) + 20
    for rooms, is_odd in ((limit, False), (limit + 1, True)):
        small.row("premises", school_id="N")["multimedia_rooms"] = str(rooms)
        said = [p.found for p in found(small) if "网络多媒体教室" in p.found and "个班" in p.found]
        assert said == ([f"网络多媒体教室 {rooms} 间，全校 {primary + len(bands)} 个班"] if is_odd else [])
