"""How likely a coming year passes: every draw is judged, a failure counts as one, and what varies is what was asked."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from core.errors import RequestInvalid
from core.method.assessment import Assessment
from core.method.changes import Change, Changes, CloseSchool, OpenSchool
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.cheapest.cheapest import cheapest_plan
from core.outlook.forecast.chances import Chance, Chances, chances, kept_changes
from core.outlook.forecast.cohort_model import Source
from core.outlook.forecast.cohorts import Cohorts, cohorts
from core.outlook.forecast.forecast import draws, forecast
from core.outlook.forecast.forecast_effects import drawn_changes, forecast_changes, pupil_changes
from core.progress import Stopped
from core.rules.prices import load_prices
from core.store.database import Store
from core.wording.planning.chances import SOURCE_WORDS, chance_sentence, weight_sentence
from tests.support.present import COUNTY, STANDARD, YEAR

Judge = Callable[[Changes], Assessment]


@pytest.fixture(scope="module")
def pupils(demo: Store) -> Cohorts:
    return cohorts(demo, STANDARD, COUNTY, tuple(range(2018, YEAR + 1)))


@pytest.fixture(scope="module")
def judge(demo: Store) -> Judge:
    return lambda changes: assess(demo, STANDARD, COUNTY, YEAR, changes=changes)


def test_a_plan_with_margin_leaves_less_failing_than_one_for_the_expected_pupils_and_that_less_than_none(
    pupils: Cohorts, present: Baseline, judge: Judge
) -> None:
    ahead = forecast_changes(forecast(pupils, horizon=1), present, YEAR + 1)
    coming = replace(present, assessment=judge(ahead))
    plan = cheapest_plan(coming, load_prices(), lambda changes: judge([*ahead, *changes]), with_bound=False)
    bought = [change for change in plan.changes if isinstance(change, Change)]

    def chance(times: int) -> Chances:
        added = [replace(change, amount=change.amount * times) for change in bought]
        return chances(pupils, present, judge, YEAR + 1, changes=added, runs=8, runs_each=1)

    nothing, expected, generous = (chance(times) for times in (0, 1, 2))
    failing = [sum(found.whole.failing) for found in (nothing, expected, generous)]
    assert failing[0] > failing[1] > failing[2] and nothing.whole.share == 0 < generous.whole.share
    assert nothing.rows[0][1] == 1, "what is far off fails in every draw"
    assert nothing.unreported and nothing.unreported == generous.unreported, "what was not reported never passes"


def test_a_school_without_classes_by_grade_keeps_its_pupils_in_every_draw(pupils: Cohorts, present: Baseline) -> None:
    school_id = pupils.school_ids[0]
    unknown = replace(pupils, pupils=np.where(np.arange(len(pupils.school_ids))[None, :, None] == 0, 0, pupils.pupils))
    changed = drawn_changes(unknown.pupils[-1], unknown, present)
    assert school_id not in {change.school_id for change in changed}


def test_only_the_source_asked_for_varies(pupils: Cohorts) -> None:
    entries = draws(pupils, 1, 5, sources=frozenset({Source.ENTRIES}))
    assert (entries[:, :, 1:] == entries[:1, :, 1:]).all() and (entries[:, :, 0] != entries[:1, :, 0]).any()
    seventh = draws(pupils, 1, 5, sources=frozenset({Source.SEVENTH}))
    assert (np.delete(seventh, 6, 2) == np.delete(seventh[:1], 6, 2)).all() and seventh[:, :, 6].std() > 0
    still = draws(pupils, 1, 3, sources=frozenset())
    assert (still == still[:1]).all()
    assert (draws(pupils, 2, 3) == draws(pupils, 2, 3)).all(), "the same question has the same answer"


def test_a_draw_becomes_pupils_and_classes_that_add_up(pupils: Cohorts, present: Baseline, judge: Judge) -> None:
    drawn = draws(pupils, 1, 1)[0]
    changes = drawn_changes(drawn, pupils, present)
    judged = judge(changes)
    for row in judged.rows:
        place = pupils.school_ids.index(row.school_id)
        grades = slice(0, 6) if row.stage == "primary" else slice(6, 9)
        assert row.pupils == drawn[place, grades].sum()


def test_new_rooms_open_classes_where_they_would_be_too_large(present: Baseline) -> None:
    key = next(k for k, rolls in present.rolls_by_stage.items() if k[1] == "primary" and rolls)
    rolls = present.rolls_by_stage[key]
    classes = sum(len(sizes) for sizes in rolls.values())
    crowded = {key: {grade: len(sizes) * 46 for grade, sizes in rolls.items()}}

    def largest(rooms: dict[str, int]) -> Decimal:
        found = [c for c in pupil_changes(crowded, present, rooms) if isinstance(c, Change)]
        assert next(c.amount for c in found if c.fact == "classes") == classes + min(rooms.get(key[0], 0), len(rolls))
        return next(c.amount for c in found if c.fact == "largest_class")

    assert largest({}) == 46
    assert largest({key[0]: 99}) <= 45, "every grade gets the class it needs, and no more are opened"


def test_a_plan_counts_with_its_resources_only() -> None:
    teacher = Change("S1", "primary", "teachers", "add", Decimal(1))
    area = Change("S1", None, "teaching_area_m2", "add", Decimal(9))
    pupils = Change("S1", "primary", "pupils", "add", Decimal(9))
    classes = Change("S1", "primary", "classes", "set", Decimal(9))
    assert kept_changes([teacher, pupils, area, classes, CloseSchool("S1")]) == (teacher, area)
    new = [OpenSchool("NEW-1", "新校", "primary", "350526100"), replace(area, school_id="NEW-1")]
    assert kept_changes([*new, teacher]) == (teacher,), "a school that does not stand has no forecast"


def test_the_interval_says_how_little_few_draws_tell() -> None:
    never, always, half = Chance(None, (1,) * 60), Chance(None, (0,) * 60), Chance(None, (0, 1) * 30)
    assert never.interval[0] == 0 and 0.05 < never.interval[1] < 0.07
    assert always.interval[1] == pytest.approx(1) and 0.93 < always.interval[0] < 0.95
    assert half.interval == pytest.approx((0.377, 0.623), abs=0.001)


def test_the_weightiest_uncertainty_is_named(pupils: Cohorts, present: Baseline, judge: Judge) -> None:
    found = chances(pupils, present, judge, YEAR + 1, runs=2, runs_each=1)
    assert found.weightiest is None and "取决于现有的缺口" in weight_sentence(found)
    one = Chance(Source.SCHOOLS, (1, 5, 2))
    moved = type(found)(found.year, found.whole, (Chance(Source.ENTRIES, (1, 1)), one), (), (), ())
    assert moved.weightiest is one
    assert SOURCE_WORDS[Source.SCHOOLS] in weight_sentence(moved) and "1–5 处" in weight_sentence(moved)
    assert "2 次抽样中 0 次" in chance_sentence(found)


def test_a_year_out_of_reach_is_refused_and_a_stop_is_heeded(pupils: Cohorts, present: Baseline, judge: Judge) -> None:
    with pytest.raises(RequestInvalid, match="2024–2028，现为 2023"):
        chances(pupils, present, judge, YEAR)

    def stop(share: float) -> None:
        if share > 0:
            raise Stopped

    with pytest.raises(Stopped):
        chances(pupils, present, judge, YEAR + 1, runs=3, runs_each=1, tell=stop)
