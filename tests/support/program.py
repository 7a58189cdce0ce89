"""The program's own answer to a county's folder, and how two answers differ."""

import json
from collections.abc import Mapping
from math import isclose
from pathlib import Path
from typing import Any

from core.__main__ import assess_source
from core.intake.checkup.checking import Dataset, check
from core.intake.reading.sources import open_source
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard_loading import load_standard
from tests.support.county_builder import YEAR
from tests.support.small_county import STANDARD, counted_after_others

ENTRY_KEYS = ("code", "school_id", "stage", "indicator")
WORDS = {"standard", "reason", "detail"}


def assess_folder(folder: Path, year: int, options: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The object that the assess command prints for the folder and the year."""
    standard = load_standard()
    assessment, _ = assess_source(folder, year, standard, options)
    result = json.loads(assess_json(assessment, standard))
    assert isinstance(result, dict)
    return result


def assess_folder_after_others(folder: Path, options: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The same object for the year YEAR, in a store in which other counties counted before and were withdrawn."""
    return assess_dataset_after_others(check(open_source(folder)), options)


def assess_dataset_after_others(dataset: Dataset, options: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The same for a county that is checked already."""
    with counted_after_others(dataset) as store:
        assessment = assess(store, STANDARD, dataset.county_code, YEAR, choices=options)
    result = json.loads(assess_json(assessment, STANDARD))
    assert isinstance(result, dict)
    return result


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
        names = ["/".join(str(one[key]) for key in ENTRY_KEYS if key in one) for one in witness]
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
