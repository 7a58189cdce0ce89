"""The server's parts in their order: what a request passes before a page, what else it may ask, what runs beside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from ui.access import is_open_to_the_network
from ui.serving.daily_backup import begin_daily_backups
from ui.serving.entry import EntryGuard, is_loopback
from ui.serving.headers import SecurityHeaders
from ui.serving.health import healthz, open_early
from ui.serving.messages import MessageGuard
from ui.serving.uploads import UploadGuard


def middleware() -> list[Middleware]:
    """What every request passes, the first first: a refusal has the headers of every other answer."""
    return [Middleware(SecurityHeaders), Middleware(EntryGuard), Middleware(MessageGuard), Middleware(UploadGuard)]


def routes() -> list[BaseRoute]:
    """The addresses beside Streamlit's own."""
    return [Route("/healthz", healthz)]


def refuse_open_address() -> None:
    """Ends the start in one sentence where others could reach the address without --lan.

    An address that another server than Streamlit's was bound to is not known here: `EntryGuard` refuses what comes to it.
    """
    address = st.get_option("server.address")
    if not is_open_to_the_network() and not is_loopback(address or ""):
        raise SystemExit(
            f"服务地址 {address or '（全部网卡）'} 可从其他电脑访问，没有启动。"
            "只在本机使用时不必写地址；需要让他人查看时，请用 python3 run.py --lan（只读）。"
        )


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the data while the server starts, so that the first visitor need not wait for it; back it up daily."""
    open_early()
    begin_daily_backups()
    yield
