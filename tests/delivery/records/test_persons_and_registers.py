"""Persons change hands and keep their history; registers, stages and money are kept as they stood on each day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.access import READER, Actor
from core.audit import Entry, read_entries
from core.delivery.owed.month import not_reported
from core.delivery.owed.targets import dated_targets
from core.delivery.projects import ProjectDraft, append_project
from core.delivery.records.funds import FundsDraft, keep_funds, read_funds, totals
from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, name_persons, person_history, persons_of
from core.delivery.records.registers import RegisterDraft, keep_entry, read_registers
from core.delivery.records.stages import CountyStageDraft, enter_stage, stage_on
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.situation import situation
from core.delivery.status.status import sub_item_statuses
from core.errors import NotPermitted, RequestInvalid
from core.store.database import Store
from core.wording.positions import county_overdue_sentence
from tests.support.demo_county import COUNTY, DEHUA, PLAN, STANDARD, Demo

DAY, NOW = date(2023, 3, 1), datetime(2023, 6, 1, 9)
OFFICE = Actor("演示甲", frozenset({"office"}), verified=True)
LIAISON = Actor("演示乙", frozenset({"liaison"}), verified=True, units=frozenset({"education"}))
KEY = PersonKey("sub_item", "T03-1")
PERSON = ResponsiblePersonDraft(key=KEY, person="演示丙", day=DAY, post="副局长", phone="0000-1")
CLUSTER = RegisterDraft(register="cluster", name="城东片区", day=DAY, school_ids=("350526-0001", "350526-0002"))
FUNDS = FundsDraft(project_id="P01", source="county", day=DAY, planned_yuan=Decimal(500), received_yuan=Decimal(200))


def entries(store: Store) -> list[Entry]:
    """The record of actions."""
    with store.reading() as cursor:
        return list(read_entries(cursor, first=date(2000, 1, 1), last=date(2030, 1, 1)))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, STANDARD)
    project = ProjectDraft(day=DAY, project_id="P01", slots={"project": "新校区", "responsible_unit": "education"})
    append_project(opened, PLAN, COUNTY, project, 0, OFFICE, NOW)
    yield opened
    opened.close()


def test_a_person_is_named_and_hands_over_with_the_history_kept(store: Store) -> None:
    name_persons(store, PLAN, COUNTY, [PERSON], LIAISON, NOW)
    other = replace(PERSON, person="演示丁", day=date(2023, 5, 1), note="岗位调整")
    name_persons(store, PLAN, COUNTY, [other], LIAISON, NOW)
    assert persons_of(store, COUNTY, date(2023, 4, 30))[KEY].person == "演示丙"
    assert persons_of(store, COUNTY, date(2023, 5, 1))[KEY].person == "演示丁"
    assert [p.person for p in person_history(store, COUNTY, KEY, NOW.date())] == ["演示丙", "演示丁"]
    # The record of actions is no telephone book.
    assert "0000-1" not in "".join(e.before + e.after for e in entries(store))


def test_each_township_has_its_own_person(store: Store) -> None:
    own = Actor("演示乙", frozenset({"liaison"}), verified=True, townships=frozenset({"350526101"}))
    draft = replace(PERSON, key=PersonKey("sub_item", "T02-1", "350526101"))
    name_persons(store, PLAN, COUNTY, [draft], own, NOW)
    assert set(persons_of(store, COUNTY, DAY)) == {draft.key}
    with pytest.raises(NotPermitted):
        foreign = replace(draft, key=PersonKey("sub_item", "T02-1", "350526102"))
        name_persons(store, PLAN, COUNTY, [foreign], own, NOW)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"person": " "}, "姓名不能为空"), ({"phone": "打他手机"}, "不能识别"), ({"person": "甲" * 21}, "最多 20"),
     ({"day": date(2024, 1, 1)}, "晚于今天")],
)  # fmt: skip
def test_a_person_without_a_name_or_with_an_odd_number_is_refused_with_all_others(
    store: Store, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        name_persons(store, PLAN, COUNTY, [PERSON, replace(PERSON, **wrong)], LIAISON, NOW)
    assert persons_of(store, COUNTY, NOW.date()) == {}


def test_an_entry_of_a_register_goes_on_and_is_withdrawn_with_a_reason(store: Store) -> None:
    kept = keep_entry(store, PLAN, COUNTY, CLUSTER, OFFICE, NOW)
    more = replace(CLUSTER, entry_id=kept.entry_id, school_ids=("350526-0001",), day=date(2023, 4, 1))
    keep_entry(store, PLAN, COUNTY, more, OFFICE, NOW)
    assert [len(e.school_ids) for e in read_registers(store, COUNTY, DAY)] == [2]
    assert [len(e.school_ids) for e in read_registers(store, COUNTY, date(2023, 4, 1))] == [1]
    with pytest.raises(RequestInvalid, match="撤销须写明理由"):
        keep_entry(store, PLAN, COUNTY, replace(more, withdrawn=True), OFFICE, NOW)
    keep_entry(store, PLAN, COUNTY, replace(more, withdrawn=True, note="并入城西片区"), OFFICE, NOW)
    assert read_registers(store, COUNTY, NOW.date()) == ()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"school_ids": ()}, "没有选择学校"), ({"register": "kept"}, "生源预测"), ({"register": "entrusted"}, "受托"),
     ({"name": ""}, "名称"), ({"since": DAY, "until": date(2020, 1, 1)}, "早于开始日期"),
     ({"register": "weather"}, "不在可选范围")],
)  # fmt: skip
def test_an_incomplete_entry_is_refused(store: Store, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        keep_entry(store, PLAN, COUNTY, replace(CLUSTER, **wrong), OFFICE, NOW)
    with pytest.raises(NotPermitted):
        keep_entry(store, PLAN, COUNTY, CLUSTER, LIAISON, NOW)


def test_a_stage_counts_from_its_day_and_needs_its_paper(store: Store) -> None:
    with pytest.raises(RequestInvalid, match="文号"):
        enter_stage(store, COUNTY, CountyStageDraft(stage="declared", day=DAY, document=""), OFFICE, NOW)
    enter_stage(store, COUNTY, CountyStageDraft(stage="declared", day=DAY, document="德政〔2023〕1号"), OFFICE, NOW)
    before, after = stage_on(store, COUNTY, date(2023, 2, 28)), stage_on(store, COUNTY, DAY)
    assert before is None and after is not None and after.stage == "declared"
    with pytest.raises(NotPermitted):
        enter_stage(store, COUNTY, CountyStageDraft(stage="creating", day=DAY, document=""), READER, NOW)


def test_of_a_recognised_county_nothing_of_the_plan_is_overdue(demo: Demo) -> None:
    now = demo.on(date(2023, 11, 30))
    assert now.stage is not None and any(s.is_late for s in sub_item_statuses(now).values())
    recognised = replace(now, stage=replace(now.stage, stage="recognised"), statuses={})
    levels = {s.standing.level for s in sub_item_statuses(recognised).values()}
    assert levels == {"done", "history"}
    assert "历史方案" in county_overdue_sentence(recognised)


def test_the_money_of_a_source_is_what_was_said_last_and_an_unknown_part_leaves_the_sum_unknown(store: Store) -> None:
    keep_funds(store, PLAN, COUNTY, [FUNDS], LIAISON, NOW)
    later = replace(FUNDS, day=date(2023, 4, 1), allocated_yuan=Decimal(400), received_yuan=Decimal(300))
    keep_funds(store, PLAN, COUNTY, [later], LIAISON, NOW)
    [held] = read_funds(store, COUNTY, NOW.date())["P01"]
    assert (held.received_yuan, totals([held]).gap) == (Decimal(300), Decimal(200))
    assert read_funds(store, COUNTY, DAY)["P01"][0].received_yuan == Decimal(200)
    unknown = FundsDraft(project_id="P01", source="bonds", day=DAY, planned_yuan=Decimal(100))
    keep_funds(store, PLAN, COUNTY, [unknown], LIAISON, NOW)
    both = totals(read_funds(store, COUNTY, NOW.date())["P01"])
    assert (both.planned, both.received, both.gap) == (Decimal(600), None, None)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"received_yuan": Decimal(10), "paid_yuan": Decimal(11)}, "支付 11 元大于到位 10 元"),
     ({"planned_yuan": Decimal(-1)}, "不在 0 至"), ({"planned_yuan": Decimal(10) ** 12}, "核对单位"),
     ({"source": "lottery"}, "不在可选范围"),
     ({"planned_yuan": Decimal("NaN")}, "不在 0 至")],
)  # fmt: skip
def test_money_that_cannot_be_is_refused(store: Store, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        keep_funds(store, PLAN, COUNTY, [FUNDS, replace(FUNDS, **wrong)], LIAISON, NOW)
    assert read_funds(store, COUNTY, NOW.date()) == {}
    with pytest.raises(NotPermitted):
        keep_funds(store, PLAN, COUNTY, [FUNDS], replace(LIAISON, units=frozenset({"finance"})), NOW)
    with pytest.raises(RequestInvalid, match="没有项目“P99”"):
        keep_funds(store, PLAN, COUNTY, [replace(FUNDS, project_id="P99")], LIAISON, NOW)


def test_nobody_names_a_person_for_what_another_unit_answers_for(store: Store) -> None:
    finance = replace(LIAISON, units=frozenset({"finance"}))
    for key in (
        KEY,
        PersonKey("project", "P01"),
        PersonKey("unit", "education"),
        PersonKey("sub_item", "T02-1", "350526101"),
    ):
        with pytest.raises(NotPermitted):
            name_persons(store, PLAN, COUNTY, [replace(PERSON, key=key)], finance, NOW)
    for key in (PersonKey("sub_item", "T99-9"), PersonKey("project", "P99"), PersonKey("issue", "7")):
        with pytest.raises(RequestInvalid, match="没有事项"):
            name_persons(store, PLAN, COUNTY, [replace(PERSON, key=key)], OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="不在可选范围"):
        odd = PersonKey("具体措施", "T03-1")  # type: ignore[arg-type]
        name_persons(store, PLAN, COUNTY, [replace(PERSON, key=odd)], OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="须指明是哪个乡镇"):
        name_persons(store, PLAN, COUNTY, [replace(PERSON, key=PersonKey("sub_item", "T02-1"))], OFFICE, NOW)


def test_too_much_from_one_source_fills_no_gap_of_another() -> None:
    more = replace(FUNDS, planned_yuan=Decimal(100), received_yuan=Decimal(200))
    less = replace(FUNDS, source="bonds", planned_yuan=Decimal(100), received_yuan=Decimal(0))
    gone = replace(FUNDS, source="city", planned_yuan=None, received_yuan=None)
    assert totals([more, less, gone]).gap == Decimal(100), "a source that was taken back is none"


def test_a_recognised_countys_targets_and_reports_are_history_too(demo: Demo) -> None:
    now = demo.on(date(2023, 11, 30))
    assert now.stage is not None
    recognised = replace(now, stage=replace(now.stage, stage="recognised"), statuses={})
    verdicts = {o.pace_verdict for o in dated_targets(recognised)}
    assert verdicts == {PaceVerdict.REACHED, PaceVerdict.LATE, PaceVerdict.HISTORY}
    assert not_reported(recognised, frozenset()) == ()


def test_who_was_named_under_another_lead_answers_no_more(demo: Demo) -> None:
    now = demo.on(date(2023, 11, 30))
    assert now.person("T09-1") is not None
    changed = now.records.confirmations["T09-1"][-1]
    handed = replace(changed, lead_unit_id="finance", day=date(2023, 11, 1), number=99_999)
    held = {**now.records.confirmations, "T09-1": (*now.records.confirmations["T09-1"], handed)}
    told = replace(now, records=replace(now.records, confirmations=held), statuses={})
    assert told.person("T09-1") is None


def test_what_was_said_of_the_plan_before_binds_no_sub_item_of_the_next(demo: Demo) -> None:
    day = date(2023, 11, 30)
    following = replace(DEHUA, plan_counts_from=date(2023, 11, 25))
    now = situation(demo.store, following, STANDARD, day, demo.facts)
    assert set(now.records.confirmations) == set() and not any(k.kind == "sub_item" for k in now.persons)
    assert {u.day >= date(2023, 11, 25) for u in now.records.updates.values()} == {True}
    kept = {e.subject for e in now.records.evidence if e.day < date(2023, 11, 25)}
    assert kept and not kept & {s.sub_item_id for s in PLAN.sub_items()}, "the documents of the standard's items stay"
