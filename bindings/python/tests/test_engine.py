# SPDX-License-Identifier: MIT
"""All waits of an asyncio loop share one engine."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import Any

import portend
import pytest
from kit import Port, eventually, threads
from portend import aio
from support import fds, run_python
from test_aio import LoopWithoutReaders

WAITS = 5000


class Peaks:
    """The maximum number of descriptors and threads."""

    def __init__(self) -> None:
        self._fds, self._threads = fds(), threads()
        self.fds = self.threads = 0

    async def note(self) -> None:
        while True:
            self.fds = max(self.fds, fds() - self._fds)
            self.threads = max(self.threads, threads() - self._threads)
            await asyncio.sleep(0.02)


def test_p52_thousands_of_waits_share_descriptors_and_threads(closed: int) -> None:
    async def fail(limit: float) -> float:
        started = time.monotonic()
        with pytest.raises(portend.Timeout, match=f"Port {closed} not bound"):
            await aio.occupied("127.0.0.1", closed, limit)
        return time.monotonic() - started - limit

    async def main() -> None:
        peaks = Peaks()
        noting = asyncio.create_task(peaks.note())
        gc.collect()
        gc.freeze()  # a collection of pytest's objects delays the loop by 0.1 s
        limits = (3 + 2 * index / WAITS for index in range(WAITS))
        late = sorted(await asyncio.gather(*map(fail, limits)))
        noting.cancel()
        gc.unfreeze()
        print(f"{WAITS} waits: {peaks.fds} descriptors, {peaks.threads} threads,")
        print(f"late by {late[WAITS // 2]:.3f} s, at most {late[-1]:.3f} s")
        assert peaks.fds <= 16
        assert peaks.threads <= 4
        assert late[0] >= 0
        assert late[WAITS // 2] < 1  # on a busy machine

    asyncio.run(main())


def test_p52_waits_end_together_when_the_port_is_occupied(port: Port) -> None:
    async def main() -> None:
        peaks = Peaks()
        noting = asyncio.create_task(peaks.note())
        waits = [aio.occupied("127.0.0.1", port.number) for _ in range(1000)]
        asyncio.get_running_loop().call_later(0.5, port.listen)
        await asyncio.gather(*waits)
        noting.cancel()
        assert peaks.fds <= 16
        assert peaks.threads <= 4

    asyncio.run(asyncio.wait_for(main(), 60))


def test_p52_the_owners_of_many_ports_take_few_threads(server: int) -> None:
    async def main() -> None:
        peaks = Peaks()
        noting = asyncio.create_task(peaks.note())
        waits = [aio.free("127.0.0.1", server, 0.1) for _ in range(100)]
        failures = await asyncio.gather(*waits, return_exceptions=True)
        noting.cancel()
        assert all("listens on" in str(failure) for failure in failures)
        assert peaks.threads <= 4

    asyncio.run(asyncio.wait_for(main(), 60))


def test_p52_a_loop_without_readers_takes_one_thread(closed: int) -> None:
    async def main() -> None:
        assert eventually(lambda: threads() == 1)
        peaks = Peaks()
        noting = asyncio.create_task(peaks.note())
        waits = [aio.occupied("127.0.0.1", closed, 0.3) for _ in range(100)]
        failures = await asyncio.gather(*waits, return_exceptions=True)
        noting.cancel()
        assert all(isinstance(failure, portend.Timeout) for failure in failures)
        assert peaks.threads == 1

    loop = LoopWithoutReaders()
    try:
        loop.run_until_complete(asyncio.wait_for(main(), 60))
    finally:
        loop.close()
    assert eventually(lambda: threads() == 1)


def test_p52_the_engine_ends_with_the_last_wait(closed: int, server: int) -> None:
    async def main() -> None:
        before = fds()
        for _ in range(3):
            task = asyncio.create_task(aio.occupied("127.0.0.1", closed))
            await aio.occupied("127.0.0.1", server, 60)
            assert fds() > before
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert fds() == before

    asyncio.run(main())


@pytest.mark.parametrize("kind", [asyncio.SelectorEventLoop, LoopWithoutReaders])
def test_p53_a_second_use_of_a_waiter_is_refused_at_once(
    kind: Any, closed: int, port: Port
) -> None:
    async def main() -> None:
        waiter = aio.Waiter()
        waiter.occupied("127.0.0.1", port.number)
        first = asyncio.create_task(waiter.wait_all(60))
        await asyncio.sleep(0.05)

        async def watch() -> None:
            async for _ in waiter.events(60):
                pass

        for second in (waiter.wait_all(60), waiter.wait_any(60), watch()):
            with pytest.raises(ValueError, match="under way"):
                await second
        for change in (
            waiter.reset,
            waiter.close,
            lambda: waiter.occupied("::1", closed),
            lambda: waiter.watch("::1", closed),
        ):
            with pytest.raises(ValueError, match="under way"):
                change()
        assert not first.done()
        port.listen()
        await first
        await waiter.wait_all(60)

    loop = kind()
    try:
        loop.run_until_complete(asyncio.wait_for(main(), 30))
    finally:
        loop.close()


def test_p53_a_wait_beside_events_is_refused_at_once(closed: int) -> None:
    async def main() -> None:
        waiter = aio.Waiter()
        waiter.watch("127.0.0.1", closed)
        events = waiter.events(60)
        assert (await events.__anext__()).state is portend.State.FREE
        second = asyncio.ensure_future(events.__anext__())
        await asyncio.sleep(0.05)
        with pytest.raises(ValueError, match="under way"):
            await waiter.wait_all(1)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)

    asyncio.run(asyncio.wait_for(main(), 30))


def test_p37_failures_leave_no_descriptor_to_the_collector(closed: int) -> None:
    checker = portend.Checker()
    with portend.Waiter() as server_waiter:
        server_waiter.occupied("127.0.0.1", closed)

    async def fail() -> None:
        for _ in range(200):
            with pytest.raises(portend.Timeout):
                await aio.occupied("127.0.0.1", closed, 0)

    def work() -> None:
        kept = []
        for _ in range(200):
            for call in (portend.occupied, portend.bindable):
                try:
                    call("127.0.0.1" if call is portend.occupied else "::1", closed, 0)
                except portend.Timeout as failure:
                    kept.append(failure)  # with all the frames of its traceback
            portend.is_free("127.0.0.1", closed)
            checker.assert_free("127.0.0.1", closed)
        asyncio.run(fail())

    gc.collect()
    gc.disable()
    try:
        before = fds()
        work()
        assert fds() == before
    finally:
        gc.enable()


def test_aio_is_there_after_import() -> None:
    code = """if 1:
        import sys, portend
        assert "asyncio" not in sys.modules
        portend.aio.occupied
    """
    said = run_python("-c", code)
    assert said.returncode == 0, said.stderr
