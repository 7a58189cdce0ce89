"""Who sits at the screen. Looked up at every run; until a login exists there is one person, or readers."""

from __future__ import annotations

import os

from core.access import LOCAL_ADMINISTRATOR, READER, Action, Actor, require


def is_open_to_the_network() -> bool:
    """Whether others than this computer may connect (`run.py --lan`); then everybody is a reader."""
    return bool(os.environ.get("COUNTY_READ_ONLY"))


def current_actor() -> Actor:
    """The person at this screen: the local administrator, or a reader on a server open to the network."""
    return READER if is_open_to_the_network() else LOCAL_ADMINISTRATOR


def guard(action: Action = "view") -> Actor:
    """Every page calls this first. Raises NotPermitted when the person may not do what the page is for."""
    actor = current_actor()
    require(actor, action, "本县")
    return actor
