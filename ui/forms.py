"""What every form shares: who writes, the button, the sentence after it. Refusals stand beside the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from core.access import Action, Actor, Scope, require
from core.errors import NotPermitted, PlatformError
from core.wording.delivery import UNVERIFIED
from ui import draft
from ui.frame import Desk, View
from ui.labels import plain


def show_announcements() -> None:
    """What the last write came to."""
    for sentence, warning in draft.announced():
        (st.warning if warning else st.success)(plain(sentence))


def may(desk: Desk, action: Action, scope: Scope | None = None) -> bool:
    """Whether this person may write, there or, without a scope, somewhere; the reason stands on the screen when not."""
    if scope is None and desk.actor.may(action):
        return True
    try:
        require(desk.actor, action, scope or "本县")
    except NotPermitted as refusal:
        st.info(plain(refusal))
        return False
    return True


def writer(view: View, label: str, key: str) -> Actor:
    """Who writes: the person logged in, else the name typed, which nobody vouches for."""
    if view.actor.verified:
        return view.actor
    name = st.text_input(f"{label}姓名", key=key, help=f"未登录，记录标注“{UNVERIFIED}”", max_chars=20)
    return replace(view.actor, name=name or "")


def day_field(view: View, label: str, key: str) -> date:
    """The day that something happened: the as-of day unless an earlier one is chosen."""
    chosen = st.date_input(label, value=view.as_of, max_value=view.as_of, key=key, format="YYYY-MM-DD")
    return chosen if isinstance(chosen, date) else view.as_of


def optional_day(label: str, value: date | None, key: str) -> date | None:
    """A day that may stay empty."""
    chosen = st.date_input(label, value=value, key=key, format="YYYY-MM-DD")
    return chosen if isinstance(chosen, date) else None


def send_button(label: str, form: str, allowed: bool, write: Callable[[], str]) -> None:
    """Send a form: the sentence of a write is shown above the fresh page, a refusal beside the kept fields."""
    if st.form_submit_button(label, type="primary", disabled=not allowed):
        try:
            said = write()
        except PlatformError as refusal:
            st.error(plain(refusal))
            return
        draft.announce(said)
        draft.sent(form)
        st.rerun()
