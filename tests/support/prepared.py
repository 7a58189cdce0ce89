"""Files that are dear to make: made once for the whole run, copied by every worker."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

_LONGEST_WAIT_SECONDS = 600


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The run's file of this name, made by whichever worker asks first; the others wait for it.

    `make` writes it at the path that it is given. Nobody may change the file: who writes takes a copy.
    """
    own = tmp_path_factory.getbasetemp()
    # Under xdist every worker has a folder of its own below the run's.
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    path = folder / name
    # A database of no content is a lock that every system knows.
    with closing(sqlite3.connect(folder / f"{name}.lock", timeout=_LONGEST_WAIT_SECONDS)) as lock:
        lock.execute("begin exclusive")
        if not path.exists():
            draft = folder / f"making-{name}"
            make(draft)
            draft.replace(path)
    return path
