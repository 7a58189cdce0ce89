"""What the main process does for those that only read: it leaves them a first copy and takes in what they note."""

from __future__ import annotations

import threading

from core.store.database import Store
from core.store.opening import database_path
from core.store.replicas.notes import Note, notes
from ui.store_of_record import opened_store

_BETWEEN_SECONDS = 2.0


def begin_looking_after_readers() -> None:
    """Look now and then from now on, as long as the platform runs."""
    threading.Thread(target=_look_again_and_again, daemon=True).start()


def look_after_readers() -> None:
    """Leave a copy where somebody waits for one, and record what was noted."""
    store = opened_store()
    if store is not None:
        store.leave_missing_copy()
        _take_notes_in(store)


def _take_notes_in(store: Store) -> None:
    """Record every note that lies there, each once, even where an earlier attempt was cut off after recording it."""
    found = notes(database_path())
    if not found:
        return
    from ui.accounts.adapters import keep_events

    unkept = dict.fromkeys(note for _, note in found if not _is_kept(store, note))
    if unkept:
        keep_events([(note, "") for note in unkept])
    for file, _ in found:
        file.unlink()


def _is_kept(store: Store, note: Note) -> bool:
    return bool(
        store.rows(
            "select 1 from audit where action = $1 and person_id = $2 and subject = $3 and recorded_at = $4",
            [note.event, note.account, note.subject, note.at],
        )
    )


def _look_again_and_again() -> None:
    waiting = threading.Event()
    while True:
        waiting.wait(_BETWEEN_SECONDS)
        # In a thread of its own: what goes wrong stands in the log and ends that attempt alone.
        attempt = threading.Thread(target=look_after_readers, daemon=True)
        attempt.start()
        attempt.join()
