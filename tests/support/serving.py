"""A server of the platform in a process of its own, on a store of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
# `data-asked` is set by tests/support/hands.py in the browsers that it watches.
READY = "html:not([data-asked]) [data-testid=stApp][data-test-script-state=notRunning]"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_START_SECONDS, _STOP_SECONDS = 60, 30
# Below those that a system lends to outgoing connections. Drawn anew by every process: others start servers too.
_PORTS, _CHANCE = range(20_000, 32_000), SystemRandom()


class Server:
    """Started on construction; `address` answers from then on. End it by `stop`."""

    def __init__(self, folder: Path, *command: str, **environment: str) -> None:
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        command = command or ("-m", "streamlit", "run", "app.py")
        by_port = () if command[-1] == "--port" else ("--server.port",)
        self.log = log = folder / "server.log"
        self._process = subprocess.Popen(
            [sys.executable, *command, *by_port, str(self.port)],
            cwd=ROOT,
            env={**os.environ, "COUNTY_DB": str(folder / "county.duckdb"), **environment},
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                urlopen(f"{self.address}/_stcore/health", timeout=2)
                return
            except OSError:
                if self._process.poll() is not None:
                    raise AssertionError(log.read_text("utf-8")) from None
                time.sleep(0.1)
        self.stop()
        raise AssertionError("the server did not start in time")

    @property
    def process_id(self) -> int:
        """The number of this server's process."""
        return self._process.pid

    def stop(self) -> None:
        """End this server's process and wait for it; one that a busy machine does not let end is killed."""
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def is_answering(address: str) -> bool:
    """Whether a server answers there."""
    try:
        urlopen(address, timeout=2)
    except OSError:
        return False
    return True


def wait_until(answers: Callable[[], object]) -> None:
    """Ask until there is an answer; a process that was just started refuses connections at first."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            answers()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on, and that no connection is lent before the server takes it."""
    while True:
        port = _CHANCE.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
