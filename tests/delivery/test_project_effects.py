"""A finished project moves its school's indicators from its date on; a delay moves what passes to a later year."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from core.delivery.project_effects import (
    ComingYear,
    Slip,
    coming_years,
    completion_day,
    deliverables,
    earliest,
    overtaken,
    plan_in_year,
    plan_without_projects,
    project_lever,
    slips,
)
from core.delivery.projects import Project
from core.delivery.status.situation import Situation
from core.errors import RequestInvalid
from core.method.assessment import Assessment
from core.method.changes import Change, Changes
from core.method.engine import assess
from core.outlook.baseline import Baseline, baseline
from core.outlook.cheapest.cheapest import cheapest_plan
from core.outlook.forecast.cohorts import cohorts
from core.outlook.forecast.forecast import Forecast, forecast
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import AddResource
from core.outlook.what_if.scenario import Scenario
from core.progress import Stopped
from core.rules.prices import load_prices
from core.store.database import Store
from tests.support.demo_county import COUNTY, STANDARD, Demo

AS_OF = date(2023, 11, 30)
SPORTS, ANNEX = "P04", "P06"
SCHOOL = ("350526-0020", "junior")


class Desk:
    """The demonstration county with its projects, and its coming years."""

    def __init__(self, store: Store, situation: Situation) -> None:
        self.situation = situation
        self.judge: Callable[[Changes], Assessment] = lambda changes: assess(
            store, STANDARD, COUNTY, 2023, changes=changes
        )
        self.present: Baseline = baseline(store, STANDARD, COUNTY, 2023)
        self.forecast: Forecast = forecast(cohorts(store, STANDARD, COUNTY, tuple(range(2018, 2024))), horizon=3)

    def years(self, **delays: int) -> tuple[ComingYear, ...]:
        return coming_years(self.present, self.forecast, self.judge, self.situation, delays)

    def project(self, project_id: str) -> Project:
        return next(p for p in self.situation.projects if p.project_id == project_id)


@pytest.fixture(scope="module")
def desk(demo: Demo) -> Desk:
    return Desk(demo.store, demo.on(AS_OF))


def test_a_project_counts_from_the_first_snapshot_after_its_completion(desk: Desk) -> None:
    years = {year.year: year for year in desk.years()}
    assert years[2023].finished == () and years[2023].judged == desk.present.assessment
    assert set(years[2024].finished) == {"P04", "P05", "P06"} and years[2025].finished == years[2024].finished
    assert SCHOOL in years[2023].failing and SCHOOL not in years[2024].failing
    # A site is chosen, but no school stands there and no day is set.
    assert all(year.not_counted == ("P12",) for year in years.values() if year.year > 2023)


def test_a_delay_over_the_snapshot_costs_a_year(desk: Desk) -> None:
    on_time, late = desk.years(), desk.years(P06=2)
    assert ANNEX not in late[1].finished and ANNEX in late[2].finished
    assert Slip(SCHOOL, 2024, 2025) in slips(on_time, late)
    assert slips(on_time, on_time) == ()
    assert slips(on_time, desk.years(P06=1)) == (), "the last of August still counts at the snapshot of September"


def test_with_the_remaining_gaps_closed_the_projects_decide_the_earliest_year(desk: Desk) -> None:
    plan = cheapest_plan(desk.present, load_prices(), desk.judge, with_bound=False)
    kept = tuple(c for c in plan.changes if isinstance(c, Change) and c.school_id != SCHOOL[0])
    generous = [replace(c, amount=c.amount * 3) for c in kept]

    def first(**delays: int) -> int | None:
        return earliest(coming_years(desk.present, desk.forecast, desk.judge, desk.situation, delays, changes=generous))

    assert earliest(desk.years()) is None, "the projects alone do not close every gap"
    assert (first(), first(P06=2)) == (2024, 2025)


def test_only_what_the_school_is_known_to_have_is_added(desk: Desk) -> None:
    project = desk.project(SPORTS)
    assert deliverables(project, desk.present) == [
        Change("350526-0017", None, "sports_ground_area_m2", "add", Decimal(4200))
    ]
    assert deliverables(replace(project, school_id="350526-9999"), desk.present) == []
    assert deliverables(replace(project, sports_area_m2=None), desk.present) == []


def test_a_project_of_a_kept_plan_counts_once_and_from_its_day(desk: Desk) -> None:
    project = project_lever(desk.project(ANNEX), completion_day(desk.project(ANNEX), AS_OF))
    levers = (AddResource("L2", 8), project)
    changes = tuple(changes_for(levers, desk.present))
    bought = tuple(changes_for(levers[:1], desk.present))
    plan = Scenario(1, COUNTY, 2023, 1, "补短", "", levers, changes, None, "", datetime(2024, 1, 3))
    assert project.completed_on == "2024-07-31" and len(changes) > len(bought)
    assert tuple(plan_without_projects(plan)) == bought, (
        "the look ahead counts the project itself, by its day and delay"
    )
    assert tuple(plan_in_year(plan, 2024)) == changes
    later = replace(plan, levers=(levers[0], replace(project, completed_on="2024-09-02")))
    undated = replace(plan, levers=(levers[0], replace(project, completed_on="")))
    assert tuple(plan_in_year(later, 2024)) == tuple(plan_in_year(undated, 2028)) == bought


def test_the_day_of_completion(desk: Desk) -> None:
    project = desk.project(SPORTS)
    assert completion_day(project, AS_OF) == date(2024, 3, 31)
    assert completion_day(project, AS_OF, 11) == date(2025, 2, 28)
    done = replace(project, actual_completion=date(2023, 10, 1))
    assert completion_day(done, AS_OF, 12) == date(2023, 10, 1), "what is finished is delayed no more"
    overdue = replace(project, forecast_completion=None, planned_completion=date(2023, 6, 30))
    assert completion_day(overdue, AS_OF) is None, "a date that passed without completion is no date"
    with pytest.raises(RequestInvalid, match="推迟月数应在 0–36 之间"):
        completion_day(project, AS_OF, 37)


def test_what_falls_due_meanwhile_is_named(desk: Desk) -> None:
    assert overtaken(desk.situation, {}) == ()
    earlier = replace(desk.situation, as_of=date(2022, 12, 31))
    [found] = overtaken(replace(earlier, projects=(desk.project("P05"),)), {"P05": 6})
    assert (found.planned, found.delayed) == (date(2023, 12, 31), date(2024, 6, 30))
    ending_then = {t.target_id for t in desk.situation.plan.dated_targets if t.deadline == date(2023, 12, 31)}
    assert ending_then and set(found.target_ids) == ending_then


def test_it_can_be_stopped(desk: Desk) -> None:
    def stop(share: float) -> None:
        if share > 0:
            raise Stopped

    with pytest.raises(Stopped):
        coming_years(desk.present, desk.forecast, desk.judge, desk.situation, {}, tell=stop)
