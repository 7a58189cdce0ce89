"""The default run is short because the dearest tests take turns; every one of them has its turn within four days."""

import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import TURNS

ROOT = Path(__file__).parents[1]


def collected(*options: str) -> set[str]:
    """The tests of one small part that pytest would run."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:xdist", "-o", "addopts=-q --strict-markers"]
    found = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options, "tests/outlook/remedies"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return set(re.findall(r"^tests/\S+::.+$", found.stdout, re.MULTILINE))


def test_every_test_has_its_turn_and_all_have_theirs_when_they_are_asked_for() -> None:
    every = collected("-m", "not long", "--turn", "all")
    turns = [collected("-m", "not long", "--turn", str(day)) for day in range(max(TURNS.values()))]
    assert set().union(*turns) == every and all(turn < every for turn in turns)
    assert collected() > every, "who runs tests by hand runs them all, the long ones too"


def test_parts_that_take_turns_exist() -> None:
    assert all((ROOT / "tests" / part).is_dir() for part in TURNS)
