"""A class-size cap needs what counting by hand says."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestInvalid
from core.outlook.baseline import Baseline
from core.outlook.what_if.class_plan import changed_by_percent, class_plan, split_at_cap, with_pupils

grades = st.dictionaries(
    st.integers(1, 9), st.lists(st.integers(1, 70), min_size=1, max_size=8).map(tuple), min_size=1, max_size=6
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(grades, st.integers(0, 3000))
def test_classes_share_new_pupils_in_proportion_and_lose_none(rolls: dict[int, tuple[int, ...]], pupils: int) -> None:
    scaled = with_pupils(rolls, pupils)
    before, after = sum(map(sum, rolls.values())), sum(map(sum, scaled.values()))
    assert after == pupils
    assert {grade: len(sizes) for grade, sizes in scaled.items()} == {grade: len(s) for grade, s in rolls.items()}
    for grade, sizes in rolls.items():
        for old, new in zip(sizes, scaled[grade], strict=True):
            assert abs(new - old * pupils / before) < 1


@settings(max_examples=200, deadline=None, derandomize=True)
@given(grades, st.integers(35, 50))
def test_a_cap_is_kept_with_the_fewest_more_classes(rolls: dict[int, tuple[int, ...]], cap: int) -> None:
    planned = split_at_cap(rolls, cap)
    for grade, sizes in rolls.items():
        assert sum(planned[grade]) == sum(sizes)
        assert max(planned[grade]) <= cap
        assert len(planned[grade]) == max(len(sizes), -(-sum(sizes) // cap)) or max(sizes) <= cap


def test_a_grade_of_92_in_two_classes_needs_a_third_at_45() -> None:
    assert split_at_cap({1: (46, 46), 2: (45, 44)}, 45) == {1: (31, 31, 30), 2: (45, 44)}


def test_the_totals_are_the_sum_of_the_rows_and_a_lower_cap_needs_more(present: Baseline) -> None:
    plan, tighter = class_plan(present), class_plan(present, primary_cap=35, junior_cap=40)
    for total in plan.totals:
        rows = [row for row in plan.rows if total.stage in (None, row.stage)]
        assert total.rooms_more == sum(row.rooms_more for row in rows)
        assert total.classes_now == sum(row.classes_now for row in rows)
    assert tighter.totals[-1].rooms_more > plan.totals[-1].rooms_more > 0
    assert all(row.largest <= (35 if row.stage == "primary" else 40) for row in tighter.rows)


def test_new_classes_are_staffed_as_the_school_staffs_its_own(present: Baseline) -> None:
    for row in class_plan(present, primary_cap=38).rows:
        teachers = present.facts.enrolment[row.school_id, row.stage]["teachers"]
        assert teachers is not None and row.teachers_more is not None
        exact = row.rooms_more * teachers / row.classes_now
        assert exact <= row.teachers_more < exact + 1


def test_percent_is_rounded_half_up_and_bounded() -> None:
    assert [changed_by_percent(pupils, Decimal("2.5")) for pupils in (20, 100, 220)] == [21, 103, 226]
    with pytest.raises(RequestInvalid, match="最多减少 100%"):
        changed_by_percent(10, Decimal(-150))


@pytest.mark.parametrize("caps", [(34, 50), (46, 50), (45, 39), (45, 51)])
def test_a_cap_out_of_range_is_refused(present: Baseline, caps: tuple[int, int]) -> None:
    with pytest.raises(RequestInvalid, match="班额上限应在"):
        class_plan(present, primary_cap=caps[0], junior_cap=caps[1])
