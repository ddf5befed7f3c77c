# SPDX-License-Identifier: MIT
"""From what Python programs give to what C takes. What cannot be meant is refused."""

from __future__ import annotations

import math
import operator
import socket
from datetime import timedelta
from typing import SupportsIndex, Union

from portend import _native

#: A number, the digits of one, or the name of a service.
Port = Union[SupportsIndex, str]
#: Seconds, or None and infinity, which are for ever.
Duration = Union[float, timedelta, None]

_LONGEST_MS = 2**63 - 1
_PORTS = range(65536)


def host_text(host: str | bytes) -> str:
    """A host as text. Names in other scripts are looked up by the library, alike in all languages."""
    return host.decode("ascii") if isinstance(host, (bytes, bytearray)) else host


def port_number(port: Port) -> int:
    """A port as a number; 0 is left to C to refuse."""
    if isinstance(port, (bytes, bytearray)):
        port = port.decode("ascii")
    if not isinstance(port, str):
        number = operator.index(port)
    elif port.isascii() and port.isdigit():
        number = int(port)
    else:
        number = _port_of_service(port)
    if number not in _PORTS:
        raise ValueError(f"Port {number} is outside 1 to 65535.")
    return number


def _port_of_service(name: str) -> int:
    if "\0" in name:
        raise ValueError("embedded null character")
    kind = socket.SOCK_STREAM
    answers = socket.getaddrinfo("127.0.0.1", name, socket.AF_INET, kind)
    return int(answers[0][4][1])


def seconds(duration: float | timedelta) -> float:
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    return duration


def milliseconds(timeout: Duration) -> int:
    """A timeout, rounded up. Below 0 it is over at once; NaN never comes."""
    if timeout is None:
        return _native.FOREVER
    length = seconds(timeout)
    if math.isnan(length) or length == math.inf:
        return _native.FOREVER
    return min(math.ceil(max(length, 0) * 1000), _LONGEST_MS)
