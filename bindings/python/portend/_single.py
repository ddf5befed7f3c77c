# SPDX-License-Identifier: MIT
"""A wait for one target, whichever way it is run."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any, NoReturn, Union

from portend import _native
from portend._arguments import Duration, Port, host_text, milliseconds, port_number
from portend._errors import Timeout, failure
from portend._values import State

#: A name or an address; or the whole address of a socket, with no port beside it.
Host = Union[str, Sequence[Any], None]

_LOOPBACKS = ("127.0.0.1", "::1")


def _places(host: Host, port: Port | None) -> list[tuple[str, int]]:
    """Where to look; None is this machine."""
    if port is None and isinstance(host, Sequence):
        whole: Sequence[Any] = host
        host, port = whole[:2]
    number = port_number(port)  # type: ignore[arg-type]
    if host is None:
        return [(loopback, number) for loopback in _LOOPBACKS]
    if host == "":
        raise socket.gaierror(socket.EAI_NONAME, "The host is missing.")
    return [(host_text(host), number)]  # type: ignore[arg-type]


class Single:
    """One target, as a waiter of its own.

    Port 0 stands for any port: nobody listens there, and so it is free.
    """

    def __init__(self, wanted: State, host: Host, port: Port | None) -> None:
        self._asked = host, port
        self._places = _places(host, port)
        self.is_needless = wanted is State.FREE and self._places[0][1] == 0
        self.mode = _native.ANY if wanted is State.OCCUPIED else _native.ALL
        self.waiter = _native.Waiter()
        for place in self._places if not self.is_needless else ():
            self.conclude(self.waiter.add(*place, wanted))

    def conclude(self, status: int) -> None:
        """Raise what a status stands for."""
        if status != _native.OK:
            self.fail(status, self.waiter.message())

    def fail(self, status: int, message: str) -> NoReturn:
        """The same with the sentence at hand; Timeout names what the caller named."""
        reason = failure(status, message)
        if isinstance(reason, Timeout):
            reason.args = (self._in_words_of_caller(message),)
        raise reason

    def _in_words_of_caller(self, message: str) -> str:
        (host, port), (asked_host, asked_port) = self._places[0], self._asked
        for state in ("not free", "not bound"):
            ours = f"Port {port} {state} on {host}."
            theirs = f"Port {asked_port} {state} on {asked_host}."
            message = message.replace(ours, theirs, 1)
        return message


def wait_for(wanted: State, host: Host, port: Port | None) -> Single:
    """What ``free`` and ``occupied`` wait for."""
    if not host:
        raise ValueError("Host values of '' or None are not allowed.")
    return Single(wanted, host, port)


def attempt_limit(timeout: Duration) -> int:
    """The timeout of a Checker, in which below 0 makes no sense."""
    limit = milliseconds(timeout)
    if limit == 0 and timeout < 0:  # type: ignore[operator]
        raise ValueError("Timeout value out of range")
    return limit
