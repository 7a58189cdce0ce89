"""Who sits at the screen and what they may do; looked up at every run, never remembered."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import streamlit as st

from core.access import LOCAL_ADMINISTRATOR, READER, Action, Actor, require
from core.errors import NotPermitted
from core.people.people import Person, actor_of, person
from ui.store_of_record import reads_a_copy, store_of_record

# Set by the server for whoever is logged in (`accounts/guard.py`) and shown to pages as this key of st.user.
SESSION_HEADER, SESSION_KEY = "x-county-session", "session"
ORIGIN_HEADER, ORIGIN_KEY = "x-county-origin", "origin"


def asks_for_login() -> bool:
    """Whether others than this computer may connect (`run.py --lan`): then everybody logs in."""
    return bool(os.environ.get("COUNTY_LAN"))


def is_open_for_reading() -> bool:
    """Whether the office lets its network read without login, contacts and names left out."""
    return bool(os.environ.get("COUNTY_OPEN_READING"))


def current_actor() -> Actor:
    """The person at this screen. Raises NotPermitted for a session that is over, where reading is not open to all.

    Without --lan there is one person, the local administrator, whom nobody vouches for.
    """
    if not asks_for_login():
        return LOCAL_ADMINISTRATOR
    return _actor_of_account(account_at_screen(), str(st.user.get(ORIGIN_KEY) or ""))


def actor_of_session(session: str, origin: str) -> Actor:
    """The person whose session asks for something outside a page. Raises NotPermitted for a session that is over."""
    if not asks_for_login():
        return LOCAL_ADMINISTRATOR
    return _actor_of_account(_account_of(session) if session else None, origin)


def _actor_of_account(account: str | None, origin: str) -> Actor:
    actor = permitted_actor(account, origin)
    if actor is not None:
        return actor.at_a_copy() if reads_a_copy() else actor
    raise NotPermitted("登录已失效（已退出、超时，或账号已停用），请重新登录。")


def permitted_actor(account: str | None, origin: str) -> Actor | None:
    """Who an account may be today, or anybody where reading is open to all; None for who may not be here."""
    known = in_force(account) if account is not None else None
    actor = actor_of(known, date.today(), origin) if known is not None else None
    return actor or (READER if is_open_for_reading() else None)


def actor_behind(session: str) -> Actor | None:
    """Who opened a page by this session (empty: without one), wherever it is served; None for who may not be here."""
    return permitted_actor(_account_of(session) if session else None, "")


def in_force(account: str) -> Person | None:
    """The person of an account who may be here today."""
    store = store_of_record()
    known = store.once(f"person {account}", lambda: person(store, account))
    return known if known is not None and known.may_log_in(date.today()) else None


def account_at_screen() -> str | None:
    """The account whose session opened this page, None once the session is over."""
    session = st.user.get(SESSION_KEY)
    return _account_of(str(session)) if session else None


def _account_of(session: str) -> str | None:
    from ui.accounts.sessions import account_of

    return account_of(session)


def while_permitted(action: Action, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A file to be made when it is asked for, long after its button was drawn: only for who may have it by then.

    Outside a run nobody is at the screen; the session is therefore kept from when the button was drawn.
    """
    if not asks_for_login():
        return make
    session, origin = str(st.user.get(SESSION_KEY) or ""), str(st.user.get(ORIGIN_KEY) or "")

    def made() -> bytes:
        require(actor_of_session(session, origin), action, "本县")
        return make()

    return made


def may_see_drafts(actor: Actor) -> bool:
    """A draft is for those who work on it."""
    return actor.may("load") or actor.may("publish")


def guard(*actions: Action) -> Actor:
    """Every page calls this first. Raises NotPermitted when the person may do nothing of what the page is for."""
    actor = current_actor()
    if not any(actor.may(action) for action in actions):
        require(actor, actions[0], "本县")
    return actor
