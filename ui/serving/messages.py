"""What a browser may ask of the server over its web socket: to run a page, to stop, to upload."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.serving.entry import LONGEST_QUERY

# Not `clear_cache`, which empties everybody's, nor what only developers use.
_ALLOWED = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"})
# A workbook for each school of a large county; how much they may weigh is the upload's to bound.
_MOST_FILES = 1_500


class MessageGuard:
    """Passes over what no page of ours sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is allowed."""

        async def receive_allowed() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or _is_allowed(message.get("bytes")):
                    return message

        await self._app(scope, receive_allowed if scope["type"] == "websocket" else receive, send)


def _is_allowed(content: bytes | None) -> bool:
    asked = BackMsg()
    try:
        asked.ParseFromString(content or b"")
    except DecodeError:
        # Streamlit closes a connection that does not speak its language.
        return True
    if len(asked.rerun_script.query_string) > LONGEST_QUERY or len(asked.file_urls_request.file_names) > _MOST_FILES:
        return False
    return asked.WhichOneof("type") in _ALLOWED
