"""The leading group's table: what changed since it last met, what only it can decide, what is owed and by whom."""

from __future__ import annotations

from datetime import date, datetime

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.delivery.owed.escalation import due_letters, overdue_matters
from core.delivery.owed.meeting import meeting_days, overdue_decisions, since
from core.method.engine import assess
from core.wording.carrying_out.letters import addressee_name
from core.wording.carrying_out.meeting import questions, since_texts
from tests.support.demo_county import STANDARD, Demo
from tests.support.field import Field, field, field_file
from tests.support.small_county import SmallCounty, dataset

__all__ = ["field", "field_file"]


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
