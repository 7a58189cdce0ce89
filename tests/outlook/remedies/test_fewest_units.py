"""No distribution of fewer units brings a coefficient within its limit: against every one there is, in small counties."""

import random
from itertools import combinations

import numpy as np
import pytest

from core.outlook.remedies.fewest_units import coefficient, fewest_units
from tests.support.samples import seeds

# What a school's row receives of a unit: all of it, or its weighted share beside other stages.
SHARES = (1.0, 1 / 2.1, 1.1 / 2.1, 0.05, 0.3, 0.7, 0.9)
MOST_UNITS = 14
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, float]


def uneven_rows(seed: int) -> Rows:
    """Two to four rows over their limit, of schools with one stage or several, that need few units."""
    rng = random.Random(seed)
    while True:
        count = rng.randint(2, 4)
        pupils = np.array([float(rng.choice((20, 40, 60, 90, 150, 300, 400))) for _ in range(count)])
        amounts = np.array([float(rng.randint(0, 6)) for _ in range(count)])
        shares = np.array([1.0 if rng.random() < 0.4 else rng.choice(SHARES) for _ in range(count)])
        limit = rng.choice((0.5, 0.45))
        if amounts.sum() and coefficient(pupils, amounts) > limit:
            rows = pupils, amounts, shares, limit
            if fewest_units(*rows).units.sum() <= MOST_UNITS:
                return rows


def fewest_of_all(rows: Rows, most: int) -> int | None:
    """The fewest units of every distribution of at most so many."""
    pupils, amounts, shares, limit = rows
    for number in range(most + 1):
        for bars in combinations(range(number + len(pupils) - 1), len(pupils) - 1):
            units = np.diff((-1, *bars, number + len(pupils) - 1)) - 1
            if coefficient(pupils, amounts + units * shares) <= limit:
                return number
    return None


@pytest.mark.parametrize("seed", seeds(40, 500))
def test_no_distribution_of_fewer_units_is_enough(seed: int) -> None:
    rows = uneven_rows(seed)
    pupils, amounts, shares, limit = rows
    found = fewest_units(*rows)
    assert coefficient(pupils, amounts + found.units * shares) <= limit
    assert fewest_of_all(rows, int(found.units.sum())) == found.units.sum()


def test_hardly_any_is_left_without_a_proof() -> None:
    found = [fewest_units(*uneven_rows(seed)).proven for seed in range(60)]
    assert found.count(False) <= 3


def test_a_unit_at_a_school_of_several_stages_lifts_its_row_by_its_share_alone() -> None:
    # Where the poorest row receives only three tenths of a unit, one at the next, of one stage, does more.
    pupils, amounts = np.array([100.0, 100.0, 100.0]), np.array([3.0, 4.0, 9.0])
    for share, units in ((1.0, [1, 0, 0]), (0.3, [0, 1, 0])):
        found = fewest_units(pupils, amounts, np.array([share, 1.0, 1.0]), 0.45)
        assert (found.units.tolist(), found.proven) == (units, True)
