"""表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ of the declaration form, in its columns and its rounding.

A figure that would contradict its verdict when rounded as the form rounds stands with as many digits more as it takes, and
is marked 临界.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, BalanceResult, SchoolIndicator, SchoolRow, Verdict, count
from core.reports.school_tables import left_out_notes
from core.reports.tables import COEFFICIENT, PER_PUPIL, SHARE, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import STAGES, Standard
from core.wording.numbers import NONE_HERE, rounded
from core.wording.verdicts import BORDERLINE_SHAPE, marked, row_reason

_MOST_DECIMALS = 12
# Grades by school and stage, of those of which they are known.
Grades = Mapping[tuple[str, str], int]


def form_tables(assessment: Assessment, standard: Standard, grades: Grades) -> list[ReportTable]:
    """表Ⅱ-1, 表Ⅱ-2 by stage and 表Ⅲ in the form's columns and rounding (values 2, CV 3, shares 1 decimal)."""
    return [
        _form_counts(assessment, standard),
        *(_form_schools(assessment, standard, stage, grades) for stage in STAGES),
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
            share = rounded(met / len(of_stage), standard.rounding.share_decimals + 2) if of_stage else NONE_HERE
            cells += [met, share]
        rows.append(tuple(cells))
    return ReportTable("表Ⅱ-1 学校达标统计", tuple(columns), tuple(rows))


def _form_schools(assessment: Assessment, standard: Standard, stage: str, grades: Grades) -> ReportTable:
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
            grades.get(row.key),
            row.classes,
            *(_form_value(row.indicator(i.code), standard) for i in standard.indicators),
            {Verdict.MET: "是", Verdict.NOT_MET: "否"}.get(row.verdict, "无法判定"),
            _remark(row, standard),
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
        rows.append((name, "县均值", *(_mean(b, value_decimals) for b in results), NONE_HERE))
        whole = NONE_HERE if _is_absent(results) else _rounded(composite, cv_decimals)
        rows.append((name, "差异系数", *(_form_cv(b, cv_decimals) for b in results), whole))
        rows.append((name, "结论", *(marked(b.verdict, b.borderline) for b in results), "仅供参考"))
    return ReportTable("表Ⅲ 县域差异系数", columns, tuple(rows))


def _remark(row: SchoolRow, standard: Standard) -> str:
    """Which indicators are met, which of the others are at the floor, which below it, which not reported."""
    if row.pupils is None:
        return row_reason(row, standard) or ""
    share = f"{rounded(standard.school_rule.floor_share * 100, 0)}%"
    held: dict[str, list[str]] = {}
    for holding in row.indicators:
        if holding.verdict is Verdict.MET:
            kind = "达标"
        elif holding.verdict is Verdict.NOT_ASSESSABLE:
            kind = "未报"
        else:
            kind = f"未达标但不低于标准的 {share}" if holding.above_floor else f"低于标准的 {share}"
        held.setdefault(kind, []).append(holding.code)
    if len(held.get("达标", [])) == len(row.indicators):
        return "各项均达标"
    return "；".join(f"{kind}：{'、'.join(codes)}" for kind, codes in sorted(held.items(), key=lambda kind: kind[1][0]))


def _form_value(holding: SchoolIndicator, standard: Standard) -> ReportCell:
    if holding.value is None:
        return None
    exact = Decimal(repr(holding.value))
    stands = (holding.verdict is Verdict.MET, holding.above_floor)
    for decimals in range(standard.rounding.value_decimals, _MOST_DECIMALS):
        shown = rounded(exact, decimals)
        if (shown >= holding.limit, shown >= holding.floor) == stands:
            return shown if decimals == standard.rounding.value_decimals else _borderline(shown)
    return _borderline(exact)


def _is_absent(results: Sequence[BalanceResult]) -> bool:
    """Whether the county has no school row of the stage."""
    return all(result.verdict is Verdict.NOT_APPLICABLE for result in results)


def _mean(result: BalanceResult, decimals: int) -> ReportCell:
    return NONE_HERE if _is_absent([result]) else _rounded(result.mean, decimals)


def _form_cv(result: BalanceResult, decimals: int) -> ReportCell:
    if _is_absent([result]):
        return NONE_HERE
    if result.cv is None:
        return None
    for digits in range(decimals, _MOST_DECIMALS):
        shown = rounded(result.cv, digits)
        if (shown <= result.limit) == (result.verdict is Verdict.MET):
            return shown if digits == decimals else _borderline(shown)
    return _borderline(Decimal(repr(result.cv)))


def _borderline(shown: Decimal) -> str:
    return f"{shown:f} {BORDERLINE_SHAPE}临界"


def _rounded(number: float | None, decimals: int) -> ReportCell:
    return None if number is None else rounded(number, decimals)
