"""How much of a random check every run does, and how much waits for `python3 run.py test --all`."""

import pytest
from _pytest.mark import ParameterSet


def seeds(always: int, all_of_them: int, first: int = 0) -> list[int | ParameterSet]:
    """Seeds for a parametrized test, from the first on: so many in every run, the rest with the long checks."""
    return [
        seed if seed < first + always else pytest.param(seed, marks=pytest.mark.long)
        for seed in range(first, first + all_of_them)
    ]
