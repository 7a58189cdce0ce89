"""Levers turn into changes that add up, and refuse what cannot be with a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestInvalid
from core.method.assessment import Verdict
from core.method.changes import Change, CloseSchool, MergeSchool, OpenSchool
from core.method.engine import assess
from core.outlook.baseline import Baseline, Place
from core.outlook.what_if.codec import changes_from, levers_from, to_text
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import (
    GROUP_NAMES,
    RESOURCES,
    AddResource,
    ClassCap,
    FinishProject,
    Lever,
    MovePupils,
    MoveTeachers,
    OpenClasses,
    PupilsPercent,
    group_of,
)
from core.store.database import Store
from tests.support.present import COUNTY, STANDARD, YEAR

ONE, OTHER, TOWNSHIP = "350526-0001", "350526-0002", "350526100"
# All classes over the limit are this school's first grade; the other lacks a music and an art room.
CROWDED, WITHOUT_ROOMS = "350526-0007", "350526-0017"
EVERY_LEVER: tuple[Lever, ...] = (
    AddResource("L3", 3, Place("township", TOWNSHIP), "primary"),
    MoveTeachers("L2", 1, ONE, OTHER, "primary"),
    PupilsPercent(Decimal("-2.5")),
    MovePupils(20, ONE, OTHER, "primary"),
    ClassCap("junior", 45, Place("school", "350526-0017")),
    OpenClasses(1, CROWDED, "primary", 1),
    FinishProject("教学楼", OTHER, "2024-07-31", teaching_area_m2=Decimal("1200.5")),
    OpenSchool("NEW", "新校", "primary", TOWNSHIP, zone="urban", central_area=1),
    MergeSchool(ONE, OTHER, False, "布局调整"),
    CloseSchool("NEW"),
    Change(OTHER, "primary", "pupils", "set", Decimal(7)),
)


def added(changes: list[Change], fact: str) -> Decimal:
    return sum((c.amount for c in changes if isinstance(c, Change) and c.fact == fact), Decimal(0))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(RESOURCES)),
    st.integers(min_value=0, max_value=5000),
    st.sampled_from([Place(), Place("township", TOWNSHIP), Place("school", ONE)]),
)
def test_a_total_is_handed_out_whole(present: Baseline, code: str, amount: int, place: Place) -> None:
    changes = changes_for([AddResource(code, amount, place)], present)
    for fact in RESOURCES[code].facts:
        assert added(changes, fact) == amount


def test_what_is_missing_is_filled_first_and_least_first(present: Baseline) -> None:
    missing = sorted(
        (row.indicator("L2").whole_units_missing(), row.school_id)
        for row in present.assessment.rows
        if row.indicator("L2").verdict is Verdict.NOT_MET
    )
    assert len(missing) >= 2
    changes = changes_for([AddResource("L2", missing[0][0])], present)
    assert [(c.school_id, c.amount) for c in changes] == [(missing[0][1], missing[0][0])]


def test_no_lever_is_no_change_and_the_present_stays(demo: Store, present: Baseline) -> None:
    assert changes_for([], present) == []
    assert changes_for([AddResource("L1", 0), PupilsPercent(Decimal(0))][:1], present) == []
    levers = [AddResource("L5", 9000), PupilsPercent(Decimal(12)), ClassCap("primary", 40)]
    assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(levers, present))
    assert assess(demo, STANDARD, COUNTY, YEAR) == present.assessment


def test_enough_of_everything_makes_every_known_row_pass(demo: Store, present: Baseline) -> None:
    levers = [AddResource("L2", 10), AddResource("L4", 6000), AddResource("L5", 6000)]
    after = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(levers, present))
    assert present.assessment.schools_part.not_met > 0
    assert after.schools_part.not_met == 0
    assert after.item("G9").verdict is present.assessment.item("G9").verdict
    assert after.item("G12").verdict is present.assessment.item("G12").verdict


def test_fewer_pupils_make_smaller_classes_and_a_cap_ends_oversized_ones(demo: Store, present: Baseline) -> None:
    capped = changes_for([ClassCap("primary", 45), ClassCap("junior", 50)], present)
    after = assess(demo, STANDARD, COUNTY, YEAR, changes=capped)
    assert present.assessment.item("G5").verdict is Verdict.NOT_MET
    assert after.item("G5").verdict is Verdict.MET
    fewer = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for([PupilsPercent(Decimal(-20))], present))
    largest = {(c.school_id, c.stage): c.largest for c in present.assessment.class_sizes}
    assert all(c.largest <= largest[c.school_id, c.stage] for c in fewer.class_sizes)


def test_moved_pupils_and_teachers_arrive(demo: Store, present: Baseline) -> None:
    levers = [MovePupils(120, ONE, OTHER, "primary"), MoveTeachers("L3", 2, ONE, OTHER, "primary")]
    after = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(levers, present))
    moves = {ONE: -1, OTHER: 1}
    for school_id, sign in moves.items():
        before_row, row = present.assessment.row(school_id, "primary"), after.row(school_id, "primary")
        assert before_row is not None and row is not None
        assert row.pupils == (before_row.pupils or 0) + sign * 120
        arts = [r.indicator("L3").amount or 0 for r in (before_row, row)]
        assert arts[1] - arts[0] == pytest.approx(sign * 2)


def test_a_new_school_takes_pupils_in_classes_within_the_limit(demo: Store, present: Baseline) -> None:
    levers: list[Lever] = [
        OpenSchool("NEW", "新校", "primary", TOWNSHIP),
        MovePupils(100, ONE, "NEW", "primary"),
        AddResource("L7", 4, Place("school", "NEW")),
        MovePupils(20, OTHER, "NEW", "primary"),
    ]
    row = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(levers, present)).row("NEW", "primary")
    assert row is not None
    assert (row.pupils, row.classes, row.largest_class, row.indicator("L7").verdict) == (120, 3, 40, Verdict.MET)


def test_levers_after_a_merger_work_on_the_school_that_received(demo: Store, present: Baseline) -> None:
    levers: list[Lever] = [MergeSchool(ONE, OTHER, True, "布局调整"), ClassCap("primary", 40, Place("school", OTHER))]
    row = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(levers, present)).row(OTHER, "primary")
    assert row is not None and row.largest_class is not None
    assert row.largest_class <= 40
    assert row.pupils == sum(r.pupils or 0 for r in present.assessment.rows if r.school_id in (ONE, OTHER))


@pytest.mark.parametrize(
    ("lever", "sentence"),
    [
        (AddResource("L9", 1), "没有指标“L9”"),
        (AddResource("L1", 1, Place("school", "X")), "没有学校“X”"),
        (AddResource("L1", 1, Place("township", "X")), "没有乡镇“X”"),
        (AddResource("L1", 1, Place("township", "350526200")), "没有参评的学校"),
        (MoveTeachers("L4", 1, ONE, OTHER, "primary"), "不是教师"),
        (MoveTeachers("L2", 999, ONE, OTHER, "primary"), "不能调出 999 名"),
        (MoveTeachers("L2", 0, ONE, OTHER, "primary"), "应大于 0"),
        (MoveTeachers("L2", 1, ONE, ONE, "primary"), "相同"),
        (MovePupils(99999, ONE, OTHER, "primary"), "不能转出 99999 人"),
        (MovePupils(-5, ONE, OTHER, "primary"), "应大于 0"),
        (MovePupils(5, ONE, OTHER, "junior"), "没有初中学段"),
        (PupilsPercent(Decimal(-101)), "最多减少 100%"),
        (OpenClasses(0, CROWDED, "primary", 1), "可增开 1–228 个，现为 0 个"),
        (OpenClasses(229, CROWDED, "primary", 1), "可增开 1–228 个，现为 229 个"),
        (OpenClasses(1, CROWDED, "junior", 7), "没有 7 年级的班级"),
        (ClassCap("primary", 46), "35–45"),
        (ClassCap("junior", 39), "40–50"),
    ],
)
def test_a_lever_that_cannot_be_pulled_says_why(present: Baseline, lever: Lever, sentence: str) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        changes_for([AddResource("L7", 1), lever], present)


def test_one_class_more_in_the_crowded_grade_and_the_missing_rooms_meet_their_items(
    demo: Store, present: Baseline
) -> None:
    levers = [
        OpenClasses(1, CROWDED, "primary", 1),
        *(Change(WITHOUT_ROOMS, None, fact, "add", Decimal(1)) for fact in ("music_rooms", "art_rooms")),
    ]
    after = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(levers, present))
    before = {c.school_id: c for c in present.assessment.class_sizes}[CROWDED]
    now = {c.school_id: c for c in after.class_sizes}[CROWDED]
    assert (before.over_limit, now.over_limit, now.classes - before.classes) == (5, 0, 1)
    assert [present.assessment.item(code).verdict.value for code in ("G5", "G3")] == ["not_met", "not_met"]
    assert [after.item(code).verdict.value for code in ("G5", "G3")] == ["met", "met"]


def test_taking_away_more_than_there_is_is_refused_when_judged(demo: Store, present: Baseline) -> None:
    changes = changes_for([AddResource("L7", -500, Place("school", ONE))], present)
    with pytest.raises(RequestInvalid, match=r"网络多媒体教室.*不能为负数"):
        assess(demo, STANDARD, COUNTY, YEAR, changes=changes)


def test_levers_and_changes_survive_as_text(present: Baseline) -> None:
    assert tuple(levers_from(to_text(EVERY_LEVER))) == EVERY_LEVER
    changes = changes_for(EVERY_LEVER[:7], present)
    assert changes_from(to_text(changes)) == changes
    assert {GROUP_NAMES[group_of(lever)] for lever in EVERY_LEVER} == {"教师", "生源", "班额", "学校", "项目"}


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '[{"type":"x"}]', '[{"type":"add"}]', '[{"type":"add","code":"L1","amount":"3"}]',
     '[{"type":"pupils_percent","percent":"NaN"}]', '[{"type":"add","code":"L1","amount":1,"place":["x","y"]}]',
     '[{"type":"change","school_id":"a","stage":null,"fact":"pupils","operation":"add","amount":"1"}]'],
)  # fmt: skip
def test_a_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(RequestInvalid, match="无法读取"):
        levers_from(text)


def test_only_changes_are_read_as_changes() -> None:
    with pytest.raises(RequestInvalid, match="无法读取"):
        changes_from(to_text([AddResource("L1", 1)]))
