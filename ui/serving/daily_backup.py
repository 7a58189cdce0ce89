"""A backup a day, taken by the running platform itself: nobody has to think of it."""

from __future__ import annotations

import threading
from datetime import date

from core.access import Actor
from core.errors import PlatformError
from core.rules.standard_loading import load_standard
from core.store.backup import back_up_daily, backups_folder
from ui.store_of_record import opened_store

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
    store = opened_store()
    if store is None:
        return
    failure: str | None = "程序出错，详见服务器日志。"
    try:
        back_up_daily(store, backups_folder(), _PLATFORM, load_standard(), today)
        failure = None
    except PlatformError as refusal:
        failure = str(refusal)
    except OSError as fault:
        failure = f"{backups_folder()} 不能写入（{fault.strerror}），请核对权限。"
    finally:
        # Also what nobody foresaw, which stands in the server's log.
        if failure is None:
            _failures.pop("last", None)
        else:
            _failures["last"] = failure


def _look_again_and_again() -> None:
    waiting = threading.Event()
    waiting.wait(_FIRST_SECONDS)
    while True:
        # In a thread of its own: an error ends that one, not the days to come.
        attempt = threading.Thread(target=take_daily_backup, args=(date.today(),), daemon=True)
        attempt.start()
        attempt.join()
        waiting.wait(_BETWEEN_SECONDS)
