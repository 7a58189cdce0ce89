"""What needs attention first: every failure and every gap in knowledge, worst first, with remedy and owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, BalanceResult, SchoolRow, Verdict
from core.naming import named
from core.outlook.remedies.coefficients import Judge, balance_remedy
from core.rules.plan import Plan
from core.rules.standard import Standard
from core.wording.item_remedies import item_remedy
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit, plain_text, share_text
from core.wording.outlook import balance_remedy_text
from core.wording.remedies import row_remedy
from core.wording.verdicts import ORDER, WORDS, row_name, row_reason

_NAMED_DRIVERS = 3


@dataclass(frozen=True)
class Concern:
    """One thing that stands between the county and its goal.

    `subject` names it for links and the ledger, such as row:350526-0007:primary, balance:primary:L5, item:G5.
    `remedy` is empty for a coefficient over its limit until `with_fewest_units` has found it.
    """

    subject: str
    name: str
    verdict: Verdict
    borderline: bool
    reason: str
    remedy: str
    owner: str
    lead_months: int | None
    township_code: str | None


def concerns(assessment: Assessment, standard: Standard, plan: Plan) -> list[Concern]:
    """Everything failed or unknown; the parts of the standard take turns, so that each one's worst is near the top."""
    vetoes = _items(assessment, standard, plan, ("veto", "precondition"))
    rows = _rows(assessment, standard, plan)
    balance = _balance(assessment, standard, plan)
    items = _items(assessment, standard, plan, ("government", "quality", "satisfaction"))
    turns = zip_longest(vetoes, rows, balance, items)
    listed = [concern for turn in turns for concern in turn if concern is not None]
    return sorted(listed, key=lambda c: ORDER.index(c.verdict))


def concern_summary(listed: Sequence[Concern]) -> list[str]:
    """What fails and what cannot be judged, a sentence each, by name; none where everything passes."""
    kinds = {"row": "个校段", "balance": "项差异系数", "item": "项"}
    sentences = []
    for verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE):
        names = [
            named([c.name for c in listed if c.verdict is verdict and c.subject.startswith(f"{kind}:")], unit)
            for kind, unit in kinds.items()
        ]
        if any(names):
            sentences.append(f"{WORDS[verdict]}：{'；'.join(filter(None, names))}。")
    return sentences


def _rows(assessment: Assessment, standard: Standard, plan: Plan) -> Iterator[Concern]:
    def deficit(row: SchoolRow) -> float:
        return sum(
            1 - h.value / float(h.limit) for h in row.holdings if h.verdict is Verdict.NOT_MET and h.value is not None
        )

    concerned = [r for r in assessment.rows if r.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)]
    for row in sorted(concerned, key=lambda r: (ORDER.index(r.verdict), -deficit(r))):
        codes = [h.code for h in row.holdings if h.verdict is not Verdict.MET]
        yield Concern(
            subject=f"row:{row.school_id}:{row.stage}",
            name=row_name(row),
            verdict=row.verdict,
            borderline=row.borderline,
            reason=row_reason(row, standard) or "",
            remedy=row_remedy(row, standard),
            owner=owners(plan, codes),
            lead_months=_lead_months(plan, codes),
            township_code=row.township_code,
        )


def with_fewest_units(listed: Sequence[Concern], assessment: Assessment, judge: Judge) -> list[Concern]:
    """The same concerns; a coefficient over its limit says how little brings it within, one judgement for each."""
    return [replace(c, remedy=c.remedy or _fewest_units(c, assessment, judge)) for c in listed]


def _fewest_units(concern: Concern, assessment: Assessment, judge: Judge) -> str:
    kind, *parts = concern.subject.split(":")
    remedy = balance_remedy(assessment, assessment.balance_of(*parts), judge) if kind == "balance" else None
    return balance_remedy_text(remedy, assessment) if remedy else ""


def _balance(assessment: Assessment, standard: Standard, plan: Plan) -> Iterator[Concern]:
    def excess(result: BalanceResult) -> float:
        return (result.cv or 0) / float(result.limit)

    concerned = [b for b in assessment.balance if b.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)]
    for result in sorted(concerned, key=lambda b: (ORDER.index(b.verdict), -excess(b))):
        indicator = standard.indicator(result.code)
        if result.cv is None:
            reason, remedy = balance_gap(assessment, result), "补报缺失的数据"
        else:
            cv = against_limit(result.cv, result.limit, at_least=False, decimals=3)
            reason = f"差异系数 {cv}，限值 {plain_text(result.limit)}"
            remedy = ""
        yield Concern(
            subject=f"balance:{result.stage}:{result.code}",
            name=f"{name_of('stage', result.stage)}{indicator.short_name}差异系数",
            verdict=result.verdict,
            borderline=result.borderline,
            reason=reason,
            remedy=remedy,
            owner=owners(plan, [result.code]),
            lead_months=_lead_months(plan, [result.code]),
            township_code=None,
        )


def balance_gap(assessment: Assessment, result: BalanceResult) -> str:
    """Why a coefficient cannot be computed."""
    without = [
        row_name(row)
        for row in assessment.rows
        if row.stage == result.stage and row.holding(result.code).amount is None
    ]
    if without:
        return f"{len(without)} 个校段数据未报（{named(without)}），差异系数无法计算"
    return "均值为 0，差异系数没有定义"


def drivers(assessment: Assessment, stage: str, code: str) -> list[tuple[SchoolRow, float]]:
    """The school rows of a stage by their exact share of CV², the largest first."""
    shares = []
    for row in assessment.rows:
        contribution = row.holding(code).contribution if row.stage == stage else None
        if contribution is not None:
            shares.append((row, contribution))
    total = sum(c for _, c in shares)
    return sorted(((r, c / total if total else 0.0) for r, c in shares), key=lambda rc: -rc[1])


def drivers_text(assessment: Assessment, result: BalanceResult) -> str:
    """Who drives a coefficient, and in which direction."""
    named = []
    for row, share in drivers(assessment, result.stage, result.code)[:_NAMED_DRIVERS]:
        value = row.holding(result.code).value
        side = "偏高" if value is not None and result.mean is not None and value > result.mean else "偏低"
        named.append(f"{row_name(row)}（{side}，占 {share_text(share)}）")
    return "差异主要来自" + "、".join(named)


def _items(assessment: Assessment, standard: Standard, plan: Plan, parts: tuple[str, ...]) -> Iterator[Concern]:
    concerned = [i for i in assessment.items if i.part in parts]
    concerned = [i for i in concerned if i.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)]
    for result in sorted(concerned, key=lambda i: ORDER.index(i.verdict)):
        yield Concern(
            subject=f"item:{result.code}",
            name=item_name(result.code, standard),
            verdict=result.verdict,
            borderline=False,
            reason=item_detail(result, standard),
            remedy=item_remedy(assessment, result, standard, plan),
            owner=owners(plan, [result.code]),
            lead_months=_lead_months(plan, [result.code]),
            township_code=None,
        )


def owners(plan: Plan, codes: list[str]) -> str:
    """The departments to which shortfalls of these codes are routed, the lead ones first."""
    known = {route.subject: route for route in plan.routes}
    routes = [known[code] for code in codes if code in known]
    units = [r.lead_unit_id for r in routes] + [u for r in routes for u in r.co_unit_ids]
    return "、".join(plan.unit(u).name for u in dict.fromkeys(units))


def _lead_months(plan: Plan, codes: list[str]) -> int | None:
    known = {route.subject: route for route in plan.routes}
    months = [
        min(plan.remedy(remedy).months for remedy in known[code].remedy_ids)
        for code in codes
        if code in known and known[code].remedy_ids
    ]
    return max(months) if months else None
