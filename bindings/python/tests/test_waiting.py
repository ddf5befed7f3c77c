# SPDX-License-Identifier: MIT
from __future__ import annotations

import math
import socket
from datetime import timedelta

import portend
import pytest
from kit import Port, Stopwatch
from support import BY_CONNECTING, NO_NAME, after, message_of_c

LONG = 60


def test_p01_occupied_returns_at_once_if_a_server_listens(server: int) -> None:
    watch = Stopwatch()
    portend.occupied("localhost", server, LONG)
    assert watch.seconds < 5


def test_p02_occupied_returns_soon_after_something_listens(port: Port) -> None:
    watch = Stopwatch()
    with after(0.3, port.listen):
        portend.occupied("127.0.0.1", port.number, LONG)
    assert 0.3 <= watch.seconds < 5


@pytest.mark.parametrize("timeout", [0.3, timedelta(milliseconds=300)])
def test_p03_occupied_times_out_and_not_before(closed: int, timeout: float) -> None:
    watch = Stopwatch()
    with pytest.raises(portend.Timeout, match=f"Port {closed} not bound on localhost."):
        portend.occupied("localhost", closed, timeout=timeout)
    assert 0.3 <= watch.seconds < 5


def test_p04_free_returns_at_once_if_nothing_listens(closed: int) -> None:
    watch = Stopwatch()
    portend.free("localhost", closed, LONG)
    assert watch.seconds < 5


def test_p05_free_returns_soon_after_the_listener_has_closed(port: Port) -> None:
    port.listen()
    watch = Stopwatch()
    with after(0.3, port.close):
        portend.free("127.0.0.1", port.number, LONG)
    assert 0.3 <= watch.seconds < 5


@pytest.mark.parametrize("timeout", [0.3, timedelta(milliseconds=300)])
def test_p06_free_times_out_and_not_before(server: int, timeout: float) -> None:
    watch = Stopwatch()
    with pytest.raises(portend.Timeout, match=f"Port {server} not free on localhost."):
        portend.free("localhost", server, timeout=timeout)
    assert 0.3 <= watch.seconds < 5


def test_p07_a_timeout_of_0_sees_what_is_there(server: int) -> None:
    portend.occupied("127.0.0.1", server, 0)
    with pytest.raises(portend.Timeout):
        portend.free("127.0.0.1", server, 0)


def test_p07_a_timeout_of_0_probes_exactly_once(closed: int) -> None:
    portend.free("127.0.0.1", closed, 0)
    waiter = portend.Waiter()
    target = waiter.occupied("127.0.0.1", closed)
    # One probe in the socket table, and one by connecting.
    probes = 1 if BY_CONNECTING else 2
    with pytest.raises(portend.Timeout, match=f"refused by 127.0.0.1, {probes} probe"):
        waiter.wait_all(0)
    assert target.probes == probes


@pytest.mark.parametrize("timeout", [None, math.inf, 1e300, timedelta.max])
def test_p08_forever_waits_until_it_happens(port: Port, timeout: float) -> None:
    with after(0.2, port.listen):
        portend.occupied("127.0.0.1", port.number, timeout)


def test_p08_without_a_timeout_it_waits_until_it_happens(port: Port) -> None:
    port.listen()
    with after(0.2, port.close):
        portend.free("127.0.0.1", port.number)


@pytest.mark.parametrize("host", ["::1", "localhost"])
def test_p17_a_listener_on_ipv6_alone_is_found(host: str) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        portend.occupied(host, server.getsockname()[1], LONG)
        with pytest.raises(portend.Timeout, match="not free on"):
            portend.free(host, server.getsockname()[1], 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::0", "::0.0.0.0"])
def test_p18_a_wildcard_is_probed_at_the_address_of_a_client(
    host: str, server: int
) -> None:
    portend.occupied(host, server, LONG)
    with pytest.raises(portend.Timeout, match=f"Port {server} not free on {host}"):
        portend.free(host, server, 0)
    assert portend.client_host(host) == ("127.0.0.1" if "." in host[:2] else "::1")


def test_p23_the_message_of_a_timeout_is_the_one_of_c(closed: int, server: int) -> None:
    with pytest.raises(portend.Timeout) as failure:
        portend.occupied("localhost", closed, 0)
    assert str(failure.value) == message_of_c("occupied", b"localhost", closed, 0)
    with pytest.raises(portend.Timeout) as failure:
        portend.free("127.0.0.1", server, 0)
    assert str(failure.value) == message_of_c("free", b"127.0.0.1", server, 0)


def test_p23_the_messages_of_other_failures_are_those_of_c(server: int) -> None:
    with pytest.raises(portend.PortNotFree) as in_use:
        portend.Checker().assert_free("localhost", server)
    assert str(in_use.value) == message_of_c("assert_free", b"localhost", server, 0)
    with pytest.raises(socket.gaierror) as unknown:
        portend.free(NO_NAME, 80, 5)
    assert unknown.value.strerror == message_of_c("free", NO_NAME.encode(), 80, 5000)
    for number in (0, 65536, -1):
        with pytest.raises(ValueError) as outside:
            portend.occupied("localhost", number, 0)
        assert str(outside.value) == message_of_c("occupied", b"localhost", number, 0)
    with pytest.raises(ValueError) as no_host:
        portend.occupied("local host", 80, 0)
    assert str(no_host.value) == message_of_c("occupied", b"local host", 80, 0)
