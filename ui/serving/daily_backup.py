"""A backup a day, taken by the running platform itself: nobody has to think of it."""

from __future__ import annotations

import threading
from datetime import date

from core.access import Actor
from core.errors import PlatformError
from core.store.backup import back_up_daily, backups_folder
from ui import cache

# The first page comes before the first backup; then a look now and then finds the new day.
_FIRST_SECONDS, _BETWEEN_SECONDS = 300.0, 900.0
_PLATFORM = Actor("平台自动备份")
_failures: dict[str, str] = {}


def begin_daily_backups() -> None:
    """Look for a new day from now on, as long as the platform runs."""
    threading.Thread(target=_look_again_and_again, daemon=True).start()


def daily_backup_failure() -> str | None:
    """Why the last attempt came to nothing, None when it did not."""
    return _failures.get("last")


def take_daily_backup(today: date) -> None:
    """Take the day's backup if it is due; a failure is kept for whoever looks after backups."""
    store = cache.opened_store()
    if store is None:
        return
    try:
        back_up_daily(store, backups_folder(), _PLATFORM, cache.standard(), today)
    except PlatformError as refusal:
        _failures["last"] = str(refusal)
    except OSError as fault:
        _failures["last"] = f"{backups_folder()} 不能写入（{fault.strerror}），请核对权限。"
    else:
        _failures.pop("last", None)


def _look_again_and_again() -> None:
    waiting = threading.Event()
    waiting.wait(_FIRST_SECONDS)
    while True:
        take_daily_backup(date.today())
        waiting.wait(_BETWEEN_SECONDS)
