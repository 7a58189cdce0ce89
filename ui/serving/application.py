"""The server's parts in their order: what a request passes before a page, what else it may ask, what runs beside."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send
from streamlit import config

from core.store.opening import database_path
from core.store.replicas.leaving import copies_folder
from ui.access import ORIGIN_HEADER, ORIGIN_KEY, SESSION_HEADER, SESSION_KEY, asks_for_login
from ui.accounts.addresses import MAIN_DESK, MOUNT, base_path
from ui.accounts.guard import AccountGuard
from ui.serving.attached_files import attached_file, attached_picture
from ui.serving.daily_backup import begin_daily_backups
from ui.serving.desks import CopyGuard, Desks, to_the_main_process
from ui.serving.entry import EntryGuard, is_loopback
from ui.serving.headers import SecurityHeaders
from ui.serving.health import healthz, open_early
from ui.serving.messages import MessageGuard
from ui.serving.reader_processes import begin_looking_after_readers
from ui.serving.uploads import UploadGuard
from ui.store_of_record import reads_a_copy


def middleware() -> list[Middleware]:
    """What every request passes, the first first: a refusal has the headers of every other answer."""
    at_a_copy = (CopyGuard,) if reads_a_copy() else ()
    guards = (SecurityHeaders, EntryGuard, *at_a_copy, AccountGuard, Desks, MessageGuard, UploadGuard)
    return [Middleware(guard) for guard in guards]


def routes() -> list[BaseRoute]:
    """The addresses beside Streamlit's own; with --lan those for logging in."""
    own: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/overview", _where_the_platform_opens),
        Route("/attachments/{number}", attached_file),
        Route("/attachments/{number}/small", attached_picture),
    ]
    if not asks_for_login():
        return own
    # Here and not in a file that somebody could edit: the header is only as good as the guard that sets it.
    config.set_option("server.trustedUserHeaders", {SESSION_HEADER: SESSION_KEY, ORIGIN_HEADER: ORIGIN_KEY})
    from ui.accounts.settings import configure

    configure()
    if reads_a_copy():
        # Who logs in writes to the record of actions.
        return [*own, Route(f"{MOUNT}/{{rest:path}}", _where_to_log_in, methods=["GET", "POST"])]
    from django.core.asgi import get_asgi_application

    django = get_asgi_application()

    async def below_the_proxys_path(scope: Scope, receive: Receive, send: Send) -> None:
        # A proxy took its own path off; Django tells its addresses from the whole one.
        await django({**scope, "path": base_path() + scope["path"]}, receive, send)

    return [*own, Route(MAIN_DESK, to_the_main_process), Mount(MOUNT, below_the_proxys_path)]


async def _where_the_platform_opens(request: Request) -> RedirectResponse:
    """The overview has no address of its own in the menu, but people write one."""
    asked = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{base_path()}/{asked}")


async def _where_to_log_in(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("只读进程不办理登录，请用主进程（或 nginx）的地址登录。", 404)


def refuse_open_address() -> None:
    """Ends the start in one sentence where others could reach the address without --lan.

    An address that another server than Streamlit's was bound to is not known here: `EntryGuard` refuses what comes to it.
    """
    if reads_a_copy() and not asks_for_login():
        raise SystemExit("只读进程（--reader）只在须登录的网络服务中使用，请写 python3 run.py --lan --reader。")
    address = st.get_option("server.address")
    if not asks_for_login() and not is_loopback(address or ""):
        raise SystemExit(
            f"服务地址 {address or '（全部网卡）'} 可从其他电脑访问，没有启动。"
            "只在本机使用时不必写地址；需要让他人查看时，请用 python3 run.py --lan。"
        )


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the data while the server starts, so that the first visitor need not wait for it; back it up daily."""
    if asks_for_login():
        # What is written from now on, backups too, holds telephone numbers: it is for this user alone.
        os.umask(0o077)
        from ui.accounts.settings import prepare_tables

        await run_in_threadpool(prepare_tables)
    if reads_a_copy():
        # Where this folder is, the main process leaves copies in it.
        copies_folder(database_path()).mkdir(parents=True, exist_ok=True)
    open_early()
    if not reads_a_copy():
        begin_daily_backups()
        if asks_for_login():
            begin_looking_after_readers()
    yield
