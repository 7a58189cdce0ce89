"""Two judgements side by side: what changes state between them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from core.method.assessment import Assessment, BalanceResult, ItemResult, SchoolIndicator, SchoolRow, Verdict


@dataclass(frozen=True)
class RowChange:
    """A school row whose verdict changes; None on the side where the row is not evaluated."""

    before: SchoolRow | None
    after: SchoolRow | None

    @property
    def row(self) -> SchoolRow:
        """The row on the side where it stands, after first."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class HoldingChange:
    """One indicator of one school row of which something moved: the amount, the pupils, or the verdict."""

    row: SchoolRow
    before: SchoolIndicator
    after: SchoolIndicator


@dataclass(frozen=True)
class Comparison:
    """What changes state from one judgement to another."""

    before: Assessment
    after: Assessment
    rows: tuple[RowChange, ...]
    balance: tuple[tuple[BalanceResult, BalanceResult], ...]
    items: tuple[tuple[ItemResult, ItemResult], ...]


def changed_holdings(comparison: Comparison) -> list[HoldingChange]:
    """Every indicator of a row on both sides that is not quite as it was; what changes its verdict first."""
    old = {row.key: row for row in comparison.before.rows}
    changes = [
        HoldingChange(row, was, now)
        for row in comparison.after.rows
        if row.key in old
        for was, now in zip(old[row.key].indicators, row.indicators, strict=True)
        if (was.value, was.verdict) != (now.value, now.verdict)
    ]
    return sorted(changes, key=lambda c: (c.before.verdict is c.after.verdict, c.after.verdict is Verdict.MET))


def changed_coefficients(comparison: Comparison) -> list[tuple[BalanceResult, BalanceResult]]:
    """Every coefficient that is not quite as it was, before and after; what changes its verdict first."""
    pairs = zip(comparison.before.balance, comparison.after.balance, strict=True)
    changed = [(was, now) for was, now in pairs if was.cv != now.cv]
    return sorted(changed, key=lambda pair: pair[0].verdict is pair[1].verdict)


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Every school row, coefficient and item whose verdict differs, in the rules' order."""
    old, new = {r.key: r for r in before.rows}, {r.key: r for r in after.rows}
    keys = [*old, *(key for key in new if key not in old)]
    changed = [RowChange(old.get(key), new.get(key)) for key in keys]
    return Comparison(
        before,
        after,
        tuple(c for c in changed if c.before is None or c.after is None or c.before.verdict is not c.after.verdict),
        tuple((a, b) for a, b in zip(before.balance, after.balance, strict=True) if a.verdict is not b.verdict),
        tuple((a, b) for a, b in zip(before.items, after.items, strict=True) if a.verdict is not b.verdict),
    )
