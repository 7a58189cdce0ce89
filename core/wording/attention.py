"""What needs attention first: every failure and every gap in knowledge, worst first, with remedy and owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, BalanceResult, ItemResult, SchoolRow, Verdict
from core.method.drivers import drivers
from core.method.failures import BARRING_PARTS, WORST_FIRST, in_turns, unmet_balance, unmet_items, unmet_rows
from core.method.subjects import Subject
from core.naming import named
from core.outlook.remedies.coefficients import Judge, balance_remedy
from core.rules.plan import Plan
from core.rules.standard import Standard
from core.wording.item_remedies import item_remedy
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit, limit_text, share_text
from core.wording.planning.outlook import balance_remedy_line, balance_remedy_text
from core.wording.remedies import row_remedy, row_remedy_line
from core.wording.verdicts import row_name, row_reason

_NAMED_DRIVERS = 3


@dataclass(frozen=True)
class Concern:
    """One thing that stands between the county and its goal.

    `subject` names it for links and the ledger. `remedy` is empty for a coefficient over its limit until `with_fewest_units` has found it;
    `brief` is the remedy in one line, where it has one of its own. One unit leads, the others support it.
    """

    subject: Subject
    name: str
    verdict: Verdict
    borderline: bool
    reason: str
    remedy: str
    lead: str
    supporting: tuple[str, ...]
    lead_months: int | None
    township_code: str | None
    brief: str = ""

    @property
    def owner(self) -> str:
        """Every unit that has a part in the remedy, the leading one first."""
        return "、".join(filter(None, (self.lead, *self.supporting)))


def concerns(assessment: Assessment, standard: Standard, plan: Plan) -> list[Concern]:
    """Everything failed or unknown; the parts of the standard take turns, so that each one's worst is near the top."""
    items = unmet_items(assessment)
    listed = in_turns(
        (_item(assessment, i, standard, plan) for i in items if i.part in BARRING_PARTS),
        (_row(r, standard, plan) for r in unmet_rows(assessment)),
        (_coefficient(assessment, b, standard, plan) for b in unmet_balance(assessment)),
        (_item(assessment, i, standard, plan) for i in items if i.part not in BARRING_PARTS),
    )
    return sorted(listed, key=lambda c: WORST_FIRST.index(c.verdict))


def _row(row: SchoolRow, standard: Standard, plan: Plan) -> Concern:
    codes = [h.code for h in row.indicators if h.verdict is not Verdict.MET]
    return Concern(
        subject=Subject.of_row(row.school_id, row.stage),
        name=row_name(row),
        verdict=row.verdict,
        borderline=row.borderline,
        reason=row_reason(row, standard) or "",
        remedy=row_remedy(row, standard),
        **_answering(plan, codes),
        township_code=row.township_code,
        brief=row_remedy_line(row, standard),
    )


def with_fewest_units(listed: Sequence[Concern], assessment: Assessment, judge: Judge) -> list[Concern]:
    """The same concerns; a coefficient over its limit says how little brings it within, one judgement for each."""
    return [c if c.remedy else _with_fewest_units(c, assessment, judge) for c in listed]


def _with_fewest_units(concern: Concern, assessment: Assessment, judge: Judge) -> Concern:
    stage, code = concern.subject.stage, concern.subject.code
    if concern.subject.kind != "balance" or stage is None or code is None:
        return concern
    remedy = balance_remedy(assessment, assessment.balance_of(stage, code), judge)
    if remedy is None:
        return concern
    return replace(concern, remedy=balance_remedy_text(remedy, assessment), brief=balance_remedy_line(remedy))


def _coefficient(assessment: Assessment, result: BalanceResult, standard: Standard, plan: Plan) -> Concern:
    indicator = standard.indicator(result.code)
    if result.cv is None:
        reason, remedy = balance_gap(assessment, result), "补报缺失的数据"
    else:
        cv = against_limit(result.cv, result.limit, at_least=False, decimals=3)
        reason, remedy = f"差异系数 {cv}，限值 {limit_text(result.limit, 3)}", ""
    return Concern(
        subject=Subject.of_balance(result.stage, result.code),
        name=f"{name_of('stage', result.stage)}{indicator.short_name}差异系数",
        verdict=result.verdict,
        borderline=result.borderline,
        reason=reason,
        remedy=remedy,
        **_answering(plan, [result.code]),
        township_code=None,
    )


def balance_gap(assessment: Assessment, result: BalanceResult) -> str:
    """Why a coefficient cannot be computed."""
    without = [
        row_name(row)
        for row in assessment.rows
        if row.stage == result.stage and row.indicator(result.code).amount is None
    ]
    if without:
        return f"{len(without)} 所学校（分学段计）数据未报（{named(without)}），差异系数无法计算"
    return "均值为 0，差异系数没有定义"


def drivers_text(assessment: Assessment, result: BalanceResult) -> str:
    """Who drives a coefficient, and in which direction."""
    named = []
    for row, share in drivers(assessment, result.stage, result.code)[:_NAMED_DRIVERS]:
        value = row.indicator(result.code).value
        side = "偏高" if value is not None and result.mean is not None and value > result.mean else "偏低"
        named.append(f"{row_name(row)}（{side}，占 {share_text(share)}）")
    return "差异主要来自" + "、".join(named)


def _item(assessment: Assessment, result: ItemResult, standard: Standard, plan: Plan) -> Concern:
    return Concern(
        subject=Subject.of_item(result.code),
        name=item_name(result.code, standard),
        verdict=result.verdict,
        borderline=result.borderline,
        reason=item_detail(result, standard),
        remedy=item_remedy(assessment, result, standard, plan),
        **_answering(plan, [result.code]),
        township_code=None,
    )


class _Answering(TypedDict):
    lead: str
    supporting: tuple[str, ...]
    lead_months: int | None


def _answering(plan: Plan, codes: list[str]) -> _Answering:
    """Who closes shortfalls of these codes, and how long the slowest takes by its quickest remedy."""
    lead, *supporting = (*owners(plan, codes), "")
    return _Answering(lead=lead, supporting=tuple(filter(None, supporting)), lead_months=lead_months_of(plan, codes))


def owners(plan: Plan, codes: list[str]) -> tuple[str, ...]:
    """The departments to which shortfalls of these codes are routed, the one that leads first."""
    known = {route.subject: route for route in plan.routes}
    routes = [known[code] for code in codes if code in known]
    units = [r.lead_unit_id for r in routes] + [u for r in routes for u in r.co_unit_ids]
    return tuple(plan.unit(u).name for u in dict.fromkeys(units))


def lead_months_of(plan: Plan, codes: list[str]) -> int | None:
    """How long the slowest of these shortfalls takes by its quickest remedy; None where nobody routed them."""
    known = {route.subject: route for route in plan.routes}
    months = [
        min(plan.remedy(remedy).months for remedy in known[code].remedy_ids)
        for code in codes
        if code in known and known[code].remedy_ids
    ]
    return max(months) if months else None
