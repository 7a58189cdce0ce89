"""Letters: due by days late as the plan sets them, drafted, issued by people, answered by whom they went to."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document

from core.delivery.on_time import Reason
from core.delivery.owed.escalation import awaiting_recheck, due_letters, letter_standing, overdue_matters, unmoved
from core.delivery.supervision.letters import Letter, LetterDraft, keep_letter, letter_history
from core.errors import RequestInvalid
from core.reports.letter_document import letter_document
from core.wording.carrying_out.letters import letter_draft, letter_state_text, opinion_draft
from core.wording.positions import overdue_by_unit
from tests.support.demo_county import PLAN
from tests.support.field import HEAD, INSPECTOR, NOW, OFFICE, VISITED, Field, field, field_file
from tests.support.papers import SCAN
from tests.support.small_county import COUNTY

__all__ = ["field", "field_file"]


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
        field.opinion(field.visit(problems=("另一处",)), content="长" * 6001, document_number="意见 2 号")


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


def test_a_number_is_borne_by_one_letter_and_an_answer_says_something(field: Field) -> None:
    first = field.opinion(field.visit())
    second = field.visit(problems=("消防栓被遮挡",))
    with pytest.raises(RequestInvalid, match="文号“意见 1 号”已用于“P学校督导意见书”"):
        field.opinion(second)
    said = {name: getattr(first, name) for name in LetterDraft.__dataclass_fields__}
    with pytest.raises(RequestInvalid, match="须在说明中写明回复要点，或附上回复的扫描件"):
        field.letter(LetterDraft(**{**said, "state": "answered", "note": ""}), INSPECTOR)
    answered = LetterDraft(**{**said, "state": "answered", "note": ""})
    facts = field.on(VISITED).facts
    kept = keep_letter(field.store, PLAN, facts, COUNTY, answered, INSPECTOR, NOW, [SCAN])
    assert letter_state_text(kept, letter_standing(field.on(VISITED), kept)) == "2023-03-01 已回复"


def test_what_waits_for_the_re_check_is_not_asked_of_who_handed_it_in(field: Field) -> None:
    visit = field.visit()
    field.opinion(visit, reply_by=date(2023, 4, 1))
    key = f"issue:{visit.issues[0].number}"
    assert key in [m.key for m in overdue_matters(field.on(date(2023, 4, 5)))]
    report = ({"step_id": "correcting", "measures": "补"}, {"step_id": "evidence", "evidence": "照片"})
    field.steps(visit.issues[0], HEAD, *report, day=date(2023, 4, 4))
    now = field.on(date(2023, 4, 5))
    assert key not in [m.key for m in overdue_matters(now)] and awaiting_recheck(now) == 1


def test_what_its_letters_did_not_move_stays_in_sight(field: Field) -> None:
    field.overdue_at(date(2023, 2, 1))
    now = field.on(date(2023, 3, 20))
    [due] = [d for d in due_letters(now) if d.matters[0].key.startswith("decision:")]
    assert unmoved(now) == ()
    draft = letter_draft(now, due, date(2023, 3, 20))
    assert "落实经费（领导小组 2023-01-05 议定）（期限 2023 年 2 月 1 日" in draft.content
    sent = {"state": "issued", "document_number": "督 9 号", "signer": "县长", "issued_on": date(2023, 3, 20)}
    letter = field.letter(replace(draft, **sent, recipient="张三"))
    assert [m.key for m in unmoved(field.on(date(2023, 3, 21)))] == [due.matters[0].key]
    document = Document(io.BytesIO(letter_document(letter, "督导通报", is_demo=False)))
    said = [p.text for p in document.paragraphs]
    assert said[1] == "督 9 号" and said[-1] == "2023 年 3 月 20 日" and said[-2].endswith("领导小组办公室")
    assert not any("签发人" in text for text in said), "a letter to a lower unit does not print it"


def test_a_text_from_elsewhere_opens_as_a_word_file(field: Field) -> None:
    letter = replace(field.opinion(field.visit()), content="甲\x0b乙\x1c\n办公室\n日期")
    document = Document(io.BytesIO(letter_document(letter, "督导意见书", is_demo=True)))
    assert document.paragraphs[0].text.startswith("演示数据")
    assert "甲 乙 " in [p.text for p in document.paragraphs]


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
        ({"recipient": ""}, "还须填写收文单位责任人"),
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
