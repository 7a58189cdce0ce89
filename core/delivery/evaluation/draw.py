"""The schools that a mock evaluation visits: drawn by a seed, so that whoever draws again gets the same.

drawable(assessment) -> tuple[Drawable, ...]
draw(schools, seed, size) -> tuple[str, ...]
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from core.errors import RequestInvalid
from core.method.assessment import Assessment

LONGEST_SEED, MOST_SCHOOLS = 40, 60


@dataclass(frozen=True)
class Drawable:
    """A school with evaluated rows: which stages it has, and whether it lies in the country."""

    school_id: str
    stages: frozenset[str]
    is_rural: bool

    @property
    def stratum(self) -> tuple[str, bool]:
        """Schools of the same stages in the same surroundings."""
        return "、".join(sorted(self.stages)), self.is_rural


def drawable(assessment: Assessment) -> tuple[Drawable, ...]:
    """The schools with evaluated rows, from which a sample is drawn."""
    stages: dict[str, set[str]] = {}
    rural: dict[str, bool] = {}
    for row in assessment.rows:
        stages.setdefault(row.school_id, set()).add(row.stage)
        rural[row.school_id] = row.zone == "rural"
    return tuple(Drawable(i, frozenset(of), rural[i]) for i, of in sorted(stages.items()))


def draw(schools: Collection[Drawable], seed: str, size: int) -> tuple[str, ...]:
    """So many schools, of every stratum in turn, the largest strata first; within one in the order of their hashes.

    Raises RequestInvalid for a seed that is empty or too long, or a size that the schools do not allow.
    """
    if not seed.strip() or len(seed) > LONGEST_SEED:
        raise RequestInvalid(f"请填写抽样种子，1 至 {LONGEST_SEED} 个字，如当天抽签的号码。")
    most = min(len(schools), MOST_SCHOOLS)
    if not 1 <= size <= most:
        raise RequestInvalid(f"抽样校数 {size} 应在 1 至 {most} 之间。")
    strata: dict[tuple[str, bool], list[str]] = {}
    for school in sorted(schools, key=lambda s: _hash(seed, s.school_id)):
        strata.setdefault(school.stratum, []).append(school.school_id)
    queues = [strata[key] for key in sorted(strata, key=lambda key: (-len(strata[key]), key))]
    drawn: list[str] = []
    while len(drawn) < size:
        for queue in queues:
            if queue and len(drawn) < size:
                drawn.append(queue.pop(0))
    return tuple(drawn)


def _hash(seed: str, school_id: str) -> tuple[str, str]:
    return hashlib.sha256(f"{seed.strip()}:{school_id}".encode()).hexdigest(), school_id
