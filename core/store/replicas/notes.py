"""What a process that only reads has to have recorded: left as a file each, taken in by the process that writes.

A note lies on the disk before what it is about is given out; it is removed only after the record holds it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from core.disk import settle
from core.store.replicas.leaving import copies_folder

_FOLDER, _PART = "notes", ".part"


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
    part.replace(file)
    settle(file)


def notes(database: Path) -> Iterator[tuple[Path, Note]]:
    """Every note that lies there with its file, the oldest first. Remove the file once the record holds it."""
    for file in sorted((copies_folder(database) / _FOLDER).glob("*.json")):
        told = json.loads(file.read_text("utf-8"))
        yield file, Note(**{**told, "at": datetime.fromisoformat(told["at"])})
