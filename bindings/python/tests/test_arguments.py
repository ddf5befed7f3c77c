# SPDX-License-Identifier: MIT
from __future__ import annotations

import decimal
import math
import socket
from typing import Any, Callable

import portend
import pytest
from kit import Stopwatch
from support import NO_NAME

Call = Callable[[Any, Any], Any]


def add(host: Any, port: Any) -> None:
    portend.Waiter().occupied(host, port)


def watch(host: Any, port: Any) -> None:
    portend.watch([(host, port)], 0)


def wait_all(host: Any, port: Any) -> None:
    portend.wait_all([(host, port)], 0)


def occupied(host: Any, port: Any) -> None:
    portend.occupied(host, port, 0)


def free(host: Any, port: Any) -> None:
    portend.free(host, port, 0)


EVERY_CALL = pytest.mark.parametrize(
    "call",
    [occupied, free, add, watch, wait_all, portend.is_free, portend.format_target],
)
WITHOUT_FORMAT = pytest.mark.parametrize(
    "call", [occupied, free, add, watch, wait_all, portend.is_free]
)


@pytest.mark.parametrize("call", [occupied, free])
@pytest.mark.parametrize("host", [None, ""])
def test_p09_no_host_is_refused_first_of_all(call: Call, host: Any) -> None:
    with pytest.raises(ValueError, match="'' or None are not allowed"):
        call(host, object())


@pytest.mark.parametrize("call", [add, watch, wait_all])
def test_p09_no_host_is_refused_by_waiters(call: Call) -> None:
    with pytest.raises(ValueError, match="The host is missing"):
        call("", 80)
    with pytest.raises(TypeError):
        call(None, 80)


@EVERY_CALL
def test_p10_an_embedded_nul_is_refused(call: Call, server: int) -> None:
    for host in ("localhost\0", "127.0.0.1\0.example", "\0"):
        with pytest.raises(ValueError, match="null character"):
            call(host, server)


def test_p10_an_embedded_nul_is_refused_in_text() -> None:
    with pytest.raises(ValueError, match="null character"):
        portend.parse_target("localhost:80\0")
    with pytest.raises(ValueError, match="null character"):
        portend.find_port("127.0.0.1\0")
    with pytest.raises(ValueError, match="null character"):
        portend.free("127.0.0.1", "80\0")


@EVERY_CALL
@pytest.mark.parametrize("port", [65536, 70000, -1, 2**31, 2**32 + 80, 10**30])
def test_p11_ports_out_of_range_are_refused(call: Call, port: int) -> None:
    with pytest.raises((ValueError, OverflowError)) as refusal:
        call("127.0.0.1", port)
    if call is not portend.format_target:
        assert str(refusal.value) == f"Port {port} is outside 1 to 65535."


@pytest.mark.parametrize("call", [occupied, add, watch, wait_all])
def test_p11_port_0_is_refused(call: Call) -> None:
    for zero in (0, "0", False):
        with pytest.raises(ValueError, match="Port 0 is outside 1 to 65535."):
            call("127.0.0.1", zero)
    with pytest.raises(ValueError, match="Port 0 is outside 1 to 65535."):
        portend.listeners(0)


def test_p11_port_0_of_a_bind_address_is_free_as_nothing_can_listen_on_it() -> None:
    portend.free("127.0.0.1", 0, timeout=1)
    portend.Checker().assert_free(("127.0.0.1", 0))
    assert portend.is_free("127.0.0.1", 0)
    assert not portend.is_occupied("127.0.0.1", 0)


@EVERY_CALL
@pytest.mark.parametrize("port", [80.0, 80.5, decimal.Decimal(80), math.nan, 1j])
def test_p12_a_port_that_is_no_whole_number_is_refused(call: Call, port: Any) -> None:
    with pytest.raises(TypeError):
        call("127.0.0.1", port)


@EVERY_CALL
def test_p12_a_port_that_does_not_fit_is_refused(call: Call, server: int) -> None:
    for port in (2**32 + server, 2**64 + server, 65536 + server):
        with pytest.raises((ValueError, OverflowError)):
            call("127.0.0.1", port)


def test_p13_a_port_may_be_its_digits(server: int, closed: int) -> None:
    portend.occupied("127.0.0.1", str(server), 5)
    portend.free("127.0.0.1", str(closed), 5)
    portend.wait_all([("127.0.0.1", str(server)), f"localhost:{server}"], 5)
    assert portend.is_occupied("127.0.0.1", str(server).zfill(8))
    with pytest.raises(portend.PortNotFree, match=f"Port {server} is in use"):
        portend.Checker().assert_free("127.0.0.1", str(server))


def test_p13_a_port_may_be_a_service() -> None:
    waiter = portend.Waiter()
    assert waiter.free("127.0.0.1", "http").port == socket.getservbyname("http", "tcp")


@WITHOUT_FORMAT
def test_p13_what_is_neither_digits_nor_a_service_is_refused(call: Call) -> None:
    for text in ("80.5", "8080x", "no-such-service", "0x50", "８０"):
        with pytest.raises(socket.gaierror) as refusal:
            call("127.0.0.1", text)
        assert refusal.value.errno == socket.EAI_SERVICE
    for text in ("65536", "70000"):
        with pytest.raises(ValueError):
            call("127.0.0.1", text)


@pytest.mark.parametrize("call", [occupied, free, wait_all, portend.is_free])
def test_p14_a_name_that_does_not_exist_fails_at_once(call: Call) -> None:
    with pytest.raises(socket.gaierror) as refusal:
        call(NO_NAME, 80)
    assert not isinstance(refusal.value, portend.Timeout)
    assert refusal.value.errno == socket.EAI_NONAME
    assert f"{NO_NAME} could not be resolved" in refusal.value.strerror


def test_p14_a_name_that_does_not_exist_does_not_wait_for_the_timeout() -> None:
    watch = Stopwatch()
    with pytest.raises(socket.gaierror):
        portend.occupied(NO_NAME, 80, 60)
    assert watch.seconds < 30


def test_p15_with_the_retry_of_names_a_missing_one_is_a_timeout() -> None:
    waiter = portend.Waiter(retry_names=True)
    target = waiter.occupied(NO_NAME, 80)
    watch = Stopwatch()
    with pytest.raises(portend.Timeout, match=f"{NO_NAME}. .could not resolve: "):
        waiter.wait_all(0.3)
    assert watch.seconds >= 0.3
    assert target.reason is portend.Reason.UNRESOLVED


def test_p16_targets_are_taken_apart_and_put_together() -> None:
    assert portend.parse_target("[::1]:80") == ("::1", 80)
    assert portend.parse_target("db:5432") == portend.Address(host="db", port=5432)
    assert portend.parse_target("[fe80::1%lo]:80").host == "fe80::1%lo"
    assert portend.format_target("::1", 80) == "[::1]:80"
    assert portend.format_target("db", 5432) == "db:5432"
    assert portend.format_target("::", 80) == "[::1]:80"


@pytest.mark.parametrize("text", ["::1:80", "db", "db:", ":80", "db:0", "db:65536", ""])
def test_p16_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        portend.parse_target(text)
    with pytest.raises(ValueError):
        portend.wait_all([text], 0)


def test_a_name_in_another_script_is_a_host() -> None:
    waiter = portend.Waiter()
    assert waiter.free("bücher.example", 80).host == "bücher.example"
    with pytest.raises(ValueError, match="longer than 255 bytes"):
        portend.free("ü" * 300, 80, 1)


@pytest.mark.parametrize("timeout", ["3", b"3", [], object()])
def test_a_timeout_that_is_no_number_is_refused(closed: int, timeout: Any) -> None:
    for call in (portend.free, portend.occupied):
        with pytest.raises(TypeError):
            call("127.0.0.1", closed, timeout)


@pytest.mark.parametrize("timeout", [-1, -0.001, -math.inf, decimal.Decimal("-1")])
def test_a_timeout_below_0_is_over_at_once(closed: int, timeout: Any) -> None:
    with pytest.raises(portend.Timeout, match="refused by 127.0.0.1, . probe"):
        portend.occupied("127.0.0.1", closed, timeout)
    portend.free("127.0.0.1", closed, timeout)
