# SPDX-License-Identifier: MIT
"""How a wait lives in an asyncio loop: as a descriptor, or else in a thread."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Callable, TypeVar

from portend import _native

Step = Callable[[], int]
Result = TypeVar("Result")


async def message(waiter: _native.Waiter) -> str:
    """``waiter.message``, for a coroutine: to find out who has a port takes a while."""
    return await _in_thread(waiter, waiter.message)


async def run(waiter: _native.Waiter, mode: int, limit: int) -> int:
    """``waiter.run``, for a coroutine."""

    def begin() -> int:
        status = waiter.start(mode, limit)
        return waiter.process() if status == _native.OK else status

    def block() -> int:
        return waiter.run(mode, limit)

    return await _settle(waiter, begin, waiter.process, block)


async def next_event(waiter: _native.Waiter, limit: int, seen: _native.Event) -> int:
    """``waiter.next``, for a coroutine."""

    def begin() -> int:
        status = waiter.next(0, seen)
        return _native.PENDING if status == _native.ERR_TIMEOUT else status

    def advance() -> int:
        status = waiter.process()
        if status == _native.PENDING:
            status = begin()
            waiter.fd()
        return status

    def block() -> int:
        return waiter.next(limit, seen)

    return await _settle(waiter, begin, advance, block, limit)


async def _settle(
    waiter: _native.Waiter,
    begin: Step,
    advance: Step,
    block: Step,
    limit: int = _native.FOREVER,
) -> int:
    """The first status that is not pending. An exception ends the wait."""
    status = begin()
    if status not in (_native.PENDING, _native.ERR_UNSUPPORTED):
        return status
    try:
        if waiter.fd() >= 0:
            return await _with_descriptor(waiter.fd(), advance, limit)
    except NotImplementedError:
        pass  # this loop watches no descriptors
    except BaseException:
        waiter.reset()
        raise
    return await _in_thread(waiter, block)


async def _with_descriptor(fd: int, advance: Step, limit: int) -> int:
    loop = asyncio.get_running_loop()
    settled: asyncio.Future[int] = loop.create_future()

    def settle(status: int) -> None:
        # At once: the descriptor may be closed, and another be given its number.
        loop.remove_reader(fd)
        settled.set_result(status)

    def on_readable() -> None:
        status = advance()
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


async def _in_thread(waiter: _native.Waiter, block: Callable[[], Result]) -> Result:
    outcome: concurrent.futures.Future[Result] = concurrent.futures.Future()
    outcome.set_running_or_notify_cancel()

    def work() -> None:
        try:
            outcome.set_result(block())
        except BaseException as error:
            outcome.set_exception(error)

    thread = threading.Thread(target=work, name="portend", daemon=True)
    thread.start()
    try:
        return await asyncio.wrap_future(outcome)
    except asyncio.CancelledError:
        waiter.cancel()
        thread.join()  # at once, so that the waiter is nobody's when it is reset
        waiter.reset()
        raise
    finally:
        thread.join()
