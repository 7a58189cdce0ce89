"""What must stay as it is when a county's figures are cut, scaled or shuffled."""

import copy
import json
import random
from functools import lru_cache
from typing import Any

import pytest

from tests.support.counties import random_tables
from tests.support.county_builder import YEAR, Row, Tables
from tests.support.program import assess_dataset_after_others, differences
from tests.support.samples import seeds
from tests.support.small_county import dataset

PEOPLE = (
    "pupils", "teachers", "teachers_above_degree", "backbone_teachers", "pe_arts_teachers",
    "certified_teachers", "trained_teachers", "contract_teachers",
)  # fmt: skip
PREMISES = (
    "teaching_area_m2", "indoor_sports_area_m2", "sports_ground_area_m2",
    "equipment_value_yuan", "multimedia_rooms",
)  # fmt: skip

few_counties = pytest.mark.parametrize("seed", seeds(4, 40))


def county(seed: int) -> Tables:
    """A random county of four to eight schools."""
    rng = random.Random(seed)
    return random_tables(rng, rng.randint(4, 8))


def assessed(tables: Tables) -> dict[str, Any]:
    """The program's result for the county."""
    return assess_dataset_after_others(dataset(tables))


@lru_cache(maxsize=64)
def as_it_is(seed: int) -> dict[str, Any]:
    """The program's result for the seed's county, judged once for all properties. Nobody may change it."""
    return assessed(county(seed))


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
def test_splitting_a_school_into_equal_halves_leaves_every_coefficient(seed: int) -> None:
    tables = county(seed)
    for sheet, columns in (("enrolment", PEOPLE), ("premises", PREMISES), ("classes", ("pupils",))):
        for row in [one for one in tables[sheet] if one["school_id"] == "S000"]:
            times(row, columns, 2)
    assert coefficients(assessed(split_in_two(tables, "S000"))) == coefficients(assessed(tables))


@few_counties
def test_twice_the_resources_everywhere_leave_every_coefficient(seed: int) -> None:
    tables = county(seed)
    richer = copy.deepcopy(tables)
    for row in richer["enrolment"]:
        times(row, tuple(column for column in PEOPLE if column != "pupils"), 2)
    for row in richer["premises"]:
        times(row, PREMISES, 2)
    assert coefficients(assessed(richer)) == coefficients(as_it_is(seed))


@few_counties
def test_the_order_of_rows_leaves_every_byte(seed: int) -> None:
    tables, order = county(seed), random.Random(seed)
    shuffled = {sheet: order.sample(rows, len(rows)) for sheet, rows in tables.items()}
    assert json.dumps(assessed(shuffled)) == json.dumps(as_it_is(seed))


@few_counties
def test_a_school_without_pupils_is_listed_and_changes_nothing_else(seed: int) -> None:
    tables = county(seed)
    larger = copy.deepcopy(tables)
    # Under its own name: namesakes are told apart, which is another change.
    empty = {"school_id": "EMPTY", "name": "没有学生的学校", "kind": "primary", "closed_year": ""}
    larger["schools"].append(larger["schools"][0] | empty)
    larger["enrolment"].append(
        dict.fromkeys(larger["enrolment"][0], "0") | {"school_id": "EMPTY", "year": str(YEAR), "stage": "primary"}
    )
    before, after = as_it_is(seed), assessed(larger)
    listed = {"school_id": "EMPTY", "stage": "primary", "reason": "no_pupils"}
    assert listed in after["left_out"]
    after["left_out"].remove(listed)
    assert differences(after, before) == []
