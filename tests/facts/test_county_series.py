"""Figures of several years are those that count now; what was not reported stays so."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing, register
from core.batches.corrections import Correction, correct_figures
from core.facts import county_series
from tests.support.demo_county import COUNTY as DEMO_CODE
from tests.support.demo_county import LOADED_AT, STANDARD, Demo
from tests.support.small_county import COUNTY, YEAR, dataset, stored, two_schools


def test_figures_by_year_leave_out_what_was_not_reported(demo: Demo) -> None:
    found = county_series.figures(demo.store, DEMO_CODE)
    assert sorted(found) == [2018, 2019, 2020, 2021, 2022, 2023]
    assert found[2021]["training_funds_yuan"] == Decimal(10053887)
    assert "title_appointment_target" not in found[2020] and "rotation_backbone" not in found[2023]


def test_sums_over_schools_are_unknown_when_one_school_did_not_report() -> None:
    county = two_schools()
    with stored(county.tables) as store:
        sums = county_series.school_sums(store, COUNTY, STANDARD.kinds_without_staff)[YEAR]
        assert (sums["pupils"], sums["operating_funds_yuan"]) == (2000, 2 * 1000 * 700)
    county.row("premises", school_id="P")["operating_funds_yuan"] = ""
    county.tables["enrolment"] = [r for r in county.tables["enrolment"] if r["school_id"] != "J"]
    county.tables["classes"] = [r for r in county.tables["classes"] if r["school_id"] != "J"]
    with stored(county.tables) as store:
        sums = county_series.school_sums(store, COUNTY, STANDARD.kinds_without_staff)[YEAR]
        assert (sums["pupils"], sums["operating_funds_yuan"], sums["teachers"]) == (None, None, None)


def test_contract_teachers_have_no_sum_while_a_school_is_silent_and_the_silent_are_counted() -> None:
    county = two_schools()
    county.school("Q", "primary", {"primary": 500}, contract_teachers=5)
    with stored(county.tables) as store:
        assert (
            county_series.school_sums(store, COUNTY, STANDARD.kinds_without_staff)[YEAR]["contract_teachers"] is None
        ), "5 would be too few"
        assert county_series.without_contract_teachers(store, COUNTY, YEAR, STANDARD.kinds_without_staff) == 2
    for school_id, reported in (("P", "0"), ("J", "3")):
        county.row("enrolment", school_id=school_id)["contract_teachers"] = reported
    with stored(county.tables) as store:
        assert county_series.school_sums(store, COUNTY, STANDARD.kinds_without_staff)[YEAR]["contract_teachers"] == 8
        assert county_series.without_contract_teachers(store, COUNTY, YEAR, STANDARD.kinds_without_staff) == 0


def test_schools_of_a_year_are_the_open_ones_with_their_pairs(demo: Demo) -> None:
    before = {s.school_id: s for s in county_series.schools_of_year(demo.store, DEMO_CODE, 2020)}
    after = {s.school_id: s for s in county_series.schools_of_year(demo.store, DEMO_CODE, 2021)}
    assert "350526-0029" not in before
    campus = after["350526-0029"]
    assert (campus.paired_school_id, campus.pairing_kind, campus.central_area) == ("350526-0002", "名校办分校", True)
    assert campus.lon is not None and campus.lat is not None and campus.pupils
    assert county_series.schools_of_year(demo.store, DEMO_CODE, 1999) == ()


def test_attendance_by_township(demo: Demo) -> None:
    found = county_series.attendance(demo.store, DEMO_CODE)[2023]["350526204"]
    assert (found.school_age, found.enrolled, found.figure("notices_served")) == (694, 692, 3)


def test_facts_count_since_their_publication_or_the_rollback_that_restored_them(demo: Demo) -> None:
    assert set(county_series.publication_days(demo.store, DEMO_CODE)[2023].values()) == {LOADED_AT.date()}
    with stored(two_schools().tables) as store:
        days = county_series.publication_days(store, COUNTY)[YEAR]
        assert set(days.values()) == {date(2022, 11, 30)}
        later = two_schools(figures={"vacant_posts": 1})
        now = datetime(2023, 3, 1)
        batch_id = loading.load(store, dataset(later.tables), STANDARD, LOCAL_ADMINISTRATOR, now)
        assert set(county_series.publication_days(store, COUNTY)[YEAR].values()) == {date(2022, 11, 30)}
        publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, now, "")
        assert set(county_series.publication_days(store, COUNTY)[YEAR].values()) == {date(2023, 3, 1)}
        publishing.withdraw(store, batch_id, LOCAL_ADMINISTRATOR, datetime(2023, 5, 2), "有误")
        assert set(county_series.publication_days(store, COUNTY)[YEAR].values()) == {date(2023, 5, 2)}
        first = register.batches(store)[-1].batch_id
        publishing.withdraw(store, first, LOCAL_ADMINISTRATOR, datetime(2023, 6, 3), "有误")
        assert county_series.publication_days(store, COUNTY)[YEAR] == {}


def test_a_correction_of_the_countys_own_figures_leaves_the_days_of_the_townships() -> None:
    with stored(two_schools(figures={"vacant_posts": 1}).tables) as store:
        before = county_series.publication_days(store, COUNTY)
        change = Correction("county_figures", {"year": YEAR, "figure": "vacant_posts"}, "value", "2")
        now = datetime(2023, 3, 1)
        draft = correct_figures(store, STANDARD, COUNTY, [change], LOCAL_ADMINISTRATOR, now, "抄录错误")
        publishing.publish(store, draft, LOCAL_ADMINISTRATOR, now, "")
        assert county_series.publication_days(store, COUNTY) == before
