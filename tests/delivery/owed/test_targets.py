"""What must be true by when: values, paces and last moments follow the facts of the day and nothing later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.delivery.figures.sub_item_metrics import Trend, evaluate
from core.delivery.figures.target_measures import MeasureValue, measure
from core.delivery.owed.targets import TargetOutlook, dated_targets, months_before, yearly_targets
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_status
from core.method.assessment import Assessment, Verdict
from core.rules.plan_metrics import GrowthMetric, TargetMetric
from core.wording.carrying_out.targets import change_text, growth_text, outlook_sentence, value_text, yearly_sentence
from core.wording.delivery import missed_text
from tests.support.demo_county import PLAN, STANDARD, Demo


def outlook(demo: Demo, target_id: str, as_of: date) -> TargetOutlook:
    return next(o for o in dated_targets(demo.on(as_of)) if o.target.target_id == target_id)


def value(found: TargetOutlook) -> MeasureValue:
    [only] = found.values[max(found.values)]
    return only


def test_values_are_those_of_the_class_rolls(demo: Demo) -> None:
    found = outlook(demo, "central_oversized_classes_2020", date(2020, 3, 15))
    central = [c for c in demo.assessments[2019].class_sizes if c.central_area]
    share = sum(c.oversized for c in central) / sum(c.classes for c in central)
    assert value(found).value == pytest.approx(share) and max(found.values) == 2019
    assert (found.verdict, found.decided) == (Verdict.NOT_MET, False)
    assert value_text(value(found), found).endswith(f"{sum(c.classes for c in central)} 个班）")


def test_the_largest_class_is_at_least_what_its_band_begins_with(demo: Demo) -> None:
    facts = demo.on(date(2024, 3, 15)).facts
    target = next(t for t in PLAN.dated_targets if t.target_id == "central_class_sizes_2023")
    judged = facts.assessments[2023]
    in_bands = replace(judged, class_sizes=tuple(replace(c, largest_at_most=None) for c in judged.class_sizes))

    def shown(assessment: Assessment) -> list[str]:
        years = replace(facts, assessments={**facts.assessments, 2023: assessment})
        values = measure(target, STANDARD, years, 2023)
        return [value_text(v, outlook(demo, target.target_id, date(2024, 3, 15))) for v in values]

    assert all("最大班额 " in text for text in shown(judged))
    assert shown(in_bands) == [text.replace("最大班额", "最大班额至少") for text in shown(judged)]


def test_the_pace_is_held_against_the_years_that_remain(demo: Demo) -> None:
    found = outlook(demo, "central_oversized_classes_2023", date(2020, 3, 15))
    [pace] = found.paces
    first, last = (found.values[year][0].value for year in (2018, 2019))
    assert first is not None and last is not None
    assert pace.observed == pytest.approx(last - first)
    assert pace.required == pytest.approx((0 - last) / 4)
    assert pace.expected == pytest.approx(last + 4 * (last - first))
    assert found.pace_verdict is PaceVerdict.ON_PACE
    slower = outlook(demo, "central_class_sizes_2023", date(2020, 3, 15))
    assert slower.pace_verdict is PaceVerdict.BEHIND
    assert "个百分点" in change_text(pace.observed, found)
    assert change_text(slower.paces[0].observed, slower).endswith(" 人")


def test_the_last_moment_is_the_remedys_lead_time_before_the_deciding_day(demo: Demo) -> None:
    found = outlook(demo, "arts_facilities_2022", date(2020, 3, 15))
    assert found.decided_on == date(2022, 9, 1)
    assert [(r.remedy.remedy_id, r.latest_start) for r in found.remedies] == [
        ("buildings", date(2020, 9, 1)), ("rooms", date(2022, 1, 1)),
    ]  # fmt: skip
    assert found.last_start == date(2022, 1, 1)
    assert "最迟须于 2022-01 启动" in outlook_sentence(found)
    passed = outlook(demo, "arts_facilities_2022", date(2021, 9, 2))
    assert [r.still_possible for r in passed.remedies] == [False, True] and "（已过）" in outlook_sentence(passed)


def test_the_countys_verdict_waits_for_its_slowest_route(demo: Demo) -> None:
    found = outlook(demo, "acceptance_2023", date(2020, 3, 15))
    assert found.decided_on == date(2022, 9, 1)
    # Sports grounds have one remedy of 18 months; nothing that fails takes longer at its quickest.
    assert found.last_start == date(2021, 3, 1)
    assert found.pace_verdict is PaceVerdict.UNDECIDED


@pytest.mark.parametrize(
    ("day", "months", "start"),
    [
        (date(2022, 9, 1), 18, date(2021, 3, 1)),
        (date(2022, 9, 1), 9, date(2021, 12, 1)),
        (date(2021, 12, 31), 12, date(2020, 12, 1)),
        (date(2022, 1, 31), 1, date(2021, 12, 1)),
    ],
)
def test_months_are_counted_back_over_the_year(day: date, months: int, start: date) -> None:
    assert months_before(day, months) == start


def test_a_decided_target_is_reached_or_missed_and_stays_so(demo: Demo) -> None:
    for as_of in (date(2020, 9, 1), date(2023, 11, 30)):
        reached = outlook(demo, "central_oversized_classes_2020", as_of)
        assert (reached.decided, reached.pace_verdict, max(reached.values)) == (True, PaceVerdict.REACHED, 2020)
    short = outlook(demo, "arts_facilities_2022", date(2022, 12, 31))
    assert (short.decided, short.target.deadline, short.pace_verdict) == (True, date(2022, 12, 31), PaceVerdict.SHORT)
    assert "已不能按期达到" in outlook_sentence(short)
    missed = outlook(demo, "acceptance_2023", date(2024, 1, 5))
    assert (missed.pace_verdict, missed.remedies, missed.last_start) == (PaceVerdict.MISSED, (), None)


def test_what_was_missed_says_when_it_could_be_there_if_it_began_today(demo: Demo) -> None:
    missed = outlook(demo, "arts_facilities_2022", date(2022, 12, 31))
    assert missed.recovery is not None
    # Refitting rooms takes eight months: begun in December it is there in August, and the September figures show it.
    assert (missed.recovery.remedy.name, missed.recovery.effective_from, missed.recovery.school_year) == (
        "改造功能教室", date(2023, 8, 1), 2023,
    )  # fmt: skip
    assert "最早由 2023 年 9 月 1 日的数据反映" in outlook_sentence(missed)


def test_a_missed_target_that_was_moved_keeps_the_date_that_was_missed(demo: Demo) -> None:
    before, after = demo.on(date(2023, 2, 15)), demo.on(date(2023, 2, 16))
    target = after.plan.dated_target("arts_facilities_2022")
    assert (before.plan.dated_target("arts_facilities_2022").deadline, target.deadline) == (
        date(2022, 12, 31), date(2023, 12, 31),
    )  # fmt: skip
    owed = after.obligation(after.plan.sub_item("T12-5"))
    assert (owed.due, [m.due for m in owed.missed]) == (date(2023, 12, 31), [date(2022, 12, 31)])
    status = sub_item_status(after, "T12-5")
    assert (status.standing.level, before.obligation(before.plan.sub_item("T12-5")).missed) == ("on_course", ())
    assert "原期限 2022-12-31 未完成" in missed_text(status)


def test_a_target_and_the_sub_item_it_decides_stand_alike_on_every_day(demo: Demo) -> None:
    alike = {
        PaceVerdict.REACHED: {"done"},
        PaceVerdict.HELD: {"on_course", "yellow"},
        PaceVerdict.ON_PACE: {"on_course", "yellow"},
        PaceVerdict.BEHIND: {"at_risk"},
        PaceVerdict.SHORT: {"not_reached"},
        PaceVerdict.MISSED: {"yellow", "orange", "red"},
        PaceVerdict.LATE: {"done", "yellow"},
        PaceVerdict.UNDECIDED: {"unknown", "on_course", "yellow"},
    }
    seen = set()
    for day in (date(2020, 6, 1), date(2020, 9, 20), date(2021, 10, 1), date(2022, 10, 1), date(2023, 11, 30)):
        situation = demo.on(day)
        for found in dated_targets(situation):
            metric = None if found.sub_item is None else found.sub_item.metric
            if found.sub_item is None or not isinstance(metric, TargetMetric) or found.sub_item.start > day:
                continue
            level = sub_item_status(situation, found.sub_item.sub_item_id).standing.level
            assert level in alike[found.pace_verdict], (day, found.target.name, found.pace_verdict, level)
            seen.add(found.pace_verdict)
    assert {PaceVerdict.REACHED, PaceVerdict.HELD, PaceVerdict.SHORT, PaceVerdict.BEHIND} <= seen


def test_what_cannot_be_told_is_not_reached(demo: Demo) -> None:
    found = outlook(demo, "title_appointment_2020", date(2021, 10, 1))
    assert (found.verdict, found.pace_verdict) == (Verdict.NOT_ASSESSABLE, PaceVerdict.UNDECIDED)
    before = demo.on(date(2018, 3, 1))
    assert before.year is None
    for nothing in dated_targets(before):
        assert nothing.verdict is not Verdict.MET and nothing.pace_verdict is not PaceVerdict.REACHED


def test_a_target_of_sub_items_is_reached_when_their_documents_are_filed(demo: Demo) -> None:
    late = outlook(demo, "teacher_action_plan_2021", date(2021, 11, 30))
    assert [part.verdict for part in late.values[2021]] == [Verdict.MET, Verdict.NOT_MET]
    assert outlook(demo, "teacher_action_plan_2021", date(2022, 3, 1)).verdict is Verdict.MET


def test_yearly_targets_say_growth_level_fall_or_unknown(demo: Demo) -> None:
    found = {o.target.target_id: o for o in yearly_targets(demo.on(date(2023, 11, 30)))}
    training = found["training_funds_growth"]
    assert [r.trend for _, r in sorted(training.results.items())] == [
        Trend.RISE, Trend.FALL, Trend.RISE, Trend.RISE,
    ]  # fmt: skip
    assert (training.failed_years, training.verdict) == ((2021,), Verdict.NOT_MET)
    assert training.latest is not None and isinstance(training.sub_item.metric, GrowthMetric)
    assert growth_text(training.latest, training.sub_item.metric).endswith(" 万元）")
    assert yearly_sentence(training) == "2020 年增长，2021 年下降，2022 年增长，2023 年增长"
    assert list(found["operating_funds_growth"].results) == [2020, 2021, 2022, 2023]
    assert yearly_targets(demo.on(date(2019, 12, 1)))[0].results == {}


@pytest.mark.parametrize(
    ("now", "requires", "trend", "verdict"),
    [
        ("101", "rise", Trend.RISE, Verdict.MET),
        ("100", "rise", Trend.LEVEL, Verdict.NOT_MET),
        ("100", "no_fall", Trend.LEVEL, Verdict.MET),
        ("99.99", "no_fall", Trend.FALL, Verdict.NOT_MET),
        (None, "rise", Trend.UNKNOWN, Verdict.NOT_ASSESSABLE),
    ],
)
def test_growth_is_exact_and_missing_is_unknown(
    demo: Demo, now: str | None, requires: str, trend: Trend, verdict: Verdict
) -> None:
    situation: Situation = demo.on(date(2023, 11, 30))
    figures = {2022: {"x": Decimal(100)}, 2023: {} if now is None else {"x": Decimal(now)}}
    facts = replace(situation.facts, figures=figures)
    metric = GrowthMetric("x", None, "no_fall" if requires == "no_fall" else "rise")
    found = evaluate(metric, PLAN, STANDARD, facts, 2023)
    assert (found.trend, found.verdict) == (trend, verdict)


def test_past_its_deadline_without_the_deciding_figures_a_target_is_undecided(demo: Demo) -> None:
    now = demo.on(date(2024, 6, 1))
    without = {year: judged for year, judged in now.facts.assessments.items() if year < 2023}
    unknown = replace(now, facts=replace(now.facts, assessments=without), statuses={}, _metrics={})
    by_2023 = {o.pace_verdict for o in dated_targets(unknown) if o.target.snapshot_year == 2023}
    assert by_2023 == {PaceVerdict.UNDECIDED}


def test_a_target_of_documents_that_came_late_is_late(demo: Demo) -> None:
    assert outlook(demo, "teacher_action_plan_2021", date(2022, 3, 1)).pace_verdict is PaceVerdict.LATE
