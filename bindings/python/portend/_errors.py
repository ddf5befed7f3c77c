# SPDX-License-Identifier: MIT
"""The exceptions for failures: the status decides the class, C makes the message."""

from __future__ import annotations

import errno
import socket

from portend import _native


class Timeout(TimeoutError):
    """The state was not reached before the timeout. It is a `TimeoutError`."""


class PortNotFree(OSError):
    """The port is occupied."""


class NoPort(OSError):
    """No port matches the options of the search."""


class Canceled(OSError):
    """The wait was canceled by `Waiter.cancel`."""


class ProcessGone(OSError):
    """A process that was expected to reach the state has exited."""


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


def failure(status: int, message: str, number: int = 0) -> Exception:
    """Make the exception for a status that is not 0; `number` is an errno, or 0."""
    if status == _native.ERR_RESOLVE:
        return socket.gaierror(socket.EAI_NONAME, message)
    if status == _native.ERR_UNSUPPORTED:
        return OSError(errno.ENOTSUP, message)
    if status == _native.ERR_SYSTEM:
        return OSError(number, message) if number else OSError(message)
    return _CLASSES.get(status, RuntimeError)(message or _native.strerror(status))


def check(status: int, handle: _native.Waiter | _native.Finder | None = None) -> None:
    """Raise the exception of a status, with the message of the handle that returned
    it."""
    # No local variable holds the exception: its traceback would refer to itself.
    if status != _native.OK and handle:
        raise failure(status, handle.message() or _native.last_error(), handle.errno())
    if status != _native.OK:
        raise failure(status, _native.last_error(), _native.last_errno())
