# SPDX-License-Identifier: MIT
"""Servers for tests: fixtures that start programs, and stop them.

    def test_cache(portend_server):
        redis = portend_server(["redis-server", "--port", "{port}"])
        connect("localhost", redis.port)

Every worker of pytest-xdist has its own servers, on their own ports.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable, Iterator

import pytest

from portend._server import Server

Starter = Callable[..., Server]


def _starter() -> Iterator[Starter]:
    with ExitStack() as servers:

        def start(*arguments: Any, **options: Any) -> Server:
            return servers.enter_context(Server(*arguments, **options))

        yield start


@pytest.fixture
def portend_server() -> Iterator[Starter]:
    """Start a server with the arguments of portend.Server. It ends with the test."""
    yield from _starter()


@pytest.fixture(scope="session")
def portend_session_server() -> Iterator[Starter]:
    """Start a server that ends with the session."""
    yield from _starter()
