"""How much may lie in memory of what was uploaded: Streamlit keeps a file as long as its page is open, asked for or not."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from ui.access import SESSION_HEADER, asks_for_login

_ROUTE = "/_stcore/upload_file/"
# Two of the largest files a page, and as much as four pages of them for the whole server.
_PAGE_BYTES, _SERVER_BYTES = 110_000_000, 440_000_000
_AT_ONCE = 2
_LONGEST_SECONDS = 300


class UploadGuard:
    """Takes a few uploads at a time, and none beyond what may lie in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on an upload that has room, and whatever is none."""
        if scope["type"] != "http" or scope["method"] != "PUT" or _ROUTE not in scope["path"]:
            await self._app(scope, receive, send)
            return
        if asks_for_login() and SESSION_HEADER not in Headers(scope=scope):
            await PlainTextResponse("请先登录，再上传。", 403)(scope, receive, send)
            return
        async with self._turns, asyncio.timeout(_LONGEST_SECONDS):
            session = scope["path"].split(_ROUTE, 1)[1].split("/", 1)[0]
            on_page, on_server = _held(session)
            if on_page > _PAGE_BYTES or on_server > _SERVER_BYTES:
                await PlainTextResponse("上传的文件过多，请刷新页面后重试。", 413)(scope, receive, send)
                return
            await self._app(scope, receive, send)


def _held(session: str) -> tuple[int, int]:
    """Bytes uploaded on one page, and on all."""
    manager = get_instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        raise TypeError(f"uploads are kept by {type(manager).__name__}, whose memory nobody counts")
    held = {
        page: sum(len(file.data) for file in list(files.values())) for page, files in list(manager.file_storage.items())
    }
    return held.get(session, 0), sum(held.values())
