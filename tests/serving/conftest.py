"""Servers of the platform's serving tests: with nothing in their stores, they start at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.serving import Server


@pytest.fixture(scope="module")
def start_empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts a server on an empty store of its own, by the command given."""
    running: list[Server] = []

    def start(*command: str, **environment: str) -> Server:
        folder = tmp_path_factory.mktemp("store")
        running.append(Server(folder, *command, **{"COUNTY_DEMO": "0", **environment}))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for this computer alone, for every test that leaves it as it is."""
    server = Server(tmp_path_factory.mktemp("local"), COUNTY_DEMO="0")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same open to the network, read-only, which may also be called by a name of the office's own."""
    network = {"COUNTY_LAN": "1", "COUNTY_OPEN_READING": "1", "COUNTY_HOSTS": "jiaoyu.example"}
    server = Server(tmp_path_factory.mktemp("open"), COUNTY_DEMO="0", **network)
    yield server
    server.stop()
