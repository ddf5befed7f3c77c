# SPDX-License-Identifier: MIT
from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import signal
import socket
from typing import Callable

import portend
import pytest
from kit import eventually, threads
from portend import aio
from support import NO_NAME, fds, handler
from test_aio import LoopWithoutReaders

ROUNDS = 2000
# #: Bytes per round. The smallest object that could leak is a waiter: over a kilobyte.
TOLERATED = 100


class _Mallinfo(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks "
        "uordblks fordblks keepcost".split()
    ]


def allocated() -> int:
    """The bytes that C has allocated; Python keeps its objects elsewhere."""
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = _Mallinfo
    info = mallinfo()
    return info.uordblks + info.hblkhd


def leaves_nothing(work: Callable[[], None], rounds: int = ROUNDS) -> None:
    alive = threads()
    for _ in range(20):
        work()
    gc.collect()
    assert eventually(lambda: threads() <= alive)
    before = fds(), allocated()
    for _ in range(rounds):
        work()
    gc.collect()
    assert fds() == before[0]
    assert eventually(lambda: threads() <= alive)
    grown = allocated() - before[1]
    print(f"{grown} bytes more after {rounds} rounds")
    assert grown < TOLERATED * rounds


@contextlib.contextmanager
def failing(kind: type[Exception]):
    with contextlib.suppress(kind):
        yield
        raise AssertionError("it did not fail")


def test_p37_waits_in_vain_leave_nothing(closed: int) -> None:
    def work() -> None:
        with failing(portend.Timeout):
            portend.occupied("127.0.0.1", closed, 0)

    leaves_nothing(work)


def test_p37_canceled_waits_leave_nothing(closed: int) -> None:
    def work() -> None:
        waiter = portend.Waiter()
        waiter.occupied("127.0.0.1", closed)
        waiter.free("localhost", closed)
        waiter.cancel()
        with failing(portend.Canceled):
            waiter.wait_all()

    leaves_nothing(work)


def test_p37_waits_that_raise_in_a_handler_leak_nothing(closed: int) -> None:
    def give_up(*_: object) -> None:
        raise LookupError

    def work() -> None:
        with failing(LookupError):
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            portend.occupied("127.0.0.1", closed, 60)

    with handler(signal.SIGALRM, give_up):
        leaves_nothing(work, 500)


def test_p37_a_watch_that_is_left_leaks_nothing(closed: int) -> None:
    def work() -> None:
        assert next(portend.watch([("127.0.0.1", closed)]))

    leaves_nothing(work)


def test_p37_refused_arguments_leave_nothing() -> None:
    def work() -> None:
        with failing(ValueError):
            portend.occupied("a\0b", 80)
        with failing(ValueError):
            portend.occupied("127.0.0.1", 70000)
        with failing(TypeError):
            portend.occupied("127.0.0.1", 1.5)  # type: ignore[arg-type]
        with failing(ValueError):
            portend.parse_target("::1:80")

    leaves_nothing(work)


def test_p37_names_that_do_not_exist_leave_nothing() -> None:
    def work() -> None:
        with failing(socket.gaierror):
            portend.occupied(NO_NAME, 80, 60)

    leaves_nothing(work, 200)


def test_p37_ports_and_snapshots_leave_nothing() -> None:
    def work() -> None:
        with portend.reserve() as reservation:
            reservation.listen()
            for one in reservation.sockets():
                one.close()
        portend.Finder(prefer=[reservation.port]).find_many(2)
        portend.listeners(reservation.port)
        portend.reserve("127.0.0.1")  # closed with its last reference

    leaves_nothing(work, 200)


@pytest.mark.parametrize("readers", [True, False], ids=["descriptor", "thread"])
def test_p37_canceled_coroutines_leave_nothing(closed: int, readers: bool) -> None:
    async def work() -> None:
        task = asyncio.create_task(aio.occupied("127.0.0.1", closed))
        await asyncio.sleep(0)
        task.cancel()
        with failing(asyncio.CancelledError):  # type: ignore[arg-type]
            await task
        async for _event in aio.watch([("127.0.0.1", closed)]):
            break

    loop = asyncio.new_event_loop() if readers else LoopWithoutReaders()
    with contextlib.closing(loop):
        leaves_nothing(lambda: loop.run_until_complete(work()), 500)
