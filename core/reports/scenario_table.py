"""Kept scenarios beside the present as a file: what each changes, reaches and costs, money in 万元."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, PartCount
from core.method.comparison import Comparison
from core.outlook.what_if.cost import Cost
from core.reports.tables import COEFFICIENT, WAN_YUAN, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import Standard
from core.wording.numbers import NONE_HERE, rounded_against
from core.wording.planning.scenario import (
    COMMITTED,
    PRICE_ASSUMPTION,
    SIMULATION,
    completion_text,
    delivered_text,
    projects_text,
)
from core.wording.verdicts import marked

NO_LONGER_FITS = "与现有数据不符，未推演"
_YUAN_PER_WAN = 10_000
_COLUMNS = (
    ReportColumn("序号"),
    ReportColumn("方案"),
    ReportColumn("全县"),
    ReportColumn("达标学校"),
    ReportColumn("达标差异系数"),
    ReportColumn("政府保障"),
    ReportColumn("教育质量"),
    ReportColumn("内容"),
    ReportColumn("一次性投入", "万元", WAN_YUAN),
    ReportColumn("每年投入", "万元", WAN_YUAN),
    ReportColumn("最长周期", "个月", WHOLE),
    ReportColumn("在建项目（不另计费用）"),
)


@dataclass(frozen=True)
class ScenarioResult:
    """A kept scenario with its judgement and cost; the present has no number and costs nothing."""

    number: int | None
    name: str
    words: str
    judged: Assessment
    cost: Cost


@dataclass(frozen=True)
class RefusedScenario:
    """A kept scenario that the figures that count now no longer allow; `words` say why."""

    number: int
    name: str
    words: str


def scenario_table(results: Sequence[ScenarioResult | RefusedScenario]) -> ReportTable:
    """One line a scenario, in the order given."""
    return ReportTable(
        "方案比较", _COLUMNS, tuple(_line(result) for result in results), (SIMULATION, PRICE_ASSUMPTION, COMMITTED)
    )


def cost_table(cost: Cost) -> ReportTable:
    """What is to be paid, then the projects under way, whose money is committed."""
    lines: list[tuple[ReportCell, ...]] = [
        (
            line.name,
            line.quantity,
            line.unit,
            float(line.yuan / _YUAN_PER_WAN),
            {"once": "一次性", "yearly": "每年"}[line.paid],
            f"约 {line.lead_months} 个月",
        )
        for line in cost.lines
    ]
    lines += [(p.name, delivered_text(p), NONE_HERE, NONE_HERE, NONE_HERE, completion_text(p)) for p in cost.projects]
    columns = (
        ReportColumn("内容"),
        ReportColumn("数量"),
        ReportColumn("单位"),
        ReportColumn("费用", "万元", WAN_YUAN),
        ReportColumn("支付"),
        ReportColumn("何时见效"),
    )
    return ReportTable("费用明细", columns, tuple(lines), (SIMULATION, PRICE_ASSUMPTION, COMMITTED))


def coefficient_table(comparison: Comparison, standard: Standard) -> ReportTable:
    """The fourteen coefficients now and in the scenario beside their limits."""
    columns = (
        ReportColumn("差异系数"),
        *(ReportColumn(name, "", COEFFICIENT) for name in ("现状", "方案", "限值")),
        ReportColumn("方案结论"),
    )
    rows = tuple(
        (
            f"{name_of('stage', b.stage)}{standard.indicator(b.code).short_name}",
            *(
                None if cv is None else rounded_against(cv, b.limit, at_least=False, decimals=3)
                for cv in (comparison.before.balance_of(b.stage, b.code).cv, b.cv)
            ),
            b.limit.normalize(),
            marked(b.verdict, b.borderline),
        )
        for b in comparison.after.balance
    )
    return ReportTable("十四项差异系数", columns, rows, (SIMULATION,))


def part_share(part: PartCount) -> str:
    """Met of all, as the tables write it."""
    return f"{part.met}/{part.total}"


def _line(result: ScenarioResult | RefusedScenario) -> tuple[str | int | float | None, ...]:
    if isinstance(result, RefusedScenario):
        return result.number, result.name, NO_LONGER_FITS, *[None] * 4, result.words, *[None] * 4
    judged, cost = result.judged, result.cost
    return (
        "" if result.number is None else result.number,
        result.name,
        marked(judged.verdict),
        part_share(judged.schools_part),
        part_share(judged.balance_part),
        part_share(judged.items_part("government")),
        part_share(judged.items_part("quality")),
        result.words,
        float(cost.once_yuan / _YUAN_PER_WAN),
        float(cost.yearly_yuan / _YUAN_PER_WAN),
        cost.lead_months,
        projects_text(cost),
    )
