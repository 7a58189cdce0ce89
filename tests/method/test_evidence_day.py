"""A judgement counts from the day of its document: before it, the item is as if nobody had judged it."""

from collections.abc import Iterator
from datetime import date

import pytest

from core.facts.county_facts import evidence_day
from core.method.assessment import Verdict
from core.method.engine import assess
from core.store.database import Store
from tests.support.county_builder import YEAR
from tests.support.small_county import COUNTY, STANDARD, SmallCounty, stored, two_schools

DAY = date(2022, 11, 21)
BEFORE, AFTER = date(2022, 11, 20), date(2022, 11, 22)


def dated(item: str, day: str, status: str = "met") -> SmallCounty:
    """The county that passes, with one judgement's document of a day."""
    small = two_schools()
    small.row("judgements", item=item).update(document_date=day, status=status)
    return small


@pytest.fixture(scope="module", params=["G10", "G14", "Q5", "veto_exam_admission", "precondition_monitoring"])
def dated_item(request: pytest.FixtureRequest) -> Iterator[tuple[str, Store]]:
    """An item whose document is of the day, and the county in which nothing else waits for one."""
    with stored(dated(request.param, DAY.isoformat()).tables) as store:
        yield request.param, store


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [
        (BEFORE, Verdict.NOT_ASSESSABLE),
        (DAY, Verdict.MET),
        (AFTER, Verdict.MET),
        (None, Verdict.MET),
    ],
)
def test_an_item_is_met_from_the_day_of_its_document(
    dated_item: tuple[str, Store], as_of: date | None, verdict: Verdict
) -> None:
    item, store = dated_item
    found = assess(store, STANDARD, COUNTY, YEAR, as_of=as_of)
    assert found.item(item).verdict is verdict
    assert found.verdict is verdict, "nothing else stands between the county and its verdict"


def test_what_was_found_failing_later_is_not_known_either() -> None:
    with stored(dated("veto_safety", DAY.isoformat(), "not_met").tables) as store:
        verdicts = [assess(store, STANDARD, COUNTY, YEAR, as_of=day).verdict for day in (BEFORE, DAY)]
    assert verdicts == [Verdict.NOT_ASSESSABLE, Verdict.NOT_MET]


def test_figures_that_fail_need_no_document() -> None:
    small = dated("G14", DAY.isoformat())
    small.row("county_figures", figure="quota_places_allocated")["value"] = "499"
    with stored(small.tables) as store:
        assert assess(store, STANDARD, COUNTY, YEAR, as_of=BEFORE).item("G14").verdict is Verdict.NOT_MET


def test_a_document_without_a_day_counts_on_every_day() -> None:
    with stored(dated("G10", "").tables) as store:
        assert assess(store, STANDARD, COUNTY, YEAR, as_of=date(2019, 9, 1)).item("G10").verdict is Verdict.MET


def test_judging_one_day_after_another_never_keeps_the_other_days_documents() -> None:
    with stored(dated("G10", DAY.isoformat()).tables) as store:
        found = [assess(store, STANDARD, COUNTY, YEAR, as_of=d).item("G10").verdict for d in (BEFORE, DAY, BEFORE)]
    assert found == [Verdict.NOT_ASSESSABLE, Verdict.MET, Verdict.NOT_ASSESSABLE]


def test_days_with_the_same_documents_are_one_day() -> None:
    small = dated("G10", DAY.isoformat())
    small.row("judgements", item="Q5")["document_date"] = "2022-10-17"
    with stored(small.tables) as store:
        days = [evidence_day(store, COUNTY, YEAR, d) for d in (date(2022, 10, 16), date(2022, 10, 17), BEFORE, DAY)]
    assert days == [date.min, date(2022, 10, 17), date(2022, 10, 17), None]
