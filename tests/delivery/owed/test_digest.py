"""近期提醒: what is new since a day, each in their own scope, and nothing of anybody else's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.delivery.ledger.ledger import ASSIGNED
from core.delivery.owed.digest import Scope, digest, scope_of
from core.delivery.owed.overdue import lateness
from core.delivery.owed.units import township_page, unit_page
from core.method.assessment import Verdict
from core.wording.carrying_out.digest import digest_headline, digest_sections, digest_text
from tests.support.demo_county import Demo

NOW = date(2023, 11, 30)
LONG_AGO = NOW - timedelta(days=365)


def test_the_countys_digest_counts_what_its_pages_count(demo: Demo) -> None:
    then, now = demo.on(LONG_AGO), demo.on(NOW)
    found = digest(then, now, Scope())
    late = lateness(now)
    departments = [s for s in late.sub_items if now.plan.unit(s.obligation.lead_unit_id).kind != "townships"]
    townships = sum(len(township_page(now, code).late) for code in now.township_names)
    assert found.still_late == len(departments) + townships > 0
    before_late = {s.sub_item.sub_item_id for s in lateness(then).sub_items}
    new = {s.sub_item.sub_item_id for s in found.became_late if s.township_code is None}
    assert new == {s.sub_item.sub_item_id for s in departments} - before_late
    assert all(LONG_AGO < (s.standing.due or LONG_AGO) <= NOW for s in found.fell_due)
    before, after = then.assessment, now.assessment
    assert before is not None and after is not None
    old = {r.key: r.verdict for r in before.rows}
    assert {r.key for r in found.failing_rows} == {
        r.key for r in after.rows if r.verdict is Verdict.NOT_MET and old.get(r.key) is not Verdict.NOT_MET
    }
    known = {i.number for i in then.issues}
    assert {i.number for i in found.opened} == {
        i.number for i in now.issues if i.number not in known and now.issue_states[i.number].is_open
    }
    assert {i.number for i in found.overdue_issues} == {
        i.number for i in now.issues if (s := now.issue_states[i.number]).is_open and s.standing.days_late > 0
    }
    said = digest_headline(found)
    assert f"仍逾期 {found.still_late} 项" in said and f"台账逾期 {len(found.overdue_issues)} 件" in said


@pytest.mark.parametrize("unit_id", ["education", "finance", "civil_affairs"])
def test_a_department_reads_of_its_own_alone(demo: Demo, unit_id: str) -> None:
    then, now = demo.on(LONG_AGO), demo.on(NOW)
    found = digest(then, now, Scope(False, units=frozenset({unit_id})))
    assert {s.obligation.lead_unit_id for s in (*found.fell_due, *found.became_late)} <= {unit_id}
    assert found.still_late == len(unit_page(now, unit_id).late)
    assert not found.failing_rows
    for issue in (*found.opened, *found.reopened, *found.overdue_issues):
        step = issue.latest(ASSIGNED)
        assert step is not None and step.unit_id == unit_id


def test_townships_and_schools_read_of_their_own_alone(demo: Demo) -> None:
    then, now = demo.on(LONG_AGO), demo.on(NOW)
    whole = digest(then, now, Scope())
    late = 0
    for code in now.township_names:
        found = digest(then, now, Scope(False, townships=frozenset({code})))
        late += found.still_late
        assert {s.township_code for s in found.became_late} <= {code}
        assert {r.township_code for r in found.failing_rows} <= {code}
        assert not found.failing_balance and not found.failing_items
    departments = sum(s.township_code is None for s in whole.became_late)
    assert (
        late + sum(len(unit_page(now, u.unit_id).late) for u in now.plan.units if u.kind not in ("group", "townships"))
        == whole.still_late
        and departments >= 0
    )
    for row in whole.failing_rows:
        found = digest(then, now, Scope(False, schools=frozenset({row.school_id})))
        assert row.school_id in {r.school_id for r in found.failing_rows} and found.still_late == 0


def test_the_same_day_has_nothing_new_and_a_closed_countys_plan_nothing_late(demo: Demo) -> None:
    now = demo.on(NOW)
    found = digest(now, now, Scope())
    assert not (found.fell_due or found.became_late or found.failing_rows or found.opened or found.reopened)
    assert "没有新的变化" in digest_headline(found)
    assert now.stage is not None
    recognised = replace(now, stage=replace(now.stage, stage="recognised"), statuses={})
    assert digest(now, recognised, Scope()).still_late == 0


def test_who_looks_at_the_county_reads_all_and_a_liaison_theirs() -> None:
    assert (
        scope_of({"leader"}, (), (), ()).is_whole and scope_of({"office", "liaison"}, ("education",), (), ()).is_whole
    )
    own = scope_of({"liaison", "viewer"}, ("education",), ("350526100",), ())
    assert not own.is_whole and own.units == {"education"} and own.townships == {"350526100"}


def test_the_letter_says_every_line_and_where_its_figures_come_from(demo: Demo) -> None:
    then, now = demo.on(LONG_AGO), demo.on(NOW)
    found = digest(then, now, Scope())
    text = digest_text(found, now, "http://10.0.0.8:8501/digest", "演示数据 · 批次 1")
    for title, lines in digest_sections(found, now):
        assert f"{title}（{len(lines)}）" in text
        assert all(name in text and state in text for name, state in lines)
    assert text.endswith("演示数据 · 批次 1") and "http://10.0.0.8:8501/digest" in text
