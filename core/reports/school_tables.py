"""The school tables as the screen shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.dataset.dictionary import name_of
from core.facts.school_facts import ClassRoll
from core.method.assessment import Assessment, LeftOut, SchoolIndicator, SchoolRow
from core.reports.tables import PER_PUPIL, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import Standard
from core.wording.numbers import range_text, rounded, rounded_against
from core.wording.remedies import gap_text, row_remedy
from core.wording.verdicts import marked, row_name, row_reason


def schools_table(
    assessment: Assessment, rows: Sequence[SchoolRow], left_out: Sequence[LeftOut], standard: Standard
) -> ReportTable:
    """One row a school row: verdict, seven values, classes, reason and remedy; the rows left out as notes."""
    columns = [
        ReportColumn("学校"),
        ReportColumn("学段"),
        ReportColumn("乡镇"),
        ReportColumn("结论"),
        ReportColumn("达标项数", "项", WHOLE),
        ReportColumn("在校生数", "人", WHOLE),
        *(ReportColumn(i.short_name, i.unit, PER_PUPIL) for i in standard.indicators),
        ReportColumn("班级数", "个", WHOLE),
        ReportColumn("最大班额", "人", WHOLE),
        ReportColumn("原因"),
        ReportColumn("补短"),
    ]
    return ReportTable(
        title="学校达标情况",
        columns=tuple(columns),
        rows=tuple(
            (
                row.name,
                name_of("stage", row.stage),
                assessment.township_names[row.township_code],
                marked(row.verdict, row.borderline),
                row.met_count,
                row.pupils,
                *(_shown(row.indicator(i.code), standard) for i in standard.indicators),
                row.classes,
                row.largest_class
                if row.largest_class == row.largest_class_at_most
                else range_text(row.largest_class, row.largest_class_at_most),
                row_reason(row, standard) or "",
                row_remedy(row, standard),
            )
            for row in rows
        ),
        notes=left_out_notes(len(rows), left_out, standard),
    )


def left_out_notes(evaluated: int, left_out: Sequence[LeftOut], standard: Standard) -> tuple[str, ...]:
    """How many school rows are evaluated, how many left out and why; excluded is never silent."""
    notes = [f"所列参评学校 {evaluated} 个（一校多学段的按学段分列）"]
    for exclusion in standard.exclusions:
        names = [row_name(x) for x in left_out if x.reason == exclusion.reason]
        if names:
            notes.append(f"未参评（{exclusion.name}）{len(names)} 个：" + "、".join(names))
    return tuple(notes)


def profile_indicators(now: Assessment, row: SchoolRow, standard: Standard) -> ReportTable:
    """One school at one stage: its indicators now beside limit, floor and county mean."""
    columns = (
        *(ReportColumn(name) for name in ("指标", "单位", "结论")),
        *(ReportColumn(name, "", PER_PUPIL) for name in ("本校", "标准", "底线", "县均值")),
        *(ReportColumn(name) for name in ("缺口或余量", "算法与条款")),
    )
    return ReportTable(
        "学校画像",
        columns,
        tuple(
            (
                i.name,
                i.unit,
                marked(h.verdict, h.borderline),
                _against(h),
                h.limit.normalize(),
                h.floor.normalize(),
                now.balance_of(row.stage, i.code).mean,
                gap_text(h, i),
                f"{i.formula}；{i.clause}",
            )
            for i, h in ((i, row.indicator(i.code)) for i in standard.indicators)
        ),
        (
            f"{row_name(row)}：{marked(row.verdict, row.borderline)}　{row_reason(row, standard) or standard.school_rule.name}",
        ),
    )


def profile_classes(rolls: Sequence[ClassRoll]) -> ReportTable:
    """The classes of one school at one stage."""
    return ReportTable(
        "班级",
        (ReportColumn("年级"), ReportColumn("班号"), ReportColumn("人数", "人", WHOLE)),
        tuple((f"{roll.grade} 年级", roll.class_no, roll.pupils) for roll in rolls),
    )


def profile_years(judged: Mapping[int, Assessment], row: SchoolRow, standard: Standard) -> ReportTable:
    """One school at one stage year by year, the latest first."""
    known = ((year, judged[year].row(row.school_id, row.stage)) for year in sorted(judged, reverse=True))
    return ReportTable(
        "历年",
        (
            ReportColumn("学年"),
            ReportColumn("结论"),
            ReportColumn("在校生", "人", WHOLE),
            *(ReportColumn(i.short_name, i.unit, PER_PUPIL) for i in standard.indicators),
        ),
        tuple(
            (
                str(year),
                marked(then.verdict, then.borderline),
                then.pupils,
                *(_against(then.indicator(i.code)) for i in standard.indicators),
            )
            for year, then in known
            if then is not None
        ),
    )


def _against(holding: SchoolIndicator) -> ReportCell:
    return None if holding.value is None else rounded_against(holding.value, holding.limit, at_least=True)


def _shown(holding: SchoolIndicator, standard: Standard) -> ReportCell:
    return None if holding.value is None else rounded(holding.value, standard.rounding.value_decimals)
