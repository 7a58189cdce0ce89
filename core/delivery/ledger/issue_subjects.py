"""What a ledger issue is about, by a stable key, and what the figures say of it now.

    finding(subject, facts, year) -> Finding

The keys are those of core.method.subjects; what is none of them (manual:…) no figure decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.delivery.figures.facts_by_year import FactsByYear
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.method.subjects import Subject


@dataclass(frozen=True)
class Finding:
    """What the facts of a school year say of a subject; `has_metric` is False where no figure decides it."""

    verdict: Verdict
    year: int | None
    has_metric: bool = True
    value: float | None = None
    limit: float | None = None


def finding(subject: str, facts: FactsByYear, year: int | None) -> Finding:
    """What the year's judgement says; a subject that the year no longer judges is not applicable."""
    parts = Subject.parse(subject)
    if parts.kind == "manual":
        return Finding(Verdict.NOT_ASSESSABLE, year, has_metric=False)
    judged = None if year is None else facts.assessments.get(year)
    if judged is None or year is None:
        return Finding(Verdict.NOT_ASSESSABLE, year)
    if parts.kind == "row":
        return _row_finding(judged.row(parts.school_id or "", parts.stage or ""), parts.code, year)
    if parts.kind == "class_size":
        return _class_finding(judged, parts, year)
    if parts.kind == "balance":
        for result in judged.balance:
            if (result.stage, result.code) == (parts.stage, parts.code):
                return Finding(result.verdict, year, value=result.cv, limit=float(result.limit))
    for item in judged.items:
        if parts.kind == "item" and item.code == parts.code:
            return Finding(item.verdict, year, value=item.value)
    return Finding(Verdict.NOT_ASSESSABLE, year, has_metric=False)


def _row_finding(row: SchoolRow | None, code: str | None, year: int) -> Finding:
    if row is None:
        return Finding(Verdict.NOT_APPLICABLE, year)
    if code is None:
        return Finding(row.verdict, year, value=float(row.met_count))
    for holding in row.indicators:
        if holding.code == code:
            verdict = Verdict.MET if row.verdict is Verdict.MET else holding.verdict
            return Finding(verdict, year, value=holding.value, limit=float(holding.limit))
    return Finding(Verdict.NOT_ASSESSABLE, year, has_metric=False)


def _class_finding(judged: Assessment, parts: Subject, year: int) -> Finding:
    for sizes in judged.class_sizes:
        if (sizes.school_id, sizes.stage) == (parts.school_id, parts.stage):
            if not sizes.known:
                return Finding(Verdict.NOT_ASSESSABLE, year)
            verdict = Verdict.NOT_MET if sizes.over_limit else Verdict.MET
            return Finding(verdict, year, value=float(sizes.over_limit), limit=0.0)
    return Finding(Verdict.NOT_APPLICABLE, year)


def township_of(subject: str, facts: FactsByYear, year: int) -> str | None:
    """The township whose facts decide a subject, None where the whole county's do."""
    school_id = Subject.parse(subject).school_id
    return next((s.township_code for s in facts.schools.get(year, ()) if s.school_id == school_id), None)
