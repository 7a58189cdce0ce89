"""一校一单: one school on one page, with what each indicator lacks, who puts it right, its projects and open issues.

school_briefing(situation, assessment, school_id, source_line, is_demo) -> Briefing     of an evaluated school
"""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.units import project_standing
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.method.failures import WORST_FIRST
from core.reports.briefing.page import Briefing, Column, Section, Tile
from core.reports.briefing.sections import concern_section, issue_section, late_colour, section
from core.reports.cells import Cell, colour_of, verdict_cell
from core.rules.standard import Standard
from core.wording.attention import concerns
from core.wording.delivery import level_label
from core.wording.numbers import against_limit, limit_text, range_text, whole_text
from core.wording.positions import is_overdue, open_issues
from core.wording.remedies import gap_text
from core.wording.schools import school_headline, school_summary
from core.wording.verdicts import row_name


def school_briefing(
    situation: Situation, assessment: Assessment, school_id: str, source_line: str, is_demo: bool
) -> Briefing:
    """The school at every stage that it has."""
    rows = assessment.rows_of(school_id)
    verdict = min((row.verdict for row in rows), key=WORST_FIRST.index)
    listed = [c for c in concerns(assessment, situation.standard, situation.plan) if c.subject.school_id == school_id]
    issues = situation.issues_of_school(school_id)
    still = open_issues(issues)
    late = sum(is_overdue(state) for _, state in still)
    return Briefing(
        subject=rows[0].name,
        verdict=verdict,
        headline=school_headline(rows),
        summary=school_summary(assessment, rows, situation.standard),
        tiles=(
            *(_indicators_tile(row) for row in rows),
            *(_classes_tile(row) for row in rows),
            Tile("台账未销号", f"{len(still)} 件", f"其中逾期 {late} 件；建账共 {len(issues)} 件", late_colour(late)),
        ),
        sections=(
            concern_section("怎么补", listed, "处", "没有未达标和无法判定的事项。", numbered=False),
            *(_indicator_section(row, situation.standard, several=len(rows) > 1) for row in rows),
            _project_section(situation, school_id),
            issue_section(situation, still, beside=False),
        ),
        picture=None,
        source_line=source_line,
        is_demo=is_demo,
    )


def _indicators_tile(row: SchoolRow) -> Tile:
    return Tile(
        f"{row_name(row)}达标指标",
        f"{row.met_count}/{len(row.indicators)} 项",
        f"在校生 {whole_text(row.pupils)} 人",
        colour_of(row.verdict),
    )


def _classes_tile(row: SchoolRow) -> Tile:
    largest = range_text(row.largest_class, row.largest_class_at_most)
    over = row.classes_over_limit
    note = "班级数据未报全" if over is None else f"超过限值 {over} 个班"
    return Tile("最大班额", f"{largest} 人", note, late_colour(over or 0))


def _indicator_section(row: SchoolRow, standard: Standard, *, several: bool) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for holding in sorted(row.indicators, key=lambda h: WORST_FIRST.index(h.verdict)):
        indicator = standard.indicator(holding.code)
        gap = Cell(
            gap_text(holding, indicator), colour_of(holding.verdict) if holding.verdict is not Verdict.MET else ""
        )
        rows.append(
            (
                Cell(f"{indicator.name}（{indicator.unit}）"),
                verdict_cell(holding.verdict, holding.borderline),
                Cell(against_limit(holding.value, holding.limit, at_least=True)),
                Cell(f"≥ {limit_text(holding.limit)}"),
                gap if gap.colour else Cell(gap.text),
            )
        )
    columns = (
        Column("指标", 4),
        Column("判定", 0),
        Column("本校", 0),
        Column("标准（下限）", 0),
        Column("缺口或余量", 3),
    )
    return section(f"七项指标（{row_name(row)}）" if several else "七项指标", columns, rows, "项", "")


def _project_section(situation: Situation, school_id: str) -> Section:
    rows: Sequence[tuple[Cell, ...]] = [
        (
            Cell(p.name),
            Cell("…" if p.progress is None else f"{p.progress}%"),
            Cell("未定" if p.planned_completion is None else str(p.planned_completion)),
            Cell(level_label(project_standing(situation, p), situation.plan)),
        )
        for p in situation.projects
        if p.school_id == school_id
    ]
    columns = (Column("项目", 4), Column("进度", 0), Column("计划完工", 0), Column("状态", 2))
    return section("项目", columns, rows, "个", "没有项目。")
