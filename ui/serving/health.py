"""Whether the platform can answer, for whoever watches over servers."""

from __future__ import annotations

import gc
import threading
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from core.audit import broken_link
from core.errors import PlatformError
from core.store.opening import database_path
from core.store.replicas.notes import unreadable_notes
from ui.access import asks_for_login
from ui.serving.daily_backup import daily_backup_failure
from ui.store_of_record import opened_store, reads_a_copy, store_of_record

_openings: list[threading.Thread] = []
# The entry of the record of actions that was found changed at the start.
_broken: set[int] = set()


async def healthz(_request: Request) -> JSONResponse:
    """200 while the store answers; 503 with the reason in a word while it is being opened or cannot be."""
    state = await run_in_threadpool(_state)
    told = {
        "store": state,
        "daily_backup": "failed" if daily_backup_failure() else "in order",
        "audit": "broken" if _broken else "in order",
        "copies": "failed" if (opened := opened_store()) is not None and opened.uncopied else "in order",
        "notes": "unreadable" if unreadable_notes(database_path()) else "in order",
    }
    return JSONResponse(told, 200 if state == "answers" else 503, {"Cache-Control": "no-store"})


def _state() -> str:
    if opened_store() is None and any(thread.is_alive() for thread in _openings):
        return "opening"
    try:
        store_of_record().rows("select max(number) from publications")
    except PlatformError:
        return "unavailable"
    return "answers"


def open_early() -> None:
    """Open the data beside the server's start; what cannot be opened is said on every page."""

    def opening() -> None:
        # What comes in now stays. To look through it for garbage, again and again, takes a tenth of the start and of runs.
        gc.disable()
        try:
            prepare()
        finally:
            gc.freeze()
            gc.enable()

    def prepare() -> None:
        with suppress(PlatformError):
            store = store_of_record()
            with store.reading() as cursor:
                _broken.update(filter(None, [broken_link(cursor)]))
            if asks_for_login() and not reads_a_copy():
                from ui.accounts.first_start import say_first_links

                say_first_links(store)
            # With it come the modules of the first page: here they do not hold up the server's start.
            from ui.serving.first_page import make_ready

            make_ready(store)

    _openings.append(threading.Thread(target=opening, daemon=True))
    _openings[-1].start()
