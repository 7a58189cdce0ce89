"""What the whole run needs."""

from __future__ import annotations

import atexit
import os
import sys


def _say_no_more() -> None:
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# The last lines are pytest's own: what extension modules say while the interpreter ends goes nowhere.
atexit.register(_say_no_more)
