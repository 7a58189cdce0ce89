"""Everything that a judgement does not find met: failed, or unknown, worst first within each part of the standard.

Lists, ledger proposals, gaps of a unit and briefings all read these, so that none forgets a kind and all agree on
which is worst. A row that passes owes nothing more on any single indicator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import zip_longest
from typing import TypeVar

from core.method.assessment import (
    Assessment,
    BalanceResult,
    ClassSizes,
    ItemResult,
    SchoolIndicator,
    SchoolRow,
    Verdict,
)

WORST_FIRST = (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE, Verdict.MET, Verdict.NOT_APPLICABLE)
UNDECIDED = WORST_FIRST[:2]
BARRING_PARTS = ("veto", "precondition")
T = TypeVar("T")


def unmet_rows(assessment: Assessment) -> list[SchoolRow]:
    """The school rows, those that lack most in shares of the limits first, then the unknown."""

    def lacking(row: SchoolRow) -> float:
        return sum(
            1 - h.value / float(h.limit) for h in row.indicators if h.verdict is Verdict.NOT_MET and h.value is not None
        )

    found = [r for r in assessment.rows if r.verdict in UNDECIDED]
    return sorted(found, key=lambda r: (UNDECIDED.index(r.verdict), -lacking(r)))


def unmet_balance(assessment: Assessment) -> list[BalanceResult]:
    """The coefficients, farthest beyond its limit first."""
    found = [b for b in assessment.balance if b.verdict in UNDECIDED]
    return sorted(found, key=lambda b: (UNDECIDED.index(b.verdict), -(b.cv or 0.0) / float(b.limit)))


def unmet_items(assessment: Assessment) -> list[ItemResult]:
    """The items, failed before unknown, and of each what bars the county from applying at all before the others."""
    found = [i for i in assessment.items if i.verdict in UNDECIDED]
    return sorted(found, key=lambda i: (UNDECIDED.index(i.verdict), i.part not in BARRING_PARTS))


def oversized_classes(assessment: Assessment) -> list[ClassSizes]:
    """The schools and stages with classes over the limit, most classes first."""
    return sorted((c for c in assessment.class_sizes if c.known and c.over_limit), key=lambda c: -c.over_limit)


def unmet_indicators(assessment: Assessment) -> list[tuple[SchoolRow, SchoolIndicator]]:
    """The indicators that failing rows miss: below the floor first, then the smallest share of the limit."""
    found = [
        (row, holding)
        for row in assessment.rows
        if row.verdict is Verdict.NOT_MET
        for holding in row.indicators
        if holding.verdict is Verdict.NOT_MET
    ]
    return sorted(
        found, key=lambda p: (p[1].above_floor is not False, (p[1].value or 0.0) / (float(p[1].limit) or 1.0))
    )


def owed_verdict(row: SchoolRow, codes: Collection[str]) -> Verdict:
    """What a school row says of some indicators; a row that passes owes nothing more on any of them."""
    if row.verdict is Verdict.MET:
        return Verdict.MET
    verdicts = {h.verdict for h in row.indicators if h.code in codes}
    return next((v for v in UNDECIDED if v in verdicts), Verdict.MET)


def in_turns(*parts: Iterable[T]) -> list[T]:
    """The parts one after the other, one entry each, so that each one's worst is near the top."""
    return [entry for turn in zip_longest(*parts) for entry in turn if entry is not None]
