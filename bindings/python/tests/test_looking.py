# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import socket

import portend
import pytest
from kit import Port
from portend import Reason, SocketKind, State
from support import BY_CONNECTING, KIT


def test_p19_one_probe_of_a_port_in_use(server: int) -> None:
    with pytest.raises(portend.PortNotFree) as failure:
        portend.Checker().assert_free("127.0.0.1", server)
    assert str(failure.value).startswith(f"Port {server} is in use on 127.0.0.1. (")
    assert portend.is_occupied("localhost", server)
    assert not portend.is_free("localhost", server)


def test_p19_one_probe_of_a_closed_port(closed: int) -> None:
    portend.Checker().assert_free("localhost", closed)
    assert portend.is_free("localhost", closed)
    assert not portend.is_occupied("localhost", closed)


def test_p31_a_target_tells_what_is_known_of_it(server: int, closed: int) -> None:
    waiter = portend.Waiter()
    up = waiter.occupied("127.0.0.1", server)
    down = waiter.occupied("127.0.0.1", closed)
    assert (up.state, up.reason, up.reached) == (State.UNKNOWN, Reason.NONE, False)
    assert (up.address, up.elapsed, up.probes) == ("", 0, 0)
    with pytest.raises(portend.Timeout):
        waiter.wait_all(0.2)
    reason = Reason.ACCEPTED if BY_CONNECTING else Reason.LISTENING
    assert (up.state, up.reason, up.reached) == (State.OCCUPIED, reason, True)
    assert (up.address, up.explain(), up.probes >= 1) == ("127.0.0.1", "", True)
    assert (down.state, down.reason) == (State.FREE, Reason.REFUSED)
    assert not down.reached
    assert 0 <= up.elapsed <= down.elapsed >= 0.2
    assert down.explain().startswith(f"Port {closed} not bound on 127.0.0.1. (refused")
    assert waiter.targets == (up, down)


def test_p31_words_for_states_and_reasons(server: int) -> None:
    waiter = portend.Waiter()
    target = waiter.occupied("::1", server)
    assert repr(target) == f"<Target [::1]:{server}: unknown, none>"
    words = ["unknown", "occupied", "free", "bindable", "drained"]
    assert [str(state) for state in State] == words
    assert [State(word) for word in words] == list(State)
    assert str(Reason.BACKLOG_FULL) != str(Reason.SILENT)
    assert len({str(reason) for reason in Reason}) == len(Reason)


def test_p36_the_listeners_are_listed_with_their_process(port: Port) -> None:
    assert portend.listeners(port.number) == []
    port.listen()
    (found,) = portend.listeners(port.number)
    assert (found.port, found.address, found.dual_stack) == (port.number, "::", True)
    assert found.pid == KIT.pid
    with open(f"/proc/{KIT.pid}/comm") as comm:
        assert found.process == comm.read().strip()
    assert found.user


def test_p36_all_listeners_are_sorted(server: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        mine = other.getsockname()[1]
        found = portend.listeners()
        ports = [listener.port for listener in found]
    assert ports == sorted(ports)
    assert {server, mine} <= set(ports)


def test_p42_all_sockets_of_a_port_are_listed_and_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address) as client, server.accept()[0]:
            kinds = SocketKind.LISTENING | SocketKind.CONNECTED
            listener, accepted = portend.sockets(address[1], address[1], kinds)
            outgoing = portend.explain_usage(client.getsockname()[1])
            peer = client.getsockname()
        explanation = portend.explain_usage(address[1])
    assert (listener.kind, listener.peer_port) == (SocketKind.LISTENING, None)
    assert (accepted.kind, accepted.peer_address, accepted.peer_port) == (
        SocketKind.CONNECTED,
        *peer,
    )
    for one in (listener, accepted):
        assert (one.address, one.port) == address
        assert (one.pid, one.parent_pid) == (os.getpid(), os.getppid())
        assert one.command_line and one.process and one.user and one.remaining is None
    assert (
        f"(pid {os.getpid()}, " in explanation
        and " listens on 127.0.0.1" in explanation
    )
    assert f" has a connection with 127.0.0.1:{address[1]}" in outgoing


def test_p42_time_wait_and_udp_are_listed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    (left,) = portend.sockets(port, port, SocketKind.TIME_WAIT)
    assert left.pid is None and left.remaining is not None
    assert 0 < left.remaining.total_seconds() <= 60
    assert " in TIME_WAIT for " in portend.explain_usage(port)
    with socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        port = datagrams.getsockname()[1]
        (one,) = portend.sockets(port, port, SocketKind.UDP)
        assert (one.kind, one.pid) == (SocketKind.UDP, os.getpid())
        assert "UDP" not in portend.explain_usage(port)
        assert " receives UDP on 127.0.0.1" in portend.explain_usage(port, udp=True)
