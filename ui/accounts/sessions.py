"""Whose session a browser holds: asked at every request and every run, so that whoever is out is out at the next click."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone

from ui.accounts.settings import SESSION_SECONDS

# A session is renewed by a click, but not written at each of them.
_RENEWED_EVERY = 300
_LONGEST_KEY = 64


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
