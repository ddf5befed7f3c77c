# SPDX-License-Identifier: MIT
"""The sockets of this machine, and why a port is in use."""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import NamedTuple

from portend import _native
from portend._arguments import Port, port_number
from portend._errors import check


class SocketKind(enum.IntFlag):
    """The kinds of sockets; several are combined by |. All but UDP are TCP."""

    LISTENING = _native.SOCKETS_LISTENING
    # #: Bound, not listening and not connected.
    BOUND = _native.SOCKETS_BOUND
    CONNECTED = _native.SOCKETS_CONNECTED
    TIME_WAIT = _native.SOCKETS_TIME_WAIT
    UDP = _native.SOCKETS_UDP


_TCP = (
    SocketKind.LISTENING
    | SocketKind.BOUND
    | SocketKind.CONNECTED
    | SocketKind.TIME_WAIT
)


class SocketInfo(NamedTuple):
    """A socket of this machine. Unknown values are None."""

    kind: SocketKind
    address: str
    port: int
    dual_stack: bool
    #: The peer of a connection.
    peer_address: str | None
    peer_port: int | None
    # #: The process that owns the socket, and its parent.
    pid: int | None
    parent_pid: int | None
    process: str | None
    command_line: str | None
    user: str | None
    # #: The remaining time of TIME_WAIT.
    remaining: timedelta | None


def listeners(port: Port | None = None) -> list[SocketInfo]:
    """List the listeners of one port or all ports, sorted by port and address.

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     found = listeners(server.getsockname()[1])
    >>> [(one.address, one.pid == os.getpid()) for one in found]
    [('127.0.0.1', True)]
    """
    if port is None:
        return sockets()
    return sockets(port, port)


def sockets(
    first_port: Port = 1,
    last_port: Port = 65535,
    kinds: SocketKind = SocketKind.LISTENING,
) -> list[SocketInfo]:
    """List the sockets of these kinds whose local port is in the range.

    They are sorted by port, address, kind and peer.

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     port = server.getsockname()[1]
    ...     found = sockets(port, port, SocketKind.LISTENING | SocketKind.CONNECTED)
    >>> [(one.kind.name, one.peer_address) for one in found]
    [('LISTENING', None)]
    """
    snapshot = _snapshot(first_port, last_port, kinds)
    return [_socket(snapshot, index) for index in range(snapshot.count())]


def explain_usage(port: Port, udp: bool = False) -> str:
    """Explain why a port is in use: by a listener, a connection, and so on.

    The text is empty if no socket has the port.

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     text = explain_usage(server.getsockname()[1])
    >>> " listens on 127.0.0.1" in text
    True
    """
    number = port_number(port)
    kinds = _TCP | SocketKind.UDP if udp else _TCP
    return _snapshot(number, number, kinds).explain(number)


def _snapshot(first_port: Port, last_port: Port, kinds: SocketKind) -> _native.Sockets:
    snapshot = _native.Sockets()
    check(snapshot.create(port_number(first_port), port_number(last_port), int(kinds)))
    return snapshot


def _socket(snapshot: _native.Sockets, index: int) -> SocketInfo:
    kind = SocketKind(snapshot.kind(index))
    remaining = timedelta(milliseconds=snapshot.remaining_ms(index))
    return SocketInfo(
        kind,
        snapshot.address(index),
        snapshot.port(index),
        bool(snapshot.dual_stack(index)),
        snapshot.peer_address(index) or None,
        snapshot.peer_port(index) or None,
        snapshot.pid(index) or None,
        snapshot.parent_pid(index) or None,
        snapshot.process(index) or None,
        snapshot.command_line(index) or None,
        snapshot.user(index) or None,
        remaining if kind == SocketKind.TIME_WAIT else None,
    )
