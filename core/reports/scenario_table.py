"""Kept scenarios beside the present as a file: what each changes, reaches and costs, money in 万元."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.method.assessment import Assessment, PartCount
from core.outlook.cost import Cost
from core.reports.tables import WAN_YUAN, WHOLE, ReportColumn, ReportTable
from core.wording.scenario import COMMITTED, PRICE_ASSUMPTION, SIMULATION, projects_text
from core.wording.verdicts import marked

NO_LONGER_FITS = "与现有数据不符，未推演"
_YUAN_PER_WAN = 10_000
_COLUMNS = (
    ReportColumn("序号"),
    ReportColumn("方案"),
    ReportColumn("全县"),
    ReportColumn("达标校段"),
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
