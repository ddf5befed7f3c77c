# SPDX-License-Identifier: MIT
"""The waits of portend for asyncio: the same names, and the loop goes on meanwhile.

>>> async def up() -> None:
...     with socket.create_server(("127.0.0.1", 0)) as server:
...         await aio.occupied(*server.getsockname(), timeout=3)
>>> asyncio.run(up())

A wait lives in the loop as one descriptor (``loop.add_reader``). Where the system or
the loop has no such thing it takes a thread. A cancelled task leaves nothing behind.
"""

from __future__ import annotations

import math
import time
from typing import AsyncIterator, Iterable

from portend import _native
from portend._arguments import Duration, Port, milliseconds
from portend._errors import failure
from portend._hostport import Endpoint
from portend._loop import message, next_event, run
from portend._many import for_all
from portend._single import Host, Single, wait_for
from portend._values import Event, State, Target
from portend._waiter import Targets

__all__ = [
    "Waiter",
    "free",
    "occupied",
    "wait_all",
    "wait_any",
    "watch",
]


class Waiter(Targets):
    """:class:`portend.Waiter` for asyncio.

    :meth:`cancel` ends a wait with :class:`portend.Canceled`, from any thread. Inside
    the loop, cancel the task instead.
    """

    async def wait_all(self, timeout: Duration = None) -> None:
        """Wait until all targets have reached their states."""
        await self._run(_native.ALL, timeout)

    async def wait_any(self, timeout: Duration = None) -> list[Target]:
        """Wait until one of the targets has reached its state, and tell which."""
        await self._run(_native.ANY, timeout)
        return self._reached()

    async def events(self, timeout: Duration = None) -> AsyncIterator[Event]:
        """Each change of state, as :meth:`portend.Waiter.events` tells them."""
        limit = milliseconds(timeout)
        deadline = time.monotonic() + limit / 1000
        seen = _native.Event()
        while not self._is_over(await next_event(self._native, limit, seen)):
            yield self._event(seen)
            if limit != _native.FOREVER:
                limit = milliseconds(deadline - time.monotonic())

    async def _run(self, mode: int, timeout: Duration) -> None:
        status = await run(self._native, mode, milliseconds(timeout))
        if status != _native.OK:
            raise failure(status, await message(self._native))


async def occupied(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until something accepts connections on the port."""
    await _run(wait_for(State.OCCUPIED, host, port), timeout)


async def free(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until nothing accepts connections on the port any more."""
    await _run(wait_for(State.FREE, host, port), timeout)


async def _run(wait: Single, timeout: Duration) -> None:
    limit = milliseconds(timeout)
    if wait.is_needless:
        return
    status = await run(wait.waiter, wait.mode, limit)
    if status != _native.OK:
        wait.fail(status, await message(wait.waiter))


async def wait_all(
    targets: Iterable[Endpoint],
    timeout: Duration = None,
    *,
    state: State = State.OCCUPIED,
) -> None:
    """Wait until all targets are in a state."""
    await for_all(Waiter(), targets, state).wait_all(timeout)


async def wait_any(
    targets: Iterable[Endpoint],
    timeout: Duration = None,
    *,
    state: State = State.OCCUPIED,
) -> list[Target]:
    """Wait until one of the targets is in a state, and tell which."""
    return await for_all(Waiter(), targets, state).wait_any(timeout)


def watch(
    targets: Iterable[Endpoint], timeout: Duration = None
) -> AsyncIterator[Event]:
    """Each change of state of the targets, once and in order."""
    return for_all(Waiter(), targets, None).events(timeout)
