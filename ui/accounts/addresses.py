"""Where logging in stands, for who links to it; known without loading any of it."""

from __future__ import annotations

import os

from starlette.datastructures import Headers
from starlette.types import Scope

MOUNT = "/accounts"
# Where a browser asks to be served by the process that writes: below what always leads there.
MAIN_DESK = f"{MOUNT}/main-desk/"
SESSION_COOKIE = "county_session"


def base_path() -> str:
    """The path under which a proxy shows the platform, such as /jczd; empty at the root (COUNTY_BASE_PATH)."""
    named = os.environ.get("COUNTY_BASE_PATH", "").strip("/")
    return f"/{named}" if named else ""


def is_behind_tls() -> bool:
    """Whether browsers reach the platform by https only (COUNTY_TLS)."""
    return bool(os.environ.get("COUNTY_TLS"))


def opens_a_page(scope: Scope) -> bool:
    """Whether a request comes from a browser's address line and not from a page that loads its parts."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def own_proxies() -> int:
    """How many proxies of the office's own stand before the platform (COUNTY_PROXIES)."""
    told = os.environ.get("COUNTY_PROXIES", "0")
    return int(told) if told.isdecimal() else 0
