"""What a process that only reads has to have recorded: left as a file each, taken in by the process that writes.

A note lies on the disk before what it is about is given out; it is removed only after the record holds it.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from core.disk import settle
from core.store.replicas.leaving import copies_folder

_FOLDER, _PART, _UNREADABLE = "notes", ".part", ".unreadable"


@dataclass(frozen=True)
class Note:
    """Something that a person did beside writing, and from which address."""

    event: str
    account: str
    subject: str
    origin: str
    at: datetime


def leave_note(database: Path, note: Note) -> None:
    """Leave a note for the process that writes. Raises OSError."""
    folder = copies_folder(database) / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{time.time_ns():020d}-{uuid4().hex}.json"
    part = file.with_name(file.name + _PART)
    # To the thousandth of a second, as the record keeps it: by it a note is known that the record holds already.
    told = {**asdict(note), "at": note.at.isoformat(timespec="milliseconds")}
    part.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    settle(part)
    part.replace(file)
    settle(file)


def notes(database: Path) -> list[tuple[Path, Note]]:
    """Every note that lies there with its file, the oldest first. Remove the files once the record holds them.

    What is no note, such as one that another version of the program left, is put aside for people to look at.
    """
    found = []
    for file in sorted((copies_folder(database) / _FOLDER).glob("*.json")):
        try:
            told = json.loads(file.read_text("utf-8"))
            found.append((file, Note(**{**told, "at": datetime.fromisoformat(told["at"])})))
        except (ValueError, TypeError, KeyError):
            file.replace(file.with_suffix(_UNREADABLE))
    return found


def unreadable_notes(database: Path) -> list[Path]:
    """What was put aside."""
    return sorted((copies_folder(database) / _FOLDER).glob(f"*{_UNREADABLE}"))
