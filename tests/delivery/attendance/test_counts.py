"""The counts that follow the cases: what a proven case changes, what an unproven one never does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delivery.attendance.cases import AttendanceCase
from core.delivery.attendance.counts import cases_of, explanation, followed
from core.delivery.owed.attendance import townships_explained
from core.delivery.status.status import township_statuses
from core.facts.county_series import Attendance
from tests.support.demo_county import Demo

OPENED = date(2023, 11, 30)
REPORTED = Attendance("350526100", 100, 97, 0, 2, 1)


def case(
    outcome: str | None = None, checked: bool | None = None, kind: str = "not_enrolled", notice: bool = False
) -> AttendanceCase:
    """A case as it stands."""
    day = date(2023, 9, 10)
    return AttendanceCase(
        number=1, case_id="K1", kind=kind, source="township", township_code="350526100", school_id=None, grade=1,  # type: ignore[arg-type]
        found_on=day, confirmed_on=None, notice_number=1 if notice else None, notice_on=day if notice else None,
        term=date(2023, 9, 20) if notice else None, outcome=outcome, outcome_on=day if outcome else None, proof=None,  # type: ignore[arg-type]
        day=day, actor="张三", verified=True, checked=checked,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cases", "school_age", "enrolled"),
    [
        ([], 100, 97),
        ([case("returned", True)], 100, 98),
        ([case("home_teaching", True), case("transferred", True)], 100, 99),
        ([case("deferred", True)], 99, 97),
        ([case("deferred", True)] * 3, 97, 97),
        # More cases than children reported missing: so many more were not enrolled, and the law excuses all of them.
        ([case("deferred", True)] * 9, 91, 91),
        ([case()] * 9, 100, 91),
        ([case("returned", True)] * 9, 100, 100),
        ([case("returned", None)], 100, 97),
        ([case("returned", False)], 100, 97),
        ([case("lost", True)], 100, 97),
        ([case()], 100, 97),
        # Who left a school stood on its roll when the figures were taken.
        ([case("returned", True, kind="left")], 100, 97),
    ],
)
def test_a_proven_case_and_only_a_proven_one_moves_the_enrolled(
    cases: list[AttendanceCase], school_age: int, enrolled: int
) -> None:
    found = followed(REPORTED, cases)
    assert (found.school_age, found.enrolled) == (school_age, enrolled)


@pytest.mark.parametrize(
    ("cases", "served", "returned"),
    [
        # Fewer notices among the cases than were reported: what was reported stands.
        ([case("returned", True, "left", notice=True)], 2, 1),
        ([case("returned", True, "left", notice=True)] * 2, 2, 2),
        ([case("returned", True, "left", notice=True), case(None, None, "left", notice=True)], 2, 1),
        ([case("returned", True, "left", notice=True), case("suspended", True, "left", notice=True)], 1, 1),
        ([case("returned", None, "left", notice=True)] * 3, 3, 0),
    ],
)
def test_the_notices_are_those_of_the_cases_once_these_are_as_many(
    cases: list[AttendanceCase], served: int, returned: int
) -> None:
    found = followed(REPORTED, cases)
    assert (found.notices_served, found.notices_returned) == (served, returned)


outcomes = st.sampled_from(
    [None, "returned", "home_teaching", "transferred", "deferred", "suspended", "abroad", "registration", "lost"]
)
some_cases = st.lists(
    st.builds(case, outcomes, st.sampled_from([None, True, False]), st.sampled_from(["not_enrolled", "left"]), st.booleans()),
    max_size=12,
)  # fmt: skip
counts = st.one_of(st.none(), st.integers(0, 40))


@given(counts, counts, counts, counts, some_cases)
def test_no_cases_make_more_children_than_there_are_and_unproven_ones_turn_nothing_green(
    school_age: int | None, enrolled: int | None, served: int | None, returned: int | None, cases: list[AttendanceCase]
) -> None:
    reported = Attendance("350526100", school_age, enrolled, 0, served, returned)
    found = followed(reported, cases)
    # What was not reported stays so.
    assert (found.school_age is None) == (school_age is None) and (found.enrolled is None) == (enrolled is None)
    if school_age is not None and enrolled is not None and enrolled <= school_age:
        assert found.school_age is not None and found.enrolled is not None
        assert 0 <= found.enrolled <= found.school_age <= school_age
        absent = [c for c in cases if c.kind == "not_enrolled"]
        missing = min(max(school_age - enrolled, len(absent)), school_age)
        assert (found.school_age - found.enrolled) == max(missing - sum(not c.is_open for c in absent), 0)
    if found.notices_served is not None and found.notices_returned is not None and cases:
        noticed = [c for c in cases if c.notice_on]
        if noticed and len(noticed) >= (served or 0):
            assert found.notices_returned <= found.notices_served
            assert found.notices_served - found.notices_returned == sum(c.is_open for c in noticed)


def test_the_demonstration_county_says_who_is_missing_and_for_whom_nobody_wrote(demo: Demo) -> None:
    found = {t.name: t for t in townships_explained(demo.on(OPENED))}
    assert (found["浔中镇"].explained.missing, found["浔中镇"].explained.without_case) == (14, 6)
    assert (found["三班镇"].explained.missing, found["三班镇"].explained.without_case) == (2, 2)
    assert found["三班镇"].reported == found["三班镇"].followed
    statuses = {code: township_statuses(demo.on(OPENED), code)["T02-2"].metric for code in ("350526104", "350526102")}
    assert statuses["350526104"] is not None and statuses["350526104"].fulfilled, (
        "its one child was deferred, and checked"
    )
    assert statuses["350526102"] is not None and not statuses["350526102"].fulfilled
    # It was there on the day of its outcome, not on the day of the figures that did not show it.
    there = township_statuses(demo.on(OPENED), "350526104")["T02-2"].standing
    [deferred] = [c for c in cases_of(demo.on(OPENED).cases, 2023, "350526104") if c.kind == "not_enrolled"]
    assert there.completed_on == deferred.outcome_on
    assert found["浔中镇"].explained == explanation(
        found["浔中镇"].reported, cases_of(demo.on(OPENED).cases, 2023, "350526100")
    )
