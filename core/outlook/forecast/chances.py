"""How likely a coming year is without a failure, given how uncertain the forecast of pupils is, and why not.

Each draw of the forecast, as far off as past forecasts were, is judged by the method with today's resources and whatever a
plan adds. Pupils and
classes come from the forecast; the county items that pupils do not move stay as they are today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import pstdev

from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.method.changes import ENROLMENT_FACTS, SCHOOL_FACTS, Change, Changes, OpenSchool, SchoolChange
from core.outlook.baseline import Baseline
from core.outlook.forecast.cohort_model import Source
from core.outlook.forecast.cohorts import Cohorts
from core.outlook.forecast.forecast import HORIZON, draws
from core.outlook.forecast.forecast_effects import drawn_changes
from core.outlook.forecast.spread import spread_of
from core.outlook.remedies.coefficients import Judge
from core.progress import Tell, unheard

RUNS, RUNS_EACH = 60, 20
# 95 % of a normal distribution.
_DEVIATIONS = 1.96
_RESOURCES = (SCHOOL_FACTS | set(ENROLMENT_FACTS)) - {"pupils"}


@dataclass(frozen=True)
class Chance:
    """How often draws pass; `source` is the only thing that varied, None when everything did.

    `failing` counts the school rows and coefficients that fail in each draw.
    """

    source: Source | None
    failing: tuple[int, ...]

    @property
    def runs(self) -> int:
        """Draws judged."""
        return len(self.failing)

    @property
    def passing(self) -> int:
        """Draws in which no school row and no coefficient fails."""
        return self.failing.count(0)

    @property
    def share(self) -> float:
        """Share of the draws that pass."""
        return self.passing / self.runs

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share: so few draws tell it no closer. It holds no other uncertainty."""
        runs, z2 = self.runs, _DEVIATIONS**2
        middle = (self.share + z2 / (2 * runs)) / (1 + z2 / runs)
        half = _DEVIATIONS * sqrt(self.share * (1 - self.share) / runs + z2 / (4 * runs * runs)) / (1 + z2 / runs)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def spread(self) -> float:
        """Standard deviation of the number of failures."""
        return pstdev(self.failing)


@dataclass(frozen=True)
class Chances:
    """The chance of a year without a failure, each source of uncertainty alone, and what fails how often.

    `rows` (school_id, stage) and `coefficients` (stage, code) carry the share of draws in which they fail, the most
    frequent first. `unreported` are rows that cannot be judged in any draw.
    """

    year: int
    whole: Chance
    alone: tuple[Chance, ...]
    rows: tuple[tuple[tuple[str, str], float], ...]
    coefficients: tuple[tuple[tuple[str, str], float], ...]
    unreported: tuple[tuple[str, str], ...]

    @property
    def weightiest(self) -> Chance | None:
        """The source that alone moves the number of failures most; None when none moves it."""
        most = max(self.alone, key=lambda chance: chance.spread)
        return most if most.spread > 0 else None


def kept_changes(changes: Changes) -> tuple[Change, ...]:
    """What of a plan counts in a coming year: teachers, premises and equipment of the schools that stand today.

    Pupils and classes are forecast, so schools that the plan opens, closes or merges stay as they are.
    """
    opened = {c.school_id for c in changes if isinstance(c, OpenSchool)}
    return tuple(c for c in changes if isinstance(c, Change) and c.fact in _RESOURCES and c.school_id not in opened)


def chances(
    cohorts: Cohorts,
    baseline: Baseline,
    judge: Judge,
    year: int,
    *,
    changes: Sequence[Change | SchoolChange] = (),
    migration_share: Decimal = Decimal(0),
    runs: int = RUNS,
    runs_each: int = RUNS_EACH,
    tell: Tell = unheard,
) -> Chances:
    """The chances of a coming year; `changes` are a plan whose resources are there by then. May be stopped.

    Raises RequestInvalid for a year that is not ahead of the pupils on record, or too far.
    """
    ahead = year - cohorts.years[-1]
    if not 1 <= ahead <= HORIZON:
        first, last = cohorts.years[-1] + 1, cohorts.years[-1] + HORIZON
        raise RequestInvalid(f"可估算的学年为 {first}–{last}，现为 {year}。")
    kept, spread = kept_changes(changes), spread_of(cohorts)
    total, done = runs + runs_each * len(Source), 0
    failures: Counter[tuple[str, str]] = Counter()
    unreported: set[tuple[str, str]] = set()

    def judged(source: Source | None, number: int) -> tuple[Chance, list[Assessment]]:
        nonlocal done
        sources = frozenset(Source) if source is None else frozenset({source})
        answers = []
        drawn_years = draws(cohorts, ahead, number, migration_share=migration_share, sources=sources, spread=spread)
        for drawn in drawn_years:
            tell(done / total)
            answers.append(judge([*drawn_changes(drawn, cohorts, baseline), *kept]))
            done += 1
        return Chance(source, tuple(_failing(answer) for answer in answers)), answers

    whole, answers = judged(None, runs)
    coefficients: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        failures.update(row.key for row in answer.rows if row.verdict is Verdict.NOT_MET)
        coefficients.update((b.stage, b.code) for b in answer.balance if b.verdict is Verdict.NOT_MET)
        unreported |= {row.key for row in answer.rows if row.verdict is Verdict.NOT_ASSESSABLE}
    alone = tuple(judged(source, runs_each)[0] for source in Source)
    return Chances(
        year,
        whole,
        alone,
        tuple((key, count / runs) for key, count in failures.most_common()),
        tuple((key, count / runs) for key, count in coefficients.most_common()),
        tuple(sorted(unreported)),
    )


def _failing(answer: Assessment) -> int:
    return answer.schools_part.not_met + answer.balance_part.not_met
