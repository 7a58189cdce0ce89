"""The month: what is asked of whom and why, and that nothing is answered by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.delivery.owed import month as month_module
from core.delivery.owed.month import Asking, month_of, not_reported
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.records.records import UpdateKey
from core.wording.carrying_out.month import month_sentence
from tests.support.demo_county import PLAN, Demo

# Nobody has reported yet in a month's first days.
BEGUN = date(2023, 11, 10)


def test_the_education_bureau_answers_by_division_at_most_ten_questions_each(demo: Demo) -> None:
    month = month_of(demo.on(BEGUN), "education", frozenset())
    assert len(month.divisions) == 12 and sum(len(d.asked) for d in month.divisions) == 21
    assert all(len(d.asked) <= 10 and not d.beyond for d in month.divisions)
    assert month.divisions[-1].division is None, "what was handed over to the bureau stands in no division of it yet"
    # All that it leads stands there once: asked or unchanged.
    led = [q.sub_item_id for q in month.asked] + [s.sub_item.sub_item_id for d in month.divisions for s in d.unchanged]
    assert len(led) == len(set(led)) == 64
    assert month_sentence(month).startswith("本月待答 21 项（综合股（创建办日常） 3 项、基础教育股 2 项")


def test_a_question_says_why_it_is_asked_and_what_is_unchanged_is_not(demo: Demo) -> None:
    month = month_of(demo.on(BEGUN), "education", frozenset())
    why = {q.sub_item_id: q.reasons for q in month.asked}
    assert why["T05-2"] == (Asking.LATE, Asking.TROUBLED)
    due = month_of(demo.on(date(2020, 12, 10)), "education", frozenset())
    assert {q.sub_item_id for q in due.asked if Asking.DUE in q.reasons} >= {"T04-1", "T04-2"}
    assert why["T04-12"] == (Asking.SHORT, Asking.TROUBLED)
    assert why["T06-8"] == (Asking.FIRST,)
    unchanged = {s.sub_item.sub_item_id: s for d in month.divisions for s in d.unchanged}
    for status in unchanged.values():
        assert not status.is_late and not status.is_short and not status.diverging and status.reported is not None


def test_only_a_word_of_this_month_answers(demo: Demo) -> None:
    situation = demo.on(BEGUN)
    silent = month_of(situation, "education", frozenset())
    assert all(not q.answered for q in silent.asked), "what was said last month is a draft and no answer"
    said = frozenset({UpdateKey("T05-2", "education")})
    month = month_of(situation, "education", said)
    assert set(silent.missing) - set(month.missing) == {"T05-2"}
    score = next(s for s in scoreboard(situation, said) if s.unit_id == "education")
    assert (score.to_report, score.reported) == (21, 1)
    # The word of another unit about the same sub-item answers nothing.
    other = month_of(situation, "education", frozenset({UpdateKey("T05-2", "finance")}))
    assert other.missing == silent.missing


def test_more_than_ten_wait_and_the_most_pressing_are_asked(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(month_module, "MOST_QUESTIONS", 2)
    situation = demo.on(BEGUN)
    [division] = [
        d for d in month_of(situation, "education", frozenset()).divisions if d.division_id == "planning_finance"
    ]
    assert len(division.asked) == 2 and len(division.beyond) == 2
    assert all(q.reasons[0] is Asking.LATE for q in division.asked)
    # An answer brings no further question and clears no other, and what was said beyond them stays said.
    said = frozenset(UpdateKey(q.sub_item_id, "education") for q in (division.asked[0], division.beyond[1]))
    [later] = [d for d in month_of(situation, "education", said).divisions if d.division_id == "planning_finance"]
    assert later.missing == (division.asked[1].sub_item_id,)
    assert {q.sub_item_id for q in later.asked if q.answered} == {k.sub_item_id for k in said}


def test_a_plan_that_is_history_asks_nothing(demo: Demo) -> None:
    situation = demo.on(BEGUN)
    assert situation.stage is not None
    recognised = replace(situation, stage=replace(situation.stage, stage="recognised"))
    assert not_reported(recognised, frozenset()) == ()
    assert month_sentence(month_of(recognised, "education", frozenset())) == (
        "本月没有到期、逾期或有变化的事项，不用填报"
    )


def test_every_sub_item_of_the_bureau_has_its_division() -> None:
    led = [s for s in PLAN.sub_items() if s.lead.unit_id == "education"]
    assert {s.division_id for s in led} == {d.division_id for d in PLAN.divisions_of("education")}
