"""What must stay as it is when a county's figures are cut, scaled or shuffled."""

import copy
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.counties import random_tables, write_folder
from tests.support.county_builder import YEAR, Row, Tables
from tests.support.program import assess_folder, differences

PEOPLE = (
    "pupils", "teachers", "teachers_above_degree", "backbone_teachers", "pe_arts_teachers",
    "certified_teachers", "trained_teachers", "contract_teachers",
)  # fmt: skip
PREMISES = (
    "teaching_area_m2", "indoor_sports_area_m2", "sports_ground_area_m2",
    "equipment_value_yuan", "multimedia_rooms",
)  # fmt: skip

# A seed does not shrink to a simpler county, so a failing one is shown as it is.
few_counties = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
seeds = st.integers(min_value=0, max_value=10**6)


def county(seed: int) -> Tables:
    """A random county of four to eight schools."""
    rng = random.Random(seed)
    return random_tables(rng, rng.randint(4, 8))


def assessed(tables: Tables) -> dict[str, Any]:
    """The program's result for the county."""
    with tempfile.TemporaryDirectory() as name:
        return assess_folder(write_folder(tables, Path(name)), YEAR)


def times(row: Row, columns: tuple[str, ...], factor: float) -> None:
    """Multiplies the reported figures of a row, to the cent."""
    for column in columns:
        if row[column]:
            row[column] = f"{float(row[column]) * factor:.2f}".rstrip("0").rstrip(".")


def coefficients(result: dict[str, Any]) -> list[tuple[str, float | None]]:
    """Verdict and coefficient of all fourteen, to nine decimals."""
    return [(one["verdict"], None if one["cv"] is None else round(one["cv"], 9)) for one in result["balance"]]


def split_in_two(tables: Tables, school_id: str) -> Tables:
    """The county with one school made into two equal halves."""
    halved = copy.deepcopy(tables)
    for sheet, columns in (("enrolment", PEOPLE), ("premises", PREMISES), ("classes", ("pupils",))):
        for row in [one for one in halved[sheet] if one["school_id"] == school_id]:
            times(row, columns, 0.5)
            halved[sheet].append(row | {"school_id": "HALF"})
    [school] = [row for row in halved["schools"] if row["school_id"] == school_id]
    halved["schools"].append(school | {"school_id": "HALF"})
    return halved


@few_counties
@given(seeds)
def test_splitting_a_school_into_equal_halves_leaves_every_coefficient(seed: int) -> None:
    tables = county(seed)
    for sheet, columns in (("enrolment", PEOPLE), ("premises", PREMISES), ("classes", ("pupils",))):
        for row in [one for one in tables[sheet] if one["school_id"] == "S000"]:
            times(row, columns, 2)
    assert coefficients(assessed(split_in_two(tables, "S000"))) == coefficients(assessed(tables))


@few_counties
@given(seeds)
def test_twice_the_resources_everywhere_leave_every_coefficient(seed: int) -> None:
    tables = county(seed)
    richer = copy.deepcopy(tables)
    for row in richer["enrolment"]:
        times(row, tuple(column for column in PEOPLE if column != "pupils"), 2)
    for row in richer["premises"]:
        times(row, PREMISES, 2)
    assert coefficients(assessed(richer)) == coefficients(assessed(tables))


@few_counties
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_rows_leaves_every_byte(seed: int, order: random.Random) -> None:
    tables = county(seed)
    shuffled = {sheet: order.sample(rows, len(rows)) for sheet, rows in tables.items()}
    assert json.dumps(assessed(shuffled)) == json.dumps(assessed(tables))


@few_counties
@given(seeds)
def test_a_school_without_pupils_is_listed_and_changes_nothing_else(seed: int) -> None:
    tables = county(seed)
    larger = copy.deepcopy(tables)
    larger["schools"].append(larger["schools"][0] | {"school_id": "EMPTY", "kind": "primary", "closed_year": ""})
    larger["enrolment"].append(
        dict.fromkeys(larger["enrolment"][0], "0") | {"school_id": "EMPTY", "year": str(YEAR), "stage": "primary"}
    )
    before, after = assessed(tables), assessed(larger)
    listed = {"school_id": "EMPTY", "stage": "primary", "reason": "no_pupils"}
    assert listed in after["left_out"]
    after["left_out"].remove(listed)
    assert differences(after, before) == []
