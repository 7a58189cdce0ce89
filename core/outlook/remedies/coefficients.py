"""The fewest units that bring a coefficient of variation within its limit, and which schools get them.

Each result is judged again by the method, which decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.method.assessment import Assessment, BalanceResult, SchoolIndicator, Verdict
from core.method.changes import Change, Changes
from core.outlook.remedies.fewest_units import fewest_units
from core.outlook.what_if.levers import RESOURCES, resource_of

Judge = Callable[[Changes], Assessment]


@dataclass(frozen=True)
class Addition:
    """Whole units that one school gets."""

    school_id: str
    units: int


@dataclass(frozen=True)
class BalanceRemedy:
    """What brings one coefficient within its limit.

    `level` is the value per pupil (or per hundred) that the lowest schools reach; `cv_after` and `verdict_after` are
    the method's judgement of `changes`. `proven` says that no distribution of fewer units would do.
    """

    stage: str
    code: str
    cv_before: float
    cv_after: float | None
    verdict_after: Verdict
    level: float
    units: int
    proven: bool
    additions: tuple[Addition, ...]
    changes: tuple[Change, ...]


def balance_remedies(assessment: Assessment, judge: Judge) -> tuple[BalanceRemedy, ...]:
    """A remedy for each coefficient that is over its limit, in the rules' order; each by itself."""
    found = (balance_remedy(assessment, result, judge) for result in assessment.balance)
    return tuple(remedy for remedy in found if remedy is not None)


def balance_remedy(assessment: Assessment, result: BalanceResult, judge: Judge) -> BalanceRemedy | None:
    """The remedy for one coefficient, by itself; None when it is not over its limit, or nothing can be added to it."""
    if result.verdict is Verdict.NOT_MET and result.cv is not None and result.code in RESOURCES:
        return _remedy(assessment, result, result.cv, judge)
    return None


def _remedy(assessment: Assessment, result: BalanceResult, cv: float, judge: Judge) -> BalanceRemedy:
    holdings = [r.indicator(result.code) for r in assessment.rows if r.stage == result.stage]
    pupils = np.array([float(h.pupils or 0) for h in holdings])
    amounts = np.array([h.amount or 0.0 for h in holdings])
    shares = np.array([_share(h) for h in holdings])
    found = fewest_units(pupils, amounts, shares, float(result.limit))
    # By printed figures a coefficient a hair over the limit is within it, and fewer may do.
    units, proven = found.units, found.proven and assessment.choices["rounding_before_judging"] == "exact"
    verdict, after = Verdict.NOT_MET, None
    while verdict is Verdict.NOT_MET:
        if after is not None:
            # A hair over the limit by exact figures: the lowest school gets one more, and nobody has ruled out a better way.
            units[np.argmin((amounts + units * shares) / pupils)] += 1
            proven = False
        additions = tuple(Addition(h.school_id, int(added)) for h, added in zip(holdings, units, strict=True) if added)
        changes = tuple(adding(result.code, result.stage, additions))
        after = judge(changes).balance_of(result.stage, result.code)
        verdict = after.verdict
    assert after is not None
    reached = [(a + u * s) / p for a, u, s, p in zip(amounts, units, shares, pupils, strict=True) if u]
    return BalanceRemedy(
        result.stage,
        result.code,
        cv,
        after.cv,
        verdict,
        float(min(reached)) * float(holdings[0].per_pupils),
        int(units.sum()),
        proven,
        additions,
        changes,
    )


def _share(holding: SchoolIndicator) -> float:
    """What part of a unit given to the school this row receives; 1 unless the school has several stages."""
    if not holding.weighted_pupils or not holding.pupils:
        return 1.0
    return float(holding.weight * holding.pupils / holding.weighted_pupils)


def adding(code: str, stage: str, additions: Sequence[Addition]) -> list[Change]:
    """The changes that give schools so many units of a resource."""
    resource = resource_of(code)
    at = stage if resource.is_teacher else None
    return [Change(a.school_id, at, fact, "add", Decimal(a.units)) for a in additions for fact in resource.facts]
