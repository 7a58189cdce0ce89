"""What people write is kept: nothing is changed, nobody is overwritten unawares, every write passes the guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import READER, Actor
from core.delivery.projects import ProjectDraft, append_project, blank_slots, project_history, read_projects
from core.delivery.records.records import (
    TABLES,
    ConfirmationDraft,
    DecisionDraft,
    EvidenceDraft,
    UpdateDraft,
    read_records,
    records_version,
    reported_in_month,
    update_history,
)
from core.delivery.records.records_writing import append_update, append_updates, confirm, decide, file_evidence
from core.errors import NotPermitted, RequestInvalid
from core.store.database import Store
from core.wording.delivery import receipt_sentence
from tests.support.demo_county import COUNTY, PLAN, STANDARD

NOW = datetime(2023, 11, 30, 9)
FIRST, SECOND = Actor("演示甲"), Actor("演示乙")
SUB_ITEM, UNIT = "T01-1", "finance"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, STANDARD)
    yield opened
    opened.close()


def update(day: date = date(2023, 11, 20), **said: Any) -> UpdateDraft:
    return UpdateDraft(**{"sub_item_id": SUB_ITEM, "unit_id": UNIT, "day": day, "status": "on_track", **said})


def test_two_people_updating_at_once_are_both_kept_and_the_second_is_told(store: Store) -> None:
    before = append_update(store, PLAN, COUNTY, update(progress=10), 0, FIRST, NOW).record
    both_ready, receipts = threading.Barrier(2), {}

    def write(actor: Actor, progress: int) -> None:
        both_ready.wait()
        receipts[actor.name] = append_update(store, PLAN, COUNTY, update(progress=progress), before.number, actor, NOW)

    writers = [threading.Thread(target=write, args=pair) for pair in ((FIRST, 20), (SECOND, 30))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    first, second = sorted(receipts.values(), key=lambda r: r.record.number)
    kept = update_history(store, COUNTY, SUB_ITEM, NOW.date())
    assert [u.number for u in kept] == [before.number, first.record.number, second.record.number]
    assert (first.intervening, second.intervening) == ((), (first.record,))
    assert receipt_sentence(first) is None
    told = receipt_sentence(second)
    assert told is not None and first.record.actor in told and "都已保留" in told


def test_another_units_update_or_a_later_days_is_not_in_between(store: Store) -> None:
    append_update(store, PLAN, COUNTY, update(unit_id="education"), 0, FIRST, NOW)
    append_update(store, PLAN, COUNTY, update(date(2023, 11, 25)), 0, FIRST, NOW)
    assert append_update(store, PLAN, COUNTY, update(date(2023, 11, 20)), 0, SECOND, NOW).intervening == ()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    writes=st.lists(
        st.tuples(
            st.sampled_from(("T01-1", "T01-3")),
            st.sampled_from(("on_track", "risk", "late", "done", "not_started")),
            st.integers(0, 100),
            st.integers(0, 40),
            st.integers(0, 60),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_sequence_of_updates_loses_an_earlier_row(
    writes: list[tuple[str, Any, int, int, int]],
) -> None:
    store = Store.open(None, STANDARD)
    try:
        kept: list[Any] = []
        for sub_item_id, status, progress, back, seen in writes:
            draft = update(
                NOW.date() - timedelta(days=back), sub_item_id=sub_item_id, status=status, progress=progress,
                path_to_green="补齐" if status in ("risk", "late") else "",
            )  # fmt: skip
            receipt = append_update(store, PLAN, COUNTY, draft, seen, FIRST, NOW)
            unseen = [u for u in kept if u.key == draft.key and u.number > seen and u.day <= draft.day]
            assert list(receipt.intervening) == unseen
            kept.append(receipt.record)
            stored = [u for i in ("T01-1", "T01-3") for u in update_history(store, COUNTY, i, NOW.date())]
            assert sorted(stored, key=lambda u: u.number) == kept
        latest = read_records(store, COUNTY, NOW.date()).updates
        for key in {u.key for u in kept}:
            assert latest[key] == max((u for u in kept if u.key == key), key=lambda u: (u.day, u.number))
    finally:
        store.close()


def test_records_count_from_the_day_they_happened(store: Store) -> None:
    append_update(store, PLAN, COUNTY, update(date(2023, 11, 20), status="done"), 0, FIRST, NOW)
    append_update(store, PLAN, COUNTY, update(date(2023, 10, 20), note="补记"), 0, FIRST, NOW)
    [now] = read_records(store, COUNTY, date(2023, 11, 30)).updates.values()
    [then] = read_records(store, COUNTY, date(2023, 11, 19)).updates.values()
    assert (now.status, then.status, then.note) == ("done", "on_track", "补记")
    assert read_records(store, COUNTY, date(2023, 10, 19)).updates == {}
    assert len(reported_in_month(store, COUNTY, date(2023, 11, 1), date(2023, 11, 30))) == 1
    assert reported_in_month(store, COUNTY, date(2023, 11, 1), date(2023, 11, 19)) == frozenset()


def test_a_monthly_report_is_kept_whole_or_not_at_all(store: Store) -> None:
    good, bad = update(), update(sub_item_id="T01-3", status="late")
    with pytest.raises(RequestInvalid, match="恢复正常"):
        append_updates(store, PLAN, COUNTY, [(good, 0), (bad, 0)], FIRST, NOW)
    assert records_version(store) == 0
    receipts = append_updates(store, PLAN, COUNTY, [(good, 0), (update(sub_item_id="T01-3"), 0)], FIRST, NOW)
    assert [r.record.sub_item_id for r in receipts] == ["T01-1", "T01-3"]
    assert records_version(store) == receipts[-1].record.number


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sub_item_id": "T99-1"}, "没有具体措施"),
        ({"unit_id": "nobody"}, "没有单位"),
        ({"status": "late"}, "恢复正常"),
        ({"status": "risk", "path_to_green": " "}, "恢复正常"),
        ({"status": "fine"}, "可选范围"),
        ({"progress": 101}, "0 至 100"),
        ({"unit_id": "townships"}, "哪个乡镇"),
        ({"township_code": "350526100"}, "哪个乡镇"),
        ({"unit_id": "townships", "township_code": "110101001"}, "不属于本县"),
        ({"day": date(2023, 12, 1)}, "晚于今天"),
    ],
)
def test_an_update_that_lacks_something_is_refused_with_a_sentence(
    store: Store, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        append_update(store, PLAN, COUNTY, update(**wrong), 0, FIRST, NOW)
    assert records_version(store) == 0


def test_evidence_without_a_holder_says_that_none_is_chosen(store: Store) -> None:
    nobodys = EvidenceDraft(
        subject="G5", title="班额统计表", year=2023, holder_unit_id="", state="filed", day=NOW.date()
    )
    with pytest.raises(RequestInvalid, match="没有选择保管单位；材料归谁保管"):
        file_evidence(store, PLAN, COUNTY, nobodys, FIRST, NOW)


def test_every_write_passes_the_guard_and_names_its_actor(store: Store) -> None:
    day = NOW.date()
    evidence = EvidenceDraft(
        subject="G5", title="班额统计表", year=2023, holder_unit_id=UNIT, state="filed", day=day,
        document_number="德教〔2023〕9号", document_date=day,
    )  # fmt: skip
    confirmation = ConfirmationDraft(sub_item_id=SUB_ITEM, lead_unit_id=UNIT, due=date(2023, 12, 31), day=day)
    writes = (
        lambda actor: append_update(store, PLAN, COUNTY, update(), 0, actor, NOW).record,
        lambda actor: confirm(store, PLAN, COUNTY, confirmation, actor, NOW),
        lambda actor: decide(
            store, PLAN, COUNTY, DecisionDraft(decision="按月通报", owner_unit_id=UNIT, day=day), actor, NOW
        ),
        lambda actor: file_evidence(store, PLAN, COUNTY, evidence, actor, NOW),
        lambda actor: append_project(store, PLAN, COUNTY, ProjectDraft(day=day), 0, actor, NOW).record,
    )
    for write in writes:
        for refused in (READER, Actor(" ")):
            with pytest.raises(NotPermitted):
                write(refused)
        assert records_version(store) == 0 or write is not writes[0]
        record = write(Actor("演示丙"))
        assert (record.actor, record.verified, record.recorded_at) == ("演示丙", False, NOW)
    found = read_records(store, COUNTY, day)
    assert (len(found.updates), len(found.confirmations), len(found.decisions), len(found.evidence)) == (1, 1, 1, 1)


def test_a_decision_is_followed_by_its_number(store: Store) -> None:
    made = DecisionDraft(decision="用地年内交付", owner_unit_id="natural_resources", day=date(2023, 3, 1))
    first = decide(store, PLAN, COUNTY, made, FIRST, NOW)
    later = DecisionDraft(
        decision="用地年内交付", owner_unit_id="natural_resources", day=date(2023, 9, 1), status="done",
        decision_id=first.decision_id,
    )  # fmt: skip
    second = decide(store, PLAN, COUNTY, later, SECOND, NOW)
    assert (second.decided_on, second.day) == (date(2023, 3, 1), date(2023, 9, 1))
    assert [d.status for d in read_records(store, COUNTY, date(2023, 8, 31)).decisions] == ["open"]
    assert read_records(store, COUNTY, NOW.date()).decisions == (second,)
    with pytest.raises(RequestInvalid, match="理由"):
        decide(store, PLAN, COUNTY, DecisionDraft(decision="取消", owner_unit_id=UNIT, day=NOW.date(),
                                                  status="cancelled"), FIRST, NOW)  # fmt: skip


def test_a_project_changes_by_versions_and_shows_its_blank_slots(store: Store) -> None:
    slots = {"project": "新建校区", "responsible_unit": "education", "chat_group": " "}
    made = append_project(
        store, PLAN, COUNTY, ProjectDraft(day=date(2023, 1, 5), slots=slots, places=900), 0, FIRST, NOW
    )
    project = made.record
    assert [slot.slot_id for slot in blank_slots(PLAN, project)] == [
        "linked_leader", "schedule", "working_system", "chat_group",
    ]  # fmt: skip
    again = ProjectDraft(day=date(2023, 6, 1), project_id=project.project_id, slots={**slots, "schedule": "两年"})
    told = append_project(store, PLAN, COUNTY, again, 0, SECOND, NOW)
    assert [p.number for p in told.intervening] == [project.number]
    assert len(project_history(store, COUNTY, project.project_id, NOW.date())) == 2
    [then] = read_projects(store, COUNTY, date(2023, 5, 31))
    [now] = read_projects(store, COUNTY, NOW.date())
    assert (then.places, now.places, now.name, now.unit_id) == (900, None, "新建校区", "education")
    with pytest.raises(RequestInvalid, match="没有“motto”"):
        append_project(store, PLAN, COUNTY, ProjectDraft(day=NOW.date(), slots={"motto": "快"}), 0, FIRST, NOW)
    with pytest.raises(RequestInvalid, match="早于计划开工"):
        wrong = ProjectDraft(day=NOW.date(), planned_start=date(2023, 5, 1), planned_completion=date(2023, 4, 1))
        append_project(store, PLAN, COUNTY, wrong, 0, FIRST, NOW)


def test_no_table_of_records_is_ever_changed_by_a_statement() -> None:
    from pathlib import Path

    import core.delivery

    sources = "".join(p.read_text("utf-8") for p in Path(core.delivery.__file__).parent.rglob("*.py"))
    for table in (*TABLES, "project_slots"):
        assert f"update {table}" not in sources and f"delete from {table}" not in sources
