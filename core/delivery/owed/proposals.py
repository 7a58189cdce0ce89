"""Every shortfall that the figures show, proposed as a ledger issue and routed to who can close it.

    proposals(situation) -> tuple[Proposal, ...]

What is already on the ledger and open (re-opened included) is not proposed again. The sentences of a proposal come
from core.wording.delivery (issue_title, issue_basis); ledger_writing.open_issue puts it on the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.method.failures import oversized_classes, unmet_balance, unmet_indicators, unmet_items
from core.method.subjects import Subject
from core.rules.plan import Plan, Route

_CLASS_SIZE = "class_size"
_BALANCE = "balance"


@dataclass(frozen=True)
class Proposal:
    """A shortfall not yet on the ledger.

    `shortfall` is what the whole school must add in whole units (teachers, ㎡, yuan, rooms), for class sizes the classes
    over the limit, for items what fails of `total`. `months` is the lead time of the quickest remedy. Without a route the unit is None.
    """

    subject: str
    kind: str
    code: str
    stage: str | None
    school_ids: tuple[str, ...]
    township_code: str | None
    value: float | None
    limit: float | None
    shortfall: float | None
    total: int | None
    below_floor: bool
    lead_unit_id: str | None
    co_unit_ids: tuple[str, ...]
    remedy_ids: tuple[str, ...]
    months: int | None


def proposals(situation: Situation) -> tuple[Proposal, ...]:
    """Items first, vetoes at their head, then class sizes, balance and school rows, the worst of each first."""
    judged = situation.assessment
    if judged is None:
        return ()
    states = situation.issue_states
    taken = {issue.subject for issue in situation.issues if states[issue.number].is_open}
    found = [*_items(situation, judged), *_class_sizes(situation, judged), *_balance(situation, judged)]
    found += [_row(situation, row, holding.code) for row, holding in unmet_indicators(judged)]
    return tuple(proposal for proposal in found if proposal.subject not in taken)


def _route(plan: Plan, subject: str) -> Route | None:
    return next((route for route in plan.routes if route.subject == subject), None)


def _proposal(
    situation: Situation,
    kind: str,
    subject: str,
    code: str,
    routed_as: str,
    *,
    stage: str | None = None,
    school_ids: tuple[str, ...] = (),
    township_code: str | None = None,
    value: float | None = None,
    limit: float | None = None,
    shortfall: float | None = None,
    total: int | None = None,
    below_floor: bool = False,
) -> Proposal:
    route = _route(situation.plan, routed_as)
    remedy_ids = route.remedy_ids if route else ()
    return Proposal(
        subject=subject,
        kind=kind,
        code=code,
        stage=stage,
        school_ids=school_ids,
        township_code=township_code,
        value=value,
        limit=limit,
        shortfall=shortfall,
        total=total,
        below_floor=below_floor,
        lead_unit_id=route.lead_unit_id if route else None,
        co_unit_ids=route.co_unit_ids if route else (),
        remedy_ids=remedy_ids,
        months=min((situation.plan.remedy(r).months for r in remedy_ids), default=None),
    )


def _items(situation: Situation, judged: Assessment) -> Iterator[Proposal]:
    for item in (i for i in unmet_items(judged) if i.verdict is Verdict.NOT_MET):
        schools = [s for s in judged.school_items if s.code == item.code and s.verdict is Verdict.NOT_MET]
        townships = {s.township_code for s in schools}
        yield _proposal(
            situation,
            "item",
            str(Subject.of_item(item.code)),
            item.code,
            item.code,
            school_ids=tuple(s.school_id for s in schools),
            township_code=townships.pop() if len(townships) == 1 else None,
            value=item.value,
            shortfall=None if item.failing is None else float(item.failing),
            total=item.scope,
        )


def _class_sizes(situation: Situation, judged: Assessment) -> Iterator[Proposal]:
    for sizes in oversized_classes(judged):
        yield _proposal(
            situation,
            _CLASS_SIZE,
            str(Subject.of_class_sizes(sizes.school_id, sizes.stage)),
            "G5",
            _CLASS_SIZE,
            stage=sizes.stage,
            school_ids=(sizes.school_id,),
            township_code=sizes.township_code,
            value=float(sizes.largest),
            limit=float(situation.standard.item("G5").limit[sizes.stage]),
            shortfall=float(sizes.over_limit),
            total=sizes.classes,
        )


def _balance(situation: Situation, judged: Assessment) -> Iterator[Proposal]:
    for result in (b for b in unmet_balance(judged) if b.verdict is Verdict.NOT_MET):
        yield _proposal(
            situation,
            _BALANCE,
            str(Subject.of_balance(result.stage, result.code)),
            result.code,
            _BALANCE,
            stage=result.stage,
            value=result.cv,
            limit=float(result.limit),
        )


def _row(situation: Situation, row: SchoolRow, code: str) -> Proposal:
    holding = row.indicator(code)
    return _proposal(
        situation,
        "row",
        str(Subject.of_row(row.school_id, row.stage, code)),
        code,
        code,
        stage=row.stage,
        school_ids=(row.school_id,),
        township_code=row.township_code,
        value=holding.value,
        limit=float(holding.limit),
        shortfall=float(holding.whole_units_missing()),
        below_floor=holding.above_floor is False,
    )
