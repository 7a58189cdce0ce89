"""The briefing is one page that says the verdict, where it comes from, and prints every name as it is."""

import io
from dataclasses import replace
from datetime import date
from functools import partial
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from core.delivery.figures.facts_by_year import facts_by_year
from core.delivery.owed.scoreboard import Score, scoreboard
from core.delivery.owed.units import township_page, unit_page
from core.delivery.records.records import reported_in_month
from core.delivery.status.situation import Situation, situation
from core.method.assessment import Assessment, PartCount, SchoolRow, Verdict
from core.method.changes import Changes
from core.method.engine import assess
from core.reports.briefing.briefings import county_briefing, township_briefing, unit_briefing
from core.reports.briefing.page import Briefing, Column, Section, Tile, briefing_pdf
from core.reports.briefing.school_briefing import school_briefing
from core.reports.cells import Cell
from core.reports.map_ground import ground
from core.reports.schematic_map import (
    NO_ROWS_CLASS,
    PENDING_CLASS,
    SHARE_FILLS,
    schematic_map,
    share_class,
    township_map,
)
from core.store.database import Store
from core.wording.attention import concerns, with_fewest_units
from core.wording.carrying_out.notice import school_notice
from core.wording.remedies import gap_text
from core.wording.verdicts import county_headline
from tests.support.county_builder import YEAR
from tests.support.demo_county import COUNTY, DEHUA, PLAN, STANDARD, Demo
from tests.support.small_county import SmallCounty, stored, two_schools

OPENED = date(2023, 11, 30)
SOURCE = "数据截至 2023-11-30 · 2023 学年 · 批次 7 · 口径 教督〔2017〕6号"
DEMO_SOURCE = f"演示数据 · {SOURCE}"
HOSTILE = '#panic("x") *粗* _斜_ $x^2$ <b>&amp; @引 \\n [框] `码` ~ // 注 = 题'
SVG = "{http://www.w3.org/2000/svg}"


def packed(text: str) -> str:
    """A text without the spaces that typesetting adds or drops."""
    return "".join(text.split())


def pages_of(briefing: Briefing) -> list[str]:
    """The text of every page of the PDF."""
    return [packed(page.extract_text()) for page in PdfReader(io.BytesIO(briefing_pdf(briefing))).pages]


def only_page(briefing: Briefing) -> str:
    """The text of the one page."""
    [text] = pages_of(briefing)
    return text


def scores_of(demo: Demo, now: Situation) -> tuple[Score, ...]:
    """The scoreboard of the day."""
    return scoreboard(now, reported_in_month(demo.store, COUNTY, now.as_of, now.as_of))


def judged_with(store: Store, year: int, changes: Changes) -> Assessment:
    """A year of the county with changes laid over it."""
    return assess(store, STANDARD, COUNTY, year, changes=changes)


def own_verdict(row: SchoolRow) -> Verdict:
    """A row's own verdict."""
    return row.verdict


def test_the_county_stands_on_one_page_with_verdict_parts_worst_five_overdue_map_and_source(demo: Demo) -> None:
    now, judged = demo.on(OPENED), demo.assessments[2023]
    judge = partial(judged_with, demo.store, 2023)
    text = only_page(county_briefing(now, judged, scores_of(demo, now), judge, DEMO_SOURCE, True))
    assert "▲" + packed(county_headline(judged, "德化县", STANDARD)) in text
    parts = (judged.schools_part, judged.balance_part, judged.items_part("government"))
    for part, unit in zip(parts, "所项项", strict=True):
        assert f"{part.met}/{part.total}{unit}" in text
    before = demo.assessments[2022].schools_part
    assert f"（上年{before.met}/{before.total}）" in text
    listed = with_fewest_units(concerns(judged, STANDARD, PLAN)[:5], judged, judge)
    assert all(concern.remedy for concern in listed)
    for concern in listed:
        assert packed(concern.name) in text and packed(concern.remedy) in text and packed(concern.owner) in text
    [late] = [s.late for s in scores_of(demo, now) if s.unit_id == "education"]
    assert late > 0 and f"教育局{late}项" in text
    assert packed(DEMO_SOURCE) in text
    assert "演示数据：学校与数字均为虚构" in text and "示意图，非行政区域界线" in text


def test_a_pinned_briefing_carries_its_link_and_stays_one_page(demo: Demo) -> None:
    now = demo.on(OPENED)
    link = "http://10.0.0.8:8501/pinned?pin=16107"
    plain = unit_briefing(now, unit_page(now, "education"), DEMO_SOURCE, True)
    text = only_page(replace(plain, link=link))
    assert link in text and packed(DEMO_SOURCE) in text
    assert "核对本页数字" not in only_page(plain)


def test_every_department_fits_one_page(demo: Demo) -> None:
    now = demo.on(OPENED)
    for unit in PLAN.units:
        text = only_page(unit_briefing(now, unit_page(now, unit.unit_id), DEMO_SOURCE, True))
        assert packed(unit.full_name) in text and "演示数据" in text and packed(DEMO_SOURCE) in text


def test_every_township_fits_one_page(demo: Demo) -> None:
    now = demo.on(OPENED)
    for code, name in now.township_names.items():
        page = township_page(now, code)
        text = only_page(township_briefing(now, page, DEMO_SOURCE, True))
        assert name in text and "演示数据" in text
        if page.school_rows.total:
            assert f"{page.school_rows.met}/{page.school_rows.total}所" in text


def test_a_department_reads_what_is_late_its_issues_and_what_its_indicators_lack(demo: Demo) -> None:
    now = demo.on(OPENED)
    page = unit_page(now, "education")
    text = only_page(unit_briefing(now, page, DEMO_SOURCE, True))
    worst = max(page.late, key=lambda s: s.standing.days_late)
    assert packed(worst.sub_item.title) in text and f"逾期{worst.standing.days_late}天" in text
    assert f"{len(page.late)}/{len(page.leads)}项" in text
    late_issues = [i for i, state in page.issues if state.is_open and state.standing.days_late > 400]
    assert late_issues and all(packed(issue.title) in text for issue in late_issues)
    assert "体育场馆▲未达标" in text


def test_the_page_is_a4_and_the_same_figures_give_the_same_bytes(demo: Demo) -> None:
    now = demo.on(OPENED)
    briefing = unit_briefing(now, unit_page(now, "finance"), SOURCE, False)
    pdf = briefing_pdf(briefing)
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert briefing_pdf(briefing) == pdf


def test_real_figures_carry_no_mark_of_a_demonstration(demo: Demo) -> None:
    now = demo.on(OPENED)
    text = only_page(unit_briefing(now, unit_page(now, "finance"), SOURCE, False))
    assert "演示数据" not in text


def test_before_the_first_figures_nothing_is_called_met(demo: Demo) -> None:
    now = demo.on(date(2018, 8, 31))
    assert now.assessment is None
    unit = only_page(unit_briefing(now, unit_page(now, "education"), SOURCE, False))
    township = only_page(township_briefing(now, township_page(now, "350526100"), SOURCE, False))
    assert "有关指标无法判定" in unit and "●达标" not in unit
    assert "●达标" not in township and "全部达标" not in township


def hostile_county() -> SmallCounty:
    """A small county whose failing school and whose township have names full of markup."""
    small = two_schools()
    small.row("schools", school_id="P")["name"] = HOSTILE
    small.row("premises", school_id="P")["teaching_area_m2"] = "1"
    small.row("premises", school_id="P")["equipment_value_yuan"] = "1"
    small.row("townships", code="350526100")["name"] = "<镇>&*#"
    return small


def test_names_full_of_markup_print_as_they_are() -> None:
    with stored(hostile_county().tables) as store:
        judged = assess(store, STANDARD, COUNTY, YEAR)
        now = situation(
            store, DEHUA, STANDARD, date(YEAR, 11, 30), facts_by_year(store, STANDARD, DEHUA.code, {YEAR: judged})
        )
        county = only_page(
            county_briefing(now, judged, scoreboard(now, frozenset()), partial(judged_with, store, YEAR), SOURCE, False)
        )
        township = only_page(township_briefing(now, township_page(now, "350526100"), SOURCE, False))
        unit = only_page(unit_briefing(now, unit_page(now, "education"), HOSTILE, False))
        drawn = schematic_map(
            ground(DEHUA, now.facts.seats, now.facts.schools[YEAR]), now.facts.schools[YEAR], judged, own_verdict
        )
    assert packed(HOSTILE) in county and packed(HOSTILE) in township and packed(HOSTILE) in unit
    assert "<镇>&*#" in township
    assert "<镇>&*#" in [text.text for text in ElementTree.fromstring(drawn.svg).iter(f"{SVG}text")]


def crowded(rows: int, text: str) -> Briefing:
    """A page with far more to say than it holds."""
    columns = (Column("甲", 1), Column("乙", 0), Column("丙", 2))
    filled = tuple((Cell(f"{n} {text}"), Cell("短"), Cell(text)) for n in range(rows))
    section = Section("很多", columns, filled, f"等 {rows} 项", "没有")
    tiles = tuple(Tile(text, text, text) for _ in range(4))
    return Briefing("县", Verdict.NOT_MET, text, text, tiles, (section,) * 3, None, text, True)


@pytest.mark.parametrize(("rows", "length"), [(24, 20), (200, 60), (24, 600), (0, 2000)])
def test_however_much_there_is_to_say_it_stays_one_page_and_counts_what_is_left_out(rows: int, length: int) -> None:
    text = only_page(crowded(rows, ("长" * 17 + " ") * (length // 18 + 1)))
    assert ("没有" in text) if not rows else (f"等{rows}项" in text)
    assert "演示数据" in text


def test_the_map_shows_every_school_once_and_counts_the_unlocated(demo: Demo) -> None:
    judged, schools = demo.assessments[2023], demo.on(OPENED).facts.schools[2023]
    under = ground(DEHUA, demo.on(OPENED).facts.seats, schools)
    drawn = schematic_map(under, schools, judged, own_verdict)
    assert sum(drawn.counts.values()) == len(schools) and drawn.unlocated == 0
    failing = {r.school_id for r in judged.rows if r.verdict is Verdict.NOT_MET}
    assert drawn.counts[Verdict.NOT_MET] == len(failing) > 0
    marks = [e for e in ElementTree.fromstring(drawn.svg).iter() if e.get("fill") == "#1B7F3B"]
    assert len(marks) == drawn.counts[Verdict.MET]

    nowhere = [replace(s, lon=None, lat=None) for s in schools]
    lost = schematic_map(under, nowhere, judged, own_verdict)
    assert lost.unlocated == len(schools) and sum(lost.counts.values()) == 0


def test_a_failing_school_carries_its_number_on_the_township_map(demo: Demo) -> None:
    judged, schools = demo.assessments[2023], demo.on(OPENED).facts.schools[2023]
    under = ground(DEHUA, demo.on(OPENED).facts.seats, schools)
    failing = next(r for r in judged.rows if r.verdict is Verdict.NOT_MET)
    drawn = township_map(under, schools, judged, failing.township_code, {failing.school_id: "7"})
    assert [text.text for text in ElementTree.fromstring(drawn.svg).iter(f"{SVG}text")] == ["7"]
    assert sum(drawn.counts.values()) == sum(s.township_code == failing.township_code for s in schools)


@pytest.mark.parametrize(
    ("part", "fill"),
    [
        (PartCount(0, 0, 0), NO_ROWS_CLASS[1]),
        (PartCount(10, 0, 0), SHARE_FILLS[0][2]),
        (PartCount(9, 1, 0), SHARE_FILLS[1][2]),
        (PartCount(9, 0, 1), PENDING_CLASS[1]),
        (PartCount(0, 0, 3), PENDING_CLASS[1]),
        (PartCount(1, 3, 1), SHARE_FILLS[3][2]),
        (PartCount(89, 11, 0), SHARE_FILLS[2][2]),
        (PartCount(6, 4, 0), SHARE_FILLS[2][2]),
        (PartCount(0, 1, 0), SHARE_FILLS[3][2]),
    ],
)
def test_a_township_is_filled_by_its_share_of_passing_rows(part: PartCount, fill: str) -> None:
    assert share_class(part)[1] == fill


def test_every_school_fits_one_page_with_what_it_lacks_and_who_puts_it_right(demo: Demo) -> None:
    now, judged = demo.on(OPENED), demo.assessments[2023]
    schools = dict.fromkeys(row.school_id for row in judged.rows)
    for school_id in schools:
        text = only_page(school_briefing(now, judged, school_id, DEMO_SOURCE, True))
        rows = judged.rows_of(school_id)
        assert packed(rows[0].name) in text and packed(DEMO_SOURCE) in text
        for row in rows:
            for holding in row.indicators:
                if holding.verdict is Verdict.NOT_MET:
                    assert packed(gap_text(holding, STANDARD.indicator(holding.code))) in text
    failing = only_page(school_briefing(now, judged, "350526-0007", DEMO_SOURCE, True))
    assert "远庄小学（演示）未达标，4/7项指标达标" in failing and "教育局" in failing and "教学楼扩建" in failing
    said = school_notice(now, judged, "350526-0007", DEMO_SOURCE)
    assert "增加县级以上骨干教师 2 名" in said and said.endswith(DEMO_SOURCE)
