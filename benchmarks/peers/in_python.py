"""The work in plain Python loops over tuples and dictionaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from benchmarks.peers.work import Answers, Rules

Row = Mapping[str, Any]


def evaluate(facts: Mapping[str, Sequence[Row]], rules: Rules) -> Answers:
    """All answers of a school year."""
    reported = {(e["county_code"], e["school_id"], e["stage"]): e for e in facts["enrolment"]}
    premises = {(p["county_code"], p["school_id"]): p for p in facts["premises"]}
    stages_of = defaultdict(list)
    for kind, stage in rules.listed:
        stages_of[kind].append(stage)
    more = defaultdict(list)
    for county, school_id, stage in reported:
        more[county, school_id].append(stage)
    counts = {(c["county_code"], c["school_id"], c["stage"]): c for c in facts["class_counts"]}
    found = Answers()
    judged: dict[tuple[str, str], list[tuple[Any, list[Any]]]] = defaultdict(list)
    classes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for school in facts["schools"]:
        key = school["county_code"], school["school_id"]
        kind, is_open = school["kind"], school["state"] == "open"
        stages = dict.fromkeys([*stages_of[kind], *more[key]])
        held = premises.get(key, {})
        figures = {stage: reported.get((*key, stage)) for stage in stages}
        pupils_of: dict[str, Any] = {stage: None if e is None else e["pupils"] for stage, e in figures.items()}
        mix = (
            "single"
            if len(stages) == 1
            else "nine_year"
            if "senior" not in stages
            else "combined_secondary"
            if not {"primary", "preschool"} & stages.keys()
            else "twelve_year"
        )
        weighted: float | None = None
        if None not in pupils_of.values():
            weighted = sum(rules.weights[mix, stage] * pupils for stage, pupils in pupils_of.items())
        derived = {
            name: None
            if any(held.get(c) is None for c in (*added, *subtracted))
            else sum(held[c] for c in added) - sum(held[c] for c in subtracted)
            for name, added, subtracted in rules.derived
        }
        for stage in stages:
            if not is_open or stage not in ("primary", "junior"):
                continue
            enrolled, pupils = figures[stage], pupils_of[stage]
            counted = rules.excluded.get(kind)
            if counted is None or (counted and enrolled is not None):
                of_stage = counts.get((*key, stage))
                classes[key[0]][0] += of_stage["classes"] if of_stage else 0
                classes[key[0]][1] += of_stage["over_limit"] if of_stage else 0
            if counted is not None and (not counted or enrolled is None or pupils == 0):
                continue
            if pupils == 0 or (
                kind == "teaching_point" and pupils is not None and pupils < rules.teaching_point_pupils
            ):
                continue
            met = unknown = below = 0
            amounts: list[Any] = []
            weight = rules.weights[mix, stage]
            for _, fact, by_school, per, limit, floor in rules.indicators:
                amount = derived.get(fact, held.get(fact) if by_school else (enrolled or {}).get(fact))
                over = weighted if by_school else pupils
                if amount is None or pupils is None or over is None:
                    unknown += 1
                    amounts.append(None)
                    continue
                part = amount * weight if by_school else amount
                met += round(part * per - limit[stage] * over, 6) >= 0
                below += round(part * per - floor[stage] * over, 6) < 0
                amounts.append(part * pupils / over)
            found.rows[(*key, stage)] = (
                "not_met" if below or met + unknown < rules.minimum_met else "not_assessable" if unknown else "met"
            )
            judged[key[0], stage].append((pupils, amounts))
    for (county, stage), rows in judged.items():
        for n, (code, *_) in enumerate(rules.indicators):
            if any(amounts[n] is None for _, amounts in rows):
                found.coefficients[county, stage, code] = None
                continue
            total = sum(pupils for pupils, _ in rows)
            mean = sum(amounts[n] for _, amounts in rows) / total
            found.coefficients[county, stage, code] = (
                sqrt(sum(p / total * (a[n] / p / mean - 1) ** 2 for p, a in rows)) if mean > 0 else None
            )
    found.classes = {county: (a, b) for county, (a, b) in classes.items()}
    return found
