"""Where logging in stands, for who links to it; known without loading any of it."""

from __future__ import annotations

import os

MOUNT = "/accounts"
SESSION_COOKIE = "county_session"


def base_path() -> str:
    """The path under which a proxy shows the platform, such as /jczd; empty at the root (COUNTY_BASE_PATH)."""
    named = os.environ.get("COUNTY_BASE_PATH", "").strip("/")
    return f"/{named}" if named else ""


def own_proxies() -> int:
    """How many proxies of the office's own stand before the platform (COUNTY_PROXIES)."""
    told = os.environ.get("COUNTY_PROXIES", "0")
    return int(told) if told.isdecimal() else 0
