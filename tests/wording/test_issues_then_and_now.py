"""An issue says what was found on which day and what it is now: a notice never repeats an old count as today's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.delivery.owed.units import unit_page
from core.method.assessment import Verdict
from core.method.subjects import Subject
from core.reports.briefing.briefings import unit_briefing
from core.wording.carrying_out.ledger import issue_now, issue_then_and_now
from core.wording.carrying_out.notice import unit_notice
from tests.support.demo_county import Demo, demo

__all__ = ["demo"]
OPENED = date(2023, 11, 30)


def test_the_classes_over_the_limit_are_counted_then_and_now(demo: Demo) -> None:
    now = demo.on(OPENED)
    states = now.issue_states
    sizes = [i for i in now.issues if Subject.parse(i.subject).kind == "class_size" and states[i.number].is_open]
    assert sizes
    for issue in sizes:
        subject, found = Subject.parse(issue.subject), states[issue.number].finding
        [held] = [
            c
            for c in demo.assessments[2023].class_sizes
            if (c.school_id, c.stage) == (subject.school_id, subject.stage)
        ]
        now_words = f"现 {held.over_limit} 个班" if held.over_limit else "现已达标"
        assert (found.verdict is Verdict.NOT_MET) == bool(held.over_limit)
        assert issue_now(issue, states[issue.number]) == now_words
        assert issue_then_and_now(issue, states[issue.number]).endswith(f"（{issue.day} 建账时；{now_words}）")


def test_the_notice_and_the_briefing_say_both(demo: Demo) -> None:
    now = demo.on(OPENED)
    page = unit_page(now, "education")
    still = [(i, s) for i, s in page.issues if s.is_open]
    notice, briefing = unit_notice(now, page, "来源"), unit_briefing(now, page, "来源", is_demo=True)
    listed = {cell.text for section in briefing.sections for row in section.rows for cell in row}
    for issue, state in still:
        assert issue_then_and_now(issue, state) in listed
    assert any(issue_then_and_now(i, s) in notice for i, s in still)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(Verdict.MET, "现已达标"), (Verdict.NOT_ASSESSABLE, "现数据未报全"), (Verdict.NOT_APPLICABLE, "现已不参评")],
)
def test_what_the_figures_say_otherwise_is_said_in_words(demo: Demo, verdict: Verdict, words: str) -> None:
    now = demo.on(OPENED)
    issue = next(i for i in now.issues if Subject.parse(i.subject).kind == "row")
    state = now.issue_states[issue.number]
    assert issue_now(issue, replace(state, finding=replace(state.finding, verdict=verdict))) == words
    by_hand = replace(state, finding=replace(state.finding, has_metric=False))
    assert issue_now(issue, by_hand) == ""
