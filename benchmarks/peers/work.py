"""What every engine is given and what it must answer: the judgement's arithmetic without items, in one form to compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isclose

from core.dataset.school_kinds import STAGES_AS_REPORTED, STAGES_HELD, STAGES_OF_KIND, STAGES_SHARING_PREMISES
from core.rules.standard import STAGES, Standard

# The relations that the work needs; what else a lake holds belongs to items.
READ = ("townships", "schools", "enrolment", "premises", "class_counts")
FINAL = ("resources", "school_rows", "school_measures", "school_verdicts", "stage_means", "balance", "class_sizes")


@dataclass
class Answers:
    """Verdicts of school rows, coefficients and class counts of every county of one school year."""

    rows: dict[tuple[str, str, str], str] = field(default_factory=dict)
    coefficients: dict[tuple[str, str, str], float | None] = field(default_factory=dict)
    classes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def differences(self, other: Answers) -> int:
        """How many answers differ: coefficients by more than 1e-9."""
        found = sum(other.rows.get(key) != verdict for key, verdict in self.rows.items())
        found += len(other.rows.keys() ^ self.rows.keys()) + len(other.coefficients.keys() ^ self.coefficients.keys())
        for key, cv in self.coefficients.items():
            there = other.coefficients.get(key)
            if (cv is None) != (there is None):
                found += 1
            elif cv is not None and there is not None:
                found += not isclose(cv, there, rel_tol=1e-9, abs_tol=1e-9)
        return found + sum(other.classes.get(county) != counts for county, counts in self.classes.items())


@dataclass(frozen=True)
class Rules:
    """The standard's numbers as plain values, for engines that read no relations of rules."""

    indicators: tuple[tuple[str, str, bool, int, dict[str, float], dict[str, float]], ...]
    derived: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    weights: dict[tuple[str, str], float]
    listed: tuple[tuple[str, str], ...]
    excluded: dict[str, bool]
    minimum_met: int
    teaching_point_pupils: int

    @staticmethod
    def of(standard: Standard) -> Rules:
        """From the standard's file. Indicators: code, fact, by school?, per, limit and floor by stage."""
        numbers = standard.numbers()
        return Rules(
            tuple(
                (
                    i.code,
                    i.fact,
                    i.measured_by == "school",
                    int(i.per_pupils),
                    {s: float(i.limit[s]) for s in STAGES},
                    {s: float(standard.floor(i, s)) for s in STAGES},
                )
                for i in standard.indicators
            ),
            tuple((d.fact, tuple(d.added), tuple(d.subtracted)) for d in standard.derived_facts),
            {
                (mix, stage): float(standard.splits.weights.get(mix, {}).get(stage, 1))
                for mix in ("single", *standard.splits.weights)
                for stage in STAGES_HELD
            },
            tuple(
                (kind, stage)
                for kind, stages in STAGES_OF_KIND.items()
                if kind not in STAGES_AS_REPORTED
                for stage in (*stages, *STAGES_SHARING_PREMISES.get(kind, ()))
            ),
            {x.kind: bool(x.pupils_count) for x in standard.exclusions if x.kind is not None},
            int(numbers["school_rule_minimum_met"]),
            int(numbers["teaching_point_under_50"]),
        )
