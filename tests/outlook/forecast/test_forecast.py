"""Forecasts move cohorts up, keep pupils when they move, widen with the years, and say how wrong they were."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from core.errors import FiguresMissing, RequestInvalid
from core.method.assessment import Verdict
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.forecast.cohorts import Cohorts, cohorts
from core.outlook.forecast.forecast import Forecast, back_test, forecast
from core.outlook.forecast.forecast_effects import breaks, forecast_changes, stage_needs
from core.store.database import Store
from tests.support.present import COUNTY, STANDARD, YEAR


@pytest.fixture(scope="module")
def past(demo: Store) -> Cohorts:
    return cohorts(demo, STANDARD, COUNTY, range(2018, YEAR + 1))


@pytest.fixture(scope="module")
def ahead(past: Cohorts) -> Forecast:
    return forecast(past)


def steady(years: int = 5) -> Cohorts:
    """Two primary schools and a junior school whose every cohort stays as it is."""
    pupils = np.zeros((years, 3, 9))
    pupils[:, 0, :6], pupils[:, 1, :6], pupils[:, 2, 6:] = 80, 40, 120
    return Cohorts(
        tuple(range(2019, 2019 + years)),
        ("A", "B", "C"),
        ("甲", "乙", "丙"),
        ("350526100", "350526107", "350526100"),
        np.array([True, False, True]),
        pupils,
        {
            (year, stage): total
            for year in range(2019, 2019 + years)
            for stage, total in (("primary", 720), ("junior", 360))
        },
    )


def test_cohorts_on_record_are_the_class_rolls(past: Cohorts, present: Baseline) -> None:
    assert past.years == tuple(range(2018, YEAR + 1))
    compulsory = [r for r in present.rolls if r.kind != "special"]
    assert past.pupils[-1].sum() == sum(r.pupils for r in compulsory)
    for stage in ("primary", "junior"):
        assert past.recorded[YEAR, stage] == sum(r.pupils for r in compulsory if r.stage == stage)
        # Schools closed since are in the earlier years too.
        grades = slice(0, 6) if stage == "primary" else slice(6, 9)
        assert past.recorded[2018, stage] >= past.pupils[0][:, grades].sum()


def test_what_never_changed_stays(past: Cohorts) -> None:
    found = forecast(steady())
    assert {(f.school_id, f.stage, f.pupils) for f in found.schools} == {
        ("A", "primary", 480),
        ("B", "primary", 240),
        ("C", "junior", 360),
    }
    assert all(test.error_share == test.same_as_last_year_share == 0 for test in back_test(steady()))


def test_a_large_cohort_moves_up_and_leaves() -> None:
    past = steady()
    for grade in range(5):
        past.pupils[grade, 0, grade] = 160
    by_grade = {(g.grade, g.year): g.pupils for g in forecast(past).grades if g.school_id == "A"}
    assert by_grade[6, 2024] == pytest.approx(160, abs=8)
    assert by_grade[6, 2025] == pytest.approx(80, abs=8)
    seventh = {g.year: g.pupils for g in forecast(past).grades if g.grade == 7}
    assert seventh[2025] > seventh[2024] + 60


def test_the_same_past_gives_the_same_forecast_and_intervals_hold_and_widen(past: Cohorts, ahead: Forecast) -> None:
    assert forecast(past) == ahead
    assert all(f.low <= f.pupils <= f.high for f in ahead.county)
    width = {f.year: f.high - f.low for f in ahead.county if f.stage == "primary"}
    assert sorted(width.values()) == list(width.values())
    sums = {(f.year, f.stage): f.pupils for f in ahead.county}
    for (year, stage), pupils in sums.items():
        listed = [f.pupils for f in ahead.schools if (f.year, f.stage) == (year, stage)]
        assert sum(listed) == pytest.approx(pupils, abs=len(listed))


def test_migration_moves_pupils_to_town_and_loses_none(past: Cohorts, ahead: Forecast) -> None:
    moved = forecast(past, migration_share=Decimal("0.1"))
    central = dict(zip(past.school_ids, past.is_central, strict=True))

    def town(found: Forecast) -> int:
        return sum(f.pupils for f in found.schools if f.year == YEAR + 1 and central[f.school_id or ""])

    def everyone(found: Forecast) -> int:
        return sum(f.pupils for f in found.schools if f.year == YEAR + 1)

    assert town(moved) > town(ahead)
    assert everyone(moved) == pytest.approx(everyone(ahead), abs=len(past.school_ids))


def test_past_forecasts_are_nearer_than_the_last_year(past: Cohorts) -> None:
    tests = back_test(past)
    assert [t.years_ahead for t in tests] == [1, 2, 3, 4]
    assert tests[0].error_share < tests[0].same_as_last_year_share
    assert all(t.compared > 0 for t in tests)


def test_a_back_test_knows_nothing_of_what_came_later(past: Cohorts) -> None:
    altered = replace(past, pupils=past.pupils.copy())
    altered.pupils[-1] *= 3
    assert np.array_equal(altered.until(2020).pupils, past.until(2020).pupils)
    assert altered.until(2020).years == (2018, 2019, 2020)


def test_a_coming_year_is_judged_like_facts(demo: Store, present: Baseline, ahead: Forecast) -> None:
    year = ahead.years[-1]
    after = assess(demo, STANDARD, COUNTY, YEAR, changes=forecast_changes(ahead, present, year))
    pupils = {(f.school_id, f.stage): 0 for f in ahead.schools}
    for grade in ahead.grades:
        if grade.year == year:
            pupils[grade.school_id, grade.stage] += grade.pupils
    for row in after.rows:
        assert row.pupils == pupils[row.key]
    classes = {(c.school_id, c.stage): c.classes for c in present.assessment.class_sizes}
    assert all(classes[c.school_id, c.stage] == c.classes for c in after.class_sizes if c.classes > 6)


def test_a_break_holds_today_and_not_in_its_year(demo: Store, present: Baseline, ahead: Forecast) -> None:
    grown = replace(ahead, grades=tuple(replace(g, pupils=g.pupils * 13 // 10) for g in ahead.grades))

    def judge(changes):  # type: ignore[no-untyped-def]
        return assess(demo, STANDARD, COUNTY, YEAR, changes=changes)

    found = breaks(grown, present, judge)
    assert {"G5", "L1"} <= {b.code for b in found}
    assert len({(b.school_id, b.stage, b.code) for b in found}) == len(found)
    one = next(b for b in found if b.code == "L1" and not b.now)
    assert one.years and found == tuple(sorted(found, key=lambda b: b.now)), "what is new comes first"
    rows = [present.assessment.row(one.school_id or "", one.stage or "")]
    rows.append(judge(forecast_changes(grown, present, one.years[0])).row(one.school_id or "", one.stage or ""))
    assert [row.indicator("L1").verdict for row in rows if row] == [Verdict.MET, Verdict.NOT_MET]


def test_what_is_broken_today_is_listed_apart_and_classes_agree_with_the_rooms_needed(
    demo: Store, present: Baseline, ahead: Forecast
) -> None:
    found = breaks(ahead, present, lambda changes: assess(demo, STANDARD, COUNTY, YEAR, changes=changes))
    failing_now = {
        (row.school_id, row.stage, h.code)
        for row in present.assessment.rows
        for h in row.indicators
        if h.verdict is Verdict.NOT_MET
    }
    assert failing_now and failing_now <= {(b.school_id, b.stage, b.code) for b in found if b.now}
    crowded = {(b.school_id, b.stage) for b in found if b.code == "G5" and ahead.years[0] in b.years}
    needs = {(n.school_id, n.stage) for n in stage_needs(ahead, present) if n.year == ahead.years[0] and n.rooms_more}
    assert crowded == needs and any(b.now for b in found if b.code == "G5"), "every school that needs a room is named"


def test_needs_are_whole_classes_within_the_limit(present: Baseline, ahead: Forecast) -> None:
    limits = {"primary": 45, "junior": 50}
    for need in stage_needs(ahead, present):
        grades = [g for g in ahead.grades if (g.school_id, g.stage, g.year) == (need.school_id, need.stage, need.year)]
        assert need.classes == sum(-(-g.pupils // limits[need.stage]) for g in grades)
        assert need.classes <= need.classes_high
        assert (need.rooms_more > 0) == (need.classes > need.classes_now)


def test_what_cannot_be_forecast_is_refused(demo: Store, past: Cohorts) -> None:
    with pytest.raises(FiguresMissing, match="不足 2 个"):
        cohorts(demo, STANDARD, COUNTY, [YEAR])
    with pytest.raises(FiguresMissing, match="不足 2 个"):
        cohorts(demo, STANDARD, COUNTY, [YEAR - 2, YEAR])
    with pytest.raises(RequestInvalid, match="1–9 年"):
        forecast(past, horizon=0)
    with pytest.raises(RequestInvalid, match="每年进城比例"):
        forecast(past, migration_share=Decimal(1))
