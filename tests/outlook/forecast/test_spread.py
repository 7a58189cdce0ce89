"""Four of five outcomes lie inside an interval of 80 %, in counties that had no part in finding out how wide it must be."""

from collections.abc import Mapping

import numpy as np
import pytest

from benchmarks.forecast_spread import REFERENCE_SEEDS, TARGET, cohorts_made, reference, written
from core.outlook.forecast.cohorts import Cohorts
from core.outlook.forecast.forecast import back_test, forecast
from core.outlook.forecast.spread import Level, Spread, pooled, reference_spread, scores, spread_of
from demo.datasets import make_county
from tests.outlook.forecast.test_forecast import steady

DEMO_SEED = 34


@pytest.fixture(scope="module")
def counties() -> Mapping[int, Cohorts]:
    return {seed: cohorts_made(make_county("350526", seed)) for seed in (DEMO_SEED, *REFERENCE_SEEDS)}


def test_intervals_hold_four_of_five_outcomes_of_a_county_left_out(counties: Mapping[int, Cohorts]) -> None:
    scored = {seed: scores(county) for seed, county in counties.items()}
    inside: dict[tuple[Level, int], list[np.ndarray]] = {}
    for seed, own in scored.items():
        others = pooled(found for other, found in scored.items() if other != seed)
        for (level, ahead), origins in own.items():
            for origin in origins:
                inside.setdefault((level, ahead), []).append(origin <= others.at(level, ahead))
    coverage = {key: float(np.concatenate(found).mean()) for key, found in inside.items()}
    assert {ahead for _, ahead in coverage} == {1, 2, 3, 4}
    assert {key: share for key, share in coverage.items() if not 0.75 <= share <= 0.85} == {}


def test_forecasts_hold_them_too_as_each_was_made_at_its_time(counties: Mapping[int, Cohorts]) -> None:
    # The reference knows these counties, but not the one of the demonstration; coverage is what the page shows.
    tested = [test for county in counties.values() for test in back_test(county)]
    for ahead in (1, 2, 3, 4):
        listed = [test for test in tested if test.years_ahead == ahead]
        compared = sum(test.compared for test in listed)
        assert 0.75 <= sum(test.coverage * test.compared for test in listed) / compared <= 0.85
        assert sum(t.error_share for t in listed) < sum(t.same_as_last_year_share for t in listed)


def test_the_reference_is_what_its_counties_say() -> None:
    assert TARGET.read_text("utf-8") == written(reference())


def test_a_countys_own_back_tests_count_once_there_are_three(counties: Mapping[int, Cohorts]) -> None:
    demo, known = counties[DEMO_SEED], reference_spread()
    assert spread_of(demo.until(2021)) == Spread({level: tuple(s for s in known.stretch[level]) for level in Level})
    own = spread_of(demo)
    assert own.own == {1, 2} and own.at(Level.SCHOOL, 1) == pooled([scores(demo)]).at(Level.SCHOOL, 1)
    assert own.at(Level.SCHOOL, 4) == own.at(Level.SCHOOL, 7) == known.at(Level.SCHOOL, 4)
    # Of a county's two stages there are never enough outcomes.
    assert own.stretch[Level.COUNTY] == known.stretch[Level.COUNTY]
    assert forecast(demo).own_years == {1, 2} and forecast(demo.until(2020)).own_years == frozenset()


def test_a_school_that_closes_is_an_error_and_is_forecast_no_more() -> None:
    past = steady()
    past.pupils[-1, 1] = 0
    [first, *_] = back_test(past)
    # 240 pupils were expected where nobody came: in one of three origins, of 3,240 who did.
    assert first.compared == 9 and first.error_share == pytest.approx(240 / (3 * 1080 - 240))
    assert {f.school_id for f in forecast(past).schools} == {"A", "C"}


def test_classes_that_move_up_whole_are_the_yardstick_beside_the_last_year() -> None:
    past = steady()
    # A large cohort moves up, leaves the primary school after the third year and is at the junior school from then on.
    for year, (school, grade) in enumerate(((0, 3), (0, 4), (0, 5), (2, 6), (2, 7))):
        past.pupils[year, school, grade] += 80
    [first, *_] = back_test(past)
    assert first.moved_up_share < first.same_as_last_year_share
