"""One list of failures: everything not met stands in it once, the worst first."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.__main__ import assess_source
from core.method.assessment import Assessment, Verdict
from core.method.failures import (
    UNDECIDED,
    in_turns,
    oversized_classes,
    owed_verdict,
    unmet_balance,
    unmet_indicators,
    unmet_items,
    unmet_rows,
)
from core.rules.standard_loading import load_standard
from tests.support.counties import random_tables, write_folder
from tests.support.county_builder import YEAR


@pytest.fixture(scope="module", params=range(3))
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """A random county's judgement."""
    rng = random.Random(4000 + request.param)
    folder: Path = write_folder(random_tables(rng, 10), tmp_path_factory.mktemp("county"))
    return assess_source(folder, YEAR, load_standard())[0]


def test_nothing_that_is_not_met_is_left_out_and_nothing_that_is_met_stands_in(judged: Assessment) -> None:
    for found, everything in (
        (unmet_rows(judged), judged.rows),
        (unmet_balance(judged), judged.balance),
        (unmet_items(judged), judged.items),
    ):
        verdicts = [one.verdict for one in found]
        assert len(found) == sum(one.verdict in UNDECIDED for one in everything)
        assert verdicts == sorted(verdicts, key=UNDECIDED.index), "what failed stands before what is unknown"
    assert sum(c.over_limit for c in oversized_classes(judged)) == sum(c.over_limit for c in judged.class_sizes)


def test_a_row_that_passes_owes_nothing_more_on_one_indicator(judged: Assessment) -> None:
    failing = {row.key for row in judged.rows if row.verdict is Verdict.NOT_MET}
    assert {row.key for row, _ in unmet_indicators(judged)} == failing
    for row in judged.rows:
        owed = {h.code for h in row.indicators if owed_verdict(row, (h.code,)) is Verdict.NOT_MET}
        missed = {h.code for h in row.indicators if h.verdict is Verdict.NOT_MET}
        assert owed == (set() if row.verdict is Verdict.MET else missed)


def test_the_parts_take_turns() -> None:
    assert in_turns("ad", "b", "ce") == list("abcde")
    assert in_turns([], []) == []
