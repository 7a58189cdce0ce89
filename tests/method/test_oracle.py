"""The program and the independent witness give the same verdict, figure by figure."""

import csv
import json
import random
import subprocess
import sys
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from tests.counties import random_tables, write_folder
from tests.county_builder import YEAR, Tables
from tests.oracle import judge
from tests.program import assess_folder

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "counties" / "350526"
ENTRY_KEYS = ("code", "school_id", "stage", "indicator")
WORDS = {"standard", "reason", "detail"}


def differences(program: Any, witness: Any, where: str = "") -> list[str]:
    """Every place where the two results part, words left aside."""
    if isinstance(program, dict) and isinstance(witness, dict):
        program = {k: v for k, v in program.items() if k in witness or k not in WORDS}
        if program.keys() != witness.keys():
            return [f"{where}: {sorted(program)} and {sorted(witness)}"]
        pairs = [(f"{where}.{key}", program[key], witness[key]) for key in witness]
    elif isinstance(program, list) and isinstance(witness, list):
        if len(program) != len(witness):
            return [f"{where}: {len(program)} and {len(witness)} entries"]
        names = [
            "/".join(str(one[key]) for key in ("code", "school_id", "stage", "indicator") if key in one)
            for one in witness
        ]
        pairs = [
            (f"{where}[{name}]", *pair) for name, pair in zip(names, zip(program, witness, strict=True), strict=True)
        ]
    else:
        numbers = [type(one) in (int, float) for one in (program, witness)]
        same = (
            isclose(program, witness, rel_tol=1e-9, abs_tol=1e-9)
            if all(numbers)
            else program == witness and type(program) is type(witness)
        )
        return [] if same else [f"{where}: {program!r} and {witness!r}"]
    return [found for place, one, other in pairs for found in differences(one, other, place)]


def compare(tables: Tables, folder: Path, year: int) -> None:
    """Both judge the county alike, and the program gives a reason for what is not met."""
    result = assess_folder(folder, year)
    assert differences(result, judge(tables, year)) == []
    assert result["standard"]
    assert all((row["reason"] is None) == (row["verdict"] == "met") for row in result["rows"])


def random_county(seed: int) -> Tables:
    """The random county of the seed, of four to twelve schools."""
    rng = random.Random(seed)
    return random_tables(rng, rng.randint(4, 12))


def read_folder(folder: Path) -> Tables:
    """The folder's CSV files as the witness takes them."""
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            tables[path.stem] = list(csv.DictReader(handle))
    return tables


@pytest.mark.parametrize("seed", range(25))
def test_program_and_witness_agree_on_random_counties(seed: int, tmp_path: Path) -> None:
    tables = random_county(seed)
    compare(tables, write_folder(tables, tmp_path), YEAR)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(25, 425))
def test_program_and_witness_agree_on_many_random_counties(seed: int, tmp_path: Path) -> None:
    tables = random_county(seed)
    compare(tables, write_folder(tables, tmp_path), YEAR)


def test_program_and_witness_agree_on_the_demo_county() -> None:
    tables = read_folder(DEMO)
    years = sorted({int(row["year"]) for row in tables["enrolment"]})
    assert years
    for year in years:
        compare(tables, DEMO, year)


@pytest.mark.parametrize("seed", range(1000, 1002))
def test_the_command_prints_what_the_witness_finds(seed: int, tmp_path: Path) -> None:
    tables = random_county(seed)
    folder = write_folder(tables, tmp_path)
    command = [sys.executable, "-m", "core", "assess", "--from", str(folder)]
    done = subprocess.run([*command, "--year", str(YEAR), "--json"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert differences(json.loads(done.stdout), judge(tables, YEAR)) == []
