"""How far apart the two schools of a pair are, and the schools of a cluster (小片区).

    pair_gaps(facts, year) -> tuple[PairGap, ...]
    cluster_gaps(facts, year) -> tuple[ClusterGap, ...]
    mean_pair_gap(facts, year) -> float | None

A school row's attainment is the mean, over its indicators, of value ÷ limit, each at most 1; a gap is the
difference of two attainments (0–1). A row with an indicator not reported has no attainment.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.delivery.figures.facts_by_year import FactsByYear
from core.method.assessment import SchoolRow
from core.rules.standard import STAGES


@dataclass(frozen=True)
class PairGap:
    """The gap between a school and the one it is paired with, at a stage that both teach; None if undecidable."""

    school_id: str
    paired_school_id: str
    pairing_kind: str
    stage: str
    attainment: float | None
    paired_attainment: float | None
    gap: float | None


@dataclass(frozen=True)
class ClusterGap:
    """The gap between the best and the weakest school row of a cluster at a stage; None if undecidable."""

    cluster: str
    stage: str
    rows: int
    best: float | None
    weakest: float | None
    gap: float | None


def attainment(row: SchoolRow | None) -> float | None:
    """How much of the limits a school row attains (0–1)."""
    if row is None or not row.indicators or any(h.value is None for h in row.indicators):
        return None
    return sum(min((h.value or 0.0) / float(h.limit), 1.0) for h in row.indicators) / len(row.indicators)


def pair_gaps(facts: FactsByYear, year: int) -> tuple[PairGap, ...]:
    """Every pair of open schools at every stage at which both are evaluated."""
    judged = facts.assessments[year]
    gaps = []
    for school in facts.schools.get(year, ()):
        if school.paired_school_id is None:
            continue
        for stage in STAGES:
            row, paired = judged.row(school.school_id, stage), judged.row(school.paired_school_id, stage)
            if row is None or paired is None:
                continue
            own, other = attainment(row), attainment(paired)
            gap = None if own is None or other is None else abs(own - other)
            kind = school.pairing_kind or ""
            gaps.append(PairGap(school.school_id, school.paired_school_id, kind, stage, own, other, gap))
    return tuple(gaps)


def mean_pair_gap(facts: FactsByYear, year: int) -> float | None:
    """The mean gap of all pairs, None without pairs or where one of them is undecidable."""
    gaps = [pair.gap for pair in pair_gaps(facts, year)]
    known = [gap for gap in gaps if gap is not None]
    return sum(known) / len(known) if gaps and len(known) == len(gaps) else None


def cluster_gaps(facts: FactsByYear, year: int) -> tuple[ClusterGap, ...]:
    """Every cluster and stage with its evaluated school rows."""
    cluster_of = {s.school_id: s.cluster for s in facts.schools.get(year, ()) if s.cluster}
    members: dict[tuple[str, str], list[float | None]] = {}
    for row in facts.assessments[year].rows:
        if row.school_id in cluster_of:
            members.setdefault((cluster_of[row.school_id] or "", row.stage), []).append(attainment(row))
    gaps = []
    for (cluster, stage), attained in sorted(members.items()):
        known = [a for a in attained if a is not None]
        whole = len(known) == len(attained)
        best, weakest = (max(known), min(known)) if whole else (None, None)
        gap = None if best is None or weakest is None else best - weakest
        gaps.append(ClusterGap(cluster, stage, len(attained), best, weakest, gap))
    return tuple(gaps)
