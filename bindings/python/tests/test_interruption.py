# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Callable

import portend
import pytest
from kit import SILENT_HOST, Port, Stopwatch, eventually
from portend import State
from support import after, handler, start_python

# #: The promised latency is 100 ms; the machine may be busy at times.
PROMISED = 0.1
GENEROUS = 2.0
MOMENTS = 150


def cpu_count() -> int:
    count = 0
    for number in range(2000):
        count += number
    return count


def test_p24_another_thread_runs_during_a_wait(closed: int) -> None:
    rounds = 0
    ended = threading.Event()

    def run() -> None:
        nonlocal rounds
        while not ended.is_set():
            cpu_count()
            rounds += 1

    thread = threading.Thread(target=run)
    thread.start()
    before = rounds
    with pytest.raises(portend.Timeout):
        portend.occupied("127.0.0.1", closed, 0.5)
    during = rounds - before
    ended.set()
    thread.join()
    assert during > 100


def test_p24_many_threads_wait_at_the_same_time(closed: int) -> None:
    def wait() -> None:
        with pytest.raises(portend.Timeout):
            portend.occupied("127.0.0.1", closed, 0.4)

    watch = Stopwatch()
    threads = [threading.Thread(target=wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.4 <= watch.seconds < 5


def take_interrupts(wait: Callable[[], Any], moments: int) -> list[float]:
    """Measure how long after each SIGINT, sent at a random moment, the wait has
    ended."""
    armed, latencies = threading.Event(), []
    sent = 0.0

    def interrupt() -> None:
        nonlocal sent
        for _ in range(moments):
            armed.wait()
            armed.clear()
            time.sleep(random.random() * 0.02)
            sent = time.monotonic()
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    for _ in range(moments):
        try:
            armed.set()
            wait()
            raise AssertionError("the wait ended without an interrupt")
        except KeyboardInterrupt:
            latencies.append(time.monotonic() - sent)
    thread.join()
    return latencies


def be_prompt(latencies: list[float]) -> None:
    latencies.sort()
    print(f"{len(latencies)} interrupts, worst {latencies[-1] * 1000:.1f} ms")
    assert latencies[int(len(latencies) * 0.97)] < PROMISED
    assert latencies[-1] < GENEROUS


@pytest.mark.parametrize("limit", [None, 60])
def test_p25_ctrl_c_ends_a_wait_at_any_moment(closed: int, limit: float) -> None:
    with handler(signal.SIGINT, signal.default_int_handler):
        be_prompt(
            take_interrupts(
                lambda: portend.occupied("127.0.0.1", closed, limit), MOMENTS
            )
        )


def test_p25_ctrl_c_ends_a_wait_for_a_listener_to_leave(server: int) -> None:
    with handler(signal.SIGINT, signal.default_int_handler):
        be_prompt(take_interrupts(lambda: portend.free("localhost", server), MOMENTS))


def test_p25_ctrl_c_ends_a_watch_of_many(closed: int, server: int) -> None:
    def watch() -> None:
        there = [("127.0.0.1", closed), ("localhost", server)] * 20
        for event in portend.watch(there):
            assert event.state in (State.FREE, State.OCCUPIED)

    with handler(signal.SIGINT, signal.default_int_handler):
        be_prompt(take_interrupts(watch, MOMENTS))


def test_p25_an_interrupted_waiter_can_wait_again(port: Port) -> None:
    waiter = portend.Waiter()
    waiter.occupied("127.0.0.1", port.number)
    with handler(signal.SIGINT, signal.default_int_handler):
        take_interrupts(waiter.wait_all, 3)
    with after(0.1, port.listen):
        waiter.wait_all(60)


def test_p25_ctrl_c_kills_a_program_that_does_not_catch_it(closed: int) -> None:
    code = f"import portend; print('', flush=True); portend.occupied('::1', {closed})"
    child = start_python(code)
    assert child.stdout
    child.stdout.readline()
    time.sleep(0.2)
    watch = Stopwatch()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert watch.seconds < GENEROUS
    assert child.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")


def test_p25_ctrl_c_ends_a_single_probe_of_a_silent_host() -> None:
    code = f"""if 1:
        import portend
        print("looking", flush=True)
        portend.Checker(timeout=60).assert_free({SILENT_HOST!r}, 80)
    """
    child = start_python(code, silent=True)
    assert child.stdout
    assert child.stdout.readline() == "looking\n"
    time.sleep(0.3)
    watch = Stopwatch()
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    assert watch.seconds < GENEROUS
    assert child.returncode == -signal.SIGINT


def test_p26_a_handler_that_returns_does_not_end_a_wait(closed: int) -> None:
    rings = []
    with handler(signal.SIGALRM, lambda *_: rings.append(time.monotonic())):
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        watch = Stopwatch()
        try:
            with pytest.raises(portend.Timeout):
                portend.occupied("127.0.0.1", closed, 0.5)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    assert 0.5 <= watch.seconds < 5
    assert len(rings) >= 10
    assert max(b - a for a, b in zip(rings, rings[1:])) < 0.45


def test_p26_a_handler_may_wait(port: Port, server: int) -> None:
    def look(*_: Any) -> None:
        portend.occupied("127.0.0.1", server, 5)
        for _event in portend.watch([("127.0.0.1", server)], 0.01):
            looked.append(_event)

    looked: list[Any] = []
    with handler(signal.SIGALRM, look):
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        try:
            with after(0.5, port.listen):
                portend.occupied("127.0.0.1", port.number, 60)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    assert len(looked) >= 2


def test_p26_a_handler_that_raises_ends_a_wait(closed: int) -> None:
    def give_up(*_: Any) -> None:
        raise LookupError("enough")

    with handler(signal.SIGALRM, give_up), pytest.raises(LookupError, match="enough"):
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        portend.occupied("127.0.0.1", closed, 60)


def test_p27_a_wait_is_canceled_from_another_thread(closed: int) -> None:
    waiter = portend.Waiter()
    waiter.occupied("127.0.0.1", closed)
    watch = Stopwatch()
    with after(0.2, waiter.cancel):
        with pytest.raises(portend.Canceled):
            waiter.wait_all()
    assert 0.2 <= watch.seconds < 5


def test_p27_canceling_holds_until_reset(port: Port) -> None:
    waiter = portend.Waiter()
    waiter.occupied("127.0.0.1", port.listen().number)
    waiter.cancel()
    for wait in (waiter.wait_all, waiter.wait_any):
        with pytest.raises(portend.Canceled):
            wait(60)
    waiter.reset()
    waiter.wait_all(60)


def test_p27_canceling_ends_a_watch(closed: int) -> None:
    waiter = portend.Waiter()
    waiter.watch("127.0.0.1", closed)
    with after(0.2, waiter.cancel):
        (event,) = waiter.events()
    assert event.state is State.FREE


def test_p33_the_death_of_a_process_ends_the_wait(closed: int) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        waiter = portend.Waiter(pid=process.pid)
        waiter.occupied("127.0.0.1", closed)
        watch = Stopwatch()
        with after(0.2, process.kill), pytest.raises(portend.ProcessGone) as failure:
            waiter.wait_all(60)
    assert 0.2 <= watch.seconds < 5
    assert not isinstance(failure.value, portend.Timeout)
    assert f"Process {process.pid} exited" in str(failure.value)


def test_p33_an_occupied_port_counts_more_than_its_process(server: int) -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    waiter = portend.Waiter(pid=process.pid)
    waiter.occupied("127.0.0.1", server)
    waiter.wait_all(60)


def test_p39_a_second_thread_on_a_waiter_is_refused(port: Port) -> None:
    waiter = portend.Waiter()
    target = waiter.occupied("127.0.0.1", port.number)
    first = threading.Thread(target=waiter.wait_all, args=(60,))
    first.start()
    assert eventually(lambda: target.probes > 0)
    for use in (
        waiter.wait_all,
        waiter.reset,
        lambda: next(waiter.events(1)),
        lambda: waiter.occupied("127.0.0.1", 80),
    ):
        with pytest.raises(ValueError, match="[Aa]nother thread|under way"):
            use()
    assert (first.is_alive(), target.reached) == (True, False)
    port.listen()
    first.join(60)
    assert target.reached


def test_a_daemon_thread_that_waits_does_not_disturb_the_end(closed: int) -> None:
    code = f"""if 1:
        import portend, threading, time
        for _ in range(4):
            wait = lambda: portend.occupied("127.0.0.1", {closed})
            threading.Thread(target=wait, daemon=True).start()
        time.sleep(0.35)
    """
    for _ in range(3):
        child = subprocess.run([sys.executable, "-c", code], capture_output=True)
        assert (child.returncode, child.stderr) == (0, b"")


def test_a_child_after_fork_waits_at_once(server: int, closed: int) -> None:
    portend.occupied("127.0.0.1", server, 5)
    child = os.fork()
    if child == 0:
        try:
            portend.occupied("127.0.0.1", server, 5)
            portend.free("localhost", closed, 5)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
