"""A document proves something once another person, whom a login vouches for, has confirmed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from core.access import Actor
from core.delivery.records.records import EvidenceDraft, ReviewDraft, read_records
from core.delivery.records.records_writing import file_evidence, review_evidence
from core.errors import NotPermitted, RequestInvalid
from core.store.database import Store
from tests.support.demo_county import COUNTY, PLAN, STANDARD

DAY, NOW = date(2023, 5, 10), datetime(2023, 6, 1, 9)
FILER = Actor("演示甲", frozenset({"liaison"}), verified=True, units=frozenset({"education"}))
REVIEWER = Actor("演示乙", frozenset({"reviewer"}), verified=True)
DRAFT = EvidenceDraft(
    subject="T03-2", title="委托管理协议", year=2023, holder_unit_id="education", state="filed", day=DAY,
    document_number="德教〔2023〕5号", document_date=DAY,
)  # fmt: skip


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, STANDARD)
    yield opened
    opened.close()


def proven(store: Store) -> list[bool]:
    """Of every filed document, whether its last review proves it."""
    held = read_records(store, COUNTY, NOW.date())
    reviews = [held.reviews.get(document.number) for document in held.evidence]
    return [review is not None and review.proves for review in reviews]


def confirmation(number: int, confirmed: bool = True, note: str = "核对原件") -> ReviewDraft:
    return ReviewDraft(evidence_number=number, confirmed=confirmed, day=DAY, note=note)


def test_a_document_is_proven_by_another_person_with_a_reason(store: Store) -> None:
    number = file_evidence(store, PLAN, COUNTY, DRAFT, FILER, NOW).number
    assert proven(store) == [False]
    with pytest.raises(RequestInvalid, match="核验情况"):
        review_evidence(store, PLAN, COUNTY, confirmation(number, note=" "), REVIEWER, NOW)
    review_evidence(store, PLAN, COUNTY, confirmation(number), REVIEWER, NOW)
    assert proven(store) == [True]
    review_evidence(store, PLAN, COUNTY, confirmation(number, confirmed=False, note="复印件不清"), REVIEWER, NOW)
    assert proven(store) == [False], "the last review counts"


@pytest.mark.parametrize("name", ["演示甲", " 演示甲 ", "演示　甲"])
def test_nobody_confirms_what_they_filed(store: Store, name: str) -> None:
    number = file_evidence(store, PLAN, COUNTY, DRAFT, FILER, NOW).number
    with pytest.raises(NotPermitted, match="应由另一人核验"):
        review_evidence(store, PLAN, COUNTY, confirmation(number), replace(REVIEWER, name=name), NOW)


def test_a_name_without_a_login_proves_nothing(store: Store) -> None:
    number = file_evidence(store, PLAN, COUNTY, DRAFT, FILER, NOW).number
    kept = review_evidence(store, PLAN, COUNTY, confirmation(number), Actor("演示乙"), NOW)
    assert not kept.verified and proven(store) == [False]
    # It waits for a verified person still, who may then confirm it.
    review_evidence(store, PLAN, COUNTY, confirmation(number), REVIEWER, NOW)
    assert proven(store) == [True]


def test_filing_it_again_asks_for_another_look(store: Store) -> None:
    number = file_evidence(store, PLAN, COUNTY, DRAFT, FILER, NOW).number
    review_evidence(store, PLAN, COUNTY, confirmation(number), REVIEWER, NOW)
    file_evidence(store, PLAN, COUNTY, replace(DRAFT, document_number="德教〔2023〕6号"), FILER, NOW)
    assert proven(store) == [False]
    with pytest.raises(RequestInvalid, match="已另行登记"):
        review_evidence(store, PLAN, COUNTY, confirmation(number), REVIEWER, NOW)


def test_what_is_missing_or_unknown_or_not_theirs_is_not_reviewed(store: Store) -> None:
    missing = file_evidence(store, PLAN, COUNTY, replace(DRAFT, state="missing"), FILER, NOW)
    with pytest.raises(RequestInvalid, match="不能核验"):
        review_evidence(store, PLAN, COUNTY, confirmation(missing.number), REVIEWER, NOW)
    with pytest.raises(RequestInvalid, match="没有编号为 999"):
        review_evidence(store, PLAN, COUNTY, confirmation(999), REVIEWER, NOW)
    with pytest.raises(NotPermitted):
        review_evidence(store, PLAN, COUNTY, confirmation(missing.number), replace(FILER, name="演示丙"), NOW)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"document_number": " "}, "须填写文号"),
        ({"document_date": None}, "须填写成文日期"),
        ({"document_date": date(2023, 5, 11)}, "晚于登记日期"),
        ({"month": 5}, "不是按月的材料"),
        ({"subject": "T16-4", "title": "各校月度安全自查表"}, "按月落实"),
        ({"subject": "T16-4", "title": "各校月度安全自查表", "month": 13}, "1 至 12"),
    ],
)
def test_a_title_alone_is_no_document(store: Store, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        file_evidence(store, PLAN, COUNTY, replace(DRAFT, **wrong), FILER, NOW)  # type: ignore[arg-type]


def test_only_who_answers_for_a_sub_item_holds_its_documents_and_the_lead_may_always_file(store: Store) -> None:
    finance = replace(FILER, name="演示丁", units=frozenset({"finance"}))
    with pytest.raises(RequestInvalid, match="由牵头或配合单位保管"):
        file_evidence(store, PLAN, COUNTY, replace(DRAFT, holder_unit_id="finance"), finance, NOW)
    # 编办 shares in the sub-item; that it said something first does not lock the lead out.
    sharing = replace(FILER, name="演示丁", units=frozenset({"staffing_office"}))
    file_evidence(store, PLAN, COUNTY, replace(DRAFT, holder_unit_id="staffing_office"), sharing, NOW)
    assert file_evidence(store, PLAN, COUNTY, DRAFT, FILER, NOW).holder_unit_id == "education"
    with pytest.raises(NotPermitted):
        file_evidence(store, PLAN, COUNTY, replace(DRAFT, holder_unit_id="staffing_office"), sharing, NOW)
