"""Who only looks is sent to a process that only reads, where the office runs any (`run.py --reader`).

The office's nginx tells them apart by a cookie: `reading` goes to the processes that only read, everybody else to the main one,
and everybody while none of the others answers. The cookie is given where a page is opened, by what the person may do, and by
the link with which somebody at a process that only reads asks for the main one.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import PlatformError
from core.store.opening import database_path
from core.store.replicas.leaving import copies_folder
from ui.access import SESSION_HEADER, actor_behind, asks_for_login
from ui.accounts.addresses import MOUNT, base_path, is_behind_tls, opens_a_page
from ui.store_of_record import reads_a_copy, store_of_record

COOKIE, READING, WORKING = "county_desk", "reading", "working"
# Some browsers keep what should end with them.
_WORKING_SECONDS = 8 * 3600
_ALWAYS_OPEN = ("/healthz", "/_stcore/health")


class CopyGuard:
    """At a process that only reads: 503 while it has nothing to read, on which nginx asks the main process instead."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request once the newest copy is open, or refuse it."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in _ALWAYS_OPEN:
            await self._app(scope, receive, send)
            return
        refusal = await run_in_threadpool(_why_not)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
            await PlainTextResponse(refusal, 503, {"Cache-Control": "no-store"})(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1013})


class Desks:
    """Gives whoever opens a page the cookie of the process that suits them; a worker who came to a copy is sent back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, its answer with a cookie where it needs one."""
        if not (asks_for_login() and opens_a_page(scope)) or scope["path"].startswith(f"{MOUNT}/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        looks = await run_in_threadpool(_only_looks, headers.get(SESSION_HEADER, ""))
        if chosen == READING and not looks:
            if not reads_a_copy():
                await self._app(scope, receive, _with_cookie(send, "", expires=True))
                return
            query = scope["query_string"].decode("latin-1")
            # At the root of a host two slashes would lead to another one.
            path = "/" + scope["path"].lstrip("/\\")
            address = base_path() + quote(path) + (f"?{query}" if query else "")
            back = RedirectResponse(address, 302, {"Cache-Control": "no-store"})
            await back(scope, receive, _with_cookie(send, "", expires=True))
        elif not chosen and looks and copies_folder(database_path()).is_dir():
            await self._app(scope, receive, _with_cookie(send, READING))
        else:
            await self._app(scope, receive, send)


async def to_the_main_process(request: Request) -> Response:
    """From now on this browser is served by the process that writes, beginning with the page that `next` names."""
    asked = request.query_params.get("next", "")
    is_ours = asked.startswith(f"{base_path()}/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    answer = RedirectResponse(asked if is_ours else f"{base_path()}/", 302, {"Cache-Control": "no-store"})
    _put_cookie(answer, WORKING, expires=False)
    return answer


def _why_not() -> str | None:
    try:
        store_of_record()
    except PlatformError as refusal:
        return str(refusal)
    return None


def _only_looks(session: str) -> bool:
    try:
        actor = actor_behind(session)
    except PlatformError:
        return False
    return actor is not None and actor.only_looks


def _with_cookie(send: Send, desk: str, *, expires: bool = False) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            carrier = Response()
            _put_cookie(carrier, desk, expires=expires)
            MutableHeaders(raw=message["headers"]).append("set-cookie", carrier.headers["set-cookie"])
        await send(message)

    return send_with_cookie


def _put_cookie(answer: Response, desk: str, *, expires: bool) -> None:
    answer.set_cookie(
        COOKIE,
        desk,
        max_age=0 if expires else _WORKING_SECONDS if desk == WORKING else None,
        path=f"{base_path()}/",
        secure=is_behind_tls(),
        httponly=True,
        samesite="lax",
    )
