"""The school tables: what the screen shows, and 表Ⅱ-1, 表Ⅱ-2, 表Ⅲ of the declaration form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.dataset.dictionary import name_of
from core.facts.school_facts import ClassRoll
from core.method.assessment import Assessment, LeftOut, SchoolIndicator, SchoolRow, Verdict, count
from core.reports.tables import COEFFICIENT, PER_PUPIL, SHARE, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import STAGES, Standard
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
        *(ReportColumn(f"{i.code} {i.short_name}", i.unit, PER_PUPIL) for i in standard.indicators),
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
                *(_form_value(row, i.code, standard) for i in standard.indicators),
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
    notes = [f"所列参评校段 {evaluated} 个（一校多学段的按学段分列）"]
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
                f"{i.code} {i.name}",
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
            *(ReportColumn(f"{i.code} {i.short_name}", i.unit, PER_PUPIL) for i in standard.indicators),
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


def form_tables(assessment: Assessment, standard: Standard) -> list[ReportTable]:
    """表Ⅱ-1, 表Ⅱ-2 by stage and 表Ⅲ in the form's columns and rounding (values 2, CV 3, shares 1 decimal)."""
    return [
        _form_counts(assessment, standard),
        *(_form_schools(assessment, standard, stage) for stage in STAGES),
        _form_balance(assessment, standard),
    ]


def _form_counts(assessment: Assessment, standard: Standard) -> ReportTable:
    columns = [ReportColumn("学段"), ReportColumn("参评学校数", "所", WHOLE)]
    for indicator in standard.indicators:
        columns += [
            ReportColumn(f"{indicator.short_name}达标校数", "所", WHOLE),
            ReportColumn(f"{indicator.short_name}达标比例", "", SHARE),
        ]
    columns += [ReportColumn("综合达标校数", "所", WHOLE), ReportColumn("综合达标比例", "", SHARE)]
    rows = []
    for stage in STAGES:
        of_stage = [r for r in assessment.rows if r.stage == stage]
        cells: list[ReportCell] = [name_of("stage", stage), len(of_stage)]
        met_counts = [count(r.indicator(i.code).verdict for r in of_stage).met for i in standard.indicators]
        met_counts.append(count(r.verdict for r in of_stage).met)
        for met in met_counts:
            share = rounded(met / len(of_stage), standard.rounding.share_decimals + 2) if of_stage else None
            cells += [met, share]
        rows.append(tuple(cells))
    return ReportTable("表Ⅱ-1 学校达标统计", tuple(columns), tuple(rows))


def _form_schools(assessment: Assessment, standard: Standard, stage: str) -> ReportTable:
    grades = {"primary": 6, "junior": 3}[stage]
    columns = (
        ReportColumn("序号", "", WHOLE),
        ReportColumn("学校名称"),
        ReportColumn("举办者类型", "", WHOLE),
        ReportColumn("在校生数", "人", WHOLE),
        ReportColumn("年级数", "个", WHOLE),
        ReportColumn("班级数", "个", WHOLE),
        *(ReportColumn(i.name, i.unit, PER_PUPIL) for i in standard.indicators),
        ReportColumn("综合是否达标"),
        ReportColumn("备注"),
    )
    rows = [
        (
            n,
            row.name,
            row.sponsor_code,
            row.pupils,
            grades,
            row.classes,
            *(_form_value(row, i.code, standard) for i in standard.indicators),
            {Verdict.MET: "是", Verdict.NOT_MET: "否"}.get(row.verdict, "无法判定"),
            row_reason(row, standard) or "",
        )
        for n, row in enumerate((r for r in assessment.rows if r.stage == stage), start=1)
    ]
    notes = left_out_notes(len(assessment.rows), assessment.left_out, standard)
    return ReportTable(f"表Ⅱ-2 {name_of('stage', stage)}", columns, tuple(rows), notes)


def _form_balance(assessment: Assessment, standard: Standard) -> ReportTable:
    columns = (
        ReportColumn("学段"),
        ReportColumn("项目"),
        *(ReportColumn(i.name, i.unit, "General") for i in standard.indicators),
        ReportColumn("综合", "", COEFFICIENT),
    )
    rows: list[tuple[ReportCell, ...]] = []
    for stage in STAGES:
        results = [assessment.balance_of(stage, i.code) for i in standard.indicators]
        composite = assessment.composite(stage)
        value_decimals, cv_decimals = standard.rounding.value_decimals, standard.rounding.cv_decimals
        name = name_of("stage", stage)
        rows.append((name, "县均值", *(_rounded(b.mean, value_decimals) for b in results), None))
        rows.append(
            (name, "差异系数", *(_rounded(b.cv, cv_decimals) for b in results), _rounded(composite, cv_decimals))
        )
        rows.append((name, "结论", *(marked(b.verdict, b.borderline) for b in results), "仅供参考"))
    return ReportTable("表Ⅲ 县域差异系数", columns, tuple(rows))


def _against(holding: SchoolIndicator) -> ReportCell:
    return None if holding.value is None else rounded_against(holding.value, holding.limit, at_least=True)


def _rounded(number: float | None, decimals: int) -> Any:
    return None if number is None else rounded(number, decimals)


def _form_value(row: SchoolRow, code: str, standard: Standard) -> Any:
    return _rounded(row.indicator(code).value, standard.rounding.value_decimals)
