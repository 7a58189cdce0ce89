"""Whose session a browser holds: asked at every request and every run, so that whoever is out is out at the next click."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone

from core.store.opening import credentials_file, database_path
from ui.accounts.settings import SESSION_SECONDS

# A session is renewed by a click, but not written at each of them.
_RENEWED_EVERY = 300
_LONGEST_KEY = 64
# A page asks some twenty times a run. What was found stands while nobody writes to the file of sessions, in whatever process,
# and no longer than it may take until a session is renewed or over.
_STANDS_SECONDS = 60.0
# A file that was written to this shortly before could be written to again within one tick of its clock, which is a second or
# two where nothing finer stands in its time.
_SETTLED_NS, _SETTLED_COARSE_NS, _SECOND_NS = 50_000_000, 2_100_000_000, 1_000_000_000
_MOST_KEPT = 5_000
FileState = tuple[int, int, int]


@dataclass(frozen=True)
class _Found:
    """The account of a session, and the file of sessions as it was before it was asked."""

    account: str
    file: FileState
    at: float


_found: dict[str, _Found] = {}


def end_session(session_key: str) -> None:
    """End a session of somebody whose account is no longer in force."""
    try:
        Session.objects.filter(session_key=session_key).delete()
    finally:
        connections.close_all()


def account_of(session_key: str) -> str | None:
    """The account that is logged in by this session, None for one that has ended or whose password has changed since."""
    if not session_key or len(session_key) > _LONGEST_KEY or not session_key.isalnum():
        return None
    state, now = _file_state(), time.monotonic()
    known = _found.get(session_key)
    if known is not None and state == known.file and now - known.at < _STANDS_SECONDS:
        return known.account
    account = _asked(session_key)
    if len(_found) >= _MOST_KEPT:
        _found.clear()
    if account is not None and state is not None and _has_settled(state):
        _found[session_key] = _Found(account, state, now)
    return account


def _file_state() -> FileState | None:
    """What changes with every write to the file of sessions."""
    try:
        found = credentials_file(database_path()).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _has_settled(state: FileState) -> bool:
    needed = _SETTLED_NS if state[0] % _SECOND_NS else _SETTLED_COARSE_NS
    return time.time_ns() - state[0] > needed


def _asked(session_key: str) -> str | None:
    try:
        user = get_user(SimpleNamespace(session=SessionStore(session_key)))
        if not user.is_authenticated:
            return None
        ends = timezone.now() + timedelta(seconds=SESSION_SECONDS)
        due = ends - timedelta(seconds=_RENEWED_EVERY)
        Session.objects.filter(session_key=session_key, expire_date__lt=due).update(expire_date=ends)
        return str(user.get_username())
    finally:
        # Pages run in threads that come and go, each of which would keep a connection of its own.
        connections.close_all()
