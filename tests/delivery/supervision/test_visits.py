"""What the field brings in: visits that open issues, files with them, steps of schools and units, each with its own rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import LOCAL_ADMINISTRATOR, READER, Actor
from core.delivery.ledger.ledger import IssueDraft, StepDraft, read_issues, steps_by_others
from core.delivery.ledger.ledger_writing import open_issue, take_step, take_steps
from core.delivery.on_time import Reason
from core.delivery.owed.escalation import letter_standing
from core.delivery.owed.inspections import inspections
from core.delivery.records.attachments import attachments_of
from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, name_persons
from core.delivery.supervision.file_access import open_attachment
from core.errors import NotPermitted, RequestInvalid
from core.wording.carrying_out.letters import opinion_draft
from core.wording.carrying_out.supervision import inspection_headline
from tests.support.demo_county import PLAN
from tests.support.field import HEAD, INSPECTOR, NOW, OFFICE, OTHER_HEAD, VISITED, Field, field, field_file, memory
from tests.support.papers import PHOTO
from tests.support.small_county import COUNTY

__all__ = ["field", "field_file", "memory"]


def test_a_visit_opens_an_issue_that_the_school_corrects_and_the_inspector_closes(field: Field) -> None:
    visit = field.visit()
    [issue] = visit.issues
    assert (issue.source, issue.source_id, issue.school_ids, issue.basis) == (
        "visit", str(visit.visit.number), ("P",), "留样记录缺 5 天",
    )  # fmt: skip
    files = attachments_of(field.store, COUNTY, VISITED)
    assert [a.name for a in files[visit.visit.number]] == [a.name for a in files[issue.number]] == ["现场照片.jpg"]

    letter = field.opinion(visit)
    [assigned] = read_issues(field.store, COUNTY, VISITED)[0].steps
    assert (assigned.step_id, assigned.school_id, assigned.person, assigned.due) == (
        "assigned", "P", "演示丙", letter.reply_by,
    )  # fmt: skip
    with pytest.raises(NotPermitted, match="不在您负责的范围内"):
        field.steps(issue, OTHER_HEAD, {"step_id": "correcting", "measures": "补记"})
    report = ({"step_id": "correcting", "measures": "专人记录"}, {"step_id": "evidence", "evidence": "整改报告"})
    issue = field.steps(issue, HEAD, *report)
    assert [s.step_id for s in issue.steps] == ["assigned", "correcting", "evidence"]
    assert attachments_of(field.store, COUNTY, NOW.date())[issue.steps[-1].number][0].name == "整改报告.pdf"
    assert letter_standing(field.on(date(2023, 3, 20)), letter).reason is Reason.DONE_IN_TIME

    with pytest.raises(NotPermitted):
        field.steps(issue, HEAD, {"step_id": "recheck", "passed": True})
    issue = field.steps(issue, INSPECTOR, {"step_id": "recheck", "passed": True}, day=date(2023, 3, 12))
    with pytest.raises(RequestInvalid, match="没有对应的指标，销号须写明理由"):
        field.steps(issue, INSPECTOR, {"step_id": "closed"}, day=date(2023, 3, 12))
    reason = {"step_id": "closed", "without_metric": True, "note": "到校复查属实"}
    field.steps(issue, INSPECTOR, reason, day=date(2023, 3, 12))
    assert not field.on(date(2023, 3, 13)).issue_states[issue.number].is_open


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"school_id": "不存在"}, "请选择学校"),
        ({"topics": ()}, "请选择督导事项"),
        ({"topics": ("weather",)}, "没有督导事项“weather”"),
        ({"observed": " "}, "请写明看到的情况"),
        ({"day": date(2024, 1, 1)}, "晚于今天"),
        ({"problems": tuple(f"问题 {n}" for n in range(11))}, "最多建账 10 个问题，现有 11 个"),
    ],
)
def test_a_visit_that_says_too_little_is_refused_whole(field: Field, cells: dict[str, Any], words: str) -> None:
    with pytest.raises((RequestInvalid, NotPermitted), match=words):
        field.visit(LOCAL_ADMINISTRATOR, **cells)
    assert read_issues(field.store, COUNTY, NOW.date()) == () and field.on(NOW.date()).visits == ()


def test_an_inspector_writes_only_of_own_schools(field: Field) -> None:
    with pytest.raises(NotPermitted, match="J学校不在您负责的范围内"):
        field.visit(school_id="J")
    other = field.visit(OFFICE, school_id="J")
    draft = opinion_draft(field.on(VISITED), field.visit().visit, other.issues, VISITED)
    sent = {"state": "issued", "document_number": "1 号", "signer": "乙", "issued_on": VISITED, "recipient": "丙"}
    with pytest.raises(RequestInvalid, match="所列问题不涉及收文学校"):
        field.letter(replace(draft, **sent), INSPECTOR)
    assert field.on(VISITED).letters == ()


def test_steps_of_one_call_belong_to_one_issue(field: Field) -> None:
    mine, theirs = field.visit().issues[0], field.visit(OFFICE, school_id="J", problems=("门卫缺岗",)).issues[0]
    field.opinion(field.visit(problems=("另一处",)))
    steps = [
        StepDraft(
            issue_number=issue.number, step_id="assigned", day=VISITED, unit_id="education", person="某", due=VISITED
        )
        for issue in (mine, theirs)
    ]
    with pytest.raises(RequestInvalid, match="台账上没有这件问题"):
        take_steps(field.store, PLAN, field.on(VISITED).facts, COUNTY, steps, OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="台账上没有这件问题"):
        take_steps(field.store, PLAN, field.on(VISITED).facts, COUNTY, [], OFFICE, NOW)


def test_an_inspector_takes_nothing_over_that_a_unit_corrects(field: Field) -> None:
    visit = field.visit()
    [issue] = visit.issues
    field.steps(issue, OFFICE, {"step_id": "assigned", "unit_id": "education", "person": "某", "due": date(2023, 6, 1)})
    with pytest.raises(RequestInvalid, match="已交给其他单位整改"):
        field.opinion(visit)
    field.steps(issue, OFFICE, {"step_id": "correcting", "measures": "补"}, {"step_id": "evidence", "evidence": "照片"})
    with pytest.raises(NotPermitted):
        field.steps(issue, INSPECTOR, {"step_id": "recheck", "passed": True})
    with pytest.raises(RequestInvalid, match="请登记督导记录"):
        draft = IssueDraft(title="问题", basis="随访", day=VISITED, source="visit", source_id="999")
        open_issue(field.store, PLAN, field.on(VISITED).facts, COUNTY, draft, OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="不涉及学校“J”"):
        field.steps(issue, OFFICE, {"step_id": "assigned", "school_id": "J", "person": "某", "due": date(2023, 6, 1)})


def test_who_corrects_does_not_check_under_a_name_with_a_post(field: Field) -> None:
    visit = field.visit()
    field.opinion(visit, recipient="演示乙（科长）")
    issue = field.steps(
        visit.issues[0],
        HEAD,
        {"step_id": "correcting", "measures": "补"},
        {"step_id": "evidence"} | {"evidence": "照片"},
    )
    with pytest.raises(RequestInvalid, match="核验和销号须由另一人办理"):
        field.steps(issue, INSPECTOR, {"step_id": "recheck", "passed": True})


def test_files_are_opened_by_who_may(field: Field) -> None:
    visit = field.visit()
    [held] = attachments_of(field.store, COUNTY, VISITED)[visit.issues[0].number]
    leader = Actor("演示组长", frozenset({"leader"}), verified=True, person_id="zz")
    for actor in (INSPECTOR, HEAD, OFFICE, leader):
        assert open_attachment(field.store, PLAN, COUNTY, held.number, actor).content == PHOTO.content
    for actor in (OTHER_HEAD, READER, Actor("路人", frozenset({"viewer"}), person_id="lr")):
        with pytest.raises(NotPermitted):
            open_attachment(field.store, PLAN, COUNTY, held.number, actor)
    with pytest.raises(RequestInvalid, match="没有第 999999 号附件"):
        open_attachment(field.store, PLAN, COUNTY, 999999, leader)


def test_two_people_at_one_issue_are_both_kept_and_the_second_is_told(field: Field) -> None:
    visit = field.visit()
    field.opinion(visit)
    [seen] = read_issues(field.store, COUNTY, NOW.date())
    field.steps(seen, HEAD, {"step_id": "correcting", "measures": "甲案"})
    kept = field.steps(seen, replace(HEAD, name="演示戊"), {"step_id": "correcting", "measures": "乙案"})
    assert [s.measures for s in kept.steps if s.step_id == "correcting"] == ["甲案", "乙案"]
    assert [s.measures for s in steps_by_others(seen, kept, 1)] == ["甲案"]
    assert steps_by_others(replace(kept, steps=kept.steps[:-1]), kept, 1) == ()


STEPS: tuple[dict[str, Any], ...] = (
    {"step_id": "assigned", "unit_id": "education", "person": "某人", "due": date(2023, 12, 1)},
    {"step_id": "correcting", "measures": "措施"},
    {"step_id": "evidence", "evidence": "照片"},
    {"step_id": "recheck", "passed": False, "note": "还差一处"},
    {"step_id": "recheck", "passed": True},
    {"step_id": "closed", "without_metric": True, "note": "属实"},
)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=10))
def test_no_sequence_of_steps_loses_an_earlier_one(memory: Field, order: list[int]) -> None:
    facts = memory.on(VISITED).facts
    draft = IssueDraft(title="问题", basis="检查", day=VISITED, source="inspection")
    issue = open_issue(memory.store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    taken: list[int] = []
    for place in order:
        step = StepDraft(issue_number=issue.number, day=VISITED, **STEPS[place])
        try:
            kept = take_step(
                memory.store, PLAN, facts, COUNTY, step, replace(LOCAL_ADMINISTRATOR, name=f"人{place}"), NOW
            )
        except RequestInvalid:
            continue
        taken.append(place)
        assert [s.step_id for s in kept.steps] == [STEPS[p]["step_id"] for p in taken]
    read = next(i for i in read_issues(memory.store, COUNTY, VISITED) if i.number == issue.number)
    assert [s.step_id for s in read.steps] == [STEPS[p]["step_id"] for p in taken]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"source": "overdue"}, "须选择是哪项具体措施"),
        ({"source": "overdue", "source_id": "T99-9"}, "没有具体措施"),
        ({"source": "unknown"}, "须选择是哪个指标"),
        ({"source": "rumour"}, "问题来源“rumour”不在可选范围内"),
    ],
)
def test_an_issue_names_what_it_was_found_by(field: Field, cells: dict[str, Any], words: str) -> None:
    draft = replace(IssueDraft(title="问题", basis="检查", day=VISITED), **cells)
    with pytest.raises(RequestInvalid, match=words):
        open_issue(field.store, PLAN, field.on(VISITED).facts, COUNTY, draft, OFFICE, NOW)


def test_an_item_that_cannot_be_judged_is_followed_by_its_own_figures(field: Field) -> None:
    facts = field.on(VISITED).facts
    draft = IssueDraft(title="数据未报", basis="无法判定", day=VISITED, source="unknown", source_id="G5")
    issue = open_issue(field.store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    assert issue.subject == "item:G5" and field.on(VISITED).issue_states[issue.number].finding.has_metric
    with pytest.raises(RequestInvalid, match="不重复建账"):
        open_issue(field.store, PLAN, facts, COUNTY, draft, OFFICE, NOW)


def test_schools_without_inspector_or_visit_come_first(field: Field) -> None:
    draft = ResponsiblePersonDraft(key=PersonKey("school", "P"), person="演示乙", day=date(2023, 2, 1))
    name_persons(field.store, PLAN, COUNTY, [draft], OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="没有学校“X”"):
        name_persons(field.store, PLAN, COUNTY, [replace(draft, key=PersonKey("school", "X"))], OFFICE, NOW)
    with pytest.raises(NotPermitted):
        name_persons(field.store, PLAN, COUNTY, [draft], INSPECTOR, NOW)
    field.visit()
    in_march = field.on(date(2023, 3, 15))
    listed = inspections(in_march)
    assert [(s.school_id, s.this_month, s.open_issues) for s in listed] == [("J", 0, 0), ("P", 1, 1)]
    assert inspection_headline(listed, in_march) == "2 所学校中 1 所未明确责任督学，本月 1 所还须随访，未销号问题 1 件"
    assert [s.this_month for s in inspections(field.on(date(2023, 4, 1)))] == [0, 0], "another month, another visit"
