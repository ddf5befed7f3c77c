# SPDX-License-Identifier: MIT
"""Runs all waits of an asyncio loop in one group: by a descriptor, or in one thread."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from typing import Dict, Tuple

from portend import _native
from portend._errors import failure

# #: How many waits may end before other callbacks of the loop run.
_BATCH = 64
# #: How many threads may look up the owners of ports at once.
_MESSAGES = 2

Outcome = Tuple[int, str]


class _Engine:
    """Exists as long as its loop has a wait."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._group = _native.Group()
        self._ids = itertools.count()
        self._waits: Dict[int, Tuple[_native.Waiter, asyncio.Future[int]]] = {}
        self._messages = asyncio.Semaphore(_MESSAGES)
        self._thread: threading.Thread | None = None
        self._fd = self._group.fd()
        try:
            if self._fd < 0:
                raise NotImplementedError
            loop.add_reader(self._fd, self._advance)
        except NotImplementedError:  # this loop polls no descriptors
            self._thread = threading.Thread(target=self._block, daemon=True)
            self._thread.start()

    def close(self) -> None:
        if self._thread:
            self._group.cancel()
            self._thread.join()
        elif not self._loop.is_closed():
            self._loop.remove_reader(self._fd)
        # A kept traceback may refer to this object for a long time.
        del self._group

    def start(
        self, waiter: _native.Waiter, mode: int, limit: int
    ) -> Tuple[int, asyncio.Future[int]]:
        """Start a wait; return its number, and the future of its status."""
        number = next(self._ids)
        future: asyncio.Future[int] = self._loop.create_future()
        self._waits[number] = waiter, future
        status = self._group.start(waiter, mode, limit, number)
        if status != _native.OK:
            future.set_result(status)
        return number, future

    def forget(self, number: int) -> None:
        del self._waits[number]
        if not self._waits and _engines.get(self._loop) is self:
            del _engines[self._loop]
            self.close()

    def _advance(self) -> None:
        for _ in range(_BATCH if self._waits else 0):
            status = self._group.next(0)
            if status == _native.ERR_TIMEOUT:
                return
            if status != _native.OK:
                return self._fail(status)
            self._settle(self._group.ready())
        if self._waits:
            self._loop.call_soon(self._advance)

    def _block(self) -> None:
        while self._group.next(_native.FOREVER) == _native.OK:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._settle, self._group.ready())

    def _settle(self, number: int) -> None:
        waiter, future = self._waits.get(number, (None, None))
        if waiter and future and not future.done():
            status = waiter.process()
            if status != _native.PENDING:
                future.set_result(status)

    def _fail(self, status: int) -> None:
        message = self._group.message()
        for _, future in list(self._waits.values()):
            if not future.done():
                future.set_exception(failure(status, message))

    async def message(self, status: int, waiter: _native.Waiter) -> str:
        """Read the message of a failure in a thread, since finding an owner takes
        time."""
        if status == _native.OK:
            return ""
        states = map(waiter.state, range(waiter.count()))
        if _native.STATE_OCCUPIED not in states:
            return waiter.message()
        async with self._messages:
            return await _in_thread(waiter)


_engines: Dict[asyncio.AbstractEventLoop, _Engine] = {}


def _engine() -> _Engine:
    loop = asyncio.get_running_loop()
    for closed in [one for one in list(_engines) if one.is_closed()]:
        _engines.pop(closed).close()
    if loop not in _engines:
        _engines[loop] = _Engine(loop)
    return _engines[loop]


# Each wait has few objects for the garbage collector, since thousands may be under way.
async def run(waiter: _native.Waiter, mode: int, limit: int, began: float) -> Outcome:
    """`waiter.run` for a coroutine; also returns the message if it fails.

    The limit counts from `began`, since a collection of garbage takes tens of
    milliseconds.
    """
    engine = _engine()
    if limit != _native.FOREVER:
        limit = max(limit - int((time.monotonic() - began) * 1000), 0)
    number, future = engine.start(waiter, mode, limit)
    try:
        try:
            status = await future
        except BaseException:
            waiter.reset()  # leaves the group
            raise
        return status, await engine.message(status, waiter)
    finally:
        engine.forget(number)


async def _in_thread(waiter: _native.Waiter) -> str:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str] = loop.create_future()

    def settle(text: str) -> None:
        if not future.done():
            future.set_result(text)

    def work() -> None:
        text = waiter.message()
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, text)

    thread = threading.Thread(target=work, name="portend", daemon=True)
    thread.start()
    try:
        return await future
    finally:
        thread.join()
