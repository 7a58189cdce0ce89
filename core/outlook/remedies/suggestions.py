"""可以这样补: for each failing school row and coefficient the cheapest ready-made levers, with what they cost.

A row's levers are the cheapest of those its remedy leaves open; each suggestion stands by itself on the present.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from core.method.failures import unmet_rows
from core.method.subjects import Subject
from core.outlook.baseline import Baseline, Place
from core.outlook.remedies.coefficients import Judge, balance_remedies
from core.outlook.remedies.rows import Shortfall, remedy_of
from core.outlook.what_if.cost import Cost, cost_of
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import RESOURCES, AddResource, resource_of
from core.rules.prices import PriceList, Prices


@dataclass(frozen=True)
class Suggestion:
    """Levers that bring one school row or one coefficient to its limit, and what they cost."""

    subject: Subject
    levers: tuple[AddResource, ...]
    cost: Cost


def suggestions(baseline: Baseline, listed: PriceList, judge: Judge) -> tuple[Suggestion, ...]:
    """One for each failing row whose figures are known, then one for each coefficient over its limit."""
    found, prices = [], listed.by_code
    for row in unmet_rows(baseline.assessment):
        if row.pupils is None or row.unknown_count:
            continue
        remedy = remedy_of(row, baseline.standard)
        if any(s.code not in RESOURCES for s in (*remedy.to_limit, *remedy.to_floor)):
            # What no lever can add nobody can suggest.
            continue
        musts = [_lever(s, row.school_id, row.stage) for s in _largest((*remedy.to_limit, *remedy.to_floor))]
        choices = [_lever(s, row.school_id, row.stage) for s in remedy.any_of if s.code in RESOURCES]
        ways = [(*musts, *chosen) for chosen in combinations(choices, remedy.needed)]
        # To the floor and on to the limit: the larger amount holds the smaller one.
        priced = [(_cost(levers, baseline, prices), levers) for levers in map(_merged, ways) if levers]
        if priced:
            cost, levers = min(priced, key=lambda way: (_in_all(way[0], listed), len(way[1])))
            found.append(Suggestion(Subject.of_row(row.school_id, row.stage), levers, cost))
    for levelled in balance_remedies(baseline.assessment, judge):
        levers = tuple(
            AddResource(
                levelled.code,
                a.units,
                Place("school", a.school_id),
                levelled.stage if resource_of(levelled.code).is_teacher else None,
            )
            for a in levelled.additions
        )
        found.append(
            Suggestion(Subject.of_balance(levelled.stage, levelled.code), levers, _cost(levers, baseline, prices))
        )
    return tuple(found)


def _largest(shortfalls: Sequence[Shortfall]) -> list[Shortfall]:
    most: dict[str, Shortfall] = {}
    for shortfall in shortfalls:
        if shortfall.code not in most or shortfall.units > most[shortfall.code].units:
            most[shortfall.code] = shortfall
    return list(most.values())


def _lever(shortfall: Shortfall, school_id: str, stage: str) -> AddResource:
    of_stage = stage if RESOURCES[shortfall.code].is_teacher else None
    return AddResource(shortfall.code, int(shortfall.units), Place("school", school_id), of_stage)


def _merged(levers: Sequence[AddResource]) -> tuple[AddResource, ...]:
    most: dict[str, AddResource] = {}
    for lever in levers:
        if lever.code not in most or lever.amount > most[lever.code].amount:
            most[lever.code] = lever
    return tuple(most.values())


def _cost(levers: Sequence[AddResource], baseline: Baseline, prices: Prices) -> Cost:
    return cost_of(changes_for(levers, baseline), baseline.facts, prices, levers)


def _in_all(cost: Cost, listed: PriceList) -> Decimal:
    """What is paid once and, of a salary, as many years as the price list counts."""
    return cost.once_yuan + listed.salary_years * cost.yearly_yuan
