# SPDX-License-Identifier: MIT
"""Convert arguments of Python to those of C, strictly."""

from __future__ import annotations

import math
import numbers
import operator
import socket
from datetime import timedelta
from typing import SupportsIndex, Union

from portend import _native

#: A number, the digits of one, or the name of a service.
Port = Union[SupportsIndex, str]
# #: Seconds; None and infinity never end.
Duration = Union[float, timedelta, None]

_LONGEST = 2**63 - 1
_PORTS = range(65536)


def host_text(host: str | bytes) -> str:
    """Convert a host to text. The library looks up names in other scripts."""
    if isinstance(host, (bytes, bytearray)):
        return host.decode("ascii")
    if not isinstance(host, str):
        raise TypeError(f"host must be str or bytes, not {_name_of(host)}")
    return host


def port_number(port: Port) -> int:
    """Convert a port to a number; C refuses 0."""
    if isinstance(port, (bytes, bytearray)):
        port = port.decode("ascii")
    if not isinstance(port, str):
        if not hasattr(port, "__index__"):
            raise TypeError(f"port must be int or str, not {_name_of(port)}")
        number = operator.index(port)
    elif port.isascii() and port.isdigit():
        number = int(port)
    else:
        number = _port_of_service(port)
    if number not in _PORTS:
        raise ValueError(f"Port {number} is outside 1 to 65535.")
    return number


def process_id(name: str, pid: int | None) -> int:
    """Convert a process ID; None means no process."""
    if pid is None:
        return 0
    if not isinstance(pid, SupportsIndex):
        raise TypeError(f"{name} must be int or None, not {_name_of(pid)}")
    return operator.index(pid)


def _name_of(value: object) -> str:
    return type(value).__name__


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
    """Convert a timeout, rounded up. A negative one is 0; NaN never ends."""
    if timeout is None:
        return _native.FOREVER
    length = seconds(timeout)
    if not isinstance(length, numbers.Number):
        kind = _name_of(timeout)
        raise TypeError(f"timeout must be a number, timedelta or None, not {kind}")
    if math.isnan(length) or length == math.inf:
        return _native.FOREVER
    return min(math.ceil(max(length, 0) * 1000), _LONGEST)


def microseconds(length: float | timedelta) -> int:
    """Convert a length of time; the library refuses what is out of range."""
    number = seconds(length)
    if not isinstance(number, numbers.Number):
        kind = _name_of(length)
        raise TypeError(f"interval must be a number or timedelta, not {kind}")
    return round(max(-_LONGEST, min(number * 1e6, _LONGEST)))
