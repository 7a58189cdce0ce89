"""Where each person begins: the page of their first duty, opened on what is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from core.access import Actor, Role
from ui.accounts.addresses import base_path

# In this order: who has several duties begins with the one that waits for them.
_PAGES: Mapping[Role, str] = {
    "liaison": "units",
    "school": "profile",
    "inspector": "supervision",
    "reviewer": "projects",
    "clerk": "batches",
    "office": "timeline",
    "administrator": "people",
}


def home_of(actor: Actor) -> str:
    """The address where a person begins; the overview for who only looks."""
    page = next((page for role, page in _PAGES.items() if role in actor.roles), "")
    choices: dict[str, str] = {}
    if page == "units":
        own = {"township": min(actor.townships)} if actor.townships else {"unit": min(actor.units)}
        choices = {**own, "unit_part": "月报"}
    elif page == "profile":
        choices = {"school": min(actor.schools)}
    elif page == "projects":
        choices = {"part": "督办台账"}
    return f"{base_path()}/{page}" + (f"?{urlencode(choices)}" if choices else "")
