"""A coefficient is brought within its limit by the method's own word, and not with a unit too many."""

from dataclasses import replace

import numpy as np
import pytest

from core.method.assessment import Verdict
from core.method.changes import Changes
from core.method.engine import assess
from core.outlook.remedies.coefficients import Addition, adding, balance_remedies
from core.outlook.remedies.fewest_units import coefficient
from core.store.database import Store
from tests.support.present import COUNTY, STANDARD


@pytest.mark.parametrize("year", [*(pytest.param(year, marks=pytest.mark.long) for year in (2018, 2020)), 2023])
def test_every_failing_coefficient_is_remedied_and_the_last_unit_is_needed(demo: Store, year: int) -> None:
    def judge(changes: Changes):  # type: ignore[no-untyped-def]
        return assess(demo, STANDARD, COUNTY, year, changes=changes)

    present = judge(())
    found = balance_remedies(present, judge)
    assert {(r.stage, r.code) for r in found} == {
        (b.stage, b.code) for b in present.balance if b.verdict is Verdict.NOT_MET
    }
    for remedy in found:
        after = judge(remedy.changes).balance_of(remedy.stage, remedy.code)
        assert (after.verdict, remedy.verdict_after, after.cv) == (Verdict.MET, Verdict.MET, remedy.cv_after)
        assert remedy.units == sum(a.units for a in remedy.additions)
        assert remedy.proven, "what is said to be the least is ruled out for fewer"
        for place, addition in enumerate(remedy.additions):
            fewer = list(remedy.additions)
            fewer[place] = Addition(addition.school_id, addition.units - 1)
            without = judge(adding(remedy.code, remedy.stage, [a for a in fewer if a.units]))
            if remedy.code not in ("L4", "L5", "L6"):
                assert without.balance_of(remedy.stage, remedy.code).verdict is Verdict.NOT_MET


def test_an_even_county_needs_nothing_and_an_undefined_coefficient_is_left(demo: Store) -> None:
    present = assess(demo, STANDARD, COUNTY, 2023)
    even = replace(present, balance=tuple(replace(b, verdict=Verdict.MET) for b in present.balance))
    unknown = replace(present, balance=tuple(replace(b, verdict=Verdict.NOT_ASSESSABLE) for b in present.balance))
    assert balance_remedies(even, lambda _: present) == balance_remedies(unknown, lambda _: present) == ()


def test_the_coefficient_is_weighted_by_pupils() -> None:
    pupils = np.array([1000.0, 800.0, 600.0, 400.0, 200.0])
    assert coefficient(pupils, pupils * 3) == 0
    ratios = np.array([1.0, 2.0, 1.0, 2.0, 1.0])
    mean = (pupils * ratios).sum() / pupils.sum()
    by_hand = np.sqrt((pupils / pupils.sum() * (ratios - mean) ** 2).sum()) / mean
    assert coefficient(pupils, pupils * ratios) == pytest.approx(by_hand)
