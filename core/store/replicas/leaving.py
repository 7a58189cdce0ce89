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
# So much of the file's size must be free before a copy that failed is tried again.
_ROOM = 1.5


def copies_folder(database: Path) -> Path:
    """Where the copies of a data file are left, if there is such a folder."""
    return database.with_suffix(".copies")


class Leaving:
    """Leaves the copies of one opening of a data file."""

    def __init__(self, database: Path) -> None:
        self._folder = copies_folder(database)
        self._database = database
        # What was opened anew may be another file, whose records have the same numbers.
        self._opening = uuid4().hex[:12]
        self._number = 0

    def is_waited_for(self, *, after_failure: bool) -> bool:
        """Whether there is a folder for copies, none to read or one that could not be taken away, and room for one more."""
        try:
            if not self._folder.is_dir() or (named_copy(self._folder) and not after_failure):
                return False
            return shutil.disk_usage(self._folder).free > _ROOM * self._database.stat().st_size
        except OSError:
            return False

    def leave(self, copy_file: Callable[[Path], bool], copy_rows: Callable[[Path], object]) -> str:
        """Leave a copy and name it as the newest, where there is a folder for copies.

        The file is copied, or where that cannot be its rows. Returns a sentence when no copy could be left: then the last is
        taken away too, since it no longer tells what counts.
        """
        last = self._name()
        self._number += 1
        part = self._folder / (self._name() + _PART)
        is_left = False
        try:
            if not self._folder.is_dir():
                is_left = True
                return ""
            # Whoever runs a command may have opened what they write to others; a copy holds telephone numbers.
            part.mkdir(mode=0o700)
            if not copy_file(part / self._database.name):
                copy_rows(part / self._database.name)
            part.rename(self._folder / self._name())
            named = self._folder / (NEWEST + _PART)
            named.write_text(f"{self._name()} {this_boot()}", "ascii")
            named.replace(self._folder / NEWEST)
            is_left = True
        except (OSError, duckdb.Error) as fault:
            reason = str(fault).splitlines()[0] if str(fault) else "原因不明"
            return f"没有写成供只读进程查看的副本（{reason}），只读进程已停止服务，查看的人改由主进程接待；请检查 {self._folder} 的权限和磁盘空间。"
        finally:
            if not is_left:
                take_away(self._folder)
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


def named_copy(folder: Path) -> str:
    """The name of the newest copy, empty where none is to be read: none is there, or the machine has started anew since.

    A copy is not held back until it is on the disk: after a power cut it may be an older one than somebody was told of.
    """
    try:
        name, _, boot = (folder / NEWEST).read_text("ascii").partition(" ")
    except (OSError, UnicodeDecodeError):
        return ""
    return name if boot == this_boot() else ""


def this_boot() -> str:
    """What tells this running of the machine from the last, empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def take_away(folder: Path) -> None:
    """Let nobody read the copies any more: what they tell no longer counts."""
    newest = folder / NEWEST
    try:
        newest.unlink(missing_ok=True)
    except OSError:
        # A folder in which nothing can be changed may hold a file that can.
        with suppress(OSError):
            newest.write_text("", "ascii")
