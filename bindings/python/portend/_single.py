# SPDX-License-Identifier: MIT
"""A wait for one target, in all its forms."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any, Iterator, Union

from portend import _native
from portend._arguments import Duration, Port, host_text, milliseconds, port_number
from portend._errors import Timeout, failure
from portend._values import Handle, State

# #: A name or an address; or the complete address of a socket, with no separate port.
Host = Union[str, Sequence[Any], None]

_LOOPBACKS = ("127.0.0.1", "::1")


def _endpoints(host: Host, port: Port | None) -> list[tuple[str, int]]:
    """Return the endpoints to probe; None is this machine."""
    if port is None and isinstance(host, (tuple, list)):
        host, port = host[:2]
    number = port_number(port)  # type: ignore[arg-type]
    if host is None:
        return [(loopback, number) for loopback in _LOOPBACKS]
    if host == "":
        raise socket.gaierror(socket.EAI_NONAME, "The host is missing.")
    return [(host_text(host), number)]  # type: ignore[arg-type]


class Single:
    """One target with its own waiter, which is closed at the end of `with`.

    Port 0 stands for any port: it is free, because nothing can listen on it.
    """

    __slots__ = "_asked", "_endpoints", "_handle", "is_needless", "mode"

    def __init__(self, wanted: State, host: Host, port: Port | None) -> None:
        self._asked = host, port
        self._endpoints = _endpoints(host, port)
        self.is_needless = wanted is State.FREE and self._endpoints[0][1] == 0
        self.mode = _native.ANY if wanted is State.OCCUPIED else _native.ALL
        self._handle = Handle()
        for endpoint in self._endpoints if not self.is_needless else ():
            self.conclude(self.waiter.add(*endpoint, wanted))

    def __enter__(self) -> Single:
        return self

    def __exit__(self, *_: object) -> None:
        # A kept traceback may refer to this object for a long time.
        self._handle.close()

    @property
    def waiter(self) -> _native.Waiter:
        return self._handle.native

    def states(self) -> Iterator[int]:
        return map(self.waiter.state, range(len(self._endpoints)))

    def run(self, limit: int) -> None:
        """Wait, and raise the exception of a failure."""
        if not self.is_needless:
            self.conclude(self.waiter.run(self.mode, limit))

    def conclude(self, status: int) -> None:
        """Raise the exception of a status."""
        if status != _native.OK:
            raise self.failure(status, self.waiter.message())

    def failure(self, status: int, message: str) -> Exception:
        """Make the exception, with a message that was read already, in the caller's
        terms."""
        reason = failure(status, message, self.waiter.errno())
        if isinstance(reason, Timeout):
            reason.args = (self._as_asked(message),)
        return reason

    def _as_asked(self, message: str) -> str:
        (host, port), (asked_host, asked_port) = self._endpoints[0], self._asked
        for state in ("not free", "not bound"):
            ours = f"Port {port} {state} on {host}."
            theirs = f"Port {asked_port} {state} on {asked_host}."
            message = message.replace(ours, theirs, 1)
        return message


def wait_for(wanted: State, host: Host, port: Port | None) -> Single:
    """Make the wait of `free`, `occupied` and similar functions."""
    if not host:
        raise ValueError("Host values of '' or None are not allowed.")
    return Single(wanted, host, port)


def attempt_limit(timeout: Duration) -> int:
    """Convert the timeout of a Checker, which must not be negative."""
    limit = milliseconds(timeout)
    if limit == 0 and timeout < 0:  # type: ignore[operator]
        raise ValueError("Timeout value out of range")
    return limit
