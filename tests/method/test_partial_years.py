"""A school year of which some townships have no figures yet: their schools are missing, not gone."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.errors import InputRejected, RequestInvalid
from core.facts.current import current_tables
from core.intake.checkup.checking import check
from core.method.assessment import Assessment, Verdict
from core.method.engine import assess
from core.store.database import Store
from tests.support.county_builder import TOWNSHIPS, YEAR, Tables
from tests.support.small_county import COUNTY, STANDARD, SmallCounty, dataset, raw_source, stored

FIRST, SECOND, _ = TOWNSHIPS
NOW = datetime(2023, 11, 30)
OF_SCHOOLS = ("schools", "enrolment", "premises", "classes", "special_rooms")
OF_COUNTY = ("county_figures", "judgements", "survey", "monitoring")


def county() -> SmallCounty:
    """Everything met: a primary and a junior school in the first township, a primary school in the second."""
    small = SmallCounty()
    small.school("P", "primary", {"primary": 1000})
    small.school("J", "junior", {"junior": 1000})
    small.school("Q", "primary", {"primary": 500}, township_code=SECOND)
    return small


def part(year: int, township: str, schools: tuple[str, ...]) -> Tables:
    """One township's workbook of a year."""
    tables = county().tables
    tables["townships"] = [row for row in tables["townships"] if row["code"] == township]
    for sheet in OF_SCHOOLS:
        tables[sheet] = [
            row | ({"year": str(year)} if "year" in row else {}) for row in tables[sheet] if row["school_id"] in schools
        ]
    return tables | {sheet: [] for sheet in OF_COUNTY}


@pytest.fixture
def whole() -> Iterator[Store]:
    """The county with its whole first year."""
    with stored(county().tables) as store:
        yield store


def publish(store: Store, tables: Tables) -> None:
    """One more batch that counts."""
    number = loading.load(store, dataset(tables), STANDARD, LOCAL_ADMINISTRATOR, NOW)
    publishing.publish(store, number, LOCAL_ADMINISTRATOR, NOW, "年度数据")


def judged(store: Store, year: int) -> Assessment:
    """The county in a year."""
    return assess(store, STANDARD, COUNTY, year)


def test_schools_of_a_township_without_figures_are_not_assessable_and_so_is_what_rests_on_all(whole: Store) -> None:
    publish(whole, part(YEAR + 1, FIRST, ("P", "J")))
    found = judged(whole, YEAR + 1)
    assert {row.school_id: row.verdict for row in found.rows} == {
        "P": Verdict.MET,
        "J": Verdict.MET,
        "Q": Verdict.NOT_ASSESSABLE,
    }
    assert found.without_figures == (SECOND,)
    assert {b.verdict for b in found.balance if b.stage == "primary"} == {Verdict.NOT_ASSESSABLE}
    assert {found.item(code).verdict for code in ("G3", "G5", "G6", "Q4")} == {Verdict.NOT_ASSESSABLE}
    assert found.verdict is Verdict.NOT_ASSESSABLE


def test_when_the_last_township_comes_in_the_year_is_whole(whole: Store) -> None:
    publish(whole, part(YEAR + 1, FIRST, ("P", "J")))
    publish(whole, part(YEAR + 1, SECOND, ("Q",)))
    found = judged(whole, YEAR + 1)
    assert found.without_figures == ()
    assert found.schools_part.met == found.schools_part.total == 3


def test_a_failure_decides_whatever_is_missing(whole: Store) -> None:
    tables = part(YEAR + 1, FIRST, ("P", "J"))
    next(row for row in tables["premises"] if row["school_id"] == "P").update(
        sports_ground_area_m2="10", teaching_area_m2="10"
    )
    publish(whole, tables)
    assert judged(whole, YEAR + 1).verdict is Verdict.NOT_MET


def test_one_township_replaced_in_a_whole_year_leaves_nothing_missing(whole: Store) -> None:
    publish(whole, part(YEAR, SECOND, ("Q",)))
    found = judged(whole, YEAR)
    assert found.without_figures == () and found.verdict is Verdict.MET


def test_a_school_that_closed_before_the_year_is_not_missing(whole: Store) -> None:
    tables = county().tables
    next(row for row in tables["schools"] if row["school_id"] == "Q")["closed_year"] = str(YEAR + 1)
    publish(whole, tables)
    publish(whole, part(YEAR + 1, FIRST, ("P", "J")))
    found = judged(whole, YEAR + 1)
    assert [row.school_id for row in found.rows] == ["J", "P"]
    assert [(x.school_id, x.reason) for x in found.left_out] == [("Q", "closed")]


def test_a_school_that_moves_to_another_township_comes_with_both(whole: Store) -> None:
    tables = part(YEAR, SECOND, ("P", "Q"))
    next(row for row in tables["schools"] if row["school_id"] == "P")["township_code"] = SECOND
    with pytest.raises(InputRejected) as refused:
        check(raw_source(tables), earlier=lambda code: current_tables(whole, code))
    [problem] = [p for p in refused.value.problems if p.level == "FAIL"]
    assert "“P学校”现属浔中镇，这份数据没有该乡镇" in problem.sentence()


def test_a_school_listed_in_two_townships_counts_once_where_it_was_published_last(whole: Store) -> None:
    tables = part(YEAR, SECOND, ("P", "Q"))
    next(row for row in tables["schools"] if row["school_id"] == "P")["township_code"] = SECOND
    publish(whole, tables)
    found = judged(whole, YEAR)
    assert [(row.school_id, row.pupils, row.township_code) for row in found.rows if row.school_id == "P"] == [
        ("P", 1000, SECOND)
    ]


def test_a_township_drafted_as_if_it_were_the_county_is_not_published_beside_others() -> None:
    with stored(part(YEAR - 1, FIRST, ("P", "J"))) as store:
        publishing.withdraw(store, 1, LOCAL_ADMINISTRATOR, NOW, "改由全县提交")
        draft = loading.load(store, dataset(part(YEAR, FIRST, ("P", "J"))), STANDARD, LOCAL_ADMINISTRATOR, NOW)
        publish(store, county().tables)
        with pytest.raises(RequestInvalid, match=r"三班镇、龙浔镇的数据不在其中.*重新上传同一份文件"):
            publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, "年度数据")
        assert judged(store, YEAR).verdict is Verdict.MET
