"""Attached files by their number: each time it is asked for, whoever asks is looked up and must be one who may open it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.content_kinds import small_picture
from core.delivery.supervision.file_access import Opened, open_attachment
from core.errors import NotPermitted, PlatformError, RequestInvalid
from core.facts import published
from core.store.county_files import county
from ui.access import ORIGIN_HEADER, SESSION_HEADER, actor_of_session
from ui.store_of_record import store_of_record

# A page shows the same few pictures again and again; whoever may no longer see them has them no longer than this.
_SMALL_SECONDS = 300
# Numbers of records have fewer digits than this.
_LONGEST_NUMBER = 10
# Drawing takes memory for all of a picture: a page asks for many at once, and many pages are open.
_drawing = Semaphore(2)


async def attached_file(request: Request) -> Response:
    """The file as it was handed in: a picture to look at, everything else to save."""
    return await run_in_threadpool(_answer, request, _whole)


async def attached_picture(request: Request) -> Response:
    """A picture as pages show it, small and without what the camera wrote into it."""
    return await run_in_threadpool(_answer, request, _small)


def _answer(request: Request, made: Callable[[Opened], Response]) -> Response:
    session, origin = (request.headers.get(name, "") for name in (SESSION_HEADER, ORIGIN_HEADER))
    try:
        store = store_of_record()
        code = published.county_of(store)
        if not code:
            raise RequestInvalid("还没有载入任何县的数据，没有附件。")
        plan = store.once("plan of attached files", lambda: county(store, code).plan)
        asked = str(request.path_params["number"])
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < _LONGEST_NUMBER else 0
        return made(open_attachment(store, plan, code, number, actor_of_session(session, origin)))
    except NotPermitted as refusal:
        return PlainTextResponse(str(refusal), 403)
    except RequestInvalid as refusal:
        return PlainTextResponse(str(refusal), 404)
    except PlatformError as refusal:
        return PlainTextResponse(str(refusal), 503)


def _whole(opened: Opened) -> Response:
    held = opened.attachment
    manner = "inline" if held.kind.is_picture else "attachment"
    headers = {
        "Content-Disposition": f"{manner}; filename*=utf-8''{quote(held.name, safe='')}",
        "Cache-Control": "private, no-store",
    }
    return Response(opened.content, media_type=held.media_type, headers=headers)


def _small(opened: Opened) -> Response:
    if not opened.attachment.kind.is_picture:
        return PlainTextResponse("这个附件不是图片。", 404)
    try:
        with _drawing:
            drawn = small_picture(opened.content)
    except ValueError:
        return PlainTextResponse("图片过大或不完整，请打开原图查看。", 404)
    return Response(drawn, media_type="image/jpeg", headers={"Cache-Control": f"private, max-age={_SMALL_SECONDS}"})
