"""The declaration's tables together, each cell that is not met or cannot be judged marked.

    declaration(declared) -> tuple[Form, ...]          表Ⅰ, 表Ⅱ-1, 表Ⅱ-2 by stage, 表Ⅲ, 表Ⅳ, 表Ⅴ, 表Ⅵ in this order

What is not known stands as … and is marked; nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.facts.school_facts import SchoolPlace, StagePeople
from core.method.assessment import Assessment, ItemResult, Verdict
from core.reports.declaration.county_form import county_form
from core.reports.declaration.resource_forms import Grades, form_tables
from core.reports.tables import SHARE, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import STAGES, Part, Standard
from core.wording.items import item_detail, item_name
from core.wording.numbers import rounded
from core.wording.verdicts import BORDERLINE_SHAPE

_YES_NO = {Verdict.MET: "是", Verdict.NOT_MET: "否", Verdict.NOT_APPLICABLE: "不适用"}
_UNKNOWN = "无法判定"
_SURVEYED = ("issued", "valid", "satisfied", "visited", "visited_satisfied")


@dataclass(frozen=True)
class Declared:
    """What the declaration is made of."""

    assessment: Assessment
    standard: Standard
    grades: Grades
    figures: Mapping[str, Decimal | None]
    places: Sequence[SchoolPlace]
    people: Sequence[StagePeople]
    survey: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Form:
    """One table of the form; `groups` are headings over its columns with how many each covers, none where there are none.

    `marks` hold the verdict of the cells (row, column) that are not met or cannot be judged.
    """

    number: str
    table: ReportTable
    groups: tuple[tuple[str, int], ...] = ()
    marks: Mapping[tuple[int, int], Verdict] = field(default_factory=dict)


def declaration(declared: Declared) -> tuple[Form, ...]:
    """Every table of the form."""
    judged, standard = declared.assessment, declared.standard
    basics, groups = county_form(judged, standard, declared.figures, declared.places, declared.people)
    counts, *schools, balance = form_tables(judged, standard, declared.grades)
    return (
        _form("表Ⅰ", basics, groups),
        _form("表Ⅱ-1", counts),
        *(
            _form("表Ⅱ-2", table, marks=_row_marks(judged, standard, s))
            for s, table in zip(STAGES, schools, strict=True)
        ),
        _form("表Ⅲ", balance, marks=_balance_marks(judged, standard)),
        _item_form("表Ⅳ", "政府保障程度", "government", judged, standard),
        _item_form("表Ⅴ", "教育质量", "quality", judged, standard),
        _form("表Ⅵ", *_survey_form(judged, standard, declared.survey)),
    )


def _form(
    number: str,
    table: ReportTable,
    groups: tuple[tuple[str, int], ...] = (),
    marks: Mapping[tuple[int, int], Verdict] | None = None,
) -> Form:
    """The form with its marks, and a mark on every cell that was not reported."""
    unknown = {
        (n, k): Verdict.NOT_ASSESSABLE
        for n, row in enumerate(table.rows)
        for k, cell in enumerate(row)
        if cell is None or cell == _UNKNOWN
    }
    return Form(number, table, groups, {**unknown, **(marks or {})})


def _row_marks(judged: Assessment, standard: Standard, stage: str) -> dict[tuple[int, int], Verdict]:
    """Values that do not reach their standard, and schools that do not pass."""
    marks: dict[tuple[int, int], Verdict] = {}
    first = 6
    for n, row in enumerate(r for r in judged.rows if r.stage == stage):
        verdicts = [row.indicator(i.code).verdict for i in standard.indicators] + [row.verdict]
        marks |= {(n, first + k): v for k, v in enumerate(verdicts) if v is not Verdict.MET}
    return marks


def _balance_marks(judged: Assessment, standard: Standard) -> dict[tuple[int, int], Verdict]:
    """Coefficients over their limits; of each stage the second of its three lines."""
    return {
        (3 * place + 1, 2 + k): verdict
        for place, stage in enumerate(STAGES)
        for k, i in enumerate(standard.indicators)
        if (verdict := judged.balance_of(stage, i.code).verdict) in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)
    }


def _item_form(number: str, name: str, part: Part, judged: Assessment, standard: Standard) -> Form:
    """名称 | 指标值或简要结论 | 是否达标."""
    results = [r for r in judged.items if r.part == part]
    table = ReportTable(
        f"{number} {name}",
        (ReportColumn("名称"), ReportColumn("指标值或简要结论"), ReportColumn("是否达标")),
        tuple((_named(r, standard), item_detail(r, standard), _said(r)) for r in results),
    )
    marks = {(n, 2): r.verdict for n, r in enumerate(results) if r.verdict is not Verdict.MET}
    return _form(number, table, marks=marks)


def _named(result: ItemResult, standard: Standard) -> str:
    number = item_name(result.code, standard).removesuffix(standard.item(result.code).short_name)
    return f"{number}{standard.item(result.code).name}"


def _said(result: ItemResult) -> str:
    said = _YES_NO.get(result.verdict, _UNKNOWN)
    return f"{said} {BORDERLINE_SHAPE}临界" if result.borderline else said


def _survey_form(
    judged: Assessment, standard: Standard, survey: Sequence[Mapping[str, Any]]
) -> tuple[ReportTable, tuple[tuple[str, int], ...]]:
    by_group = {row["survey_group"]: row for row in survey}
    columns = (
        ReportColumn("问卷总数", "份", WHOLE),
        *(ReportColumn(name, "份", WHOLE) for name in ("计", "其中：家长", "计", "其中：家长")),
        ReportColumn("满意度", "", SHARE),
        ReportColumn("计", "人", WHOLE),
        ReportColumn("其中：满意人数", "人", WHOLE),
        ReportColumn("走访满意度", "", SHARE),
        ReportColumn("是否达标"),
    )
    total = {column: _total(survey, column) for column in _SURVEYED}
    parents = by_group.get("parents", {})
    result = judged.item("satisfaction")
    row: tuple[ReportCell, ...] = (
        total["issued"],
        total["valid"],
        parents.get("valid"),
        total["satisfied"],
        parents.get("satisfied"),
        _share(total["satisfied"], total["valid"], standard, result),
        total["visited"],
        total["visited_satisfied"],
        _share(total["visited_satisfied"], total["visited"], standard, None),
        _said(result),
    )
    groups = (("", 1), ("其中：回收有效问卷数", 2), ("其中：满意问卷数", 2), ("", 1), ("实地走访", 3), ("", 1))
    limit = standard.item("satisfaction").formula
    return ReportTable("表Ⅵ 社会认可度", columns, (row,), (limit,) if limit else ()), groups


def _total(survey: Sequence[Mapping[str, Any]], column: str) -> int | None:
    """The county's total, else the sum of its groups where every one reports it."""
    for row in survey:
        if row["survey_group"] == "all":
            return None if row[column] is None else int(row[column])
    counts = [row[column] for row in survey]
    return sum(counts) if counts and None not in counts else None


def _share(part: int | None, whole: int | None, standard: Standard, result: ItemResult | None) -> ReportCell:
    """A share with the form's decimals, with more where they would contradict the verdict."""
    if part is None or not whole:
        return None
    exact = Decimal(part) / whole
    decimals = standard.rounding.share_decimals + 2
    if result is None or result.verdict not in (Verdict.MET, Verdict.NOT_MET):
        return rounded(exact, decimals)
    required = next(
        iter((*standard.item("satisfaction").numbers.values(), *standard.item("satisfaction").limit.values()))
    )
    for digits in range(decimals, decimals + 8):
        shown = rounded(exact, digits)
        if (shown >= required) == (result.verdict is Verdict.MET):
            return shown if digits == decimals else f"{shown.scaleb(2):f}% {BORDERLINE_SHAPE}临界"
    return f"{exact.scaleb(2):f}% {BORDERLINE_SHAPE}临界"
