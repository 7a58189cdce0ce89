"""What the whole run needs."""

from __future__ import annotations

import atexit
import os
import sys
from collections import Counter
from pathlib import PurePosixPath

import pytest


def _say_no_more() -> None:
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# The last lines are pytest's own: what extension modules say while the interpreter ends goes nowhere.
atexit.register(_say_no_more)


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
    terminalreporter.section("seconds of test time and number of tests by part")
    for part, taken in seconds.most_common():
        terminalreporter.write_line(f"{taken:8.1f} s {tests[part]:6} {part}")


def _part(nodeid: str) -> str:
    """The folder under tests/ that a test stands in, or its file where it stands in none."""
    _, part, *_ = PurePosixPath(nodeid.split("::")[0]).parts
    return part
