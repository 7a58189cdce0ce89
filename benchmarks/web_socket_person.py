"""A page that a person has open, told in Streamlit's own language over a web socket, as a browser speaks it.

    async with open_page(Door(port)) as page:
        run = await page.arrive("schools", "year=2022")
        run = await page.choose(page.choices()[0], "小学")
        run = await page.send("登记", {"决定的内容": "……"})

No browser draws anything: what is measured lasts from the request to the server's word that the page is finished.
Whatever refers to pictures, files and the parts of the page that a browser loads besides is not asked for.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

LONGEST_RUN_SECONDS = 60
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@dataclass(frozen=True)
class Widget:
    """A control of the page: what it is called, the form it belongs to (empty outside), what can be chosen."""

    identifier: str
    kind: str
    label: str
    form: str
    fragment: str
    options: tuple[str, ...] = ()

    def state(self, value: str) -> WidgetState:
        """The control as it stands once somebody gave it this value."""
        state = WidgetState(id=self.identifier)
        if self.kind == "button":
            state.trigger_value = True
        elif self.kind in ("button_group", "date_input"):
            state.string_array_value.data.append(value)
        else:
            state.string_value = value
        return state


@dataclass
class Run:
    """What one request came to, over all the times that the page began anew before it was finished."""

    seconds: float = 0.0
    exceptions: list[str] = field(default_factory=list)
    red_boxes: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)


class OpenPage:
    """One tab of a browser. Raises TimeoutError when a run does not end, ConnectionClosed when the server hangs up."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._hashes: dict[str, str] = {}
        self._widgets: dict[str, Widget] = {}
        self._states: dict[str, WidgetState] = {}
        self._hash = ""
        self.page = ""
        self.query = ""

    async def arrive(self, page: str, query: str) -> Run:
        """Open an address, as the first that this tab is given."""
        self.page, self.query = page, query
        return await self._run(ClientState(query_string=query, page_name=page))

    async def turn_to(self, page: str, query: str = "", *, back: bool = False) -> Run:
        """Another page of the menu, or what the browser's arrow goes back to."""
        self.page, self.query, self._hash = page, query, self._hashes[page]
        self._states.clear()
        return await self._run(ClientState(query_string=query, page_script_hash=self._hash, is_history_navigation=back))

    def pages(self) -> list[str]:
        """The pages of the menu, by their addresses."""
        return list(self._hashes)

    def has_form(self, button: str) -> bool:
        """Whether the page shows a form with this button."""
        return self._sending(button) is not None

    def choices(self) -> list[Widget]:
        """The controls outside forms that offer more than one thing."""
        return [w for w in self._widgets.values() if not w.form and len(w.options) > 1]

    def choice(self, label: str) -> Widget:
        """The control of this name outside forms. Raises LookupError when the page shows none."""
        found = next((w for w in self.choices() if w.label == label), None)
        if found is None:
            raise LookupError(f"no control {label}")
        return found

    def options(self, label: str) -> tuple[str, ...]:
        """What a field of this name offers, in a form or outside."""
        return next((w.options for w in self._widgets.values() if w.label == label), ())

    async def choose(self, widget: Widget, value: str) -> Run:
        """Choose something, which the page answers by running again, or the part of it that holds the control."""
        self._states[widget.identifier] = widget.state(value)
        return await self._run(self._present(widget.fragment), keeps_widgets=bool(widget.fragment))

    async def send(self, button: str, values: Mapping[str, str]) -> Run:
        """Fill in the form of this button and send it. Raises LookupError when the page shows no such form."""
        sending = self._sending(button)
        if sending is None:
            raise LookupError(f"no form with the button {button}")
        fields = {w.label: w for w in self._widgets.values() if w.form == sending.form}
        for label, value in values.items():
            self._states[fields[label].identifier] = fields[label].state(value)
        return await self._run(self._present(sending.fragment, sending.state("")))

    def _sending(self, button: str) -> Widget | None:
        return next((w for w in self._widgets.values() if w.kind == "button" and w.form and w.label == button), None)

    def _present(self, fragment: str, *more: WidgetState) -> ClientState:
        states = WidgetStates(widgets=[*self._states.values(), *more])
        return ClientState(
            query_string=self.query, widget_states=states, page_script_hash=self._hash, fragment_id=fragment
        )

    async def _run(self, asked: ClientState, *, keeps_widgets: bool = False) -> Run:
        run, began = Run(), time.perf_counter()
        await self._connection.send(BackMsg(rerun_script=asked).SerializeToString())
        async with asyncio.timeout(LONGEST_RUN_SECONDS):
            while not self._heard(ForwardMsg.FromString(await self._connection.recv(decode=False)), run, keeps_widgets):
                pass
        run.seconds = time.perf_counter() - began
        # A browser forgets the controls that the page no longer shows.
        self._states = {i: state for i, state in self._states.items() if i in self._widgets}
        return run

    def _heard(self, said: ForwardMsg, run: Run, keeps_widgets: bool) -> bool:
        """Take in one message; whether it says that the page is finished."""
        match said.WhichOneof("type"):
            case "new_session":
                if not keeps_widgets:
                    self._widgets.clear()
            case "navigation":
                self._hashes = {p.url_pathname: p.page_script_hash for p in said.navigation.app_pages}
                self._hash = said.navigation.page_script_hash
            case "page_info_changed":
                self.query = said.page_info_changed.query_string
            case "page_not_found":
                run.exceptions.append(f"no page {said.page_not_found.page_name}")
            case "delta":
                self._take_in(said.delta, run)
            case "script_finished":
                if said.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    run.exceptions.append("the page could not be compiled")
                return said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _take_in(self, delta: Delta, run: Run) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        match element.WhichOneof("type"):
            case "exception":
                run.exceptions.append(f"{element.exception.type}: {element.exception.message}")
            case "alert" if element.alert.format == Alert.ERROR:
                run.red_boxes.append(element.alert.body)
            case "alert" if element.alert.format == Alert.SUCCESS:
                run.announced.append(element.alert.body)
        widget = _widget(element, delta.fragment_id)
        if widget is not None:
            self._widgets[widget.identifier] = widget


def _widget(element: Element, fragment: str) -> Widget | None:
    """The control that an element is, None for what nobody in this module operates."""
    shown: tuple[str, str, str, Sequence[str]]
    match element.WhichOneof("type"):
        case "text_input":
            found = element.text_input
            shown = found.id, found.label, found.form_id, ()
        case "text_area":
            area = element.text_area
            shown = area.id, area.label, area.form_id, ()
        case "selectbox":
            box = element.selectbox
            shown = box.id, box.label, box.form_id, box.options
        case "button_group":
            group = element.button_group
            shown = group.id, group.label, group.form_id, [option.content for option in group.options]
        case "date_input":
            day = element.date_input
            shown = day.id, day.label, day.form_id, ()
        case "button":
            button = element.button
            shown = button.id, button.label, button.form_id, ()
        case _:
            return None
    identifier, label, form, options = shown
    return Widget(identifier, element.WhichOneof("type") or "", label, form, fragment, tuple(options))


@dataclass(frozen=True)
class Door:
    """Where a page is opened: on this machine itself, or at `https_path` of the office's nginx by who has logged in."""

    port: int
    https_path: str = ""
    cookie: str = ""

    @property
    def asks_for_login(self) -> bool:
        """Whether forms know who sends them."""
        return bool(self.https_path)


@asynccontextmanager
async def open_page(door: Door) -> AsyncIterator[OpenPage]:
    """A new tab, closed at the end. Raises OSError or InvalidHandshake when the server lets nobody in."""
    secure = "s" if door.https_path else ""
    trusting = ssl._create_unverified_context() if secure else None
    async with connect(
        f"ws{secure}://localhost:{door.port}{door.https_path}/_stcore/stream",
        origin=Origin(f"http{secure}://localhost:{door.port}"),
        additional_headers={"Cookie": door.cookie} if door.cookie else None,
        ssl=trusting,
        subprotocols=[Subprotocol("streamlit")],
        user_agent_header=_BROWSER,
        max_size=None,
        max_queue=None,
        ping_interval=None,
        open_timeout=LONGEST_RUN_SECONDS,
        proxy=None,
    ) as connection:
        yield OpenPage(connection)
