"""The plan is changed over its file: with a ground and a reason, kept for ever, and never into a contradiction."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER, Actor
from core.audit import Entry, read_entries
from core.delivery.records.amendments import (
    AmendmentDraft,
    amend,
    amended_county,
    differences,
    missed_deadlines,
    read_amendments,
)
from core.errors import NotPermitted, RequestInvalid, RulesInvalid
from core.rules.plan_amending import as_file, entry_of
from core.rules.plan_loading import load_plan
from core.store.county_files import county as county_on
from core.store.county_files import keep_county_files, keep_plan, plans
from core.store.database import Store
from tests.support.demo_county import COUNTY, DEHUA, STANDARD

DAY, NOW = date(2023, 3, 1), datetime(2023, 6, 1, 9)
OFFICE = Actor("演示甲", frozenset({"office"}), verified=True)
NEW_ITEM = {
    "clause": "三(二)3",
    "title": "平台与学籍数据对接",
    "lead": {"unit": "education", "basis": "default"},
    "start": date(2023, 3, 1),
    "due": date(2023, 12, 31),
    "deliverable": "验收报告",
    "evidence": ["验收报告"],
}


def entries(store: Store) -> list[Entry]:
    """The record of actions."""
    with store.reading() as cursor:
        return list(read_entries(cursor, first=date(2000, 1, 1), last=date(2030, 1, 1)))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, STANDARD)
    yield opened
    opened.close()


def change(section: str, entry_id: str, entry: dict[str, Any] | None, day: date = DAY, **more: str) -> AmendmentDraft:
    said = {"rests_on": "领导小组 2023 年 3 月 1 日会议纪要", "note": "按会议决定", **more}
    return AmendmentDraft(section=section, entry_id=entry_id, entry=entry, day=day, **said)


def test_a_task_gets_a_new_sub_item_from_its_day_on_and_the_file_stays_as_it_was(store: Store) -> None:
    kept = amend(store, COUNTY, change("sub_items", "T06-9", dict(NEW_ITEM)), OFFICE, NOW)
    assert (kept.actor, kept.verified, kept.rests_on) == ("演示甲", True, "领导小组 2023 年 3 月 1 日会议纪要")
    before, after = amended_county(store, DEHUA, date(2023, 2, 28)), amended_county(store, DEHUA, DAY)
    assert "T06-9" not in {s.sub_item_id for s in before.plan.sub_items()}
    added = after.plan.sub_item("T06-9")
    assert (added.title, added.due, added.lead.unit_id) == ("平台与学籍数据对接", date(2023, 12, 31), "education")
    [found] = differences(DEHUA, after)
    assert (found.section, found.entry_id, found.baseline) == ("sub_items", "T06-9", None)
    assert amend(store, COUNTY, change("sub_items", "T06-9", None), OFFICE, NOW).entry is None
    assert differences(DEHUA, amended_county(store, DEHUA, DAY)) == ()
    assert len(read_amendments(store, COUNTY)) == 2, "what was taken back stays in the history"
    assert [e.subject for e in entries(store)] == ["方案 具体措施 T06-9"] * 2


def test_a_missed_target_is_moved_and_the_old_date_stays_missed(store: Store) -> None:
    moved = {**(entry_of(DEHUA.plan_table, "dated_targets", "arts_facilities_2022") or {})}
    moved |= {"by_year": 2023, "deadline": date(2023, 12, 31), "snapshot_year": 2023}
    amend(store, COUNTY, change("dated_targets", "arts_facilities_2022", moved), OFFICE, NOW)
    made = read_amendments(store, COUNTY)
    assert [(m.due, m.replaced_on) for m in missed_deadlines(made, DEHUA.plan, "arts_facilities_2022")] == [
        (date(2022, 12, 31), DAY)
    ]
    # Moved again before the new date had come: nothing more was missed.
    with pytest.raises(RequestInvalid, match="已过；改期的日期应在原期限之后"):
        amend(store, COUNTY, change("dated_targets", "teacher_action_plan_2021", {
            **(entry_of(DEHUA.plan_table, "dated_targets", "teacher_action_plan_2021") or {}),
            "by_year": 2024, "deadline": date(2024, 12, 31),
        }, date(2021, 6, 1)), OFFICE, NOW)  # fmt: skip
    again = {**moved, "by_year": 2024, "deadline": date(2024, 12, 31), "snapshot_year": 2024}
    amend(store, COUNTY, change("dated_targets", "arts_facilities_2022", again, date(2023, 5, 4)), OFFICE, NOW)
    assert len(missed_deadlines(read_amendments(store, COUNTY), DEHUA.plan, "arts_facilities_2022")) == 1


def test_who_leads_and_by_when_is_confirmed_and_not_amended(store: Store) -> None:
    entry = {**(entry_of(DEHUA.plan_table, "sub_items", "T01-1") or {})}
    entry |= {"title": "改了名称", "due": date(2030, 1, 1), "lead": {"unit": "education", "basis": "default"}}
    amend(store, COUNTY, change("sub_items", "T01-1", entry), OFFICE, NOW)
    now = amended_county(store, DEHUA, DAY).plan.sub_item("T01-1")
    filed = DEHUA.plan.sub_item("T01-1")
    assert (now.title, now.due, now.lead) == ("改了名称", filed.due, filed.lead)


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (change("sub_items", "T06-9", {**NEW_ITEM, "due": date(2020, 1, 1)}), "早于开始日期"),
        (change("sub_items", "T06-9", {**NEW_ITEM, "lead": {"unit": "nobody", "basis": "default"}}), "nobody"),
        (change("sub_items", "T99-1", dict(NEW_ITEM)), "没有任务“T99”"),
        (change("units", "taxation", None), "单位不能删去"),
        (change("dated_targets", "arts_facilities_2022", None), "未在文件中列出"),
        (change("remedies", "training", {"name": "教师培训", "months": -3, "assumption": "—"}), "不能为负数"),
        (change("sub_items", "T06-9", None), "不能删除"),
        (change("weather", "x", {}), "没有“weather”"),
        (change("sub_items", "T06-9", dict(NEW_ITEM), rests_on=" "), "请写明依据"),
        (change("sub_items", "T06-9", dict(NEW_ITEM), note=""), "理由"),
        (change("sub_items", "T06-9", dict(NEW_ITEM), day=date(2024, 1, 1)), "晚于今天"),
    ],
)
def test_a_change_that_contradicts_the_plan_is_refused_and_leaves_nothing(
    store: Store, draft: AmendmentDraft, sentence: str
) -> None:
    with pytest.raises(RequestInvalid, match=sentence):
        amend(store, COUNTY, draft, OFFICE, NOW)
    assert read_amendments(store, COUNTY) == () and entries(store) == []


def test_only_the_office_changes_the_plan(store: Store) -> None:
    for actor in (READER, Actor("演示乙", frozenset({"liaison"}), verified=True, units=frozenset({"education"}))):
        with pytest.raises(NotPermitted):
            amend(store, COUNTY, change("sub_items", "T06-9", dict(NEW_ITEM)), actor, NOW)


def test_the_changed_plan_is_handed_out_as_a_file_that_is_read_back_the_same(store: Store, tmp_path: Any) -> None:
    amend(store, COUNTY, change("sub_items", "T06-9", dict(NEW_ITEM)), OFFICE, NOW)
    now = amended_county(store, DEHUA, DAY)
    file = tmp_path / "plan.toml"
    file.write_text(as_file(now.plan_table), "utf-8")
    assert load_plan(file) == now.plan
    assert tomllib.loads(file.read_text("utf-8"))["document"]["number"] == "德政办〔2019〕29号"


def test_the_next_plan_counts_from_its_day_beside_the_old_one(store: Store) -> None:
    amend(store, COUNTY, change("sub_items", "T06-9", dict(NEW_ITEM)), OFFICE, NOW)
    following = as_file(
        {**DEHUA.plan_table, "document": {**DEHUA.plan_table["document"], "number": "德政办〔2024〕1号"}}
    )
    keep_plan(store, COUNTY, following, date(2024, 1, 1), OFFICE, NOW)
    old, new = county_on(store, COUNTY, date(2023, 12, 31)), county_on(store, COUNTY, date(2024, 1, 1))
    assert (old.plan.document.number, new.plan.document.number) == ("德政办〔2019〕29号", "德政办〔2024〕1号")
    assert (old.plan_counts_from, new.plan_counts_from) == (None, date(2024, 1, 1))
    # What was changed of the old plan stays with it.
    assert "T06-9" in {s.sub_item_id for s in amended_county(store, old, date(2023, 12, 31)).plan.sub_items()}
    assert "T06-9" not in {s.sub_item_id for s in amended_county(store, new, date(2024, 1, 1)).plan.sub_items()}
    assert [plan.counts_from for plan in plans(store, COUNTY)] == [date(2024, 1, 1)]
    with pytest.raises(RulesInvalid):
        keep_plan(store, COUNTY, "id = 3", date(2025, 1, 1), OFFICE, NOW)
    with pytest.raises(NotPermitted):
        keep_plan(store, COUNTY, following, date(2025, 1, 1), READER, NOW)
    assert LOCAL_ADMINISTRATOR.may("plan")


def test_a_text_that_looks_like_a_day_stays_a_text(store: Store) -> None:
    dated = {**NEW_ITEM, "clause": "2023-03-01", "evidence": ["2023-03-01", "验收报告"]}
    amend(store, COUNTY, change("sub_items", "T06-9", dated), OFFICE, NOW)
    kept = amended_county(store, DEHUA, DAY).plan.sub_item("T06-9")
    assert (kept.clause, kept.evidence, kept.start) == ("2023-03-01", ("2023-03-01", "验收报告"), date(2023, 3, 1))


def test_a_change_before_later_ones_must_leave_a_plan_on_all_their_days(store: Store) -> None:
    unit = {"name": "新局", "full_name": "德化县新局", "kind": "department", "role": "addressed"}
    amend(store, COUNTY, change("units", "newu", unit, date(2023, 5, 1)), OFFICE, NOW)
    led = {**NEW_ITEM, "lead": {"unit": "newu", "basis": "default"}}
    with pytest.raises(RequestInvalid, match="按 2023-03-01 的方案"):
        amend(store, COUNTY, change("sub_items", "T06-9", led, DAY), OFFICE, NOW)
    retitled = {**(entry_of(DEHUA.plan_table, "sub_items", "T18-1") or {}), "title": "学习文件"}
    amend(store, COUNTY, change("sub_items", "T18-1", retitled, date(2023, 5, 1)), OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="没有任务“T18”"):
        amend(store, COUNTY, change("tasks", "T18", None, date(2023, 4, 1)), OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="2023-05-01 已另有调整"):
        amend(store, COUNTY, change("units", "newu", {**unit, "name": "更名局"}, date(2023, 4, 1)), OFFICE, NOW)
    for day in (date(2023, 3, 1), date(2023, 4, 1), date(2023, 5, 1)):
        assert amended_county(store, DEHUA, day).plan.exists


def test_a_task_is_added_before_its_sub_items_and_a_taken_number_is_no_new_one(store: Store) -> None:
    task = {"clause": "五(四)", "title": "新任务", "goal": "quality", "lead": {"unit": "education", "basis": "default"}}
    amend(store, COUNTY, change("tasks", "T21", task), OFFICE, NOW, adds=True)
    amend(store, COUNTY, change("sub_items", "T21-1", dict(NEW_ITEM)), OFFICE, NOW, adds=True)
    assert amended_county(store, DEHUA, DAY).plan.tasks[-1].sub_items[0].sub_item_id == "T21-1"
    with pytest.raises(RequestInvalid, match="已经有了，请换一个编号"):
        amend(store, COUNTY, change("sub_items", "T10-1", dict(NEW_ITEM)), OFFICE, NOW, adds=True)


def test_what_was_taken_out_comes_back_with_its_old_lead_and_date(store: Store) -> None:
    amend(store, COUNTY, change("sub_items", "T09-1", None), OFFICE, NOW)
    filed_entry = entry_of(DEHUA.plan_table, "sub_items", "T09-1") or {}
    again = {**filed_entry, "due": date(2023, 12, 31), "lead": {"unit": "finance", "basis": "default"}}
    amend(store, COUNTY, change("sub_items", "T09-1", again, date(2023, 3, 2)), OFFICE, NOW)
    filed = DEHUA.plan.sub_item("T09-1")
    now = amended_county(store, DEHUA, date(2023, 3, 2)).plan.sub_item("T09-1")
    assert (now.lead, now.due) == (filed.lead, filed.due)


def test_a_change_belongs_to_the_plan_in_force_on_its_day(store: Store, tmp_path: Path) -> None:
    amend(store, COUNTY, change("sub_items", "T06-9", dict(NEW_ITEM)), OFFICE, NOW)
    without = {**DEHUA.plan_table, "tasks": [t for t in DEHUA.plan_table["tasks"] if t["id"] != "T20"]}
    content = as_file(without)
    keep_plan(store, COUNTY, content, date(2023, 2, 1), OFFICE, NOW)
    keep_plan(store, COUNTY, content, date(2023, 9, 1), OFFICE, NOW)
    # The change was made of the plan that ships; the one that counts on its day now is another.
    held = county_on(store, COUNTY, DAY)
    assert (held.plan_file, held.plan_counts_from) == (1, date(2023, 2, 1))
    assert "T06-9" not in {s.sub_item_id for s in amended_county(store, held, DAY).plan.sub_items()}
    amend(store, COUNTY, change("sub_items", "T06-8", dict(NEW_ITEM)), OFFICE, NOW)
    assert "T06-8" in {s.sub_item_id for s in amended_county(store, held, DAY).plan.sub_items()}
    (tmp_path / "plan.toml").write_text(content, "utf-8")
    with pytest.raises(RequestInvalid, match="已有按日期施行的方案"):
        keep_county_files(store, COUNTY, tmp_path, OFFICE, NOW)
    later = county_on(store, COUNTY, date(2023, 9, 1))
    assert "T06-8" not in {s.sub_item_id for s in amended_county(store, later, date(2023, 9, 1)).plan.sub_items()}
