# SPDX-License-Identifier: MIT
from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from typing import Any, AsyncIterator, Coroutine, Iterator

import portend
import pytest
from kit import Port, Stopwatch, eventually, threads
from portend import State, aio
from support import NO_NAME, fds, start_python


class LoopWithoutReaders(asyncio.SelectorEventLoop):
    """A loop that watches no descriptors, as on some systems."""

    def add_reader(self, *_: Any) -> None:
        raise NotImplementedError


@pytest.fixture(params=[asyncio.SelectorEventLoop, LoopWithoutReaders])
def loop(request: pytest.FixtureRequest) -> Iterator[asyncio.AbstractEventLoop]:
    with contextlib.closing(request.param()) as made:
        yield made


@contextlib.asynccontextmanager
async def ticking(ticks: list[float]) -> AsyncIterator[None]:
    """Another task that runs in the loop."""

    async def tick() -> None:
        while True:
            ticks.append(time.monotonic())
            await asyncio.sleep(0.01)

    task = asyncio.create_task(tick())
    yield
    task.cancel()


def longest_gap(ticks: list[float]) -> float:
    return max(later - sooner for sooner, later in zip(ticks, ticks[1:]))


Run = asyncio.AbstractEventLoop


def test_p40_the_loop_continues_during_each_wait(
    loop: Run, closed: int, server: int
) -> None:
    async def main() -> None:
        ticks: list[float] = []
        waits: list[Coroutine[Any, Any, Any]] = [
            aio.occupied("127.0.0.1", closed, 0.4),
            aio.free("localhost", server, 0.4),
            aio.wait_all([("127.0.0.1", closed), ("127.0.0.1", server)], 0.4),
            aio.wait_any([("127.0.0.1", closed)], 0.4),
        ]
        watch = Stopwatch()
        async with ticking(ticks):
            failures = await asyncio.gather(*waits, return_exceptions=True)
            assert [event async for event in aio.watch([("::1", closed)], 0.2)]
        assert all(isinstance(failure, portend.Timeout) for failure in failures)
        assert f"Port {closed} not bound on 127.0.0.1." in str(failures[0])
        assert 0.6 <= watch.seconds < 5
        assert len(ticks) > 10
        assert longest_gap(ticks) < 0.3

    loop.run_until_complete(main())


def test_p40_what_is_so_already_returns_at_once(
    loop: Run, closed: int, server: int
) -> None:
    async def main() -> None:
        await aio.occupied("localhost", server)
        await aio.free("localhost", str(closed))
        await aio.free("127.0.0.1", 0)
        await aio.wait_all([f"localhost:{server}"])
        (up,) = await aio.wait_any([("127.0.0.1", closed), ("127.0.0.1", server)])
        assert up.port == server

    loop.run_until_complete(asyncio.wait_for(main(), 20))


def test_p40_later_changes_are_noticed(loop: Run, port: Port, closed: int) -> None:
    async def main() -> None:
        there = "127.0.0.1", port.number
        loop.call_later(0.1, port.listen)
        await aio.occupied(*there)
        loop.call_later(0.1, port.close)
        await aio.wait_all([there, ("127.0.0.1", closed)], state=State.FREE)

    loop.run_until_complete(asyncio.wait_for(main(), 20))


def test_p40_a_watch_tells_each_change(loop: Run, port: Port) -> None:
    async def main() -> list[State]:
        seen = []
        async for event in aio.watch([("127.0.0.1", port.number)]):
            seen.append(event.state)
            if len(seen) == 3:
                break
            loop.call_later(0.05, port.close if len(seen) == 2 else port.listen)
        return seen

    seen = loop.run_until_complete(asyncio.wait_for(main(), 20))
    assert seen == [State.FREE, State.OCCUPIED, State.FREE]


def test_p40_events_end_when_all_is_reached(loop: Run, port: Port) -> None:
    async def main() -> list[State]:
        waiter = aio.Waiter()
        waiter.occupied("127.0.0.1", port.number)
        loop.call_later(0.05, port.listen)
        return [event.state async for event in waiter.events()]

    seen = loop.run_until_complete(asyncio.wait_for(main(), 20))
    assert seen == [State.FREE, State.OCCUPIED]


def test_p40_a_task_is_canceled(loop: Run, closed: int) -> None:
    async def main() -> None:
        open_before = fds()
        waiter = aio.Waiter()
        waiter.occupied("127.0.0.1", closed)
        for _ in range(3):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(waiter.wait_all(), 0.1)
        with pytest.raises(portend.Timeout):
            await waiter.wait_all(0.05)
        del waiter
        assert fds() == open_before

    loop.run_until_complete(asyncio.wait_for(main(), 20))
    # Threads of earlier tests may still be ending.
    assert eventually(lambda: threads() == 1)


def test_p40_a_waiter_is_canceled_from_another_thread(loop: Run, closed: int) -> None:
    async def main() -> None:
        waiter = aio.Waiter()
        waiter.occupied("127.0.0.1", closed)
        delayed = loop.run_in_executor(None, lambda: (time.sleep(0.1), waiter.cancel()))
        with pytest.raises(portend.Canceled):
            await waiter.wait_all()
        await delayed

    loop.run_until_complete(asyncio.wait_for(main(), 20))


def test_p40_hundreds_of_waits_live_in_one_loop(port: Port) -> None:
    async def main() -> None:
        waits = [aio.occupied("127.0.0.1", port.number) for _ in range(200)]
        asyncio.get_running_loop().call_later(0.3, port.listen)
        before = threads()
        await asyncio.gather(*waits)
        assert threads() <= before

    asyncio.run(asyncio.wait_for(main(), 30))


def test_p40_the_arguments_are_those_of_the_other_form(loop: Run) -> None:
    async def main() -> None:
        with pytest.raises(ValueError):
            await aio.occupied("", 80)
        with pytest.raises(ValueError, match="Port 70000"):
            await aio.free("localhost", 70000)
        with pytest.raises(socket.gaierror):
            await aio.occupied(NO_NAME, 80)
        with pytest.raises(portend.Timeout, match="Port None not bound on .'::1', 1"):
            await aio.occupied(("::1", 1), None, 0)
        with pytest.raises(ValueError):
            await aio.wait_all([])

    loop.run_until_complete(asyncio.wait_for(main(), 20))


def test_p40_a_reused_descriptor_is_not_touched(server: int) -> None:
    """The descriptor's number may be reused after the wait has ended."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(200):
            await aio.occupied("127.0.0.1", server)
            reading, writing = os.pipe()
            heard = asyncio.Event()
            loop.add_reader(reading, heard.set)
            await aio.occupied("127.0.0.1", server)
            os.write(writing, b"x")
            await asyncio.wait_for(heard.wait(), 10)
            loop.remove_reader(reading)
            os.close(reading)
            os.close(writing)

    asyncio.run(main())


def test_p40_ctrl_c_ends_a_coroutine(closed: int) -> None:
    code = f"""if 1:
        import asyncio, portend.aio
        async def main():
            print("waiting", flush=True)
            await portend.aio.occupied("127.0.0.1", {closed})
        asyncio.run(main())
    """
    child = start_python(code)
    assert child.stdout
    assert child.stdout.readline() == "waiting\n"
    time.sleep(0.2)
    watch = Stopwatch()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert watch.seconds < 5
    assert errors.rstrip().endswith("KeyboardInterrupt")
