"""Who is not logged in reaches the login page and nothing else: pages, web socket, uploads, media, files, components.

Decided for every request before Streamlit sees it. The session of who is logged in goes to the page in a header that no
browser can send: whatever arrives under its name is taken out first, of requests and web sockets alike.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import PlatformError
from ui.access import ORIGIN_HEADER, SESSION_HEADER, asks_for_login, in_force, is_open_for_reading
from ui.accounts.addresses import MOUNT, SESSION_COOKIE, base_path, opens_a_page, own_proxies

# What tells nothing of the county, beside logging in: whether the server answers.
_OPEN = ("/healthz", "/_stcore/health")
_OURS = (SESSION_HEADER.encode(), ORIGIN_HEADER.encode())
# Where files to take away come from, and how their names are told; pictures as pages show them have none.
_FILES = {"/media/": ("attachment",), "/attachments/": ("attachment", "inline")}
_POLICY_VIOLATION = 1008
_LONGEST_ADDRESS = 45
# Whoever fills in a login form is not known yet: a form has no more bytes than this.
_LARGEST_FORM = 20_000


class AccountGuard:
    """Lets through whoever is logged in, with their session, and answers everybody else itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": [h for h in scope["headers"] if h[0].lower() not in _OURS]}
        if not asks_for_login():
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"].startswith(f"{MOUNT}/"):
            await self._app(scope, _at_most(_LARGEST_FORM, receive), send)
            return
        if scope["type"] == "http" and scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        found = await run_in_threadpool(_session_in_force, Headers(scope=scope))
        if found is not None:
            session, account = found
            scope["headers"] += zip(_OURS, (session.encode(), _origin(scope).encode()), strict=True)
            await self._app(scope, receive, _noting_downloads(send, scope, account))
        elif is_open_for_reading():
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await _answer(scope)(scope, receive, send)


def _session_in_force(headers: Headers) -> tuple[str, str] | None:
    """The session and account of a person who may be here, None for everybody else."""
    from ui.accounts.sessions import account_of, end_session

    session = _session(headers)
    account = account_of(session)
    if account is None:
        return None
    try:
        if in_force(account) is not None:
            return session, account
    except PlatformError:
        # Without the store nobody can be told from anybody; the page that could be asked would say no more.
        return None
    # The login page sends whoever has a session on to where they were: without this, round and round.
    end_session(session)
    return None


def _noting_downloads(send: Send, scope: Scope, account: str) -> Send:
    """Add every file that a person takes away to the record of actions, by its name."""
    manners = next((manners for place, manners in _FILES.items() if place in scope["path"]), ())
    if not manners or scope["type"] != "http" or scope["method"] != "GET":
        return send

    async def send_and_note(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = Headers(raw=message["headers"]).get("content-disposition", "")
            if told.startswith(manners):
                name = unquote(told.partition("filename*=")[2].rpartition("'")[2] or told.partition("filename=")[2])
                await run_in_threadpool(_keep_download, scope, account, name.strip('"'))
        await send(message)

    return send_and_note


def _keep_download(scope: Scope, account: str, name: str) -> None:
    from ui.accounts.adapters import keep_event

    keep_event(_origin(scope), "download", account, subject=name)


def _origin(scope: Scope) -> str:
    """The address of the browser: as the nearest of the office's own proxies tells it, else who connected."""
    told = [part.strip() for part in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")]
    if 0 < own_proxies() <= len(told) and told[-own_proxies()].isascii():
        return told[-own_proxies()][:_LONGEST_ADDRESS]
    client = scope.get("client")
    return str(client[0]) if client else ""


def _session(headers: Headers) -> str:
    value = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, "")
    return value if value.isascii() and value.isalnum() else ""


def _at_most(bytes_: int, receive: Receive) -> Receive:
    """What a browser sends, cut off as if it had hung up once it is more than a form can be."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return message if received <= bytes_ else {"type": "http.disconnect"}

    return receive_some


def _answer(scope: Scope) -> Response:
    """The login page, with the way back, for who opens a page; a sentence for what a page would load."""
    if not opens_a_page(scope):
        return PlainTextResponse("请先登录。", 401, {"Cache-Control": "no-store"})
    query = scope["query_string"].decode("latin-1")
    back = base_path() + quote(scope["path"]) + (f"?{query}" if query else "")
    address = f"{base_path()}{MOUNT}/login/?next={quote(back, safe='')}"
    return RedirectResponse(address, 302, {"Cache-Control": "no-store"})
