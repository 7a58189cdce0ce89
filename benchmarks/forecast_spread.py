"""How far forecasts of invented counties are off: what a county's intervals go by until its own back-tests are enough.

`python -m benchmarks.forecast_spread` writes data/forecast_spread.toml anew.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from core.dataset.school_kinds import GRADES_OF_STAGE
from core.facts.school_facts import GradePupils
from core.outlook.forecast.cohorts import Cohorts, cohorts_of, stage_of_grade
from core.outlook.forecast.spread import Level, Spread, pooled, scores
from core.rules.standard_loading import load_standard
from demo.county import Tables
from demo.datasets import make_county

REFERENCE_SEEDS = range(100, 120)
TARGET = Path(__file__).parents[1] / "data" / "forecast_spread.toml"
_CODE = "350526"


def cohorts_made(tables: Tables) -> Cohorts:
    """The cohorts of an invented county, as the store would read them from its class sheets."""
    uncounted = load_standard().uncounted_kinds
    schools = {s["school_id"]: s for s in tables["schools"] if s["kind"] not in uncounted}
    pupils: Counter[tuple[int, object, int]] = Counter()
    for row in tables["classes"]:
        if row["school_id"] in schools:
            pupils[int(str(row["year"])), row["school_id"], int(str(row["grade"]))] += int(str(row["pupils"]))
    grades: dict[int, list[GradePupils]] = {}
    for (year, school_id, grade), count in sorted(pupils.items(), key=str):
        school, stage = schools[school_id], stage_of_grade(grade)
        assert grade in GRADES_OF_STAGE[stage]
        grades.setdefault(year, []).append(
            GradePupils(
                str(school_id),
                stage,
                grade,
                count,
                str(school["kind"]),
                str(school["name"]),
                str(school["township_code"]),
                school["central_area"] == 1,
            )
        )
    return cohorts_of(grades)


def reference() -> Spread:
    """The stretch pooled over the reference counties."""
    return pooled(scores(cohorts_made(make_county(_CODE, seed))) for seed in REFERENCE_SEEDS)


def written(spread: Spread) -> str:
    """The reference as the file holds it."""
    first, last = REFERENCE_SEEDS[0], REFERENCE_SEEDS[-1]
    lines = [
        "# By how much the simulated 80 % intervals of a forecast are stretched so that they hold four of five outcomes, by what",
        "# they are of and by years ahead; used until a county's own back-tests are enough. Made by `python -m",
        f"# benchmarks.forecast_spread` from {len(REFERENCE_SEEDS)} invented counties (seeds {first} to {last}): an assumption, not an observation.",
        f"counties = {len(REFERENCE_SEEDS)}",
        f'note = "按 {len(REFERENCE_SEEDS)} 个虚构县的历年回测放宽，属假设；本县回测满三次后改按本县。"',
    ]
    for level in Level:
        lines.append(f"[stretch.{level.value}]")
        lines += [f"years_{ahead} = {stretch:.2f}" for ahead, stretch in enumerate(spread.stretch[level], 1)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(reference()), "utf-8")
