"""What the whole run needs."""

from __future__ import annotations

import atexit
import os
import sys
import zlib
from collections import Counter
from datetime import date
from pathlib import PurePosixPath

import pytest


def _say_no_more() -> None:
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# The last lines are pytest's own: what extension modules say while the interpreter ends goes nowhere.
atexit.register(_say_no_more)


# The dearest parts take turns in the default run: each of their tests runs on every so-manieth day, by its name.
TURNS = {"browser": 4, "pages": 3, "outlook": 3, "store": 3, "intake": 2, "reports": 2, "delivery": 2, "lake": 2}
_EVERY_TURN = "all"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--turn` says whose turn it is: a number, or `all`; without it the day decides."""
    parser.addoption("--turn", default=None, help="whose turn it is among the dearest tests: a number, or all")


def pytest_configure(config: pytest.Config) -> None:
    """The day decides once, for every worker alike."""
    if config.getoption("turn") is None:
        in_turns = "not long" in str(config.getoption("markexpr"))
        config.option.turn = str(date.today().toordinal()) if in_turns else _EVERY_TURN


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out whose turn is on another day; those marked `daily` always run."""
    turn = str(config.getoption("turn"))
    if turn == _EVERY_TURN:
        return
    waiting = [item for item in items if not _has_its_turn(item, int(turn))]
    config.hook.pytest_deselected(items=waiting)
    items[:] = [item for item in items if item not in set(waiting)]


def _has_its_turn(item: pytest.Item, turn: int) -> bool:
    turns = TURNS.get(_part(item.nodeid), 1)
    return bool(item.get_closest_marker("daily")) or zlib.crc32(item.nodeid.encode()) % turns == turn % turns


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How long each part of the tests took, the longest first: where to look when a run has become slow."""
    seconds, tests = Counter[str](), Counter[str]()
    for reports in terminalreporter.stats.values():
        # Warnings and tests that were never selected stand there too.
        for report in (one for one in reports if isinstance(one, pytest.TestReport)):
            part = _part(report.nodeid)
            seconds[part] += report.duration
            tests[part] += report.when == "call" or report.outcome == "skipped"
    if not tests:
        return
    turn = terminalreporter.config.getoption("turn")
    if turn != _EVERY_TURN:
        parts = ", ".join(TURNS)
        terminalreporter.write_line(
            f"turn {turn}: of {parts} some tests run on other days; `--turn all` runs every one"
        )
    terminalreporter.section("seconds of test time and number of tests by part")
    for part, taken in seconds.most_common():
        terminalreporter.write_line(f"{taken:8.1f} s {tests[part]:6} {part}")


def _part(nodeid: str) -> str:
    """The folder under tests/ that a test stands in, or its file where it stands in none."""
    _, part, *_ = PurePosixPath(nodeid.split("::")[0]).parts
    return part
