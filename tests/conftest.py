"""What the whole run needs."""

from __future__ import annotations

import os
import sys


def pytest_unconfigure() -> None:
    """The last lines are pytest's own: what extension modules say while the interpreter ends goes nowhere."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
