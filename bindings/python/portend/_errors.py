# SPDX-License-Identifier: MIT
"""What a failure becomes: the status decides the class, C says the sentence."""

from __future__ import annotations

import errno
import re
import socket

from portend import _native


class Timeout(OSError):
    """The state did not come in time."""


class PortNotFree(OSError):
    """Something listens on a port that was to be free."""


class NoPort(OSError):
    """No port fits what was asked for."""


class Canceled(OSError):
    """The wait was cancelled by :meth:`Waiter.cancel`."""


class ProcessGone(OSError):
    """The process that should have brought the state about has died."""


_CLASSES: dict[int, type[Exception]] = {
    _native.ERR_TIMEOUT: Timeout,
    _native.ERR_NOT_FREE: PortNotFree,
    _native.ERR_INVALID: ValueError,
    _native.ERR_NO_PORT: NoPort,
    _native.ERR_CANCELED: Canceled,
    _native.ERR_NO_MEMORY: MemoryError,
    _native.ERR_INTERNAL: RuntimeError,
    _native.ERR_GONE: ProcessGone,
}


def failure(status: int, message: str) -> Exception:
    """The exception for a status that is not 0."""
    if status == _native.ERR_RESOLVE:
        return socket.gaierror(socket.EAI_NONAME, message)
    if status == _native.ERR_UNSUPPORTED:
        return OSError(errno.ENOTSUP, message)
    if status == _native.ERR_SYSTEM:
        named = re.search(r"\(errno (\d+)\)", message)
        return OSError(int(named[1]), message) if named else OSError(message)
    return _CLASSES.get(status, RuntimeError)(message or _native.strerror(status))


def check(status: int, handle: _native.Waiter | _native.Finder | None = None) -> None:
    """Raise what a status stands for, in the words of the handle that gave it."""
    if status != _native.OK:
        message = handle.message() if handle else ""
        raise failure(status, message or _native.last_error())
