# SPDX-License-Identifier: MIT
from __future__ import annotations

import ctypes
import socket
import time
from datetime import timedelta
from typing import Any

import portend
import pytest
from kit import SILENT_HOST, Port, Stopwatch
from portend import Reason, State
from support import after, held, library, start_python


def test_p28_all_targets_must_reach_their_states(port: Port, server: int) -> None:
    waiter = portend.Waiter()
    waiter.occupied("127.0.0.1", server)
    late = waiter.occupied("localhost", port.number)
    with held() as closed:
        waiter.free("127.0.0.1", closed.number)
        with after(0.2, port.listen):
            waiter.wait_all(60)
    assert all(target.reached for target in waiter.targets)
    assert late.elapsed >= 0.2 - 0.05


def test_p28_a_failure_has_a_line_for_each_that_did_not(
    server: int, closed: int
) -> None:
    waiter = portend.Waiter()
    waiter.free("127.0.0.1", server)
    waiter.occupied("127.0.0.1", closed)
    waiter.occupied("127.0.0.1", server)
    with pytest.raises(portend.Timeout) as failure:
        waiter.wait_all(0)
    first, second = str(failure.value).split("\n")
    assert first.startswith(f"Port {server} not free on 127.0.0.1. (")
    assert second.startswith(f"Port {closed} not bound on 127.0.0.1. (")


def test_p28_the_lines_are_those_of_c(closed: int, server: int) -> None:
    c = library()
    waiter = ctypes.c_void_p()
    c.portend_waiter_create(ctypes.byref(waiter))
    for number in (closed, server):
        c.portend_waiter_add(waiter, b"127.0.0.1", number, 1 + (number == server), None)
    assert c.portend_waiter_run(waiter, 0, ctypes.c_int64(0)) == -1
    said = c.portend_waiter_message(waiter).decode()
    c.portend_waiter_destroy(waiter)

    ours = portend.Waiter()
    ours.occupied("127.0.0.1", closed)
    ours.free("127.0.0.1", server)
    with pytest.raises(portend.Timeout) as failure:
        ours.wait_all(0)
    assert str(failure.value) == said


def test_p28_targets_of_one_state_as_pairs_texts_and_addresses(port: Port) -> None:
    number = port.listen().number
    with socket.create_server(("127.0.0.1", 0)) as other:
        there = [("localhost", number), f"[::1]:{number}", other.getsockname()]
        portend.wait_all(there, 5)
        with pytest.raises(portend.Timeout, match=r"^(Port .* not free on .*\n?){3}$"):
            portend.wait_all(there, 0, state=State.FREE)


def test_p28_no_target_is_an_error() -> None:
    for call in (portend.wait_all, portend.wait_any):
        with pytest.raises(ValueError, match="There is no target"):
            call([], 1)
    waiter = portend.Waiter()
    waiter.watch("127.0.0.1", 80)
    with pytest.raises(ValueError, match="only watched"):
        waiter.wait_all(1)


def test_p29_any_target_is_enough_and_is_named(port: Port, closed: int) -> None:
    there = [("127.0.0.1", closed), ("127.0.0.1", port.number)]
    with after(0.2, port.listen):
        (up,) = portend.wait_any(there, 60)
    assert (up.host, up.port, up.state) == ("127.0.0.1", port.number, State.OCCUPIED)
    with pytest.raises(portend.Timeout, match=f"Port {closed} not bound"):
        portend.wait_any(there[:1], 0.1)


def test_p30_a_watch_tells_each_change_once_and_in_order(port: Port) -> None:
    began = time.monotonic_ns()
    seen = []
    for event in portend.watch([("127.0.0.1", port.number)], timeout=60):
        seen.append(event)
        if len(seen) == 1:
            port.listen()
        elif len(seen) == 2:
            port.close()
        else:
            break
    assert [event.state for event in seen] == [State.FREE, State.OCCUPIED, State.FREE]
    assert seen[0].reason is seen[2].reason is Reason.REFUSED
    assert [event.address for event in seen] == ["127.0.0.1"] * 3
    assert {event.target.port for event in seen} == {port.number}
    times = [event.monotonic_ns for event in seen]
    assert began <= times[0] < times[1] < times[2] <= time.monotonic_ns()
    assert abs(seen[2].time.timestamp() - time.time()) < 60
    assert seen[2].time.utcoffset() == timedelta(0)


def test_p30_a_watch_ends_with_its_timeout(closed: int) -> None:
    watch = Stopwatch()
    (event,) = portend.watch([("127.0.0.1", closed)], timeout=0.3)
    assert event.state is State.FREE
    assert 0.3 <= watch.seconds < 10


def test_p30_events_end_when_all_is_reached(port: Port, closed: int) -> None:
    waiter = portend.Waiter()
    waiter.free("127.0.0.1", closed)
    late = waiter.occupied("127.0.0.1", port.number)
    with after(0.1, port.listen):
        events = list(waiter.events())
    assert [event.state for event in events if event.target is late] == [
        State.FREE,
        State.OCCUPIED,
    ]
    assert list(waiter.events()) == []


def test_p30_a_watch_continues_where_it_was_left(port: Port) -> None:
    waiter = portend.Waiter()
    waiter.watch("127.0.0.1", port.number)
    assert next(waiter.events()).state is State.FREE
    port.listen()
    assert next(waiter.events()).state is State.OCCUPIED
    assert list(waiter.events(timeout=0.05)) == []


def test_p30_what_makes_no_sense_is_refused_before_the_first_event() -> None:
    with pytest.raises(ValueError):
        portend.watch(["::1:80"])
    with pytest.raises(ValueError, match="There is no target"):
        list(portend.Waiter().events(1))


def test_p32_the_family_arrives(port: Port) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        number = server.getsockname()[1]
        for family, expected in (("IPV6", True), ("IPV4", False), ("ANY", True)):
            waiter = portend.Waiter(family=portend.Family[family])
            target = waiter.occupied("localhost", number)
            try:
                waiter.wait_all(0)
            except portend.Timeout:
                pass
            assert target.reached is expected, family


def test_p32_the_interval_arrives(closed: int) -> None:
    def probes(**settings: Any) -> int:
        waiter = portend.Waiter(**settings)
        target = waiter.occupied("127.0.0.1", closed)
        with pytest.raises(portend.Timeout):
            waiter.wait_all(0.5)
        return target.probes

    assert probes(interval=(0.2, 0.2)) <= 8
    assert probes(interval=timedelta(milliseconds=1)) >= 20
    assert probes(interval=(0.2, 0.2)) < probes(interval=0.02)


def test_p32_the_limit_of_an_attempt_arrives() -> None:
    code = f"""if 1:
        import portend
        waiter = portend.Waiter(attempt_limit=0.3)
        target = waiter.free({SILENT_HOST!r}, 80)
        waiter.wait_all(0)
        print(target.reason, target.elapsed)
    """
    said, errors = start_python(code, silent=True).communicate(timeout=60)
    reason, elapsed = said.split()
    assert reason == "silent", errors
    assert 0.3 <= float(elapsed) < 0.9


@pytest.mark.parametrize(
    "setting",
    [
        {"interval": (2, 1)},
        {"interval": 1e-6},
        {"interval": 1e9},
        {"attempt_limit": 0},
        {"attempt_limit": -1},
        {"family": 5},
        {"pid": -1},
    ],
)
def test_p32_a_setting_out_of_range_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        portend.Waiter(**setting)
