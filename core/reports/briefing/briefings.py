"""What the one-page 简报 says, for the county, a department, a township; core.reports.briefing.page makes the PDF.

county_briefing(situation, assessment, scores, judge, source_line, is_demo) -> Briefing
unit_briefing(situation, page, source_line, is_demo) -> Briefing
township_briefing(situation, page, source_line, is_demo) -> Briefing
"""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.owed.scoreboard import Score
from core.delivery.owed.units import TownshipPage, UnitPage
from core.delivery.status.situation import Situation
from core.facts.county_series import SchoolOfYear
from core.method.assessment import Assessment, PartCount, SchoolRow, Verdict, count
from core.method.failures import owed_verdict
from core.outlook.remedies.coefficients import Judge
from core.palette import GREY
from core.reports.briefing.page import Briefing, Column, Picture, Section, Tile
from core.reports.briefing.sections import (
    concern_section,
    issue_section,
    late_colour,
    owed_section,
    section,
)
from core.reports.cells import Cell, colour_of, verdict_cell
from core.reports.map_ground import Ground, ground
from core.reports.schematic_map import schematic_map, township_map
from core.wording.attention import concerns, with_fewest_units
from core.wording.gaps import unit_codes, unit_gaps
from core.wording.numbers import NONE_HERE, NOT_REPORTED
from core.wording.positions import (
    WORST,
    WORST_TITLE,
    county_overdue_sentence,
    county_parts,
    is_overdue,
    no_gaps_sentence,
    no_plan_sentence,
    open_issues,
    overdue_by_unit,
    part_change,
    township_concerns,
    township_headline,
    township_summary,
    township_verdict,
    unit_headline,
    unit_summary,
    unit_verdict,
)
from core.wording.verdicts import county_headline, county_summary, marked


def county_briefing(
    situation: Situation,
    assessment: Assessment,
    scores: Sequence[Score],
    judge: Judge,
    source_line: str,
    is_demo: bool,
) -> Briefing:
    """The county in the school year looked at: verdict, four parts, worst five, overdue by unit, map.

    `judge` judges that year with changes, to find the fewest units for a coefficient over its limit.
    """
    name = situation.county.name
    before = situation.facts.assessments.get(assessment.year - 1)
    listed = concerns(assessment, situation.standard, situation.plan)[:WORST]
    worst = with_fewest_units(listed, assessment, judge)
    return Briefing(
        subject=name,
        verdict=assessment.verdict,
        headline=county_headline(assessment, name, situation.standard),
        summary=county_summary(assessment) + county_overdue_sentence(situation),
        tiles=tuple(
            Tile(
                part.title,
                f"{part.now.met}/{part.now.total} {part.unit}",
                f"{marked(part.now.verdict)}，{part_change(part.now, part.before, part.unit)}",
                colour_of(part.now.verdict),
            )
            for part in county_parts(assessment, before)
        ),
        sections=(
            concern_section(WORST_TITLE, worst, "处", "没有未达标和无法判定的项。", numbered=False),
            _overdue_section(situation, scores),
        ),
        picture=Picture(
            "各乡镇学校达标情况",
            schematic_map(_ground(situation, assessment), _schools(situation, assessment), assessment, _of_row),
            1.4,
        ),
        source_line=source_line,
        is_demo=is_demo,
    )


def unit_briefing(situation: Situation, page: UnitPage, source_line: str, is_demo: bool) -> Briefing:
    """A department: what it owes, its ledger issues, what its indicators lack and where."""
    unit = situation.plan.unit(page.unit_id)
    codes, judged = unit_codes(situation, page), situation.assessment
    gaps = [
        (Cell(gap.name), verdict_cell(gap.verdict), Cell(gap.reason), Cell(gap.concerned))
        for gap in unit_gaps(situation, page)
    ]
    picture = None
    if judged is not None and any(i.code in codes for i in situation.standard.indicators):

        def of_unit(row: SchoolRow) -> Verdict:
            return owed_verdict(row, codes)

        drawn = schematic_map(_ground(situation, judged), _schools(situation, judged), judged, of_unit)
        picture = Picture(f"有关指标达标情况（{unit.name}）", drawn, 1.4, "学校（分学段计）整体达标的，单项不足不计")
    issues = open_issues(page.issues)
    return Briefing(
        subject=unit.full_name,
        verdict=unit_verdict(situation, page),
        headline=unit_headline(situation, page),
        summary=unit_summary(situation, page),
        tiles=(
            _late_tile(len(page.late), len(page.leads)),
            Tile("本月到期", f"{len(page.due_this_month)} 项", "尚未完成"),
            Tile("填报与核算不一致", f"{len(page.diverging)} 项", "以数据和佐证核算为准"),
            _issues_tile(issues, len(page.issues)),
        ),
        sections=(
            owed_section(situation, page),
            section(
                f"有关指标差距（{situation.year} 学年）" if judged is not None else "有关指标差距",
                (Column("指标", 0), Column("判定", 0), Column("差在哪", 3), Column("涉及", 3)),
                gaps,
                "项",
                no_gaps_sentence(situation, page),
            ),
            issue_section(situation, issues, beside=picture is not None),
        ),
        picture=picture,
        source_line=source_line,
        is_demo=is_demo,
    )


def township_briefing(situation: Situation, page: TownshipPage, source_line: str, is_demo: bool) -> Briefing:
    """A township: its schools, classes, sub-items and ledger issues; failing schools carry their number on the map."""
    judged = situation.assessment
    failing = township_concerns(situation, page.township_code)
    issues = open_issues(page.issues)
    before = None if situation.year is None else situation.facts.assessments.get(situation.year - 1)
    then = None if before is None else count(r.verdict for r in before.rows if r.township_code == page.township_code)
    picture = None
    if judged is not None:
        labels: dict[str, str] = {}
        for number, concern in enumerate(failing, 1):
            school_id = concern.subject.school_id or ""
            labels[school_id] = f"{labels[school_id]}、{number}" if school_id in labels else str(number)
        drawn = township_map(
            _ground(situation, judged), _schools(situation, judged), judged, page.township_code, labels
        )
        picture = Picture("学校分布（数字为表中序号）", drawn, 0.8)
    return Briefing(
        subject=page.name,
        verdict=township_verdict(situation, page),
        headline=township_headline(page),
        summary=township_summary(situation, page),
        tiles=(
            _rows_tile(page.school_rows, then),
            _classes_tile(page),
            _late_tile(len(page.late), len(page.sub_items)),
            _issues_tile(issues, len(page.issues)),
        ),
        sections=(
            concern_section("未达标和无法判定的学校", failing, "个", _no_rows(page), numbered=True),
            owed_section(situation, page),
            issue_section(situation, issues, beside=picture is not None),
        ),
        picture=picture,
        source_line=source_line,
        is_demo=is_demo,
    )


def _late_tile(late: int, leads: int) -> Tile:
    if not leads:
        return Tile("逾期具体措施", NONE_HERE, "没有牵头具体措施")
    return Tile("逾期具体措施", f"{late}/{leads} 项", "牵头具体措施中已过期限未完成的", late_colour(late))


def _rows_tile(rows: PartCount, before: PartCount | None) -> Tile:
    if not rows.total:
        return Tile("达标学校（分学段计）", NONE_HERE, "没有参评学校")
    return Tile(
        "达标学校（分学段计）", f"{rows.met}/{rows.total} 所", part_change(rows, before, "所"), colour_of(rows.verdict)
    )


def _classes_tile(page: TownshipPage) -> Tile:
    over, classes = page.classes_over_limit, page.classes
    if over is None or classes is None:
        return Tile("超标班级", NOT_REPORTED, "班级数据未报全", GREY)
    if not classes:
        return Tile("超标班级", NONE_HERE, "没有班级")
    return Tile("超标班级", f"{over}/{classes} 个", "超过班额标准的班级", late_colour(over))


def _issues_tile(still: Sequence[tuple[Issue, IssueState]], total: int) -> Tile:
    late = sum(is_overdue(state) for _, state in still)
    return Tile("台账未销号", f"{len(still)} 件", f"其中逾期 {late} 件；建账共 {total} 件", late_colour(late))


def _no_rows(page: TownshipPage) -> str:
    return "参评学校全部达标。" if page.school_rows.total else "没有参评学校。"


def _of_row(row: SchoolRow) -> Verdict:
    return row.verdict


def _ground(situation: Situation, assessment: Assessment) -> Ground:
    return ground(situation.county, situation.facts.seats, _schools(situation, assessment))


def _schools(situation: Situation, assessment: Assessment) -> Sequence[SchoolOfYear]:
    return situation.facts.schools.get(assessment.year, ())


def _overdue_section(situation: Situation, scores: Sequence[Score]) -> Section:
    rows = [
        (
            Cell(o.name),
            Cell(o.in_time_text),
            Cell(str(o.late), late_colour(o.late)),
            Cell(str(o.issues_overdue)),
        )
        for o in overdue_by_unit(situation, scores)
    ]
    columns = (Column("责任单位", 1), Column("按期/到期", 0), Column("逾期", 0), Column("逾期台账", 0))
    nothing = "没有逾期事项。" if situation.plan.exists else no_plan_sentence(situation.county)
    return section("各单位逾期", columns, rows, "个单位", nothing, beside=True)
