"""What a browser may load and do on our pages, said with every answer: nothing from elsewhere, no foreign frame."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_MAP_FRAME = "/component/streamlit_folium."


class SecurityHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = {**_FIXED, "Content-Security-Policy": _policy("script-src 'self' 'unsafe-inline'")}
        # streamlit-folium draws the map by evaluating the script that folium wrote, in a frame of its own.
        self._map_headers = {
            **_FIXED,
            "Content-Security-Policy": _policy("script-src 'self' 'unsafe-inline' 'unsafe-eval'"),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers."""
        in_map = _MAP_FRAME in scope.get("path", "")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._map_headers if in_map else self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _policy(scripts: str) -> str:
    """The content policy that Streamlit's pages pass; its page starts by an inline script."""
    tiles = urlsplit(os.environ.get("COUNTY_MAP_TILES", ""))
    pictures = f"{tiles.scheme}://{tiles.netloc}" if tiles.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            scripts,
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob: {pictures}".rstrip(),
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )
