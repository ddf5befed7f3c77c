# SPDX-License-Identifier: MIT
"""Events of a waiter in an asyncio loop: by a descriptor, or otherwise in a thread."""

from __future__ import annotations

import asyncio
import threading
from typing import Callable

from portend import _native

Step = Callable[[], int]


async def next_event(waiter: _native.Waiter, limit: int, seen: _native.Event) -> int:
    """`waiter.next` for a coroutine."""
    status = _take(waiter, seen)
    if status != _native.PENDING:
        return status
    try:
        if waiter.fd() >= 0:
            return await _with_descriptor(waiter, limit, seen)
    except NotImplementedError:
        pass  # this loop polls no descriptors
    except BaseException:
        waiter.reset()
        raise
    return await _in_thread(waiter, lambda: waiter.next(limit, seen))


def _take(waiter: _native.Waiter, seen: _native.Event) -> int:
    status = waiter.next(0, seen)
    return _native.PENDING if status == _native.ERR_TIMEOUT else status


def _advance(waiter: _native.Waiter, seen: _native.Event) -> int:
    status = waiter.process()
    if status == _native.PENDING:
        status = _take(waiter, seen)
        waiter.fd()  # arms the descriptor again
    return status


async def _with_descriptor(
    waiter: _native.Waiter, limit: int, seen: _native.Event
) -> int:
    loop = asyncio.get_running_loop()
    fd = waiter.fd()
    settled: asyncio.Future[int] = loop.create_future()

    def settle(status: int) -> None:
        # At once, since the descriptor may be closed and its number reused.
        loop.remove_reader(fd)
        settled.set_result(status)

    def on_readable() -> None:
        status = _advance(waiter, seen)
        if status != _native.PENDING:
            settle(status)

    def on_timeout() -> None:
        if not settled.done():
            settle(_native.ERR_TIMEOUT)

    loop.add_reader(fd, on_readable)
    if limit != _native.FOREVER:
        timer = loop.call_later(limit / 1000, on_timeout)
        settled.add_done_callback(lambda _: timer.cancel())
    try:
        return await settled
    finally:
        if settled.cancelled():
            loop.remove_reader(fd)


async def _in_thread(waiter: _native.Waiter, block: Step) -> int:
    loop = asyncio.get_running_loop()
    settled: asyncio.Future[int] = loop.create_future()

    def settle(status: int) -> None:
        if not settled.done():
            settled.set_result(status)

    def work() -> None:
        status = block()
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, status)

    thread = threading.Thread(target=work, name="portend", daemon=True)
    thread.start()
    try:
        return await settled
    except asyncio.CancelledError:
        waiter.cancel()
        thread.join()  # so that nothing uses the waiter during the reset
        waiter.reset()
        raise
    finally:
        thread.join()
