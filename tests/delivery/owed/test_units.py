"""One unit, one township, the scoreboard: what is owed by whom, with denominators that are fair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from core.delivery.figures.pairs import cluster_gaps, mean_pair_gap, pair_gaps
from core.delivery.figures.sub_item_metrics import evaluate
from core.delivery.figures.target_measures import measure, overall
from core.delivery.on_time import severity
from core.delivery.owed.month import may_report, month_of, not_reported
from core.delivery.owed.overdue import lateness
from core.delivery.owed.proposals import proposals
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.owed.units import township_page, unit_page
from core.delivery.records.records import SubItemUpdate, UpdateKey, reported_in_month
from core.delivery.status.status import sub_item_status, sub_item_statuses, township_statuses
from core.method.assessment import Verdict
from core.rules.plan_metrics import IndicatorMetric, PairGapMetric, RatioMetric
from core.wording.delivery import status_sentence
from core.wording.positions import board_headline
from tests.support.demo_county import COUNTY, PLAN, STANDARD, Demo

OPENED = date(2023, 11, 30)


def test_a_page_lists_what_the_unit_leads_and_apart_what_it_shares(demo: Demo) -> None:
    page = unit_page(demo.on(OPENED), "finance")
    assert {s.obligation.lead_unit_id for s in page.leads} == {"finance"}
    assert not {s.sub_item.sub_item_id for s in page.leads} & {s.sub_item.sub_item_id for s in page.shares}
    assert page.late == tuple(s for s in page.leads if s.is_late) != ()
    assert {"G6", "G7", "G8"} <= set(page.moves)
    assert all(issue.latest("assigned").unit_id == "finance" for issue, _ in page.issues)  # type: ignore[union-attr]
    assert {d.owner_unit_id for d in page.decisions} == {"finance"}


def test_a_changed_lead_moves_the_sub_item_from_the_day_it_was_confirmed(demo: Demo) -> None:
    def leads(as_of: date) -> set[str]:
        return {s.sub_item.sub_item_id for s in unit_page(demo.on(as_of), "civil_affairs").leads}

    assert "T13-4" not in leads(date(2020, 6, 11)) and "T13-4" in leads(date(2020, 6, 12))
    assert sub_item_status(demo.on(OPENED), "T13-4").obligation.lead_basis == "confirmed"


def test_due_this_month_is_what_still_has_to_be_done_in_it(demo: Demo) -> None:
    page = unit_page(demo.on(date(2020, 12, 10)), "education")
    assert page.due_this_month
    for status in page.due_this_month:
        due = status.standing.due
        assert due is not None and (due.year, due.month) == (2020, 12) and status.standing.level != "done"


def test_who_is_late_is_who_has_something_late_on_the_scoreboard(demo: Demo) -> None:
    for day in (OPENED, date(2021, 6, 1)):
        situation = demo.on(day)
        found, scores = lateness(situation), scoreboard(situation, frozenset())
        assert set(found.departments) == {s.unit_id for s in scores if s.late and s.township_code is None}
        assert set(found.townships) == {s.township_code for s in scores if s.late and s.township_code}
        assert (found.departments_leading, found.townships_leading) == (8, 18)
        assert f"逾期 {len(found.sub_items)} 项，涉及 {len(found.departments)} 个部门和" in board_headline(
            situation, scores
        )


def test_the_scoreboard_counts_only_what_has_fallen_due(demo: Demo) -> None:
    situation = demo.on(OPENED)
    reported = reported_in_month(demo.store, COUNTY, OPENED, OPENED)
    scores = scoreboard(situation, reported)
    assert {(s.unit_id, s.township_code) for s in scores} >= {("education", None), ("townships", "350526100")}
    for score in scores:
        assert score.in_time <= score.fallen_due <= score.begun <= score.leads
        assert score.reported <= score.to_report <= score.leads
        assert score.in_time_share is None or 0 <= score.in_time_share <= 1
    early = scoreboard(demo.on(date(2019, 4, 30)), frozenset())
    assert all(s.in_time_share is None or s.fallen_due for s in early)
    assert any(s.fallen_due == 0 and s.in_time_share is None for s in early)


def test_who_has_not_reported_is_told_sub_item_by_sub_item(demo: Demo) -> None:
    situation = demo.on(OPENED)
    owed = list(month_of(situation, "education", frozenset()).missing)
    nobody = {(m.unit_id, m.township_code): m for m in not_reported(situation, frozenset())}
    assert list(nobody["education", None].missing) == owed and nobody["education", None].owed == len(owed) > 15
    one = not_reported(situation, frozenset({UpdateKey(owed[0], "education")}))
    assert next(m for m in one if m.unit_id == "education").missing == tuple(owed[1:])
    everyone = frozenset(UpdateKey(i, m.unit_id, m.township_code) for m in nobody.values() for i in m.missing)
    assert not_reported(situation, everyone) == ()


def test_a_township_shows_its_schools_classes_and_children(demo: Demo) -> None:
    situation = demo.on(OPENED)
    page = township_page(situation, "350526204")
    judged = demo.assessments[2023]
    assert page.school_rows.total == sum(r.township_code == "350526204" for r in judged.rows) == 3
    assert page.attendance is not None
    assert (page.attendance.school_age, page.attendance.notices_served, page.attendance.notices_returned) == (694, 3, 2)
    assert page.classes == 15 and page.classes_over_limit == 0
    assert [s.township_code for s in page.sub_items] == ["350526204"] * len(page.sub_items)
    assert township_page(demo.on(date(2018, 3, 1)), "350526204").attendance is None


def test_the_county_stands_as_its_worst_township(demo: Demo) -> None:
    situation = demo.on(OPENED)
    county = sub_item_statuses(situation)["T02-2"]
    each = [township_statuses(situation, code)["T02-2"] for code in situation.township_names]
    worst = max(severity(PLAN.warnings, s.standing.level) or 0 for s in each)
    assert severity(PLAN.warnings, county.standing.level) == worst > 0
    assert set(county.behind) == {s.township_code for s in each if severity(PLAN.warnings, s.standing.level)}
    assert county.metric is not None and county.metric.denominator == sum(
        a.school_age or 0 for a in situation.facts.attendance_followed[2023].values()
    )


def test_attendance_without_notices_owes_nothing_and_unreported_is_unknown(demo: Demo) -> None:
    facts = replace(demo.on(OPENED).facts, attendance_followed={})
    metric = RatioMetric("attendance", "notices_returned", "notices_served", ">=", Decimal(1))
    assert evaluate(metric, PLAN, STANDARD, facts, 2023, "350526106").verdict is Verdict.NOT_APPLICABLE
    assert evaluate(metric, PLAN, STANDARD, facts, 2023, "350526103").verdict is Verdict.NOT_MET
    without = {2023: {c: a for c, a in facts.attendance[2023].items() if c != "350526103"}}
    blank = replace(facts, attendance=without)
    assert evaluate(metric, PLAN, STANDARD, blank, 2023).verdict is Verdict.NOT_ASSESSABLE
    assert evaluate(metric, PLAN, STANDARD, blank, 2030).verdict is Verdict.NOT_ASSESSABLE


def test_an_indicator_counts_the_rows_that_meet_it(demo: Demo) -> None:
    found = evaluate(IndicatorMetric("L5"), PLAN, STANDARD, demo.on(OPENED).facts, 2023)
    verdicts = [row.indicator("L5").verdict for row in demo.assessments[2023].rows]
    assert (found.numerator, found.denominator) == (verdicts.count(Verdict.MET), len(verdicts))
    assert found.verdict is Verdict.NOT_MET


def test_the_gap_inside_pairs_and_clusters(demo: Demo) -> None:
    facts = demo.on(OPENED).facts
    pairs = pair_gaps(facts, 2019)
    assert {p.pairing_kind for p in pairs} == {"老带新", "强扶弱"}
    for pair in pairs:
        assert pair.gap is not None and pair.attainment is not None and pair.paired_attainment is not None
        assert 0 <= pair.gap <= 1 and pair.gap == abs(pair.attainment - pair.paired_attainment)
    narrowing = evaluate(PairGapMetric(), PLAN, STANDARD, facts, 2019)
    assert narrowing.verdict is Verdict.MET and narrowing.value == mean_pair_gap(facts, 2019)
    alone = replace(facts, schools={2019: (), 2018: ()})
    assert evaluate(PairGapMetric(), PLAN, STANDARD, alone, 2019).verdict is Verdict.NOT_ASSESSABLE
    for cluster in cluster_gaps(facts, 2019):
        assert cluster.gap is None or cluster.gap == (cluster.best or 0) - (cluster.weakest or 0) >= 0


def test_a_central_school_of_unknown_place_leaves_the_target_undecided(demo: Demo) -> None:
    facts = demo.on(OPENED).facts
    judged = demo.assessments[2023]
    sizes = tuple(replace(c, central_area=None) if n == 0 else c for n, c in enumerate(judged.class_sizes))
    blurred = replace(facts, assessments={2023: replace(judged, class_sizes=sizes)})
    for target_id in ("central_oversized_classes_2023", "central_oversized_schools_2023"):
        target = PLAN.dated_target(target_id)
        assert overall(measure(target, STANDARD, facts, 2023)) is Verdict.MET
        assert overall(measure(target, STANDARD, blurred, 2023)) is Verdict.NOT_ASSESSABLE


def test_every_shortfall_is_proposed_and_routed_once(demo: Demo) -> None:
    judged = demo.assessments[2023]
    empty = replace(demo.on(OPENED), issues=())
    found = {p.subject: p for p in proposals(empty)}
    expected = {f"item:{i.code}" for i in judged.items if i.verdict is Verdict.NOT_MET}
    expected |= {f"balance:{b.stage}:{b.code}" for b in judged.balance if b.verdict is Verdict.NOT_MET}
    expected |= {f"class_size:{c.school_id}:{c.stage}" for c in judged.class_sizes if c.over_limit}
    expected |= {
        f"row:{r.school_id}:{r.stage}:{h.code}"
        for r in judged.rows if r.verdict is Verdict.NOT_MET for h in r.indicators if h.verdict is Verdict.NOT_MET
    }  # fmt: skip
    assert set(found) == expected
    for proposal in found.values():
        assert proposal.lead_unit_id is not None and proposal.months is not None
    states = demo.on(OPENED).issue_states
    taken = {i.subject for i in demo.on(OPENED).issues if states[i.number].is_open}
    assert {p.subject for p in proposals(demo.on(OPENED))} == expected - taken


def test_statuses_are_said_in_plain_chinese(demo: Demo) -> None:
    for status in sub_item_statuses(demo.on(OPENED)).values():
        sentence = status_sentence(status, PLAN)
        assert sentence
        assert not any(word in sentence for word in ("None", "not_", "overdue", "on_course", "reported_"))


def test_a_co_unit_reports_its_part_beside_the_lead(demo: Demo) -> None:
    now = demo.on(OPENED)
    rows = {s.sub_item.sub_item_id: s for s in may_report(now, "finance")}
    assert rows and all(s.obligation.lead_unit_id != "finance" for s in rows.values())
    shared = next(s for s in rows.values() if s.obligation.lead_unit_id == "education")
    sub_item_id = shared.sub_item.sub_item_id
    late = SubItemUpdate(
        number=99_999, county_code=COUNTY, actor="演示乙", verified=True, recorded_at=datetime(2023, 11, 29, 9),
        sub_item_id=sub_item_id, unit_id="finance", day=date(2023, 11, 29), status="late", path_to_green="年底前拨付",
    )  # fmt: skip
    told = replace(now, records=replace(now.records, updates={**now.records.updates, late.key: late}), statuses={})
    before, after = sub_item_status(now, sub_item_id), sub_item_status(told, sub_item_id)
    assert (before.shared, after.shared) == ((), (late,))
    # The lead answers: what a co-unit says stands beside and decides nothing.
    assert (after.standing, after.reported, after.divergence) == (before.standing, before.reported, before.divergence)
