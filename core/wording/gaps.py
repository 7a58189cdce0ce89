"""What the figures still lack of the indicators and items that one unit answers for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.dataset.dictionary import name_of
from core.delivery.owed.units import UnitPage
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, PartCount, SchoolIndicator, SchoolRow, Verdict
from core.method.failures import UNDECIDED, WORST_FIRST, owed_verdict, unmet_balance
from core.naming import named
from core.rules.standard import Standard
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit, amount_text, limit_text
from core.wording.verdicts import row_name

BALANCE = "balance"


@dataclass(frozen=True)
class UnitGap:
    """One indicator or item that is not met or cannot be judged, with its figures and whom it concerns."""

    code: str
    name: str
    verdict: Verdict
    reason: str
    concerned: str


def unit_codes(situation: Situation, page: UnitPage) -> frozenset[str]:
    """The indicators and items that a unit's sub-items move or whose shortfalls are routed to it first."""
    standard = situation.standard
    known = {BALANCE, *(i.code for i in standard.indicators), *(i.code for i in standard.items)}
    routed = (route.subject for route in situation.plan.routes if route.lead_unit_id == page.unit_id)
    return frozenset(known & {*page.moves, *routed})


def unit_gaps(situation: Situation, page: UnitPage) -> list[UnitGap]:
    """The unit's gaps in the facts of the day, what fails before what is unknown; none without facts."""
    judged = situation.assessment
    if judged is None:
        return []
    codes = unit_codes(situation, page)
    found = list(_gaps(judged, situation.standard, codes))
    return sorted(found, key=lambda gap: WORST_FIRST.index(gap.verdict))


def _gaps(judged: Assessment, standard: Standard, codes: frozenset[str]) -> Iterator[UnitGap]:
    for indicator in standard.indicators:
        if indicator.code in codes:
            yield from _indicator_gap(judged, standard, indicator.code)
    if BALANCE in codes and judged.balance_part.verdict in UNDECIDED:
        yield _balance_gap(judged, standard)
    for result in judged.items:
        if result.code in codes and result.verdict in UNDECIDED:
            schools = [s.name for s in judged.school_items if s.code == result.code and s.verdict is result.verdict]
            yield UnitGap(
                result.code,
                item_name(result.code, standard),
                result.verdict,
                item_detail(result, standard),
                named(schools, "所"),
            )


def _indicator_gap(judged: Assessment, standard: Standard, code: str) -> Iterator[UnitGap]:
    indicator = standard.indicator(code)
    part: dict[Verdict, list[SchoolRow]] = {Verdict.NOT_MET: [], Verdict.NOT_ASSESSABLE: []}
    for row in judged.rows:
        verdict = owed_verdict(row, (code,))
        if verdict in part:
            part[verdict].append(row)
    for verdict, rows in part.items():
        if rows:
            yield UnitGap(
                code,
                indicator.short_name,
                verdict,
                _indicator_reason(verdict, [row.indicator(code) for row in rows], indicator.amount_unit),
                named([row_name(row) for row in rows], "所学校（分学段计）"),
            )


def _indicator_reason(verdict: Verdict, holdings: list[SchoolIndicator], amount_unit: str) -> str:
    if verdict is Verdict.NOT_ASSESSABLE:
        return f"{len(holdings)} 所学校（分学段计）未报"
    missing = sum(holding.whole_units_missing() for holding in holdings)
    return f"{len(holdings)} 所未达标学校此项不足，补齐需 {amount_text(missing, amount_unit)}"


def _balance_gap(judged: Assessment, standard: Standard) -> UnitGap:
    part: PartCount = judged.balance_part
    names = [
        f"{name_of('stage', b.stage)}{standard.indicator(b.code).short_name}"
        + (
            "无法计算"
            if b.cv is None
            else f" {against_limit(b.cv, b.limit, at_least=False, decimals=3)}（限值 {limit_text(b.limit, 3)}）"
        )
        for b in unmet_balance(judged)
    ]
    reason = f"{part.met}/{part.total} 项达标"
    return UnitGap(BALANCE, "校际差异系数", part.verdict, reason, named(names, "项"))
