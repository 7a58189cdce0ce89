"""Who may connect at all, decided for every request and web socket before Streamlit sees it.

Without --lan only this computer may: whoever comes from elsewhere, by another name, from another site's page or
through a proxy is refused, whatever address the server was bound to. With --lan everybody logs in
(`accounts/guard.py`), and comes by a name that is this server's own.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access import asks_for_login

_LOOPBACK_NAMES = frozenset({"localhost"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
# Streamlit's own pages for operators: memory by cache, an endless script run, programs that act as a person.
_CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/")
# The longest link of a scenario with as many single adjustments as one may have is a quarter of this.
LONGEST_QUERY = 16_000
_POLICY_VIOLATION = 1008


class EntryGuard:
    """Refuses a request in one sentence, or lets it through unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or refuse it."""
        refusal = _refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            status, sentence = refusal
            await PlainTextResponse(sentence, status)(scope, receive, send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and sentence, None for who may pass."""
    if len(scope["query_string"]) > LONGEST_QUERY:
        return 414, "链接过长，无法打开。请回到首页重新选择。"
    if any(closed in scope["path"] for closed in _CLOSED):
        return 404, "没有这个地址。"
    headers = Headers(scope=scope)
    host = _hostname(f"//{headers.get('host', '')}")
    origin = headers.get("origin")
    if asks_for_login():
        if not _is_own_name(host, scope):
            return 421, "请用管理员发来的地址打开本平台。管理员：其他主机名须写入环境变量 COUNTY_HOSTS。"
        return _refusal_of_origin(origin, headers)
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return 403, "本平台只供本机使用。需要让他人查看时，请用 python3 run.py --lan 启动。"
    if not is_loopback(host):
        return 403, "请用 http://localhost 打开本平台。"
    if any(name in headers for name in _FORWARDED):
        return 403, "本机使用时不接受代理转发的请求。需要让他人查看时，请用 python3 run.py --lan 启动。"
    return _refusal_of_origin(origin, headers)


def _refusal_of_origin(origin: str | None, headers: Headers) -> tuple[int, str] | None:
    """A page of another site, or of another server on this computer, does not speak for the person before it."""
    if origin is None or origin.partition("://")[2].lower() == headers.get("host", "").lower():
        return None
    return 403, "请求来自其他网站，已拒绝。"


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this computer's own and no other can have it."""
    if host in _LOOPBACK_NAMES:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _is_own_name(host: str, scope: Scope) -> bool:
    server = scope.get("server")
    # An address cannot be made to point elsewhere, a name can.
    return is_loopback(host) or (server is not None and host == server[0]) or host in _own_names()


def _own_names() -> Iterable[str]:
    also = os.environ.get("COUNTY_HOSTS", "").lower().replace("，", ",").split(",")
    return {socket.gethostname().lower(), *(name.strip() for name in also)} - {""}


def _hostname(address: str) -> str:
    """The host of an address, empty where there is none that can be."""
    try:
        parts = urlsplit(address)
        # Reading the port also refuses one that is no number.
        _ = parts.port
    except ValueError:
        return ""
    has_more = parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment
    return "" if has_more else (parts.hostname or "").rstrip(".")
