"""From the visit to the meeting: issues from the field, opinions with a term, letters by days late, the meeting's pack."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import LOCAL_ADMINISTRATOR, READER, Actor
from core.batches import loading, publishing
from core.delivery.ledger.ledger import Issue, IssueDraft, StepDraft, read_issues, steps_by_others
from core.delivery.ledger.ledger_writing import open_issue, take_step, take_steps
from core.delivery.on_time import Reason
from core.delivery.owed.escalation import due_letters, letter_standing, overdue_matters
from core.delivery.owed.inspections import inspections
from core.delivery.owed.meeting import meeting_days, overdue_decisions, since
from core.delivery.records.attachments import attachments_of
from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, name_persons
from core.delivery.records.records import DecisionDraft
from core.delivery.records.records_writing import decide
from core.delivery.status.situation import Situation, situation
from core.delivery.supervision.file_access import open_attachment
from core.delivery.supervision.letters import Letter, LetterDraft, keep_letter, letter_history
from core.delivery.supervision.visits import VisitDraft, VisitReceipt, keep_visit
from core.errors import NotPermitted, RequestInvalid
from core.method.engine import assess
from core.reports.letter_document import letter_document
from core.store.database import Store
from core.wording.carrying_out.letters import addressee_name, letter_draft, letter_state_text, opinion_draft
from core.wording.carrying_out.meeting import questions, since_texts
from core.wording.carrying_out.supervision import inspection_headline
from core.wording.positions import overdue_by_unit
from tests.support.demo_county import DEHUA, PLAN, STANDARD, Demo
from tests.support.papers import PHOTO, SCAN
from tests.support.small_county import COUNTY, YEAR, SmallCounty, dataset

NOW = datetime(2023, 12, 31, 9)
VISITED = date(2023, 3, 1)
INSPECTOR = Actor("演示乙", frozenset({"inspector"}), verified=True, person_id="yi", schools=frozenset({"P"}))
HEAD = Actor("演示丙", frozenset({"school"}), verified=True, person_id="bing", schools=frozenset({"P"}))
OTHER_HEAD = replace(HEAD, name="演示丁", person_id="ding", schools=frozenset({"J"}))
OFFICE = Actor("演示甲", frozenset({"office"}), verified=True, person_id="jia")


@dataclass
class Field:
    """A county of two schools, in which people supervise on given days."""

    store: Store

    def on(self, day: date) -> Situation:
        return situation(self.store, DEHUA, STANDARD, day, {YEAR: assess(self.store, STANDARD, COUNTY, YEAR)})

    def visit(self, actor: Actor = INSPECTOR, **cells: Any) -> VisitReceipt:
        said = {"school_id": "P", "topics": ("canteen",), "observed": "留样记录缺 5 天", "day": VISITED,
                "problems": ("食堂留样记录不全",), "response": "情况属实"}  # fmt: skip
        draft = VisitDraft(**{**said, **cells})
        return keep_visit(self.store, PLAN, self.on(VISITED).facts, COUNTY, draft, actor, NOW, [PHOTO])

    def opinion(self, visit: VisitReceipt, actor: Actor = INSPECTOR, **cells: Any) -> Letter:
        made = opinion_draft(self.on(VISITED), visit.visit, visit.issues, VISITED)
        sent = {"state": "issued", "document_number": "意见 1 号", "signer": "演示乙", "issued_on": VISITED,
                "recipient": "演示丙"}  # fmt: skip
        return self.letter(replace(made, **{**sent, **cells}), actor)

    def letter(self, draft: LetterDraft, actor: Actor = OFFICE) -> Letter:
        return keep_letter(self.store, PLAN, self.on(VISITED).facts, COUNTY, draft, actor, NOW)

    def steps(self, issue: Issue, actor: Actor, *drafts: dict[str, Any], day: date = date(2023, 3, 10)) -> Issue:
        made = [StepDraft(issue_number=issue.number, day=day, **draft) for draft in drafts]
        return take_steps(self.store, PLAN, self.on(day).facts, COUNTY, made, actor, NOW, [SCAN])

    def overdue_at(self, due: date, unit_id: str = "finance") -> None:
        """A decision that a unit owes by a day."""
        draft = DecisionDraft(decision="落实经费", owner_unit_id=unit_id, day=date(2023, 1, 5), due=due)
        decide(self.store, PLAN, COUNTY, draft, OFFICE, NOW)


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    store = Store.open(tmp_path / "county.duckdb", STANDARD)
    county = SmallCounty()
    county.school("P", "primary", {"primary": 90}, classes={"primary": [45, 45]})
    county.school("J", "junior", {"junior": 500})
    batch = loading.load(store, dataset(county.tables), STANDARD, LOCAL_ADMINISTRATOR, datetime(2022, 12, 1))
    publishing.publish(store, batch, LOCAL_ADMINISTRATOR, datetime(2022, 12, 1), "")
    yield Field(store)
    store.close()


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
        ({"problems": tuple(f"问题 {n}" for n in range(11))}, "最多立账 10 个问题，现有 11 个"),
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
    with pytest.raises(RequestInvalid, match="复核和销号须由另一人办理"):
        field.steps(issue, INSPECTOR, {"step_id": "recheck", "passed": True})


def test_a_school_that_is_late_gets_its_letter(field: Field) -> None:
    visit = field.visit()
    field.opinion(visit, reply_by=date(2023, 4, 1))
    now = field.on(date(2023, 4, 5))
    [due] = [d for d in due_letters(now) if d.addressee.school_id == "P"]
    draft = letter_draft(now, due, date(2023, 4, 5))
    assert (draft.kind, draft.school_id, draft.recipient) == ("reminder", "P", "演示丙")
    assert "由你校负责的下列事项已过期限：\n1. 食堂留样记录不全（期限 2023 年 4 月 1 日，逾期 4 天）。" in draft.content
    field.letter(draft)
    [owed] = [o for o in overdue_by_unit(now, ()) if "学校" in o.name]
    assert (owed.name, owed.issues_overdue, owed.in_time_text) == ("1 所学校", 1, "—")


def test_a_notice_claims_no_letter_that_was_not_sent(field: Field) -> None:
    field.overdue_at(date(2023, 2, 1))

    def notice() -> str:
        now = field.on(date(2023, 3, 20))
        [due] = [d for d in due_letters(now) if d.matters[0].key.startswith("decision:")]
        assert due.rule.kind == "notice"
        return letter_draft(now, due, date(2023, 3, 20)).content

    assert "此前" not in notice()
    [due] = [d for d in due_letters(field.on(date(2023, 2, 20))) if d.matters[0].key.startswith("decision:")]
    draft = letter_draft(field.on(date(2023, 2, 20)), due, date(2023, 2, 20))
    field.letter(
        replace(
            draft,
            state="issued",
            document_number="督 7 号",
            signer="县长",
            issued_on=date(2023, 2, 20),
            recipient="张三",
        )
    )
    assert "此前已就有关事项发约谈通知（督 7 号），至今没有完成。" in notice()


def test_an_opinion_of_a_long_visit_is_kept_whole(field: Field) -> None:
    visit = field.visit(observed="看" * 1000, response="意" * 500, problems=tuple(f"{n}{'题' * 58}" for n in range(10)))
    letter = field.opinion(visit)
    assert len(letter.content) > 2000 and letter.content.endswith("年　　月　　日")
    with pytest.raises(RequestInvalid, match=r"最多 6,000 个字"):
        field.opinion(field.visit(problems=("另一处",)), content="长" * 6001)


def test_a_letter_is_answered_by_its_addressee_after_it_was_issued(field: Field) -> None:
    visit = field.visit()
    first = field.opinion(visit)
    [issue] = visit.issues
    report = ({"step_id": "correcting", "measures": "补"}, {"step_id": "evidence", "evidence": "照片"})
    field.steps(issue, HEAD, *report)
    assert letter_standing(field.on(date(2023, 3, 20)), first).reason is Reason.DONE_IN_TIME
    failed = {"step_id": "recheck", "passed": False, "note": "还差"}
    field.steps(issue, INSPECTOR, failed)
    assert letter_standing(field.on(date(2023, 3, 20)), first).reason is Reason.UNDER_WAY, (
        "what was sent back is no answer"
    )
    field.steps(issue, OFFICE, {"step_id": "assigned", "unit_id": "education", "person": "某", "due": date(2023, 6, 1)})
    field.steps(issue, OFFICE, *report)
    assert letter_standing(field.on(date(2023, 3, 20)), first).reason is Reason.UNDER_WAY, (
        "another's report is not its own"
    )


def test_a_letter_names_what_there_is_and_is_not_withdrawn_under_a_school(field: Field) -> None:
    visit = field.visit()
    made = opinion_draft(field.on(VISITED), visit.visit, visit.issues, VISITED)
    for cells, words in (
        ({"matters": ("issue:x",)}, "没有事项“issue:x”"),
        ({"school_id": "NOWHERE", "matters": ()}, "没有学校“NOWHERE”"),
    ):
        with pytest.raises(RequestInvalid, match=words):
            field.letter(replace(made, **cells))
    letter = field.opinion(visit)
    said = {name: getattr(letter, name) for name in LetterDraft.__dataclass_fields__}
    with pytest.raises(RequestInvalid, match="请先另行交办或另发意见书，再作废"):
        field.letter(LetterDraft(**{**said, "state": "withdrawn", "note": "有误"}), INSPECTOR)
    for cells in ({"signer": "别人"}, {"reply_by": date(2030, 1, 1)}, {"recipient": "李四"}):
        with pytest.raises(RequestInvalid, match="不能再改"):
            field.letter(
                LetterDraft(**{**said, "state": "received", "received_by": "丙", "received_on": VISITED, **cells})
            )
    with pytest.raises(RequestInvalid, match="晚于登记日期"):
        later = {"received_by": "丙", "received_on": date(2023, 3, 2)}
        field.letter(LetterDraft(**{**said, "state": "received", **later}), INSPECTOR)


def test_figures_corrected_between_two_meetings_are_not_called_unchanged(field: Field) -> None:
    before = field.on(date(2023, 3, 1))
    county = SmallCounty()
    county.school("P", "primary", {"primary": 90}, classes={"primary": [80, 10]})
    county.school("J", "junior", {"junior": 500})
    batch = loading.load(field.store, dataset(county.tables), STANDARD, LOCAL_ADMINISTRATOR, datetime(2023, 3, 10))
    publishing.publish(field.store, batch, LOCAL_ADMINISTRATOR, datetime(2023, 3, 10), "")
    after = field.on(date(2023, 3, 20))
    said = dict(since_texts(since(before, after), after))["数据"]
    assert "其间更正、补报过本学年数据（最近 2023 年 3 月 10 日）" in said and "结论未变" not in said
    assert "结论未变" in dict(since_texts(since(after, field.on(date(2023, 3, 25))), after))["数据"]


def test_a_text_from_elsewhere_opens_as_a_word_file(field: Field) -> None:
    letter = replace(field.opinion(field.visit()), content="甲\x0b乙\x1c\n办公室\n日期")
    document = Document(io.BytesIO(letter_document(letter, "督导意见书", is_demo=True)))
    assert document.paragraphs[0].text.startswith("演示数据")
    assert "甲 乙 " in [p.text for p in document.paragraphs]


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


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (0, None),
        (1, "reminder"),
        (7, "reminder"),
        (8, "order"),
        (15, "order"),
        (16, "talk"),
        (30, "talk"),
        (31, "notice"),
    ],
)
def test_the_letter_due_follows_the_days_late_as_the_plan_sets_them(field: Field, days: int, kind: str | None) -> None:
    field.overdue_at(date(2023, 2, 1))
    found = [
        d for d in due_letters(field.on(date(2023, 2, 1) + timedelta(days=days))) if d.addressee.unit_id == "finance"
    ]
    own = [d for d in found if any(m.key.startswith("decision:") for m in d.matters)]
    assert [d.rule.kind for d in own] == ([] if kind is None else [kind])


def test_a_letter_that_was_sent_covers_until_the_next_step_is_reached(field: Field) -> None:
    field.overdue_at(date(2023, 2, 1))

    def owed(day: date) -> list[str]:
        return [d.rule.kind for d in due_letters(field.on(day)) if d.matters[0].key.startswith("decision:")]

    [due] = [d for d in due_letters(field.on(date(2023, 2, 5))) if d.matters[0].key.startswith("decision:")]
    draft = letter_draft(field.on(date(2023, 2, 5)), due, date(2023, 2, 5))
    assert "德化县财政局" in draft.content and "逾期 4 天" in draft.content and draft.reply_by == date(2023, 2, 12)
    kept = field.letter(draft)
    assert owed(date(2023, 2, 6)) == ["reminder"], "a draft is no letter"
    sent = replace(draft, letter_id=kept.letter_id, state="issued", document_number="督 1 号", signer="县长",
                   issued_on=date(2023, 2, 5), recipient="张三")  # fmt: skip
    field.letter(sent)
    assert owed(date(2023, 2, 6)) == [] and owed(date(2023, 2, 8)) == []
    assert owed(date(2023, 2, 9)) == ["order"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"document_number": ""}, "本平台不代为发文"),
        ({"signer": " "}, "本平台不代为发文"),
        ({"issued_on": None}, "本平台不代为发文"),
        ({"issued_on": date(2023, 3, 2)}, "晚于登记日期"),
        ({"reply_by": date(2023, 2, 28)}, "早于印发日期"),
        ({"recipient": ""}, "回复期限和收文单位的责任人"),
        ({"reply_by": date(2024, 1, 15)}, "在方案结束（2023-12-31）之后"),
        ({"state": "received"}, "只能登记为草稿或已印发|签收人和签收日期"),
        ({"unit_id": "nobody"}, "方案中没有单位"),
        ({"content": " "}, "须有标题和正文"),
    ],
)
def test_nothing_counts_as_issued_without_what_makes_it_so(field: Field, cells: dict[str, Any], words: str) -> None:
    draft = LetterDraft(
        kind="order", title="督办单", content="请整改", day=VISITED, unit_id="finance", state="issued",
        document_number="督 1 号", signer="县长", issued_on=VISITED, reply_by=date(2023, 3, 11), recipient="张三",
    )  # fmt: skip
    with pytest.raises(RequestInvalid, match=words):
        field.letter(replace(draft, **cells))
    assert field.on(NOW.date()).letters == ()


def test_a_term_past_the_plans_end_is_asked_about_and_kept_with_its_reason(field: Field) -> None:
    [issue] = field.visit().issues
    late = {"step_id": "assigned", "school_id": "P", "person": "演示丙", "due": date(2024, 3, 1)}
    with pytest.raises(RequestInvalid, match=r"在方案结束（2023-12-31）之后.*写明理由"):
        field.steps(issue, OFFICE, late)
    kept = field.steps(issue, OFFICE, {**late, "note": "须等寒假施工"})
    assert kept.steps[-1].due == date(2024, 3, 1)
    [other] = field.visit(problems=("消防栓被遮挡",)).issues
    field.steps(other, OFFICE, {**late, "due": date(2023, 12, 31)})


def test_a_letter_goes_its_way_and_its_text_stands_once_it_was_issued(field: Field) -> None:
    letter = field.opinion(field.visit())

    def going_on(**cells: Any) -> Letter:
        said = {name: getattr(letter, name) for name in LetterDraft.__dataclass_fields__}
        return field.letter(LetterDraft(**{**said, "note": "", "day": date(2023, 3, 3), **cells}), INSPECTOR)

    with pytest.raises(RequestInvalid, match=r"已印发，正文、文号.*不能再改"):
        going_on(state="received", content="另一份", received_by="丙", received_on=VISITED)
    with pytest.raises(RequestInvalid, match="不能再登记为草稿"):
        going_on(state="draft")
    received = going_on(state="received", received_by="演示丙", received_on=date(2023, 3, 2))
    assert [x.state for x in letter_history(field.store, COUNTY, letter.letter_id, NOW.date())] == [
        "issued",
        "received",
    ]
    late = field.on(date(2023, 4, 10))
    assert letter_state_text(received, letter_standing(late, received)) == "已签收，回复逾期 10 天"
    with pytest.raises(RequestInvalid, match="作废须写明理由"):
        going_on(state="withdrawn", received_by="演示丙", received_on=date(2023, 3, 2))


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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=10))
def test_no_sequence_of_steps_loses_an_earlier_one(field: Field, order: list[int]) -> None:
    facts = field.on(VISITED).facts
    draft = IssueDraft(title="问题", basis="检查", day=VISITED, source="inspection")
    issue = open_issue(field.store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    taken: list[int] = []
    for place in order:
        step = StepDraft(issue_number=issue.number, day=VISITED, **STEPS[place])
        try:
            kept = take_step(
                field.store, PLAN, facts, COUNTY, step, replace(LOCAL_ADMINISTRATOR, name=f"人{place}"), NOW
            )
        except RequestInvalid:
            continue
        taken.append(place)
        assert [s.step_id for s in kept.steps] == [STEPS[p]["step_id"] for p in taken]
    read = next(i for i in read_issues(field.store, COUNTY, VISITED) if i.number == issue.number)
    assert [s.step_id for s in read.steps] == [STEPS[p]["step_id"] for p in taken]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"source": "overdue"}, "须选择是哪个子项"),
        ({"source": "overdue", "source_id": "T99-9"}, "没有子项"),
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
    with pytest.raises(RequestInvalid, match="不重复立账"):
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


def test_the_demonstration_county_shows_its_leaders_what_to_decide(demo: Demo) -> None:
    now = demo.on(date(2023, 11, 30))
    judged = now.assessment
    assert judged is not None
    asked = questions(now, judged, lambda changes: assess(demo.store, STANDARD, "350526", 2023, changes=changes))
    assert len(asked) == 5 and len({q.title for q in asked}) == 5
    assert all(any(c.isdigit() for c in q.figures) and q.ask for q in asked)
    assert "未达标" in asked[0].title, "what bars the county comes first"
    late = overdue_decisions(now)
    assert late and all(standing.days_late > 0 for _, standing in late)
    days = meeting_days(now)
    assert days == sorted(days, reverse=True) and days[0] < now.as_of
    said = dict(since_texts(since(demo.on(days[0]), now), now))
    assert said["数据"] == "没有新的学年数据，本学年数据也没有更正，结论未变。" and "责任督学随访" in said["督查"]
    older = dict(since_texts(since(demo.on(date(2022, 12, 1)), now), now))
    assert "→" in older["数据"], "other figures have come to count"


def test_every_overdue_matter_of_the_demonstration_is_owed_once_and_covered_or_called_for(demo: Demo) -> None:
    now = demo.on(date(2023, 11, 30))
    matters = overdue_matters(now)
    assert len({(m.key, m.addressee) for m in matters}) == len(matters)
    called = {(m.key, m.addressee) for due in due_letters(now) for m in due.matters}
    covered = {(m.key, m.addressee) for m in matters} - called
    assert ("sub_item:T02-2", "350526204") in {(key, to.township_code) for key, to in covered}
    assert all(addressee_name(now, due.addressee) for due in due_letters(now))
    opened = [d.draft.letter_id for d in due_letters(now) if d.draft]
    assert opened == ["WD04"]
