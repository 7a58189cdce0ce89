"""A notice says the verdict, what is owed by whom and where the figures come from, in a few plain sentences."""

import re
from dataclasses import replace
from datetime import date

import pytest

from core.delivery.on_time import Reason
from core.delivery.owed.overdue import lateness
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.owed.units import township_page, unit_page
from core.delivery.records.records import reported_in_month
from core.delivery.status.status import sub_item_statuses
from core.method.assessment import PartCount, Verdict
from core.method.failures import owed_verdict
from core.wording.attention import concerns
from core.wording.carrying_out.notice import county_notice, township_notice, unit_notice
from core.wording.gaps import unit_codes, unit_gaps
from core.wording.positions import (
    WORST,
    county_overdue_sentence,
    overdue_by_unit,
    owed_now,
    part_change,
    township_verdict,
    unit_verdict,
)
from tests.support.demo_county import COUNTY, PLAN, STANDARD, Demo

OPENED = date(2023, 11, 30)
BEFORE_ALL = date(2018, 8, 31)
SOURCE = "演示数据 · 数据截至 2023-11-30 · 批次 7 · 口径 教督〔2017〕6号"


def notices(demo: Demo) -> list[str]:
    """The county's notice, every unit's and every township's."""
    now = demo.on(OPENED)
    scores = scoreboard(now, frozenset())
    return [
        county_notice(now, demo.assessments[2023], scores, SOURCE),
        *(unit_notice(now, unit_page(now, unit.unit_id), SOURCE) for unit in PLAN.units),
        *(township_notice(now, township_page(now, code), SOURCE) for code in now.township_names),
    ]


def test_every_notice_has_a_heading_ends_with_its_source_and_is_plain_chinese(demo: Demo) -> None:
    for text in notices(demo):
        lines = text.splitlines()
        assert lines[0].startswith("【") and lines[0].endswith("通报】")
        assert lines[1].startswith("截至 2023 年 11 月 30 日") and lines[-1] == SOURCE
        assert all(line.strip() and line[-1] in "。；：】" for line in lines[:-1])
        assert not re.search(r"None|not_|overdue|_|[a-z]{3,}|！|您", text)


def test_a_list_names_five_at_most_and_counts_the_rest(demo: Demo) -> None:
    for text in notices(demo):
        assert f"\n{WORST + 1}. " not in text
    now = demo.on(OPENED)
    page = unit_page(now, "education")
    owed = owed_now(now, page)
    assert len(owed) > WORST and f"\n等 {len(owed)} 项。\n" in unit_notice(now, page, SOURCE)


def test_the_county_names_verdict_change_worst_and_overdue_units(demo: Demo) -> None:
    now, judged = demo.on(OPENED), demo.assessments[2023]
    scores = scoreboard(now, reported_in_month(demo.store, COUNTY, OPENED, OPENED))
    text = county_notice(now, judged, scores, SOURCE)
    assert "按 2023 学年数据，德化县尚未达到国家优质均衡标准" in text
    before = demo.assessments[2022].schools_part
    assert f"（上年 {before.met}/{before.total}）" in text
    for concern in concerns(judged, STANDARD, PLAN)[:WORST]:
        assert f". {concern.name}未达标，" in text
    late = sum(status.is_late for status in sub_item_statuses(now).values())
    assert f"规划任务逾期 {late} 项" in text
    earlier = county_notice(now, demo.assessments[2020], scores, SOURCE)
    assert "按 2020 学年数据" in earlier and "2020 学年参评" in earlier


def test_the_overdue_of_the_townships_stand_together_and_nobody_is_lost(demo: Demo) -> None:
    now = demo.on(OPENED)
    scores = scoreboard(now, frozenset())
    listed = overdue_by_unit(now, scores)
    # The table adds up to the sentence above it: what all townships lead counts once.
    assert sum(o.late for o in listed) == len(lateness(now).sub_items) > 0
    assert f"逾期 {sum(o.late for o in listed)} 项" in county_overdue_sentence(now)
    assert [o.late for o in listed] == sorted((o.late for o in listed), reverse=True)
    behind = [s for s in scores if s.township_code is not None and (s.late or s.issues_overdue)]
    assert f"{len(behind)} 个乡镇政府" in [o.name for o in listed]


def test_what_is_owed_is_overdue_or_due_this_month_the_oldest_first(demo: Demo) -> None:
    for day in (date(2020, 12, 10), OPENED):
        now = demo.on(day)
        page = unit_page(now, "education")
        owed = owed_now(now, page)
        assert {s.sub_item.sub_item_id for s in (*page.late, *page.short, *page.due_this_month)} == {
            o.name.split()[0] for o in owed if o.kind == "具体措施"
        }
        late = [o.standing.days_late for o in owed if o.standing.reason is Reason.OVERDUE]
        assert late == sorted(late, reverse=True) and late == [o.standing.days_late for o in owed[: len(late)]]


def test_a_gap_stands_with_the_units_that_answer_for_it(demo: Demo) -> None:
    now = demo.on(OPENED)
    education, housing = unit_page(now, "education"), unit_page(now, "housing_construction")
    assert "L4" in education.moves and "L4" in unit_codes(now, education)
    assert "veto_school_choice" not in education.moves, "no sub-item measures it"
    assert "veto_school_choice" in unit_codes(now, education), "its route leads there all the same"
    assert unit_codes(now, housing) == frozenset() and unit_gaps(now, housing) == []
    [gap] = [g for g in unit_gaps(now, education) if (g.code, g.verdict) == ("L4", Verdict.NOT_MET)]
    short = [r for r in demo.assessments[2023].rows if owed_verdict(r, frozenset({"L4"})) is Verdict.NOT_MET]
    assert gap.reason.startswith(f"{len(short)} 所未达标学校")
    assert f"教学用房未达标（{gap.reason}）" in unit_notice(now, education, SOURCE)


def test_a_school_that_passes_owes_nothing_on_one_indicator(demo: Demo) -> None:
    rows = demo.assessments[2023].rows
    codes = frozenset(i.code for i in STANDARD.indicators)
    passing = next(r for r in rows if r.verdict is Verdict.MET and r.not_met_count)
    failing = next(r for r in rows if r.verdict is Verdict.NOT_MET)
    unknown = next(r for r in rows if r.verdict is Verdict.NOT_ASSESSABLE)
    assert [owed_verdict(r, codes) for r in (passing, failing, unknown)] == [
        Verdict.MET,
        Verdict.NOT_MET,
        Verdict.NOT_ASSESSABLE,
    ]
    met = frozenset(h.code for h in failing.indicators if h.verdict is Verdict.MET)
    assert owed_verdict(failing, met) is Verdict.MET


def test_before_the_first_figures_indicators_are_undecided_not_met(demo: Demo) -> None:
    now = demo.on(BEFORE_ALL)
    text = unit_notice(now, unit_page(now, "education"), SOURCE)
    assert "当日尚无已发布数据，有关指标无法判定。" in text and "没有未达标项" not in text
    assert "尚无已发布数据" in township_notice(now, township_page(now, "350526100"), SOURCE)


def test_a_township_without_rolls_or_with_an_unknown_school_is_not_called_met(demo: Demo) -> None:
    page = replace(township_page(demo.on(OPENED), "350526208"), issues=(), late=(), projects=(), sub_items=())
    quiet = replace(page, classes_over_limit=0, school_rows=PartCount(3, 0, 0))
    now = demo.on(OPENED)
    assert township_verdict(now, quiet) is Verdict.MET
    assert township_verdict(now, replace(quiet, classes=None, classes_over_limit=None)) is Verdict.NOT_ASSESSABLE
    assert township_verdict(now, replace(quiet, school_rows=PartCount(2, 0, 1))) is Verdict.NOT_ASSESSABLE
    assert township_verdict(now, replace(quiet, school_rows=PartCount(2, 1, 0))) is Verdict.NOT_MET
    assert "班级数据未报全" in township_notice(now, replace(quiet, classes=None, classes_over_limit=None), SOURCE)
    assert "入学与控辍保学数据未报" in township_notice(now, replace(quiet, attendance=None), SOURCE)


def test_a_unit_is_late_by_any_of_what_it_owes_and_none_without_duties(demo: Demo) -> None:
    now = demo.on(OPENED)
    finance = unit_page(now, "finance")
    without_late = replace(finance, leads=tuple(s for s in finance.leads if not s.is_late), late=())
    overdue = [o for o in owed_now(now, without_late) if o.standing.reason is Reason.OVERDUE]
    assert [o.kind for o in overdue] == ["议定事项"]
    assert unit_verdict(now, without_late) is Verdict.NOT_MET
    assert unit_verdict(now, unit_page(now, "trade_unions")) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (PartCount(3, 1, 0), None, "上年无数据"),
        (PartCount(3, 1, 0), PartCount(3, 2, 0), "与上年持平（上年 3/5）"),
        (PartCount(5, 0, 0), PartCount(3, 2, 0), "较上年增加 2 个（上年 3/5）"),
        (PartCount(2, 3, 0), PartCount(3, 2, 0), "较上年减少 1 个（上年 3/5）"),
    ],
)
def test_the_change_is_said_against_the_year_before(now: PartCount, before: PartCount | None, said: str) -> None:
    assert part_change(now, before, "个") == said
