"""The side that writes: at every write a copy of the data file is left for processes that only read.

They are left where a folder `….copies` lies beside the data file, each in a folder of its own; the file `newest` in it names
the last. A write is answered only after its copy lies there, so that nobody reads less than anybody was told.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import duckdb

NEWEST = "newest"
_PART = ".part"


def copies_folder(database: Path) -> Path:
    """Where the copies of a data file are left, if there is such a folder."""
    return database.with_suffix(".copies")


class Leaving:
    """Leaves the copies of one opening of a data file."""

    def __init__(self, database: Path) -> None:
        self._folder = copies_folder(database)
        self._file_name = database.name
        # What was opened anew may be another file, whose records have the same numbers.
        self._opening = uuid4().hex[:12]
        self._number = 0

    def is_waited_for(self) -> bool:
        """Whether there is a folder for copies and no copy to read."""
        return self._folder.is_dir() and not (self._folder / NEWEST).exists()

    def leave(self, copy_file: Callable[[Path], bool], copy_rows: Callable[[Path], object]) -> str:
        """Leave a copy and name it as the newest, where there is a folder for copies.

        The file is copied, or where that cannot be its rows. Returns a sentence when no copy could be left: then the last is
        taken away too, since it no longer tells what counts.
        """
        if not self._folder.is_dir():
            return ""
        last = self._name()
        self._number += 1
        part = self._folder / (self._name() + _PART)
        try:
            # Whoever runs a command may have opened what they write to others; a copy holds telephone numbers.
            part.mkdir(mode=0o700)
            if not copy_file(part / self._file_name):
                copy_rows(part / self._file_name)
            part.rename(self._folder / self._name())
            named = self._folder / (NEWEST + _PART)
            named.write_text(self._name(), "ascii")
            named.replace(self._folder / NEWEST)
        except (OSError, duckdb.Error) as fault:
            take_away(self._folder)
            reason = str(fault).splitlines()[0] if str(fault) else "原因不明"
            return f"没有写成供只读进程查看的副本（{reason}），只读进程已停止服务，查看的人改由主进程接待；请检查 {self._folder} 的权限和磁盘空间。"
        finally:
            shutil.rmtree(part, ignore_errors=True)
        # Whoever has just read the last one's name still opens it.
        self._sweep({last, self._name()})
        return ""

    def _name(self) -> str:
        return f"{self._opening}-{self._number:06d}"

    def _sweep(self, kept: set[str]) -> None:
        with suppress(OSError):
            for found in self._folder.glob("*-*"):
                if found.name not in kept and found.is_dir():
                    shutil.rmtree(found, ignore_errors=True)


def take_away(folder: Path) -> None:
    """Let nobody read the copies any more: what they tell no longer counts."""
    with suppress(OSError):
        (folder / NEWEST).unlink(missing_ok=True)
