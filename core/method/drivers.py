"""Who drives a coefficient of variation: the school rows by their exact share of CV²."""

from __future__ import annotations

from core.method.assessment import Assessment, SchoolRow


def drivers(assessment: Assessment, stage: str, code: str) -> list[tuple[SchoolRow, float]]:
    """The school rows of a stage by their exact share of CV², the largest first."""
    shares = []
    for row in assessment.rows:
        contribution = row.indicator(code).contribution if row.stage == stage else None
        if contribution is not None:
            shares.append((row, contribution))
    total = sum(c for _, c in shares)
    return sorted(((r, c / total if total else 0.0) for r, c in shares), key=lambda rc: -rc[1])
