# SPDX-License-Identifier: MIT
"""The waits of portend for asyncio, with the same names. The loop runs meanwhile.

>>> async def up() -> None:
...     with socket.create_server(("127.0.0.1", 0)) as server:
...         await aio.occupied(*server.getsockname(), timeout=3)
>>> asyncio.run(up())

All waits of a loop share one descriptor (`loop.add_reader`), or one thread if the
system or the loop polls no descriptors. A canceled task leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import math
import time
from typing import AsyncIterator, Iterable, Iterator

from portend import _native
from portend._arguments import Duration, Port, milliseconds
from portend._errors import failure
from portend._events import next_event
from portend._hostport import Endpoint
from portend._loop import run
from portend._many import for_all
from portend._single import Host, Single, wait_for
from portend._values import Event, State, Target
from portend._waiter import Targets

__all__ = [
    "Waiter",
    "bindable",
    "drained",
    "free",
    "occupied",
    "wait_all",
    "wait_any",
    "watch",
]


class Waiter(Targets):
    """`portend.Waiter` for asyncio.

    One coroutine at a time may use it to wait or change it; others are refused with
    `ValueError`. `cancel` ends a wait with `portend.Canceled`,
    from any thread. Inside the loop, cancel the task instead.
    """

    _waits = False

    async def wait_all(self, timeout: Duration = None) -> None:
        """Wait until all targets have reached their states."""
        await self._run(_native.ALL, timeout)

    async def wait_any(self, timeout: Duration = None) -> list[Target]:
        """Wait until one of the targets has reached its state; return all that have."""
        await self._run(_native.ANY, timeout)
        return self._reached()

    async def events(self, timeout: Duration = None) -> AsyncIterator[Event]:
        """Report each change of state, as `portend.Waiter.events` does."""
        limit = milliseconds(timeout)
        deadline = time.monotonic() + limit / 1000
        seen = _native.Event()
        while True:
            with self._alone():
                status = await next_event(self._core, limit, seen)
            if self._is_over(status):
                return
            yield self._event(seen)
            if limit != _native.FOREVER:
                limit = milliseconds(deadline - time.monotonic())

    def add(self, host: str, port: Port, wanted: State | str) -> Target:
        """Add a target with its wanted state, which may be a word."""
        with self._alone():
            return super().add(host, port, wanted)

    def watch(self, host: str, port: Port) -> Target:
        """Add a target that `events` reports. No wait waits for it."""
        with self._alone():
            return super().watch(host, port)

    def reset(self) -> None:
        """Prepare another wait: the waiter is not canceled, and each state is
        unknown."""
        with self._alone():
            super().reset()

    def close(self) -> None:
        """Release the waiter; later calls raise `ValueError`."""
        with self._alone():
            super().close()

    async def _run(self, mode: int, timeout: Duration) -> None:
        limit = milliseconds(timeout)
        with self._alone():
            native = self._core
            status, message = await run(native, mode, limit, time.monotonic())
        if status != _native.OK:
            raise failure(status, message, native.errno())

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse a second use, which would take the result of the first one."""
        if self._waits:
            raise ValueError("A wait is under way on this waiter: use another waiter.")
        self._waits = True
        try:
            yield
        finally:
            self._waits = False


async def occupied(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until the port is occupied."""
    await _run(time.monotonic(), wait_for(State.OCCUPIED, host, port), timeout)


async def free(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until the port is free."""
    await _run(time.monotonic(), wait_for(State.FREE, host, port), timeout)


async def bindable(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until a server that sets `SO_REUSEADDR` could listen on the port."""
    await _run(time.monotonic(), wait_for(State.BINDABLE, host, port), timeout)


async def drained(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until the port has no connection any more."""
    await _run(time.monotonic(), wait_for(State.DRAINED, host, port), timeout)


async def _run(began: float, wait: Single, timeout: Duration) -> None:
    with wait:
        limit = milliseconds(timeout)
        if wait.is_needless:
            return
        status, message = await run(wait.waiter, wait.mode, limit, began)
        if status != _native.OK:
            raise wait.failure(status, message)


async def wait_all(
    targets: Iterable[Endpoint],
    timeout: Duration = None,
    *,
    state: State | str = State.OCCUPIED,
) -> None:
    """Wait until all targets are in a state."""
    with for_all(Waiter(), targets, state) as waiter:
        await waiter.wait_all(timeout)


async def wait_any(
    targets: Iterable[Endpoint],
    timeout: Duration = None,
    *,
    state: State | str = State.OCCUPIED,
) -> list[Target]:
    """Wait until one of the targets is in a state; return the targets that are."""
    return await for_all(Waiter(), targets, state).wait_any(timeout)


def watch(
    targets: Iterable[Endpoint], timeout: Duration = None
) -> AsyncIterator[Event]:
    """Report each change of state of the targets once, in order."""
    return for_all(Waiter(), targets, None).events(timeout)
