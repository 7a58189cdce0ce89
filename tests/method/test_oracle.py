"""The program and the independent witness give the same verdict, figure by figure."""

import csv
import json
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.intake.checkup.checking import check
from core.intake.reading.sources import open_source
from core.method.engine import assess
from core.reports.assess_json import assess_json
from tests.support.counties import AT_THE_LIMIT, plain_county, random_tables, write_folder
from tests.support.county_builder import YEAR, Tables
from tests.support.oracle import judge
from tests.support.program import assess_folder, assess_folder_after_others, differences
from tests.support.samples import seeds
from tests.support.small_county import COUNTY, STANDARD, stored

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "counties" / "350526"


def compare(tables: Tables, year: int, result: dict[str, Any], options: Mapping[str, str] | None = None) -> None:
    """The witness judges the county as the program did, which gives a reason for what is not met."""
    assert differences(result, judge(tables, year, options)) == []
    assert result["standard"] == "quality-balance-2017.2"
    assert list(result)[-1] == "options"
    assert all((row["reason"] is None) == (row["verdict"] == "met") for row in result["rows"])


def random_county(seed: int) -> Tables:
    """The random county of the seed, of four to twelve schools, now and then of forty."""
    rng = random.Random(seed)
    return random_tables(rng, rng.randint(4, 12) if seed % 10 else 40)


def random_options(seed: int) -> dict[str, str]:
    """Of every second county the default readings, of the others some of them switched."""
    rng = random.Random(seed)
    switched = rng.sample(STANDARD.options, rng.randint(1, 8)) if seed % 2 else []
    return {o.option_id: rng.choice([c for c in o.choices if c != o.default]) for o in switched}


def read_folder(folder: Path) -> Tables:
    """The folder's CSV files as the witness takes them."""
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            tables[path.stem] = list(csv.DictReader(handle))
    return tables


def without_rooms_and_half_reported() -> Tables:
    """A nine-year school with primary classes, no music room and an unreported junior stage."""
    tables = plain_county(
        ("nine_year", {"primary": 450, "junior": None}, AT_THE_LIMIT),
        ("junior", {"junior": 0}, AT_THE_LIMIT),
    )
    room = {"school_id": "S1", "year": str(YEAR), "kind": "music", "area_m2": "96"}
    return tables | {"special_rooms": [room]}


def all_closed() -> Tables:
    """A county whose only school closed that year."""
    tables = plain_county(("primary", {}, AT_THE_LIMIT))
    tables["schools"][0]["closed_year"] = str(YEAR)
    return tables | {"premises": []}


def without_schools() -> Tables:
    """A county that reported its own figures and no school."""
    return all_closed() | {"schools": []}


def coefficient_tie(kind: str, pupils: tuple[int, int], equipment: tuple[str, str]) -> Tables:
    """Two schools whose equipment per pupil differs exactly as much as the limit allows."""
    schools = [
        (kind, {kind: count}, AT_THE_LIMIT | {"L6": value}) for count, value in zip(pupils, equipment, strict=True)
    ]
    return plain_county(*schools)


EDGES = {
    "special rooms missing, a stage not reported": without_rooms_and_half_reported(),
    "every school closed": all_closed(),
    "no school": without_schools(),
    "special school only": plain_county(("special", {"primary": 30}, AT_THE_LIMIT)),
    "a resource nobody has": plain_county(
        ("primary", {"primary": 500}, AT_THE_LIMIT | {"L6": "0"}),
        ("primary", {"primary": 400}, AT_THE_LIMIT | {"L6": "0"}),
    ),
    "primary coefficient at 0.50": coefficient_tie("primary", (100, 400), ("80000", "120000")),
    "junior coefficient at 0.45": coefficient_tie("junior", (100, 400), ("760000", "1240000")),
    "combined school with a primary stage": plain_county(
        ("combined_secondary", {"primary": 1500, "junior": 600, "senior": 10}, AT_THE_LIMIT)
    ),
    "teaching point of 40 with 60 juniors": plain_county(
        ("teaching_point", {"primary": 40, "junior": 60}, AT_THE_LIMIT)
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_program_and_witness_agree_at_the_edges(edge: str, tmp_path: Path) -> None:
    compare(EDGES[edge], YEAR, assess_folder_after_others(write_folder(EDGES[edge], tmp_path)))


@pytest.mark.parametrize(
    ("area", "verdict", "is_said"),
    [("4499.99", "not_met", False), ("4499.9999", "not_met", False), ("4499.99994", "not_met", True),
     ("4499.99999", "met", True)],
)  # fmt: skip
def test_no_digit_is_dropped_in_silence(area: str, verdict: str, is_said: bool, tmp_path: Path) -> None:
    tables = plain_county(("primary", {"primary": 1000}, AT_THE_LIMIT | {"L4": area}))
    folder = write_folder(tables, tmp_path)
    # The contract rounds to four decimals half up, and says so.
    assert assess_folder(folder, YEAR)["rows"][0]["indicators"]["L4"]["verdict"] == verdict
    warnings = check(open_source(folder)).warnings
    assert any("超过四位小数" in warning.found for warning in warnings) is is_said


@pytest.mark.parametrize("seed", seeds(12, 425))
def test_program_and_witness_agree_on_random_counties(seed: int, tmp_path: Path) -> None:
    tables, options = random_county(seed), random_options(seed)
    compare(tables, YEAR, assess_folder_after_others(write_folder(tables, tmp_path), options), options)


@pytest.mark.parametrize("option_id", [option.option_id for option in STANDARD.options])
@pytest.mark.parametrize("seed", seeds(3, 40))
def test_program_and_witness_agree_under_every_reading(option_id: str, seed: int, tmp_path: Path) -> None:
    tables, option = random_county(seed + 5000), STANDARD.option(option_id)
    options = {option_id: next(choice for choice in option.choices if choice != option.default)}
    compare(tables, YEAR, assess_folder_after_others(write_folder(tables, tmp_path), options), options)


def test_program_and_witness_agree_on_the_demo_county() -> None:
    tables = read_folder(DEMO)
    years = sorted({int(row["year"]) for row in tables["enrolment"]})
    assert years
    with stored(tables) as store:
        for year in years:
            compare(tables, year, json.loads(assess_json(assess(store, STANDARD, COUNTY, year), STANDARD)))


@pytest.mark.parametrize("seed", range(1000, 1002))
def test_the_command_prints_what_the_witness_finds(seed: int, tmp_path: Path) -> None:
    tables, options = random_county(seed), random_options(seed)
    folder = write_folder(tables, tmp_path)
    command = [sys.executable, "-m", "core", "assess", "--from", str(folder)]
    asked = [text for name, choice in options.items() for text in ("--option", f"{name}={choice}")]
    done = subprocess.run([*command, *asked, "--year", str(YEAR), "--json"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert differences(json.loads(done.stdout), judge(tables, YEAR, options)) == []
