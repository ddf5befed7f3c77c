# SPDX-License-Identifier: MIT
"""Who listens on this machine."""

from __future__ import annotations

from typing import NamedTuple

from portend import _native
from portend._arguments import Port, port_number
from portend._errors import check


class Listener(NamedTuple):
    """A listening TCP socket of this machine."""

    address: str
    port: int
    #: The process that holds it, and its name, if the system tells.
    pid: int | None
    process: str | None
    #: The user who owns it, if the system tells.
    user: str | None
    #: Whether a listener on ``::`` takes IPv4 connections as well.
    dual_stack: bool


def listeners(port: Port | None = None) -> list[Listener]:
    """Who listens on a port, or on any; sorted by port and address.

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     found = listeners(server.getsockname()[1])
    >>> [(one.address, one.pid == os.getpid()) for one in found]
    [('127.0.0.1', True)]
    """
    number = 0 if port is None else port_number(port)
    if number == 0 and port is not None:
        raise ValueError("Port 0 is outside 1 to 65535.")
    snapshot = _native.Listeners()
    check(snapshot.create(number))
    return [_listener(snapshot, index) for index in range(snapshot.count())]


def _listener(snapshot: _native.Listeners, index: int) -> Listener:
    return Listener(
        snapshot.address(index),
        snapshot.port(index),
        snapshot.pid(index) or None,
        snapshot.process(index) or None,
        snapshot.user(index) or None,
        bool(snapshot.dual_stack(index)),
    )
